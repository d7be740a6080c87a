// The table of actions is true to itself: defaults are values of their parameters, and sentences name what there is.
import assert from 'node:assert/strict';
import {
  actionTypes,
  describeDefault,
  findActionRow,
  findDefaults,
  findParam,
  type ActionType,
} from '../../language/actionTable';
import { parseScript } from '../../language/script';

describe('the table of actions', () => {
  for (const type of actionTypes) {
    const row = findActionRow(type) ?? assert.fail();
    const { params, outside } = row;

    it(`has defaults for ${type} that its parameters could have`, () => {
      for (const { name, type: kind, default: value, required, choices, bounds } of params) {
        if (value === undefined) continue;
        assert.equal(required, undefined, `${name} needs no default`);
        assert.ok(choices?.some((choice) => choice === value) ?? true, name);
        assert.equal(
          typeof value,
          { boolean: 'boolean', duration: 'number' }[kind as string] ?? 'string',
          name,
        );
        if (bounds) assert.ok(Number(value) >= bounds[0] && Number(value) <= bounds[1], name);
      }
    });

    it(`has defaults for ${type} that say the same if they are written`, () => {
      const written = Object.entries(findDefaults(type)).map(
        ([name, value]) => `${name}="${typeof value === 'string' ? value : JSON.stringify(value)}"`,
      );
      const required = params.filter((param) => param.required).map(({ name }) => `${name}="x"`);
      const list = [...required, ...written].join(', ');
      const { watchers } = parseScript(`#WATCHER pattern="(x)" action=${type}(${list})`);
      const given = Object.entries(watchers[0]?.definition.actions[0]?.params ?? assert.fail());
      const needed = params.flatMap(({ name, required: isNeeded }) => (isNeeded ? [name] : []));
      const optional = given.filter(([name]) => !needed.includes(name));
      assert.deepEqual(Object.fromEntries(optional), findDefaults(type));
    });

    if (outside)
      it(`has a sentence for ${type} that names what there is`, () => {
        const names = [...params.map(({ name }) => name), 'job', 'cluster'];
        for (const [, name = ''] of outside.consent.matchAll(/\{(\w+)/g))
          assert.ok(names.includes(name), name);
        if (outside.message !== undefined) assert.ok(names.includes(outside.message), outside.message);
      });
  }

  it('says defaults in words', () => {
    const wordsOf = (type: ActionType, name: string): string =>
      describeDefault(findParam(type, name) ?? assert.fail(name));
    assert.equal(wordsOf('log_event', 'message'), 'the matched text');
    assert.equal(wordsOf('log_event', 'level'), 'info');
    assert.equal(wordsOf('store_metric', 'value'), '$1');
    assert.equal(wordsOf('store_metric', 'unit'), 'none');
    assert.equal(wordsOf('notify_email', 'subject'), '[$WATCHER] $JOB_NAME $JOB_ID');
    assert.equal(wordsOf('notify_email', 'to'), "the setting, --mail-user or the cluster's user");
    assert.equal(wordsOf('resubmit', 'cancel_previous'), 'true');
    assert.equal(wordsOf('resubmit', 'delay'), '0');
    assert.equal(wordsOf('run_command', 'timeout'), '120 s');
  });
});
