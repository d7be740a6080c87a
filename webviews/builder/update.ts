// What happens to the builder's state; pure, one case for each happening.
import type { Piece } from '../../language/example/pieces';
import {
  applyBoxEdits,
  isSameForm,
  nameCapture,
  setText,
  type ActionForm,
  type Box,
  type BoxEdit,
  type WatcherForm,
} from '../../language/form/watcherForm';
import type { ActionType } from '../../language/actionTable';
import type {
  DryRunReport,
  FoundDirective,
  OfferedSource,
  OfferedTemplate,
  Opening,
  SampleSource,
  SampleStream,
  ScriptNews,
} from './protocol';
import {
  isUnsaved,
  keptNames,
  noFindings,
  toNames,
  type BuilderState,
  type Example,
  type Findings,
  type KeptState,
  type Notice,
  type Pane,
  type PreviewDraft,
  type SampleLines,
} from './state';
import type { FormAnswer, PatternAnswer, TextAnswer } from './work/languageWork';

export type Happening =
  /** `form`: what the builder begins with; `directiveForm`: what the script has. */
  | {
      readonly kind: 'opened';
      readonly opening: Opening;
      readonly form: WatcherForm | undefined;
      readonly directiveForm: WatcherForm | undefined;
      readonly leftOver: KeptState | undefined;
    }
  | { readonly kind: 'typed'; readonly box: Box; readonly text: string }
  | { readonly kind: 'repaired'; readonly edits: readonly BoxEdit[] }
  | { readonly kind: 'captureNamed'; readonly group: number; readonly name: string }
  | { readonly kind: 'conditionTaken'; readonly condition: string }
  | { readonly kind: 'actionAdded'; readonly type: ActionType }
  | { readonly kind: 'actionRemoved'; readonly index: number }
  | { readonly kind: 'actionMoved'; readonly from: number; readonly to: number }
  | { readonly kind: 'answered'; readonly form: WatcherForm; readonly answer: FormAnswer }
  | { readonly kind: 'advancedToggled'; readonly isOpen: boolean }
  /** `why`: what took the form's place, in words. */
  | { readonly kind: 'formTaken'; readonly form: WatcherForm; readonly why: string; readonly lines?: string }
  | { readonly kind: 'exampleTaken'; readonly form: WatcherForm; readonly example: Example }
  | { readonly kind: 'piecesChanged'; readonly pieces: readonly Piece[]; readonly answer: PatternAnswer }
  | { readonly kind: 'undone' }
  | { readonly kind: 'paneChosen'; readonly pane: Pane }
  | { readonly kind: 'previewTyped'; readonly pane: PreviewDraft['pane']; readonly text: string }
  | { readonly kind: 'previewRead'; readonly text: string; readonly answer: TextAnswer }
  | { readonly kind: 'previewLeft' }
  | { readonly kind: 'sourcesCame'; readonly sources: readonly OfferedSource[] }
  | { readonly kind: 'sourceChosen'; readonly source: SampleSource }
  | { readonly kind: 'sampleCame'; readonly sample: SampleLines }
  | { readonly kind: 'sampleRefused'; readonly message: string }
  | { readonly kind: 'linesTyped'; readonly text: string }
  | { readonly kind: 'streamChosen'; readonly stream: SampleStream }
  | { readonly kind: 'found'; readonly findings: Findings }
  | { readonly kind: 'templatesCame'; readonly templates: readonly OfferedTemplate[] }
  | { readonly kind: 'searched'; readonly search: string }
  | { readonly kind: 'scriptChanged'; readonly news: ScriptNews; readonly form: WatcherForm | undefined }
  | { readonly kind: 'theirsTaken' }
  | { readonly kind: 'mineKept' }
  | { readonly kind: 'leftOverTaken' }
  | { readonly kind: 'leftOverDropped' }
  | { readonly kind: 'began'; readonly what: NonNullable<BuilderState['busy']> }
  | { readonly kind: 'ended'; readonly notice: Notice | null }
  | {
      readonly kind: 'written';
      readonly directive: FoundDirective;
      readonly scriptName: string;
      readonly form: WatcherForm;
      /** What was written, as it stood in the form. */
      readonly sent: WatcherForm;
      readonly notice: Notice;
    }
  | { readonly kind: 'stored' }
  | { readonly kind: 'dryRunCame'; readonly report: DryRunReport }
  | { readonly kind: 'noticeClosed' };

