// Where the cursor stands in a directive that is being written: what could come next, from the text before it.
import { isFieldStart, readInlineKey } from '../language/directive/inlineKey';
import { findMarker, isInline, markers } from '../language/directive/markers';
import { skipBrackets, skipQuoted, findOutside } from '../language/scan';
import { fieldTable, findField, type FieldName } from '../language/schema';
import { findInValue, findInAction, type ValueCursor } from './valueCursor';

/** `from` is the column where the word under the cursor begins. */
export type Cursor =
  | { readonly kind: 'marker'; readonly from: number }
  | { readonly kind: 'key'; readonly form: 'inline' | 'block'; readonly from: number }
  | ValueCursor;

/**
 * `before` is the line up to the cursor; `inBlock` says whether a block is open there. Undefined where nothing of ours
 * can be completed.
 */
export function findCursor(before: string, inBlock: boolean): Cursor | undefined {
  if (isInline(before)) return findInline(before, findMarker(before)?.end ?? 0);
  if (inBlock) return findInBlock(before);
  const marker = /^[ \t]*(?=#W)#[A-Z_]*$/i.exec(before);
  return marker && markers.begin.startsWith(before.trim().toUpperCase())
    ? { kind: 'marker', from: before.length - before.trimStart().length }
    : undefined;
}

function findInline(text: string, start: number): Cursor | undefined {
  for (let at = start; ;) {
    while (/[ \t]/.test(text[at] ?? '')) at += 1;
    if (/^[\w-]*$/.test(text.slice(at))) return { kind: 'key', form: 'inline', from: at };
    const found = readInlineKey(text, at);
    if (!found) return undefined;
    const field = findField(found.key);
    const end = findValueEnd(text, found.end, field);
    if (end === undefined) return field && findInValue(text, found.end, field);
    at = end;
  }
}

/** Index behind a value, or undefined where the cursor is still in it. */
function findValueEnd(text: string, start: number, field: FieldName | undefined): number | undefined {
  const first = text[start] ?? '';
  const end =
    first === '"' || first === "'"
      ? skipQuoted(text, start)
      : findOutside(text, start, (index) => /\s/.test(text[index] ?? '') || isOpen(text, index));
  if (end === undefined || end >= text.length || isOpen(text, end)) return undefined;
  const isAction = field !== undefined && fieldTable[field].type === 'actions';
  return isAction && /^[ \t]+if[ \t]/.test(text.slice(end)) ? findConditionEnd(text, end) : end;
}

const isOpen = (text: string, at: number): boolean =>
  '([{'.includes(text[at] ?? ' ') && skipBrackets(text, at) === undefined;

/** The condition of an action ends where the next field begins. */
function findConditionEnd(text: string, start: number): number | undefined {
  const end = findOutside(text, start, (index) => isFieldStart(text, index));
  return end < text.length ? end : undefined;
}

function findInBlock(text: string): Cursor | undefined {
  const start = /^[ \t]*#?[ \t]*/.exec(text)?.[0].length ?? 0;
  const content = text.slice(start);
  if (/^[\w-]*$/.test(content) && !content.startsWith('-'))
    return { kind: 'key', form: 'block', from: start };
  const item = /^-[ \t]*/.exec(content);
  if (item) return findInAction(text, start + item[0].length);
  const key = /^([A-Za-z_][\w-]*)[ \t]*:[ \t]*/.exec(content);
  const field = key && findField(key[1] ?? '');
  return field ? findInValue(text, start + key[0].length, field) : undefined;
}
