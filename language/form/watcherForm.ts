// A watcher as the texts of a form's boxes: what was typed is kept as it is, also while it cannot be read.
import type { ActionType } from '../actionTable';
import type { Problem } from '../problem';
import type { FieldName } from '../schema';
import type { Span } from '../text';

/** Fields that have a box with one text; the actions have their own. */
export type BoxField = Exclude<FieldName, 'action' | 'actions'>;

export interface ActionForm {
  readonly type: ActionType;
  /** By the canonical name; a parameter without an entry is not written. */
  readonly params: Readonly<Record<string, string>>;
  /** Empty: always. */
  readonly condition: string;
}

/** Everything is as it was typed. A field without an entry, and one with an empty text, is not written. */
export interface WatcherForm {
  readonly fields: Readonly<Partial<Record<BoxField, string>>>;
  readonly actions: readonly ActionForm[];
}

/** Where a text of the form stands: a field, an action as a whole, one of its parameters, or its condition. */
export type Box =
  | { readonly field: BoxField }
  | { readonly action: number; readonly param?: string; readonly isCondition?: true };

export interface BoxEdit {
  readonly box: Box;
  readonly span: Span;
  readonly newText: string;
}

/** A problem of the language at its box. */
export interface BoxProblem extends Pick<Problem, 'code' | 'severity' | 'message' | 'remedy'> {
  readonly box: Box;
  /** Within the text of the box. */
  readonly span: Span;
  readonly fix?: { readonly title: string; readonly edits: readonly BoxEdit[] };
}

export const emptyForm: WatcherForm = {
  fields: {},
  actions: [{ type: 'log_event', params: {}, condition: '' }],
};

/** Where the names of a list stand: between commas, without the blanks around them. */
export function splitNames(text: string): readonly Span[] {
  return [...text.matchAll(/(?<=^|,)[^,]*/g)].map(({ index, 0: part }) => {
    const start = index + part.length - part.trimStart().length;
    return { start, end: Math.max(start, index + part.trimEnd().length) };
  });
}

export const textOf = (form: WatcherForm, box: Box): string => {
  if ('field' in box) return form.fields[box.field] ?? '';
  const action = form.actions[box.action];
  if (box.isCondition) return action?.condition ?? '';
  return box.param === undefined ? '' : (action?.params[box.param] ?? '');
};

/** The form with another text in a box; a parameter whose box is emptied is not written. */
export function setText(form: WatcherForm, box: Box, text: string): WatcherForm {
  if ('field' in box) return { ...form, fields: { ...form.fields, [box.field]: text } };
  const { action: at, param, isCondition } = box;
  const actions = form.actions.map((action, index): ActionForm => {
    if (index !== at) return action;
    if (isCondition) return { ...action, condition: text };
    if (param === undefined) return action;
    const others = Object.entries(action.params).filter(([name]) => name !== param);
    return {
      ...action,
      params: Object.fromEntries(text === '' ? others : [...others, [param, text]]),
    };
  });
  return { ...form, actions };
}

/** The form with a problem repaired. Edits of one box are made from its end on, so that none moves another. */
export const applyBoxEdits = (form: WatcherForm, edits: readonly BoxEdit[]): WatcherForm =>
  [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((changed, { box, span, newText }) => {
      const text = textOf(changed, box);
      return setText(changed, box, text.slice(0, span.start) + newText + text.slice(span.end));
    }, form);

/** Whether two forms say the same, whatever was typed and emptied again. */
export const isSameForm = (a: WatcherForm, b: WatcherForm): boolean => toKey(a) === toKey(b);

const toKey = ({ fields, actions }: WatcherForm): string =>
  JSON.stringify([
    toEntries(fields),
    actions.map(({ type, params, condition }) => [type, toEntries(params), condition]),
  ]);

const toEntries = (texts: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(texts)
    .filter(([, text]) => text.trim() !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** The names of the groups as they are written; empty for a group without one. */
export const toCaptureNames = ({ fields }: WatcherForm): readonly string[] => {
  const text = fields.captures ?? '';
  return text.trim() === '' ? [] : splitNames(text).map(({ start, end }) => text.slice(start, end));
};

/** The form with a name for one group. `known`: the names that the pattern gives by itself, which are kept. */
export function nameCapture(
  form: WatcherForm,
  group: number,
  name: string,
  known: readonly string[],
): WatcherForm {
  const written = toCaptureNames(form);
  const count = Math.max(written.length, group);
  const names = Array.from({ length: count }, (_, index) =>
    index === group - 1 ? name : (written[index] ?? known[index] ?? ''),
  );
  while (names.at(-1) === '') names.pop();
  return setText(form, { field: 'captures' }, names.join(', '));
}
