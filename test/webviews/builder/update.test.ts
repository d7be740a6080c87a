// The builder's state: nothing typed is lost, whatever comes from the script, from templates, previews and examples.
import assert from 'node:assert/strict';
import { emptyForm, type WatcherForm } from '../../../language/form/watcherForm';
import type { FoundDirective, Opening } from '../../../webviews/builder/protocol';
import {
  firstState,
  isUnsaved,
  readKept,
  toKept,
  type BuilderState,
  type KeptState,
} from '../../../webviews/builder/state';
import { update, type Happening } from '../../../webviews/builder/update';

const opening: Opening = {
  scriptName: 'train.sh',
  directive: null,
  editedWatcher: null,
  watcher: null,
  missing: null,
  kept: null,
  allowedCommands: [],
  sources: [{ source: { kind: 'job', cluster: 'c', job: '1' }, label: 'a', detail: '' }],
  source: null,
};
const withPattern = (pattern: string): WatcherForm => ({ ...emptyForm, fields: { pattern } });
const directive: FoundDirective = { watcher: '{}', text: '#WATCHER pattern=a', name: 'watcher 1', line: 3 };
const run = (state: BuilderState, ...happenings: readonly Happening[]): BuilderState =>
  happenings.reduce(update, state);
const typed = (text: string): Happening => ({ kind: 'typed', box: { field: 'pattern' }, text });
const opened = (form?: WatcherForm): Happening => ({
  kind: 'opened',
  opening: form ? { ...opening, directive } : opening,
  form: undefined,
  directiveForm: form,
  leftOver: undefined,
});
const fromScript = (form: WatcherForm | undefined): Happening => ({
  kind: 'scriptChanged',
  news: { found: form ? directive : null, isBroken: false },
  form,
});
const inScript = run(firstState(undefined), opened(withPattern('a')));

