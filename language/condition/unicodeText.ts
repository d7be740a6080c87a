// Letters, digits and their cases as the strings of CPython 3.11 know them: Unicode 14, whatever the runtime knows.
import { isPrintable } from '../pythonText';
import { hasChar } from '../regex/charSet';
import { unicodeDigit } from '../regex/unicode';

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** Applies a mapping of the runtime to each character, but for what Unicode 14 does not have. */
function mapCase(text: string, change: (text: string) => string): string {
  if (isAscii(text)) return change(text);
  const changed = change(text);
  if (changed === text) return text;
  let result = '';
  let plain = '';
  for (const character of text) {
    if (isKnownCase(character, change(character))) plain += character;
    else {
      result += change(plain) + character;
      plain = '';
    }
  }
  return result === '' ? changed : result + change(plain);
}

const isAscii = (text: string): boolean => !/[^\x00-\x7f]/.test(text);

const isKnownCase = (character: string, changed: string): boolean =>
  changed === character || [character, ...changed].every(isPrintable);

export const toLowerCase = (text: string): string => mapCase(text, (part) => part.toLowerCase());
export const toUpperCase = (text: string): string => mapCase(text, (part) => part.toUpperCase());

export const isAlphabetic = (character: string): boolean =>
  /^\p{L}$/u.test(character) && isPrintable(character);

/** Whether it is a decimal digit of any script; its value is its place in a run of ten. */
export function digitValue(character: string): number | undefined {
  const code = codeOf(character);
  const digits = unicodeDigit();
  if (!hasChar(digits, code)) return undefined;
  let first = code;
  while (hasChar(digits, first - 1)) first -= 1;
  return (code - first) % 10;
}

/** After version 14 Unicode took one letter out of the cased ones, and took some in. */
const casedBefore = 'ʕ';
const casedSince = 'ჼꟲꟳꟴꭩ';

const isCased = (character: string): boolean =>
  character === casedBefore ||
  (/^[\p{Uppercase}\p{Lowercase}\p{Lt}]$/u.test(character) &&
    !casedSince.includes(character) &&
    isPrintable(character));

/** Letters that are upper case in their first half alone, by their lower and upper case. */
const titleLetters = new Map<string, string>();
const digraphs = 'ǅǈǋǲ';
const greek = 'ᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ';
for (const title of digraphs + greek) {
  titleLetters.set(title, title);
  titleLetters.set(title.toLowerCase(), title);
}
for (const title of digraphs) titleLetters.set(title.toUpperCase(), title);

const iota = 'Ι';
const iotaBelow = '\u0345';

/** Source: the title case of Unicode's UnicodeData and SpecialCasing. */
function toTitleCase(character: string): string {
  const title = titleLetters.get(character);
  if (title !== undefined) return title;
  // Georgian has capital letters, but no title begins with one.
  if (character >= 'ა' && character <= 'ჿ') return character;
  const [first = '', ...rest] = toUpperCase(character);
  if (rest.length === 0) return first;
  // A letter with an apostrophe before it; Greek ones with an iota below; ligatures.
  if (character === 'ŉ') return first + rest.join('');
  return first + rest.map((part) => (part === iota ? iotaBelow : toLowerCase(part))).join('');
}

/** `str.title`: a letter behind something without case begins a word. */
export function toTitle(text: string): string {
  const characters = [...text];
  let inside = false;
  let result = '';
  for (const [at, character] of characters.entries()) {
    if (!inside) result += toTitleCase(character);
    else result += character === 'Σ' ? toLowerSigma(characters, at) : toLowerCase(character);
    inside = isCased(character);
  }
  return result;
}

const isIgnorable = (character: string): boolean => /^\p{Case_Ignorable}$/u.test(character);

/** At the end of a word it has a form of its own. */
function toLowerSigma(characters: readonly string[], at: number): string {
  let before = at - 1;
  while (before >= 0 && isIgnorable(characters[before] ?? '')) before -= 1;
  let after = at + 1;
  while (after < characters.length && isIgnorable(characters[after] ?? '')) after += 1;
  const isFinal = isCased(characters[before] ?? '') && !isCased(characters[after] ?? '');
  return isFinal ? 'ς' : 'σ';
}
