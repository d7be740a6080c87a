// Backslash escapes, inside and outside of sets, with CPython's errors.
import { findCharacter } from './characterNames';
import { lengthOf, PatternError, type PatternScanner } from './patternScanner';
import type { ClassName, Place, SetItem } from './tree';

export type Escape =
  | SetItem
  | { readonly kind: 'place'; readonly place: Exclude<Place, 'lineStart' | 'lineEnd' | 'lastLineEnd'> }
  | { readonly kind: 'group'; readonly number: number };

const octal = '01234567';
const digits = '0123456789';
const hex = '0123456789abcdefABCDEF';

const controls: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 };
const toClass = (name: ClassName, negated: boolean): SetItem => ({ kind: 'class', name, negated });
const classItems: Readonly<Record<string, SetItem>> = {
  d: toClass('digit', false),
  D: toClass('digit', true),
  s: toClass('space', false),
  S: toClass('space', true),
  w: toClass('word', false),
  W: toClass('word', true),
};
const places = { A: 'textStart', Z: 'textEnd', b: 'wordBoundary', B: 'noWordBoundary' } as const;
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const char = (code: number): SetItem => ({ kind: 'char', code });

/** The escape `token`, already taken, inside of `[…]`. */
export function parseSetEscape(scanner: PatternScanner, token: string): SetItem {
  const letter = token.slice(1);
  const found = findSimple(letter) ?? parseCode(scanner, letter);
  if (found !== undefined) return found;
  if (!octal.includes(letter)) return plainChar(scanner, token);
  return toOctal(scanner, token + scanner.takeWhile(2, octal));
}

/** The escape `token`, already taken, outside of sets. `backslash 1` is a group unless three octal digits follow. */
export function parseEscape(scanner: PatternScanner, token: string): Escape {
  const letter = token.slice(1);
  if (letter in places) return { kind: 'place', place: places[letter as keyof typeof places] };
  const found = findSimple(letter) ?? parseCode(scanner, letter);
  if (found !== undefined) return found;
  if (letter === '0') return char(parseInt(letter + scanner.takeWhile(2, octal), 8));
  if (!digits.includes(letter)) return plainChar(scanner, token);
  const text = token + scanner.takeWhile(1, digits);
  const next = scanner.peek();
  if (/^\\[0-7]{2}$/.test(text) && next !== undefined && octal.includes(next)) {
    return toOctal(scanner, text + scanner.takeWhile(1, octal));
  }
  return { kind: 'group', number: Number(text.slice(1)) };
}

function findSimple(letter: string): SetItem | undefined {
  const control = controls[letter];
  return control === undefined ? classItems[letter] : char(control);
}

/** `\xhh`, `\uhhhh`, `\Uhhhhhhhh` and `\N{name}`. */
function parseCode(scanner: PatternScanner, letter: string): SetItem | undefined {
  if (letter === 'N') return parseName(scanner);
  const length = hexLengths[letter];
  if (length === undefined) return undefined;
  const text = scanner.takeWhile(length, hex);
  if (text.length < length) scanner.fail(`incomplete escape \\${letter}${text}`, text.length + 2);
  const code = parseInt(text, 16);
  return code <= 0x10ffff ? char(code) : scanner.fail(`bad escape \\${letter}${text}`, text.length + 2);
}

function parseName(scanner: PatternScanner): SetItem {
  if (!scanner.takeIf('{')) scanner.fail('missing {');
  const name = scanner.takeUntil('}', 'character name');
  const code = findCharacter(name);
  if (code !== undefined) return char(code);
  const message = `the character name ${name} is not known here; write the character itself or its \\u escape`;
  throw new PatternError('unsupported-regex', message, scanner.tell() - lengthOf(name) - 4);
}

function toOctal(scanner: PatternScanner, text: string): SetItem {
  const code = parseInt(text.slice(1), 8);
  if (code <= 0o377) return char(code);
  return scanner.fail(`octal escape value ${text} outside of range 0-0o377`, text.length);
}

function plainChar(scanner: PatternScanner, token: string): SetItem {
  if (/^\\[A-Za-z0-9]$/.test(token)) scanner.fail(`bad escape ${token}`, 2);
  return char(token.codePointAt(1) ?? 0);
}
