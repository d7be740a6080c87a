// Edits of a directive's actions: those that stay keep their spelling; others are changed, written or removed beside them.
import { actionTable, findParam, namesCapture, type ParamRow } from '../actionTable';
import type { WrittenAction, WrittenParam } from '../calls';
import type { ActionDefinition } from '../definition';
import type { Edit } from '../format';
import type { WrittenField } from '../inline';
import { spanOf } from '../mappedText';
import { isEqual, printAction, printList, printParam } from '../print';
import { rowOf } from '../schema';
import { lineEndOf, type Span } from '../text';
import { addLines, endOfField, findLast, removeField, removeLines, toLines } from './fieldEdits';
import { markerOf, markerSpan } from './markers';
import type { DirectiveChange } from './updateDirective';

/** One of the actions that are wanted, and the written one that it is or was made of. */
interface Wanted {
  readonly action: ActionDefinition;
  readonly from: number | undefined;
}

/** Where a new action stands beside a written one. */
type Side = 'before' | 'after';

/** Undefined if they cannot be changed one by one. */
export function changeActions(change: DirectiveChange): readonly Edit[] | undefined {
  const { text, watcher, wanted } = change;
  const { actions: written } = watcher.directive;
  const { actions: former } = watcher.definition;
  if (isEqual(former, wanted.actions)) return [];
  if (written.length === 0 || written.length !== former.length || wanted.actions.length === 0)
    return undefined;
  // An action within quotes cannot be changed by itself.
  if (written.some(({ span }) => /^["']$/.test(text.charAt(span.start - 1)))) return undefined;
  const aligned = align(former, wanted.actions);
  const placed = aligned.flatMap((one, index) => {
    const near = one.from ?? findNear(aligned, index);
    const beside = written[near];
    if (!beside) return [];
    const isNew = one.from === undefined;
    const spelling = isNew ? printAction(one.action) : spell(change, beside, former[near], one.action);
    const side: Side = near < (aligned[index + 1]?.from ?? Infinity) ? 'after' : 'before';
    return [{ beside, isNew, spelling, side }];
  });
  if (placed.some(({ spelling }) => spelling === undefined)) return undefined;
  const removed = written.filter((_, at) => !aligned.some(({ from }) => from === at));
  const lists = actionFields(change).filter((field) => isList(change, field));
  const listOf = ({ span }: WrittenAction): WrittenField | undefined =>
    lists.find((field) => contains(field, span));
  const rebuilt = new Set(
    [...removed, ...placed.filter(({ isNew }) => isNew).map(({ beside }) => beside)].map(listOf),
  );
  const isAlone = (action: WrittenAction): boolean => {
    const list = listOf(action);
    return list === undefined || !rebuilt.has(list);
  };
  const edits = [
    ...removed.filter(isAlone).map((action) => removeAction(change, action)),
    ...placed
      .filter(({ beside }) => isAlone(beside))
      .map(({ beside, isNew, spelling = '', side }) =>
        isNew ? addAction(change, beside, spelling, side) : { span: beside.span, newText: spelling },
      ),
    ...lists
      .filter((list) => rebuilt.has(list))
      .map((list) => {
        const items = placed.filter(({ beside }) => listOf(beside) === list);
        return { span: spanOf(list.value), newText: printList(items.map(({ spelling = '' }) => spelling)) };
      }),
  ];
  if (!edits.every((edit) => edit !== undefined)) return undefined;
  return edits.filter(({ span, newText }) => text.slice(span.start, span.end) !== newText);
}

const actionFields = ({ watcher }: DirectiveChange): readonly WrittenField[] =>
  watcher.directive.fields.filter(({ field }) => field && rowOf(field).type === 'actions');

const contains = ({ value }: WrittenField, span: Span | undefined): boolean =>
  span !== undefined && span.start >= value.start && span.end <= value.end;

/** `[a(), b()]`, or more than one action without brackets. */
const isList = ({ watcher }: DirectiveChange, field: WrittenField): boolean =>
  field.value.text.startsWith('[') ||
  watcher.directive.actions.filter(({ span }) => contains(field, span)).length > 1;

/** Equal actions first, the longest row of them; between those, others in their order. */
function align(former: readonly ActionDefinition[], wanted: readonly ActionDefinition[]): readonly Wanted[] {
  const [before, after] = [former.map(toKey), wanted.map(toKey)];
  const lengths = before.map(() => after.map(() => 0));
  const lengthAt = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  for (let row = before.length - 1; row >= 0; row--)
    for (let column = after.length - 1; column >= 0; column--) {
      const line = lengths[row];
      if (line)
        line[column] =
          before[row] === after[column]
            ? lengthAt(row + 1, column + 1) + 1
            : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1));
    }
  const result: Wanted[] = [];
  for (let [row, column] = [0, 0]; column < wanted.length;) {
    const action = wanted[column];
    if (!action) break;
    const isSame = before[row] === after[column] && row < before.length;
    const skipsFormer = row < before.length && lengthAt(row + 1, column) >= lengthAt(row, column + 1);
    const isOther = row < before.length && lengthAt(row + 1, column + 1) >= lengthAt(row, column);
    if (isSame || isOther) result.push({ action, from: row });
    else if (skipsFormer) {
      row += 1;
      continue;
    } else result.push({ action, from: undefined });
    if (isSame || isOther) row += 1;
    column += 1;
  }
  return result;
}

const toKey = (action: ActionDefinition): string => JSON.stringify(action, sortKeys);

const sortKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** The written action beside which a new one stands: the one before it, else the one after. */
function findNear(aligned: readonly Wanted[], index: number): number {
  for (let at = index - 1; at >= 0; at--) {
    const from = aligned[at]?.from;
    if (from !== undefined) return from;
  }
  return aligned.find(({ from }) => from !== undefined)?.from ?? 0;
}

/** The text of an action that was changed: as it was written, but for the parameters that are new or other. */
function spell(
  { text }: DirectiveChange,
  written: WrittenAction,
  former: ActionDefinition | undefined,
  action: ActionDefinition,
): string | undefined {
  const { start, end } = written.span;
  if (isEqual(former, action)) return text.slice(start, end);
  const isCall = text.slice(written.name.end, end).trimStart().startsWith('(');
  const hasGone = Object.keys(former?.params ?? {}).some((name) => action.params[name] === undefined);
  if (!isCall || hasGone || former?.type !== action.type || former.condition !== action.condition)
    return printAction(action);
  const rows: readonly ParamRow[] = actionTable[action.type].params;
  let result = text.slice(start, end);
  // From the last one on, so that places stay.
  for (const param of [...written.params].reverse()) {
    const row = findRow(action, param, rows);
    const value = row && action.params[row.name];
    if (!row || value === undefined || isEqual(value, former.params[row.name])) continue;
    const printed = printParam(row, value);
    if (printed === undefined || (param.name && namesCapture(row, param.name.text)))
      return printAction(action);
    const span = withQuotes(text, param.value);
    result = result.slice(0, span.start - start) + printed + result.slice(span.end - start);
  }
  const added = rows.flatMap((row) => {
    const value = action.params[row.name];
    return value !== undefined && former.params[row.name] === undefined ? [{ row, value }] : [];
  });
  if (added.length === 0) return result;
  return written.condition || !result.endsWith(')')
    ? printAction(action)
    : addParams(
        result,
        added.map(({ row, value }) => `${row.name}=${printParam(row, value) ?? ''}`),
      );
}

function addParams(call: string, params: readonly string[]): string {
  const inside = call.slice(0, -1).trimEnd();
  return `${inside}${inside.endsWith('(') ? '' : ', '}${params.join(', ')})`;
}

function findRow(
  { type }: ActionDefinition,
  { name }: WrittenParam,
  rows: readonly ParamRow[],
): ParamRow | undefined {
  return name ? findParam(type, name.text) : rows[0];
}

function withQuotes(text: string, { start, end }: Span): Span {
  const [before, after] = [text.charAt(start - 1), text.charAt(end)];
  return /^["']$/.test(before) && before === after ? { start: start - 1, end: end + 1 } : { start, end };
}

function removeAction(change: DirectiveChange, { span }: WrittenAction): Edit {
  const field = actionFields(change).find((one) => contains(one, span));
  return field ? removeField(change, field) : removeLines(change.text, span);
}

/** Beside another one, in the form that it has. */
function addAction(
  change: DirectiveChange,
  { span }: WrittenAction,
  printed: string,
  side: Side,
): Edit | undefined {
  const { text, watcher } = change;
  const field = actionFields(change).find((one) => contains(one, span));
  if (watcher.directive.kind === 'inline') {
    const at = side === 'after' ? endOfField(field ?? fieldAt(span)) : (field?.key.start ?? span.start);
    const pair = `action=${printed}`;
    return { span: { start: at, end: at }, newText: side === 'after' ? ` ${pair}` : `${pair} ` };
  }
  const lines = toLines(text, span);
  const margin = text.slice(lines.start, field?.key.start ?? span.start);
  if (!field && !/^[\s#]*-\s*$/.test(margin)) return undefined;
  const line = margin + (field ? `action: ${printed}` : printed);
  const newline = lineEndOf(text);
  return side === 'after'
    ? { span: { start: lines.end, end: lines.end }, newText: newline + line }
    : { span: { start: lines.start, end: lines.start }, newText: line + newline };
}

const fieldAt = ({ start, end }: Span): WrittenField => {
  const value = { text: '', start, end };
  return { field: 'action', key: value, value };
};

/** All actions anew, in the place of the first one. Undefined if one of them cannot be written. */
export function rewriteActions(change: DirectiveChange): readonly Edit[] | undefined {
  const { text, watcher, wanted } = change;
  const { directive, definition } = watcher;
  if (isEqual(definition.actions, wanted.actions)) return [];
  const printed = wanted.actions.map(printAction);
  if (!printed.every((action) => action !== undefined)) return undefined;
  const fields = actionFields(change);
  const kept = directive.fields.filter((field) => !fields.includes(field));
  if (directive.kind === 'inline') {
    const last = kept.at(-1);
    const at = last ? endOfField(last) : markerSpan(directive).end;
    const pairs = printed.length === 0 ? ['actions=[]'] : printed.map((action) => `action=${action}`);
    return [
      { span: { start: at, end: at }, newText: ` ${pairs.join(' ')}` },
      ...fields.map((field) => removeField(change, field)),
    ];
  }
  const lines =
    printed.length === 0 ? ['actions: []'] : ['actions:', ...printed.map((action) => `  - ${action}`)];
  const heading = addLines(text, directive.span, { last: findLast(kept) }, lines);
  const spans = [
    ...fields.map((field) => ({ start: field.key.start, end: endOfField(field) })),
    ...directive.actions.map(({ span }) => withContinued(text, span)),
  ];
  return [heading, ...mergeLines(text, spans)];
}

/** With the lines of a mapping: those that are indented more than the dash. */
function withContinued(text: string, span: Span): Span {
  const first = toLines(text, span);
  const depthOf = (line: string): number => /^[ \t]*#?[ \t]*/.exec(line)?.[0].length ?? 0;
  const depth = depthOf(text.slice(first.start, first.end));
  let { end } = first;
  for (let start = text.indexOf('\n', end) + 1; start > 0; start = text.indexOf('\n', end) + 1) {
    const line = toLines(text, { start, end: start });
    const content = text.slice(line.start, line.end);
    const trimmed = content.trim();
    const isComment = /^(?:##|#?$)/.test(trimmed) || markerOf(trimmed) !== 'other';
    if (isComment || depthOf(content) <= depth || /^[\s#]*-/.test(content)) break;
    ({ end } = line);
  }
  return { start: span.start, end: Math.max(end, span.end) };
}

/** Each line once. */
function mergeLines(text: string, spans: readonly Span[]): readonly Edit[] {
  const merged: { start: number; end: number }[] = [];
  for (const { span } of spans
    .map((one) => removeLines(text, one))
    .sort((a, b) => a.span.start - b.span.start)) {
    const last = merged.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged.map((span) => ({ span, newText: '' }));
}
