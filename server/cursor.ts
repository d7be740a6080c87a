// Where the cursor stands in a directive that is being written: what could come next, from the text before it.
import { findAction, findParam, type ActionType, type ParamRow } from '../language/actionTable';
import { findOutside, skipBrackets, skipQuoted, splitAtCommas } from '../language/scan';
import { fieldTable, findField, type FieldName } from '../language/schema';

/** `from` is the column where the word under the cursor begins. */
export type Cursor = { readonly from: number } & (
  | { readonly kind: 'marker' }
  | { readonly kind: 'key'; readonly form: 'inline' | 'block' }
  | { readonly kind: 'value'; readonly field: FieldName }
  | { readonly kind: 'action' }
  | { readonly kind: 'param'; readonly action: ActionType; readonly written: readonly ParamRow[] }
  | { readonly kind: 'paramValue'; readonly param: ParamRow }
);

/**
 * `before` is the line up to the cursor; `inBlock` says whether a block is open there. Undefined where nothing of ours
 * can be completed.
 */
export function findCursor(before: string, inBlock: boolean): Cursor | undefined {
  const inline = /^[ \t]*#WATCHER[ \t]+/.exec(before);
  if (inline) return findInline(before, inline[0].length);
  if (inBlock) return findInBlock(before);
  const marker = /^[ \t]*(?=#W)#[A-Z_]*$/i.exec(before);
  return marker && isMarkerStart(before.trim())
    ? { kind: 'marker', from: before.length - before.trimStart().length }
    : undefined;
}

const isMarkerStart = (text: string): boolean => '#WATCHER_BEGIN'.startsWith(text.toUpperCase());

function findInline(text: string, start: number): Cursor | undefined {
  const key = /([A-Za-z_][\w-]*)[ \t]*=[ \t]*/y;
  for (let at = start; ;) {
    while (/[ \t]/.test(text[at] ?? '')) at += 1;
    if (/^[\w-]*$/.test(text.slice(at))) return { kind: 'key', form: 'inline', from: at };
    key.lastIndex = at;
    const match = key.exec(text);
    if (!match) return undefined;
    const value = at + match[0].length;
    const end = findValueEnd(text, value);
    if (end === undefined) return findInValue(text, value, findField(match[1] ?? ''));
    at = end;
  }
}

/** Index behind a value, or undefined where the cursor is still in it. */
function findValueEnd(text: string, start: number): number | undefined {
  const first = text[start] ?? '';
  const end =
    first === '"' || first === "'"
      ? skipQuoted(text, start)
      : findOutside(text, start, (index) => /\s/.test(text[index] ?? '') || isOpen(text, index));
  return end === undefined || end >= text.length || isOpen(text, end) ? undefined : end;
}

const isOpen = (text: string, at: number): boolean =>
  '([{'.includes(text[at] ?? ' ') && skipBrackets(text, at) === undefined;

function findInBlock(text: string): Cursor | undefined {
  const start = /^[ \t]*#?[ \t]*/.exec(text)?.[0].length ?? 0;
  const content = text.slice(start);
  if (/^[\w-]*$/.test(content) && !content.startsWith('-'))
    return { kind: 'key', form: 'block', from: start };
  const item = /^-[ \t]*/.exec(content);
  if (item) return findInAction(text, start + item[0].length);
  const key = /^([A-Za-z_][\w-]*)[ \t]*:[ \t]*/.exec(content);
  return key ? findInValue(text, start + key[0].length, findField(key[1] ?? '')) : undefined;
}

function findInValue(text: string, start: number, field: FieldName | undefined): Cursor | undefined {
  if (!field) return undefined;
  const { type } = fieldTable[field];
  if (type === 'actions') return findInActions(text, start);
  const word = /^\[?(?:[\w"' -]*,)*[ \t"']*(\w*)$/.exec(text.slice(start));
  return word ? { kind: 'value', field, from: text.length - (word[1]?.length ?? 0) } : undefined;
}

/** One action, or the last of a list. */
function findInActions(text: string, start: number): Cursor | undefined {
  if (text[start] !== '[') return findInAction(text, start);
  const last = splitAtCommas(text.slice(start + 1)).at(-1);
  return findInAction(text, start + 1 + (last?.start ?? 0));
}

function findInAction(text: string, begin: number): Cursor | undefined {
  const start = begin + (/^[ \t]*/.exec(text.slice(begin))?.[0].length ?? 0);
  if (/^[\w-]*$/.test(text.slice(start))) return { kind: 'action', from: start };
  const call = /^([\w-]+)[ \t]*\(/.exec(text.slice(start));
  const action = call && findAction(call[1] ?? '');
  const open = start + (call?.[0].length ?? 0);
  if (!action || skipBrackets(text, open - 1) !== undefined) return undefined;
  const parts = splitAtCommas(text.slice(open)).map((part) => ({
    ...part,
    text: text.slice(open + part.start, open + part.end),
  }));
  const last = parts.at(-1);
  return (
    last &&
    findInParam(text, { action, last: last.text, others: parts.slice(0, -1).map((part) => part.text) })
  );
}

interface Call {
  readonly action: ActionType;
  /** The parameter at the cursor. */
  readonly last: string;
  readonly others: readonly string[];
}

function findInParam(text: string, { action, last, others }: Call): Cursor | undefined {
  const value = /^[ \t]*([\w-]+)[ \t]*=[ \t]*["']?(\w*)$/.exec(last);
  if (value) {
    const param = findParam(action, value[1] ?? '');
    return param && { kind: 'paramValue', param, from: text.length - (value[2]?.length ?? 0) };
  }
  const name = /^[ \t]*([\w-]*)$/.exec(last);
  if (!name) return undefined;
  const written = others.flatMap(
    (part) => findParam(action, /^[ \t]*([\w-]+)[ \t]*=/.exec(part)?.[1] ?? '') ?? [],
  );
  return { kind: 'param', action, written, from: text.length - (name[1]?.length ?? 0) };
}
