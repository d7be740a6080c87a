// What is read beside the page: the watcher with its name, the directive in its place, and what previews say.
import assert from 'node:assert/strict';
import { emptyForm, type WatcherForm } from '../../../language/form/watcherForm';
import {
  answerLanguageJob,
  type FormAnswer,
  type TextAnswer,
} from '../../../webviews/builder/work/languageWork';

const read = (
  fields: WatcherForm['fields'],
  others: { original?: string; ownName?: string } = {},
): FormAnswer =>
  answerLanguageJob({
    kind: 'form',
    given: {
      form: { ...emptyForm, fields },
      original: others.original,
      ownName: others.ownName,
      allowedCommands: undefined,
    },
  }) as FormAnswer;

describe('the form as it is read', () => {
  for (const [fields, name] of [
    [{ pattern: 'a=(\\d+)', captures: 'loss' }, 'loss'],
    [{ pattern: '(?P<epoch>\\d+)' }, 'epoch'],
    [{ pattern: 'CUDA out of memory' }, 'cuda out of memory'],
    [{ pattern: '\\d+' }, 'my watcher'],
    [{ trigger_on_job_end: 'true' }, 'job end'],
  ] as const)
    it(`suggests the name ${name}`, () => {
      assert.equal(read(fields).suggestedName, name);
      assert.equal((JSON.parse(read(fields).watcher ?? '') as { name: string }).name, name);
    });

  it('has the directive as an expert writes it', () => {
    const { directive } = read({ pattern: 'loss=(\\S+)', captures: 'loss', condition: 'float(loss) > 10' });
    assert.equal(
      directive,
      '#WATCHER name=loss pattern="loss=(\\S+)" captures=[loss] condition="float(loss) > 10"',
    );
  });

  it('keeps the spelling of a directive that is there, and gives it no name', () => {
    const original = "#WATCHER output=stderr pattern='loss'  # the loss";
    const { directive, watcher } = read(
      { pattern: 'loss', output_type: 'stderr', cooldown: '10m' },
      { original, ownName: 'watcher 2' },
    );
    assert.match(directive ?? '', /^#WATCHER output=stderr pattern='loss' cooldown=10m +# the loss$/);
    assert.ok(!('name' in (JSON.parse(watcher ?? '') as object)));
  });

  it('has no watcher while there is an error', () => {
    const { watcher, directive, problems } = read({ pattern: 'a', cooldown: 'soon' });
    assert.deepEqual([watcher, directive], [undefined, undefined]);
    assert.equal(problems[0]?.severity, 'error');
  });

  it('has the groups with their names', () => {
    const { groups } = read({ pattern: '(a)(?P<b>b)(c)', captures: ', , z' });
    assert.deepEqual(
      groups.map(({ name, isOwnName }) => [name, isOwnName]),
      [
        ['', false],
        ['b', true],
        ['z', false],
      ],
    );
  });
});

describe('a preview', () => {
  const directive = (text: string) => answerLanguageJob({ kind: 'directive', given: { text } }) as TextAnswer;
  const json = (text: string) => answerLanguageJob({ kind: 'json', given: { text } }) as TextAnswer;

  it('is read as a directive', () => {
    assert.deepEqual(directive('#WATCHER pattern="a"').form, { ...emptyForm, fields: { pattern: 'a' } });
  });

  it('says what is wrong', () => {
    assert.match(directive('nothing').problems[0]?.message ?? '', /not a directive/);
    assert.match(directive('#WATCHER pattern=a\n#WATCHER pattern=b').problems[0]?.message ?? '', /several/);
    assert.equal(directive('#WATCHER pattern="("').form, undefined);
    assert.equal(json('{').form, undefined);
    assert.match(json('[{"pattern": "a"}, {"pattern": "b"}]').problems[0]?.message ?? '', /several/);
  });

  it('is read as JSON', () => {
    assert.equal(json('{"pattern": "a", "cooldown_seconds": 60}').form?.fields.cooldown, '1m');
  });
});
