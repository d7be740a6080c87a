// Formatting of directives: canonical names, one way of quoting and spacing; comments, order and lines stay.
import { findParam } from './actionTable';
import { readAction, splitActions, type WrittenAction, type WrittenParam } from './calls';
import { parseCondition } from './condition/parser';
import { spanOf, type MappedText } from './mappedText';
import { isEqual, printCall, printList, printText } from './print';
import type { Problem, ProblemCode } from './problem';
import { fieldTable } from './schema';
import type { Directive } from './directive';
import { markers } from './directive/markers';
import { parseScript, type Script } from './script';
import type { Span } from './text';
import type { WrittenField } from './inline';
import { parseList, quoteText, unquote } from './values';

/** A stretch of a text, and what stands there instead. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

export interface FormattedScript {
  /** In the order of their places; none where all is formatted. */
  readonly edits: readonly Edit[];
}

/** Where these are, nobody knows what the author meant: in an inline directive with all of it, in a block with their lines. */
const unclear: ReadonlySet<ProblemCode> = new Set(['stray-text', 'unterminated-quote', 'unquoted-hash']);

/** Formats each directive of a script that can be formatted without a change of what it means. */
export function formatScript(text: string): FormattedScript {
  const script = parseScript(text);
  const doubts = script.problems.filter(({ code }) => unclear.has(code));
  const groups = script.directives
    .map((directive) => ({
      directive,
      inside: doubts.filter(({ span }) => isWithin(span, directive.span)),
    }))
    .filter(({ directive, inside }) => directive.kind === 'block' || inside.length === 0)
    .filter(({ inside }) => inside.every(({ code }) => code !== 'unterminated-quote'))
    .map(({ directive, inside }) => formatDirective(text, directive, inside))
    .filter((edits) => edits.length > 0);
  const all = groups.flat();
  if (keepsMeaning(text, script, all)) return { edits: sortEdits(all) };
  return { edits: sortEdits(groups.filter((edits) => keepsMeaning(text, script, edits)).flat()) };
}

/** The text with these edits, which do not overlap; of those that begin at the same place, the first comes first. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const { span, newText } of sortEdits(edits)) {
    result += text.slice(from, span.start) + newText;
    from = span.end;
  }
  return result + text.slice(from);
}

const sortEdits = (edits: readonly Edit[]): readonly Edit[] =>
  [...edits].sort((a, b) => a.span.start - b.span.start);

const isWithin = (inner: Span, outer: Span): boolean => inner.start >= outer.start && inner.end <= outer.end;

function keepsMeaning(text: string, before: Script, edits: readonly Edit[]): boolean {
  const after = parseScript(applyEdits(text, edits));
  const meaning = ({ watchers, cleanText }: Script): unknown => [
    watchers.map(({ definition, line, endLine }) => [definition, line, endLine]),
    cleanText,
  ];
  return isEqual(meaning(before), meaning(after));
}

function formatDirective(text: string, directive: Directive, doubts: readonly Problem[]): readonly Edit[] {
  const { span, kind } = directive;
  if (kind === 'inline') return toEdit(text, toLineEnd(text, span), formatInline(text, directive));
  const begin = text.lastIndexOf('\n', span.start - 1) + 1;
  const indent = text.slice(begin, span.start);
  const edits: Edit[] = [];
  const open = doubts.map((doubt) => doubt.span).sort((a, b) => a.start - b.start);
  const parts = {
    fields: toLines(text, directive.fields, ({ key }) => spanOf(key)),
    actions: toLines(text, directive.actions, (action) => action.span),
  };
  let doubtful = 0;
  let next = 0;
  for (let start = begin; start < span.end;) {
    const line = toLineEnd(text, { start, end: start });
    for (let doubt = open[next]; doubt && doubt.start < line.end; doubt = open[++next])
      doubtful = Math.max(doubtful, doubt.end);
    const formatted = doubtful <= line.start ? formatBlockLine(text, parts, line) : undefined;
    if (formatted !== undefined) edits.push(...toEdit(text, line, indent + formatted));
    start = text.indexOf('\n', line.end) + 1 || text.length;
  }
  return edits;
}

/** From its start to the end of its last line, without the line end. */
function toLineEnd(text: string, { start, end }: Span): Span {
  const newline = text.indexOf('\n', end);
  const next = newline === -1 ? text.length : newline;
  return { start, end: next > start && text[next - 1] === '\r' ? next - 1 : next };
}

const toEdit = (text: string, span: Span, newText: string | undefined): readonly Edit[] =>
  newText === undefined || text.slice(span.start, span.end) === newText ? [] : [{ span, newText }];

