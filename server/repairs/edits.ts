// The changes that repairs and refactorings are made of: fields that come and go, lists and names that are written anew.
import { findTail } from '../../language/textEnd';
import type { WrittenField } from '../../language/inline';
import { spanOf } from '../../language/mappedText';
import type { Fix, Problem } from '../../language/problem';
import type { FieldName } from '../../language/schema';
import type { Directive } from '../../language/directive';
import { markerSpan } from '../../language/directive/markers';
import { lineEndOf, type Span } from '../../language/text';
import type { OpenDocument } from '../documents';

export type Edit = Fix['edits'][number];

/** A problem that brings no repair of its own, with what is around it. */
export interface Trouble {
  readonly document: OpenDocument;
  readonly problem: Problem;
  /** The text that the problem marks. */
  readonly marked: string;
}

export interface DirectiveTrouble extends Trouble {
  readonly directive: Directive;
}

export const toFix = (title: string, ...edits: readonly Edit[]): Fix => ({ title, edits });

export const replace = ({ start, end }: Span, newText: string): Edit => ({ span: { start, end }, newText });

export const insert = (at: number, newText: string): Edit => replace({ start: at, end: at }, newText);

/** The field as it counts: the last one of its name. */
export const lastField = ({ fields }: Directive, name: FieldName): WrittenField | undefined =>
  fields.filter(({ field }) => field === name).at(-1);

/** The whole lines that a span touches, with the last line end. */
function wholeLines(script: string, { start, end }: Span): Span {
  const newline = script.indexOf('\n', end);
  return {
    start: script.lastIndexOf('\n', start - 1) + 1,
    end: newline === -1 ? script.length : newline + 1,
  };
}

export const lineRemoval = (script: string, span: Span): Edit => replace(wholeLines(script, span), '');

/** Takes a field out: in a block with its lines, in one line with the blanks before it. */
export function fieldRemoval(script: string, { kind }: Directive, { key, value }: WrittenField): Edit {
  const whole = { start: spanOf(key).start, end: Math.max(spanOf(key).end, spanOf(value).end) };
  if (kind === 'block') return lineRemoval(script, whole);
  // An empty value leaves its "=" behind.
  const rest = /^[ \t]*=[ \t]*/.exec(script.slice(whole.end))?.[0].length ?? 0;
  return replace({ start: findTail(script, /[ \t]/, whole.start), end: whole.end + rest }, '');
}

export interface NewField {
  readonly key: FieldName;
  readonly value: string;
  /** The field that it is written behind; behind the marker where there is none. */
  readonly after: WrittenField | undefined;
}

/** Behind another field: in its line, or in a block in a line of its own that begins like that one. */
export function fieldAddition(script: string, directive: Directive, { key, value, after }: NewField): Edit {
  const { kind, span } = directive;
  const marker = markerSpan(directive);
  if (kind === 'inline') {
    const end = after ? spanOf(after.value).end : marker.end;
    return insert(end, ` ${key}=${value}`);
  }
  const model = after ?? directive.fields[0];
  const margin = model ? marginOf(script, spanOf(model.key).start) : `${marginOf(script, span.start)}# `;
  const from = after ? Math.max(spanOf(after.value).end, spanOf(after.key).end) : marker.end;
  const lineEnd = script.slice(from).search(/\r?\n|$/);
  return insert(from + lineEnd, `${lineEndOf(script)}${margin}${key}: ${value}`);
}

const marginOf = (script: string, start: number): string =>
  script.slice(script.lastIndexOf('\n', start - 1) + 1, start);

/** The names of the groups as a list: in place of the written one, or as a field behind the pattern. */
export function capturesEdit(script: string, directive: Directive, names: readonly string[]): Edit {
  const written = lastField(directive, 'captures');
  const value = `[${names.join(', ')}]`;
  return written
    ? replace(spanOf(written.value), value)
    : fieldAddition(script, directive, { key: 'captures', value, after: lastField(directive, 'pattern') });
}
