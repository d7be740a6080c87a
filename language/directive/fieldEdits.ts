// Edits of a directive's fields: what is replaced, what goes, and where new ones are written.
import { toDerivedCaptures } from '../bind';
import type { Definition } from '../definition';
import type { Edit } from '../format';
import type { WrittenField } from '../inline';
import { mapText, spanOf } from '../mappedText';
import { compileCached } from '../patternProblems';
import { isEqual, printField } from '../print';
import { definitionFields, findDefault, rowOf, type FieldName } from '../schema';
import { lineEndOf, type Span } from '../text';
import { unquote } from '../values';
import { markers, markerSpan } from './markers';
import type { DirectiveChange } from './updateDirective';

const plainFields = definitionFields.filter((field) => rowOf(field).type !== 'actions');

/** Undefined if the language has no words for one of the values. */
export function changeFields(change: DirectiveChange, ownName: string): readonly Edit[] | undefined {
  const { watcher, wanted } = change;
  const edits: Edit[] = [];
  const added: { readonly field: FieldName; readonly value: string }[] = [];
  const removed = new Set<WrittenField>();
  for (const field of plainFields) {
    const written = watcher.directive.fields.filter((one) => one.field === field);
    const { property } = rowOf(field);
    const isChanged = !isEqual(watcher.definition[property], wanted[property]);
    const isNeeded = !isEqual(wanted[property], toImplied(field, wanted, ownName));
    if (written.length > 0 ? !isChanged : !isNeeded) continue;
    if (!isNeeded) {
      for (const one of written) removed.add(one);
      continue;
    }
    const value = printField(field, wanted);
    // No captures at all cannot be written beside a pattern that names its groups.
    if (value === undefined || value === '') return undefined;
    const last = written.at(-1);
    if (last) edits.push(replaceValue(change.text, last, value));
    else added.push({ field, value });
  }
  const kept = watcher.directive.fields.filter((field) => !removed.has(field));
  return [
    ...edits,
    ...added.map(({ field, value }) => addField(change, kept, { field, value })),
    ...[...removed].map((field) => removeField(change, field)),
  ];
}

/** What holds if the field is not written. */
function toImplied(field: FieldName, wanted: Definition, ownName: string): unknown {
  if (field === 'name') return ownName;
  if (field !== 'captures') return findDefault(field, wanted);
  return toDerivedCaptures(wanted.pattern === null ? undefined : compileCached(wanted.pattern).value);
}

/** Where the value ends, with all items of a list. */
export const endOfField = ({ value, items = [] }: WrittenField): number =>
  Math.max(spanOf(value).end, ...items.map(({ end }) => end));

function replaceValue(text: string, field: WrittenField, value: string): Edit {
  const { key, items } = field;
  if (items)
    return { span: { start: key.end, end: withQuote(text, endOfField(field)) }, newText: `: ${value}` };
  const span = spanOf(field.value);
  const quoted = quoteAs(text.charAt(span.start), value);
  return {
    span,
    newText: /[:=]$/.test(text.charAt(span.start - 1)) && span.start === span.end ? ` ${quoted}` : quoted,
  };
}

/** Of the last item of a list the inside is known. */
const withQuote = (text: string, end: number): number => (/^["']$/.test(text.charAt(end)) ? end + 1 : end);

/** In the quotes that were there before, if they can hold it. */
function quoteAs(quote: string, value: string): string {
  if ((quote !== '"' && quote !== "'") || value.startsWith('[')) return value;
  const inside = unquote(mapText(value, 0, value.length)).text;
  return inside.includes(quote) || inside.endsWith('\\') ? value : quote + inside + quote;
}

/** From the first to the last of the lines in which a stretch lies, without the last line end. */
export function toLines(text: string, { start, end }: Span): Span {
  const newline = text.indexOf('\n', end);
  const last = newline === -1 ? text.length : newline;
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: text[last - 1] === '\r' ? last - 1 : last };
}

/** With its separator: the blanks before it, or its lines. */
export function removeField({ text, watcher }: DirectiveChange, field: WrittenField): Edit {
  const { key } = field;
  const end = withQuoteOfItems(text, field);
  if (watcher.directive.kind === 'block') return removeLines(text, { start: key.start, end });
  const before = text.slice(0, key.start);
  return { span: { start: before.trimEnd().length, end }, newText: '' };
}

const withQuoteOfItems = (text: string, field: WrittenField): number =>
  field.items ? withQuote(text, endOfField(field)) : endOfField(field);

export function removeLines(text: string, span: Span): Edit {
  const lines = toLines(text, span);
  const newline = text.indexOf('\n', lines.end);
  return { span: { start: lines.start, end: newline === -1 ? text.length : newline + 1 }, newText: '' };
}

/** The one that ends last. */
export const findLast = (fields: readonly WrittenField[]): WrittenField | undefined =>
  fields.reduce<WrittenField | undefined>(
    (best, one) => (best && endOfField(best) > endOfField(one) ? best : one),
    undefined,
  );

/** After the last of the written fields that come before it in the table, else before all others. */
function addField(
  { text, watcher: { directive } }: DirectiveChange,
  kept: readonly WrittenField[],
  { field, value }: { readonly field: FieldName; readonly value: string },
): Edit {
  const rank = definitionFields.indexOf(field);
  const before = kept.filter((one) => one.field && definitionFields.indexOf(toListed(one.field)) < rank);
  const last = findLast(before);
  if (directive.kind === 'inline') {
    const at = last ? endOfField(last) : markerSpan(directive).end;
    return { span: { start: at, end: at }, newText: ` ${field}=${value}` };
  }
  return addLines(text, directive.span, { last, first: kept[0] }, [`${field}: ${value}`]);
}

/** `action` is `actions`. */
const toListed = (field: FieldName): FieldName => (rowOf(field).synonymOf as FieldName | undefined) ?? field;

/** Lines of a block, with the margin of the field that they come after, else before, else of the block. */
export function addLines(
  text: string,
  block: Span,
  { last, first }: { readonly last?: WrittenField | undefined; readonly first?: WrittenField | undefined },
  contents: readonly string[],
): Edit {
  const newline = lineEndOf(text);
  const near = last ?? first;
  const lines = near
    ? toLines(text, { start: near.key.start, end: endOfField(near) })
    : toLines(text, { start: block.start, end: block.start + markers.begin.length });
  const margin = near ? text.slice(lines.start, near.key.start) : `${text.slice(lines.start, block.start)}# `;
  const isBefore = near !== undefined && last === undefined;
  const at = isBefore ? lines.start : lines.end;
  const added = contents.map((content) => margin + content);
  const newText = isBefore
    ? added.map((line) => line + newline).join('')
    : added.map((line) => newline + line).join('');
  return { span: { start: at, end: at }, newText };
}