export function update(state: BuilderState, happening: Happening): BuilderState {
  const next = change(state, happening);
  const isChanged = keptNames.some((name) => next[name] !== state[name]);
  return isChanged ? { ...next, changes: next.changes + 1 } : next;
}

function change(state: BuilderState, happening: Happening): BuilderState {
  switch (happening.kind) {
    case 'opened':
      return open(state, happening);
    case 'typed':
      return isPattern(happening.box)
        ? { ...withForm(state, setText(state.form, happening.box, happening.text)), example: null }
        : withForm(state, setText(state.form, happening.box, happening.text));
    case 'repaired':
      return withForm(state, applyBoxEdits(state.form, happening.edits));
    case 'captureNamed':
      return nameGroup(state, happening);
    case 'conditionTaken':
      return withForm(state, setText(state.form, { field: 'condition' }, happening.condition));
    case 'actionAdded':
      return withActions(state, [...state.form.actions, { type: happening.type, params: {}, condition: '' }]);
    case 'actionRemoved':
      return {
        ...withActions(
          state,
          state.form.actions.filter((_, index) => index !== happening.index),
        ),
        former: state.form,
        notice: { kind: 'info', text: 'The action was removed.', button: 'undo' },
      };
    case 'actionMoved':
      return withActions(state, move(state.form.actions, happening));
    case 'answered':
      // What was typed since is answered next.
      return happening.form === state.form ? { ...state, answer: happening.answer } : state;
    case 'advancedToggled':
      return happening.isOpen === state.isAdvancedOpen
        ? state
        : { ...state, isAdvancedOpen: happening.isOpen };
    case 'formTaken':
      return takeForm(state, happening);
    case 'exampleTaken':
      return { ...takeExample(state, happening.form), example: happening.example };
    case 'piecesChanged':
      return changePieces(state, happening);
    case 'undone':
      return state.former
        ? { ...withForm(state, state.former), former: null, notice: null, example: null }
        : state;
    case 'paneChosen':
      return { ...state, pane: happening.pane, draft: null };
    case 'previewTyped':
      return { ...state, draft: { pane: happening.pane, text: happening.text, answer: undefined } };
    case 'previewRead':
      return readPreview(state, happening);
    case 'previewLeft':
      // One that cannot be read stays, with what is wrong.
      return state.draft && state.draft.answer?.form ? { ...state, draft: null } : state;
    case 'sourcesCame':
      return { ...state, sources: happening.sources };
    case 'sourceChosen':
      return {
        ...state,
        source: happening.source,
        sample: null,
        sampleError: null,
        findings: noFindings,
        dryRun: null,
      };
    case 'sampleCame':
      return {
        ...state,
        ...toShownStream(state, happening.sample),
        sample: happening.sample,
        sampleError: null,
      };
    case 'sampleRefused':
      return { ...state, sample: null, sampleError: happening.message };
    case 'linesTyped':
      return { ...state, typed: happening.text, dryRun: null };
    case 'streamChosen':
      return { ...state, stream: happening.stream };
    case 'found':
      return { ...state, findings: happening.findings };
    case 'templatesCame':
      return { ...state, templates: happening.templates };
    case 'searched':
      return { ...state, search: happening.search };
    case 'scriptChanged':
      return takeNews(state, happening);
    case 'theirsTaken':
      return takeTheirs(state);
    case 'mineKept':
      return keepMine(state);
    case 'leftOverTaken':
      return state.leftOver ? { ...state, ...takeUp(state, state.leftOver), leftOver: null } : state;
    case 'leftOverDropped':
      return { ...state, leftOver: null };
    case 'began':
      return { ...state, busy: happening.what, notice: null };
    case 'ended':
      return { ...state, busy: null, notice: happening.notice };
    case 'written':
      return { ...write(state, happening), notice: happening.notice };
    case 'stored':
      return { ...state, base: state.form };
    case 'dryRunCame':
      return { ...state, busy: null, dryRun: happening.report, pane: 'dryRun' };
    case 'noticeClosed':
      return { ...state, notice: null };
  }
}

