// A form and a definition: what is typed is read with the checks of directives, and every definition has its form.
import assert from 'node:assert/strict';
import { defaultAllowedCommands } from '../../../language/allowedCommands';
import { readForm } from '../../../language/form/readForm';
import { toForm } from '../../../language/form/toForm';
import {
  applyBoxEdits,
  emptyForm,
  isSameForm,
  nameCapture,
  setText,
  textOf,
  type WatcherForm,
} from '../../../language/form/watcherForm';
import { defaultDefinition } from '../../../language/schema';
import { templates } from '../../../language/templates';

const read = (form: WatcherForm) => readForm(form, defaultAllowedCommands);
const withPattern = (pattern: string, others: WatcherForm['fields'] = {}): WatcherForm => ({
  ...emptyForm,
  fields: { pattern, ...others },
});
const told = (form: WatcherForm) =>
  read(form).problems.map(({ code, box, span }) => [code, box, span.start, span.end]);

describe('a form', () => {
  for (const { id, definition } of templates)
    it(`has the template ${id}, which reads back`, () => {
      assert.deepEqual(read(toForm(definition)).definition, definition);
    });

  it('leaves the boxes of defaults empty', () => {
    assert.deepEqual(toForm({ ...defaultDefinition, pattern: 'a' }), withPattern('a'));
  });

  it('has every kind of value', () => {
    const definition = {
      ...defaultDefinition,
      name: 'all',
      pattern: '(a)(b)(c)',
      captures: ['x', null, 'z'],
      intervalSeconds: 90,
      timerIntervalSeconds: 300,
      timerModeEnabled: true,
      outputType: 'both',
      triggerJobStates: ['failed', 'timeout'],
      maxTriggers: 3,
      actions: [
        { type: 'log_event', params: { message: 'a, "b" \\ $x' }, condition: 'x == "a"' },
        {
          type: 'resubmit',
          params: { modifications: { mem: '64G' }, delay: 90, cancel_previous: false },
          condition: null,
        },
      ],
    } as const;
    const form = toForm(definition);
    assert.equal(form.fields.captures, 'x, , z');
    assert.equal(form.actions[1]?.params['delay'], '90');
    assert.deepEqual(read(form).definition, definition);
  });

  it('can have no actions', () => {
    const definition = { ...defaultDefinition, pattern: 'a', actions: [] };
    assert.deepEqual(read(toForm(definition)).definition, definition);
  });

  it('tells each problem at its box', () => {
    assert.deepEqual(told(withPattern('a(b')), [['bad-regex', { field: 'pattern' }, 1, 2]]);
    assert.deepEqual(told(withPattern('a', { cooldown: 'soon' })), [
      ['bad-value', { field: 'cooldown' }, 0, 4],
    ]);
    assert.deepEqual(told(withPattern('(a)', { captures: 'good, 1x', condition: 'good ==' })), [
      ['bad-capture-name', { field: 'captures' }, 6, 8],
      ['bad-condition', { field: 'condition' }, 6, 7],
    ]);
    assert.deepEqual(told({ ...emptyForm, fields: {} }), [['missing-pattern', { field: 'pattern' }, 0, 0]]);
  });

  it('tells problems of actions at their parameters', () => {
    const form: WatcherForm = {
      fields: { pattern: 'a' },
      actions: [
        { type: 'log_event', params: { level: 'loud' }, condition: '1 +' },
        { type: 'store_metric', params: {}, condition: '' },
      ],
    };
    const boxes = read(form).problems.map(({ code, box }) => [code, box]);
    assert.deepEqual(boxes.slice(0, 3), [
      ['bad-value', { action: 0, param: 'level' }],
      ['bad-condition', { action: 0, isCondition: true }],
      ['missing-parameter', { action: 1 }],
    ]);
  });

  it('repairs what the editor repairs', () => {
    const form = withPattern('loss=(\\\\d+)');
    const [problem] = read(form).problems.filter(({ fix }) => fix);
    assert.ok(problem?.fix);
    assert.equal(textOf(applyBoxEdits(form, problem.fix.edits), { field: 'pattern' }), 'loss=(\\d+)');
  });

  it('does not count what was typed and emptied again as a change', () => {
    const typed = setText(withPattern('a'), { field: 'condition' }, 'x');
    assert.ok(!isSameForm(typed, withPattern('a')));
    assert.ok(isSameForm(setText(typed, { field: 'condition' }, ''), withPattern('a')));
    const named = setText(emptyForm, { action: 0, param: 'message' }, 'm');
    assert.deepEqual(setText(named, { action: 0, param: 'message' }, ''), emptyForm);
  });

  it('names one group and keeps the others', () => {
    const form = withPattern('(?P<a>x)(y)(z)');
    assert.equal(nameCapture(form, 3, 'c', ['a']).fields.captures, 'a, , c');
    assert.equal(nameCapture(nameCapture(form, 1, 'b', ['a']), 1, '', []).fields.captures, '');
  });
});
