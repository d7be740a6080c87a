// Escapes of a pattern, inside and outside of sets, with CPython's rules and messages.
import { reprText } from '../pythonText';
import { findCharacter } from './characterNames';
import { lengthOf, PatternError, type PatternSource } from './source';
import type { Anchor, SetItem } from './tree';

const characters: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
};

const categories: Readonly<Record<string, SetItem>> = {
  d: { kind: 'category', category: 'digit', negate: false },
  D: { kind: 'category', category: 'digit', negate: true },
  s: { kind: 'category', category: 'space', negate: false },
  S: { kind: 'category', category: 'space', negate: true },
  w: { kind: 'category', category: 'word', negate: false },
  W: { kind: 'category', category: 'word', negate: true },
};

const anchors: Readonly<Record<string, Anchor>> = {
  A: 'textStart',
  Z: 'textEnd',
  b: 'boundary',
  B: 'nonBoundary',
};

const hexDigits = /^[0-9a-fA-F]$/;
const octalDigits = /^[0-7]$/;
const digits = /^[0-9]$/;

export const literal = (code: number): SetItem => ({ kind: 'range', low: code, high: code });

/** `x`, `u`, `U` and `N`: the same inside and outside of sets; undefined for other letters. */
function parseCode(source: PatternSource, escape: string): number | undefined {
  const widths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
  const letter = escape[1] ?? '';
  const width = widths[letter];
  if (width !== undefined) {
    const full = escape + source.getWhile(width, hexDigits);
    if (full.length !== width + 2) throw source.error(`incomplete escape ${full}`, full.length);
    const code = parseInt(full.slice(2), 16);
    if (code > 0x10ffff) throw source.error(`bad escape ${full}`, full.length);
    return code;
  }
  if (letter === 'N') {
    const start = source.tell() - 2;
    if (!source.match('{')) throw source.error('missing {');
    const name = source.getUntil('}', 'character name');
    const code = findCharacter(name);
    // Python knows all names, we know the common ones: an unknown name may be a good one.
    if (code === undefined)
      throw new PatternError(`the character name ${reprText(name)} is not known here`, start, true);
    return code;
  }
  return undefined;
}

/** An escape inside `[…]`. */
export function parseSetEscape(source: PatternSource, escape: string): SetItem {
  const letter = escape.slice(1);
  const code = characters[letter];
  if (code !== undefined) return literal(code);
  const category = categories[letter];
  if (category) return category;
  const byCode = parseCode(source, escape);
  if (byCode !== undefined) return literal(byCode);
  if (octalDigits.test(letter)) {
    const full = escape + source.getWhile(2, octalDigits);
    return literal(toOctal(source, full));
  }
  return literal(toPlain(source, escape));
}

export type Escape =
  | { readonly kind: 'item'; readonly item: SetItem }
  | { readonly kind: 'anchor'; readonly anchor: Anchor }
  | { readonly kind: 'reference'; readonly group: number; readonly text: string };

/** An escape outside of sets; the parser checks references. */
export function parseEscape(source: PatternSource, escape: string): Escape {
  const letter = escape.slice(1);
  const item = (found: SetItem): Escape => ({ kind: 'item', item: found });
  const category = categories[letter];
  if (category) return item(category);
  const anchor = anchors[letter];
  if (anchor) return { kind: 'anchor', anchor };
  const code = characters[letter];
  if (code !== undefined) return item(literal(code));
  const byCode = parseCode(source, escape);
  if (byCode !== undefined) return item(literal(byCode));
  if (letter === '0') return item(literal(parseInt((escape + source.getWhile(2, octalDigits)).slice(1), 8)));
  if (digits.test(letter)) return parseDigits(source, escape);
  return item(literal(toPlain(source, escape)));
}

/** Three octal digits are a character, else it is a group. */
function parseDigits(source: PatternSource, escape: string): Escape {
  let text = escape;
  if (source.next !== undefined && digits.test(source.next)) {
    text += source.get() ?? '';
    const third =
      octalDigits.test(text[1] ?? '') && octalDigits.test(text[2] ?? '')
        ? source.getWhile(1, octalDigits)
        : '';
    if (third !== '') return { kind: 'item', item: literal(toOctal(source, text + third)) };
  }
  return { kind: 'reference', group: parseInt(text.slice(1), 10), text };
}

function toOctal(source: PatternSource, text: string): number {
  const code = parseInt(text.slice(1), 8);
  if (code > 0o377) throw source.error(`octal escape value ${text} outside of range 0-0o377`, text.length);
  return code;
}

function toPlain(source: PatternSource, escape: string): number {
  const letter = escape.slice(1);
  if (/^[a-zA-Z0-9]$/.test(letter)) throw source.error(`bad escape ${escape}`, lengthOf(escape));
  return letter.codePointAt(0) ?? 0;
}