const isPattern = (box: Box): boolean => 'field' in box && box.field === 'pattern';

/** The preview follows the form; a dry run is of another watcher now. */
const withForm = (state: BuilderState, form: WatcherForm): BuilderState =>
  form === state.form ? state : { ...state, form, draft: null, dryRun: null };

const withActions = (state: BuilderState, actions: readonly ActionForm[]): BuilderState =>
  actions === state.form.actions ? state : withForm(state, { ...state.form, actions });

function move(
  actions: readonly ActionForm[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly ActionForm[] {
  const moved = actions[from];
  if (!moved || to < 0 || to >= actions.length || from === to) return actions;
  const others = actions.filter((_, index) => index !== from);
  return [...others.slice(0, to), moved, ...others.slice(to)];
}

type OpenedHappening = Extract<Happening, { kind: 'opened' }>;

function open(
  shown: BuilderState,
  { opening, form, directiveForm, leftOver }: OpenedHappening,
): BuilderState {
  // VS Code stores what a page keeps now and then, and may have an older state of it.
  const isLater = isKeptPage(shown) && leftOver !== undefined && leftOver.changes > shown.changes;
  const state = isLater ? { ...shown, ...leftOver } : shown;
  const { allowedCommands, sources, scriptName, directive, source, missing, editedWatcher } = opening;
  const common: BuilderState = {
    ...state,
    ...{ allowedCommands, sources, editedWatcher, isOpen: true },
    notice: missing === null ? state.notice : { kind: 'warning', text: missing },
    source: state.source ?? source ?? sources[0]?.source ?? { kind: 'typed' },
  };
  // The page was here before: what it has kept counts, and the script is looked at as after any change.
  if (isKeptPage(state)) {
    const news = { found: directive, isBroken: false };
    const known = { ...common, scriptName: scriptName ?? state.scriptName };
    return state.directive ? takeNews(known, { news, form: directiveForm }) : known;
  }
  const first = directiveForm ?? form ?? state.form;
  return {
    ...common,
    ...{ form: first, base: first, directive, scriptName },
    leftOver: leftOver && isUnsaved(leftOver) ? leftOver : null,
  };
}

const isKeptPage = ({ directive, form, base, typed, source }: BuilderState): boolean =>
  directive !== null || form !== base || typed !== '' || source !== null;

function nameGroup(
  state: BuilderState,
  { group, name }: { readonly group: number; readonly name: string },
): BuilderState {
  const known = toNames(state);
  if (known[group - 1] === name) return state;
  const renamed = nameCapture(state.form, group, name, known);
  const example = state.example && {
    ...state.example,
    pieces: renamePiece(state.example.pieces, group, name),
  };
  return { ...withForm(state, renamed), example };
}

function renamePiece(pieces: readonly Piece[], group: number, name: string): readonly Piece[] {
  let at = 0;
  return pieces.map((piece) => {
    if (piece.capture === undefined) return piece;
    at += 1;
    return at === group && name !== '' ? { ...piece, capture: name } : piece;
  });
}

function takeForm(
  state: BuilderState,
  { form, why, lines }: { readonly form: WatcherForm; readonly why: string; readonly lines?: string },
): BuilderState {
  const isSomethingLost = isUnsaved(state);
  const changed = withForm(state, form);
  const hasSample = state.sample !== null || state.typed !== '' || lines === undefined || lines === '';
  return {
    ...changed,
    ...(hasSample ? {} : { typed: lines, source: { kind: 'typed' } }),
    example: null,
    former: state.form,
    notice: isSomethingLost ? { kind: 'info', text: why, button: 'undo' } : null,
  };
}

/** Pattern, captures and what is made of them; what a person has typed elsewhere stays. */
function takeExample(state: BuilderState, form: WatcherForm): BuilderState {
  const isFresh = isSameForm(state.form, state.base) && state.directive === null;
  const { pattern, captures = '', name = '' } = form.fields;
  const fields = { ...state.form.fields, ...(pattern !== undefined && { pattern }), captures };
  const next = isFresh
    ? { fields: { ...fields, ...(state.form.fields.name ? {} : { name }) }, actions: form.actions }
    : { ...state.form, fields };
  const changed = withForm(state, next);
  const replaces = (state.form.fields.pattern ?? '') !== '';
  return {
    ...changed,
    former: state.form,
    notice: replaces
      ? { kind: 'info', text: 'The pattern was made from your selection.', button: 'undo' }
      : null,
  };
}

function changePieces(
  state: BuilderState,
  { pieces, answer }: { readonly pieces: readonly Piece[]; readonly answer: PatternAnswer },
): BuilderState {
  if (!state.example) return state;
  const { pattern, captures } = answer;
  const form = { ...state.form, fields: { ...state.form.fields, pattern, captures } };
  return { ...withForm(state, form), example: { ...state.example, pieces } };
}

function readPreview(
  state: BuilderState,
  { text, answer }: { readonly text: string; readonly answer: TextAnswer },
): BuilderState {
  if (state.draft?.text !== text) return state;
  const draft = { ...state.draft, answer };
  return { ...state, draft, ...(answer.form && { form: answer.form, dryRun: null, example: null }) };
}

/** The output that has anything, if the chosen one has nothing. */
const toShownStream = (
  { stream }: BuilderState,
  { stdout, stderr }: SampleLines,
): Pick<BuilderState, 'stream'> => {
  if (stream === 'stdout' && !stdout?.length && stderr?.length) return { stream: 'stderr' };
  return { stream: stream === 'stderr' && stderr === null ? 'stdout' : stream };
};

function takeNews(
  state: BuilderState,
  { news: { found, isBroken }, form }: { readonly news: ScriptNews; readonly form: WatcherForm | undefined },
): BuilderState {
  if (!found || !form) return { ...state, isBroken, isGone: !isBroken };
  const seen = { ...state, isBroken: false, isGone: false };
  // The lines may have changed their spelling or moved.
  if (isSameForm(form, state.base))
    return { ...seen, directive: found, meanwhile: null, meanwhileForm: null };
  if (isSameForm(state.form, state.base) || isSameForm(form, state.form))
    return { ...withForm(seen, form), base: form, directive: found, meanwhile: null, meanwhileForm: null };
  return { ...seen, meanwhile: found, meanwhileForm: form };
}

function takeTheirs(state: BuilderState): BuilderState {
  const { meanwhile, meanwhileForm: form } = state;
  if (!meanwhile || !form) return state;
  return {
    ...withForm(state, form),
    ...{ base: form, directive: meanwhile, meanwhile: null, meanwhileForm: null, example: null },
    former: state.form,
    notice: { kind: 'info', text: 'The form has what the script has.', button: 'undo' },
  };
}

/** What the script has now is what an update replaces. */
function keepMine(state: BuilderState): BuilderState {
  const { meanwhile, meanwhileForm } = state;
  if (!meanwhile || !meanwhileForm) return state;
  return { ...state, base: meanwhileForm, directive: meanwhile, meanwhile: null, meanwhileForm: null };
}

/** What was left over is about the directive as it is now. */
const takeUp = ({ directive, base, scriptName }: BuilderState, leftOver: KeptState): KeptState => ({
  ...leftOver,
  directive,
  base,
  scriptName,
});

type WrittenHappening = Extract<Happening, { kind: 'written' }>;

function write(state: BuilderState, { directive, scriptName, form, sent }: WrittenHappening): BuilderState {
  return {
    ...state,
    ...{ directive, scriptName, base: form, meanwhile: null, meanwhileForm: null, isGone: false },
    // What was typed while it was written is kept.
    form: state.form === sent ? form : state.form,
    busy: null,
  };
}