/** Undefined where there is more than fields and a comment. */
function formatInline(text: string, { span, fields }: Directive): string | undefined {
  const last = fields.at(-1);
  const comment = findComment(text, last ? spanOf(last.value).end : span.end, span.end);
  if (comment === undefined) return undefined;
  const pairs = fields.map((field) => `${keyOf(field)}=${formatValue(text, field)}`);
  return [markers.inline, ...pairs].join(' ') + comment;
}

/** What a block says, by the starts of its lines. */
interface BlockParts {
  readonly fields: ReadonlyMap<number, Directive['fields'][number]>;
  readonly actions: ReadonlyMap<number, Directive['actions'][number]>;
}

/** The first one that begins in each line. */
function toLines<Part>(
  text: string,
  parts: readonly Part[],
  toSpan: (part: Part) => Span,
): ReadonlyMap<number, Part> {
  const lines = new Map<number, Part>();
  for (const part of parts) {
    const start = text.lastIndexOf('\n', toSpan(part).start - 1) + 1;
    if (!lines.has(start)) lines.set(start, part);
  }
  return lines;
}

/** Undefined for lines that stay: markers, comments, continued values, lists and mappings. */
function formatBlockLine(text: string, { fields, actions }: BlockParts, line: Span): string | undefined {
  const field = fields.get(line.start);
  if (field?.value.text === '') return formatHeading(text, line);
  if (field) {
    const value = spanOf(field.value);
    const comment = findComment(text, value.end, line.end);
    if (comment === undefined || !isWithin(value, line)) return undefined;
    return `# ${keyOf(field)}: ${formatValue(text, field)}${comment}`;
  }
  const begun = actions.get(line.start);
  const action = begun && isWithin(begun.span, line) ? begun : undefined;
  const before = action && text.slice(line.start, action.span.start);
  if (!action || before === undefined || !/^[\s#]*-\s*$/.test(before)) return formatHeading(text, line);
  const comment = findComment(text, action.span.end, line.end);
  return comment === undefined
    ? undefined
    : `#   - ${formatAction(action) ?? text.slice(action.span.start, action.span.end)}${comment}`;
}

/** The line `actions:`. */
function formatHeading(text: string, line: Span): string | undefined {
  const heading = /^(?:#\s*)?actions?\s*:\s*(#.*)?$/i.exec(text.slice(line.start, line.end).trim());
  return heading ? `# actions:${heading[1] ? `  ${heading[1]}` : ''}` : undefined;
}

/** What stands between the value and the end of the line, as a comment with its blanks; undefined for anything else. */
function findComment(text: string, start: number, end: number): string | undefined {
  const rest = text.slice(start, end).trim();
  if (rest === '') return '';
  return rest.startsWith('#') ? `  ${rest}` : undefined;
}

const keyOf = ({ field, key }: WrittenField): string => field ?? key.text;

const isPlain = (text: string): boolean => /^[\w.+-]+$/.test(text);

function formatValue(script: string, { field, value }: WrittenField): string {
  const inside = unquote(value);
  // The value itself may have been repaired.
  const written = script.slice(spanOf(value).start, spanOf(value).end);
  switch (field && fieldTable[field].type) {
    case 'text':
      // Without its quotes it might run on.
      return (/^["']/.test(written) ? quoteText(inside.text) : printText(inside.text)) ?? written;
    case 'pattern':
    case 'condition':
      return quoteText(inside.text) ?? written;
    case 'duration':
    case 'count':
      return isPlain(inside.text) ? inside.text : written;
    case 'boolean':
    case 'output':
      return isPlain(inside.text) ? inside.text.toLowerCase() : written;
    case 'names':
    case 'states': {
      const items = parseList(value).map(({ text }) => text);
      return items.every((item) => /^\w+$/.test(item)) ? printList(items) : written;
    }
    case 'actions':
      return (/^["']/.test(written) ? undefined : formatActions(value)) ?? written;
    case undefined:
      return written;
  }
}

function formatActions(value: MappedText): string | undefined {
  const items = splitActions(value).map((item) => {
    const { action } = readAction(item);
    return action && formatAction(action);
  });
  if (!items.every((item) => item !== undefined)) return undefined;
  return value.text.startsWith('[') || items.length > 1 ? printList(items) : items[0];
}

/** Undefined for what is no known action, or has no condition that can be read. */
function formatAction({ type, params, condition }: WrittenAction): string | undefined {
  if (!type || (condition && !parseCondition(condition.text).value)) return undefined;
  const list = params.map((param) => formatParam(type, param)).join(', ');
  return printCall(type, list, condition?.text ?? null);
}

function formatParam(type: NonNullable<WrittenAction['type']>, { name, value }: WrittenParam): string {
  const row = name && findParam(type, name.text);
  const isText = !row || row.type === 'text' || row.type === 'command';
  const text = isText ? (printText(value.text) ?? value.text) : value.text.trim();
  return name ? `${row?.name ?? name.text}=${text}` : text;
}