describe("the builder's state", () => {
  it('begins empty, with the first sample that is offered', () => {
    const state = run(firstState(undefined), opened());
    assert.deepEqual([state.form, state.source], [emptyForm, opening.sources[0]?.source]);
    assert.equal(isUnsaved(state), false);
  });

  it('begins with the directive', () => {
    assert.equal(inScript.form.fields.pattern, 'a');
    assert.equal(isUnsaved(inScript), false);
    assert.equal(isUnsaved(run(inScript, typed('b'))), true);
  });

  it('follows the script while nothing else was typed', () => {
    const state = run(inScript, fromScript(withPattern('b')));
    assert.equal(state.form.fields.pattern, 'b');
    assert.equal(state.meanwhile, null);
  });

  it('asks when both have changed, and keeps what is wanted', () => {
    const both = run(inScript, typed('mine'), fromScript(withPattern('theirs')));
    assert.ok(both.meanwhile);
    assert.equal(both.form.fields.pattern, 'mine');
    const mine = run(both, { kind: 'mineKept' });
    assert.deepEqual([mine.form.fields.pattern, mine.meanwhile], ['mine', null]);
    assert.equal(isUnsaved(mine), true);
    const theirs = run(both, { kind: 'theirsTaken' });
    assert.deepEqual([theirs.form.fields.pattern, theirs.meanwhile], ['theirs', null]);
    assert.equal(run(theirs, { kind: 'undone' }).form.fields.pattern, 'mine');
  });

  it('asks no longer once the script has what it had', () => {
    const both = run(inScript, typed('mine'), fromScript(withPattern('theirs')));
    assert.equal(run(both, fromScript(withPattern('a'))).meanwhile, null);
  });

  it('says that the directive is gone, and that it is back', () => {
    const gone = run(inScript, fromScript(undefined));
    assert.equal(gone.isGone, true);
    assert.equal(run(gone, fromScript(withPattern('a'))).isGone, false);
  });

  it('keeps what was typed while it was written', () => {
    const sent = run(inScript, typed('b'));
    const written: Happening = {
      kind: 'written',
      directive,
      scriptName: 'train.sh',
      form: withPattern('b'),
      sent: sent.form,
      notice: { kind: 'info', text: '' },
    };
    assert.equal(isUnsaved(run(sent, written)), false);
    const later = run(sent, typed('bc'), written);
    assert.deepEqual([later.form.fields.pattern, isUnsaved(later)], ['bc', true]);
  });

  it('takes a template, and gives back what was there', () => {
    const taken = run(inScript, typed('mine'), {
      kind: 'formTaken',
      form: withPattern('template'),
      why: 'taken',
    });
    assert.equal(taken.form.fields.pattern, 'template');
    assert.equal(taken.notice?.button, 'undo');
    assert.equal(run(taken, { kind: 'undone' }).form.fields.pattern, 'mine');
  });

  it('takes the pattern of an example alone once something else is in the form', () => {
    const form = {
      fields: { pattern: '(x)', captures: 'x', name: 'x' },
      actions: [{ type: 'store_metric', params: { name: 'x' }, condition: '' }],
    } as const;
    const example: Happening = { kind: 'exampleTaken', form, example: { pieces: [], conditions: [] } };
    const fresh = run(firstState(undefined), opened(), example);
    assert.deepEqual(fresh.form, form);
    const later = run(firstState(undefined), opened(), { kind: 'actionAdded', type: 'cancel_job' }, example);
    assert.deepEqual(
      [later.form.fields.pattern, later.form.fields.name, later.form.actions.map(({ type }) => type)],
      ['(x)', undefined, ['log_event', 'cancel_job']],
    );
  });

  it('moves and removes actions, and gives a removed one back', () => {
    const added = run(
      firstState(undefined),
      opened(),
      { kind: 'actionAdded', type: 'cancel_job' },
      { kind: 'actionAdded', type: 'notify_slack' },
    );
    const types = ({ form }: BuilderState) => form.actions.map(({ type }) => type);
    const moved = run(added, { kind: 'actionMoved', from: 2, to: 0 });
    assert.deepEqual(types(moved), ['notify_slack', 'log_event', 'cancel_job']);
    assert.equal(run(added, { kind: 'actionMoved', from: 0, to: -1 }), added);
    const removed = run(moved, { kind: 'actionRemoved', index: 0 });
    assert.deepEqual(types(removed), ['log_event', 'cancel_job']);
    assert.deepEqual(types(run(removed, { kind: 'undone' })), types(moved));
  });

  it('has the form follow a preview that can be read, and keeps one that cannot', () => {
    const typedPreview: Happening = { kind: 'previewTyped', pane: 'directive', text: '#WATCHER' };
    const wrong = run(inScript, typedPreview, {
      kind: 'previewRead',
      text: '#WATCHER',
      answer: { form: undefined, problems: [] },
    });
    assert.equal(wrong.form, inScript.form);
    assert.equal(run(wrong, { kind: 'previewLeft' }).draft?.text, '#WATCHER');
    const right = run(inScript, typedPreview, {
      kind: 'previewRead',
      text: '#WATCHER',
      answer: { form: withPattern('b'), problems: [] },
    });
    assert.equal(right.form.fields.pattern, 'b');
    assert.equal(run(right, { kind: 'previewLeft' }).draft, null);
  });

  it('does not take an answer about a form that has changed', () => {
    const answer = {
      problems: [],
      watcher: '',
      directive: '',
      groups: [],
      explanation: [],
      suggestedName: '',
    };
    const state = run(inScript, typed('b'), { kind: 'answered', form: inScript.form, answer });
    assert.equal(state.answer, undefined);
  });

  it('comes back as it was after a reload, and asks about what the script has by then', () => {
    const kept = readKept(JSON.parse(JSON.stringify(toKept(run(inScript, typed('mine'))))));
    assert.ok(kept);
    const again = run(firstState(kept), opened(withPattern('a')));
    assert.equal(again.form.fields.pattern, 'mine');
    assert.equal(again.meanwhile, null);
    assert.ok(run(firstState(kept), opened(withPattern('theirs'))).meanwhile);
  });

  it('comes back with what was kept last, where two states are known', () => {
    const older = toKept(run(inScript, typed('older')));
    const later = toKept(run(inScript, typed('older'), typed('later')));
    const reopen = (shown: KeptState, leftOver: KeptState): BuilderState =>
      run(firstState(shown), {
        kind: 'opened',
        opening: { ...opening, directive },
        form: undefined,
        directiveForm: withPattern('a'),
        leftOver,
      });
    assert.equal(reopen(older, later).form.fields.pattern, 'later');
    assert.equal(reopen(later, older).form.fields.pattern, 'later');
  });

  it('does not take what another version has kept', () => {
    assert.equal(readKept({ version: 0 }), undefined);
    assert.equal(readKept(null), undefined);
  });

  it('offers what was left unfinished, and takes it up for the directive as it is now', () => {
    const leftOver = toKept(run(inScript, typed('unfinished')));
    const state = run(firstState(undefined), {
      kind: 'opened',
      opening: { ...opening, directive: { ...directive, line: 9 } },
      form: undefined,
      directiveForm: withPattern('a'),
      leftOver,
    });
    assert.equal(state.form.fields.pattern, 'a');
    const taken = run(state, { kind: 'leftOverTaken' });
    assert.deepEqual(
      [taken.form.fields.pattern, taken.directive?.line, taken.leftOver],
      ['unfinished', 9, null],
    );
  });

  it('shows the output that has something', () => {
    const state = run(inScript, {
      kind: 'sampleCame',
      sample: { stdout: [], stderr: ['a'], isWhole: true },
    });
    assert.equal(state.stream, 'stderr');
  });
});
