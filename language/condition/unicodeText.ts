// Letters, digits and their cases as the strings of CPython 3.11 know them: Unicode 14, whatever the runtime knows.
import { isPrintable } from '../pythonText';
import { pairsOf } from '../regex/charSet';
import { unicodeDigit } from '../regex/unicode';
import { toCharacters } from './characters';
import { spend } from './limits';

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** Applies a mapping of the runtime to each character, but for what Unicode 14 does not have. */
function mapCase(text: string, change: (text: string) => string): string {
  if (text.length > 64) spend(4 * text.length);
  if (isAscii(text)) return change(text);
  const changed = change(text);
  if (changed === text) return text;
  const isKnown = remember((character) => isKnownCase(character, change(character)));
  let result = '';
  let plain = '';
  for (const character of text) {
    if (isKnown(character)) plain += character;
    else {
      result += change(plain) + character;
      plain = '';
    }
  }
  return result === '' ? changed : result + change(plain);
}

/** A text has few different characters: what was found out of one is kept for a call. */
function remember(find: (character: string) => boolean): (character: string) => boolean {
  const known = new Map<string, boolean>();
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

const isAscii = (text: string): boolean => !/[^\x00-\x7f]/.test(text);

const isKnownCase = (character: string, changed: string): boolean =>
  changed === character || [character, ...changed].every(isPrintable);

export const toLowerCase = (text: string): string => mapCase(text, (part) => part.toLowerCase());
export const toUpperCase = (text: string): string => mapCase(text, (part) => part.toUpperCase());

export const isAlphabetic = (character: string): boolean =>
  /^\p{L}$/u.test(character) && isPrintable(character);

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
  if (isAscii(text)) {
    spend(5 * text.length);
    return text.toLowerCase().replace(/[a-z]+/g, (word) => {
      spend(150);
      return word.charAt(0).toUpperCase() + word.slice(1);
    });
  }
  const characters = toCharacters(text);
  const isCasedHere = remember(isCased);
  let inside = false;
  let result = '';
  for (const [at, character] of characters.entries()) {
    spend(1000);
    if (!inside) result += toTitleCase(character);
    else result += character === 'Σ' ? toLowerSigma(characters, at) : toLowerCase(character);
    inside = isCasedHere(character);
  }
  return result;
}

const isIgnorable = (character: string): boolean => /^\p{Case_Ignorable}$/u.test(character);

/** At the end of a word it has a form of its own. */
function toLowerSigma(characters: readonly string[], at: number): string {
  let before = at - 1;
  while (before >= 0 && isIgnorable(characters[before] ?? '')) {
    spend(200);
    before -= 1;
  }
  let after = at + 1;
  while (after < characters.length && isIgnorable(characters[after] ?? '')) {
    spend(200);
    after += 1;
  }
  const isFinal = isCased(characters[before] ?? '') && !isCased(characters[after] ?? '');
  return isFinal ? 'ς' : 'σ';
}
