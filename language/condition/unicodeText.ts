// Letters, digits and their cases as the strings of CPython 3.11 know them: Unicode 14, whatever the runtime knows.
import { isPrintable } from '../pythonText';
import { pairsOf } from '../regex/charSet';
import { unicodeDigit } from '../regex/unicode';
import { spend } from './limits';

/** Of the first character; 0 if there is none. */
export const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** A text has few different characters: what was found out of one is kept for a call. */
export function remember<Found extends boolean | string>(
  find: (character: string) => Found,
): (character: string) => Found {
  const known = new Map<string, Found>();
  return (character) => {
    const before = known.get(character);
    spend(before === undefined ? 1500 : 60);
    if (before !== undefined) return before;
    const found = find(character);
    known.set(character, found);
    return found;
  };
}

/** Whether each of the characters, and there is at least one, is of a class; `ascii` says it for texts of ASCII alone. */
export function isEvery(text: string, ascii: RegExp, isOf: (character: string) => boolean): boolean {
  spend(4 * text.length);
  if (text === '') return false;
  if (isAscii(text)) return ascii.test(text);
  const isMember = remember(isOf);
  for (const character of text) if (!isMember(character)) return false;
  return true;
}

export const isAscii = (text: string): boolean => !/[^\x00-\x7f]/.test(text);

export const isAlphabetic = (character: string): boolean =>
  /^\p{L}$/u.test(character) && isPrintable(character);

/** Whether Unicode 14 lets it stand in names: middle dots became letters of names later. */
export const isKnownLetter = (character: string): boolean =>
  !'・･'.includes(character) && isPrintable(character);

/** Whether names of Python may begin with it. */
export const isNameStart = (character: string): boolean =>
  /^[\p{XID_Start}_]$/u.test(character) && isKnownLetter(character);

export const isNamePart = (character: string): boolean =>
  /^\p{XID_Continue}$/u.test(character) && isKnownLetter(character);

/** The value of a decimal digit of any script: its place in a run of ten. */
export function digitValue(character: string): number | undefined {
  digitValues ??= readDigits();
  return digitValues.get(codeOf(character));
}

let digitValues: ReadonlyMap<number, number> | undefined;

function readDigits(): ReadonlyMap<number, number> {
  const values = new Map<number, number>();
  for (const [first, last] of pairsOf(unicodeDigit()))
    for (let code = first; code <= last; code++) values.set(code, (code - first) % 10);
  return values;
}
