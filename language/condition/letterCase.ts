// Capital and small letters of texts as CPython 3.11 knows them, whatever the runtime knows: Unicode 14.
import { isPrintable } from '../pythonText';
import { toCharacters } from './characters';
import { spend } from './limits';
import { codeOf, isAscii, remember } from './unicodeText';

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

/** After version 14 Unicode took one letter out of the cased ones, and took some in. */
const casedBefore = 'ʕ';
const casedSince = 'ჼꟲꟳꟴꭩ';

type LetterCase = 'upper' | 'lower' | 'title' | 'none';

function caseOf(character: string): LetterCase {
  if (character === casedBefore) return 'lower';
  if (casedSince.includes(character) || !isPrintable(character)) return 'none';
  if (/^\p{Uppercase}$/u.test(character)) return 'upper';
  if (/^\p{Lowercase}$/u.test(character)) return 'lower';
  return /^\p{Lt}$/u.test(character) ? 'title' : 'none';
}

const isCased = (character: string): boolean => caseOf(character) !== 'none';

const isKnownCase = (character: string, changed: string): boolean =>
  changed === character || [character, ...changed].every(isPrintable);

export const toUpperCase = (text: string): string => mapCase(text, (part) => part.toUpperCase());

export function toLowerCase(text: string): string {
  const lower = mapCase(text, (part) => part.toLowerCase());
  if (!text.includes('Σ')) return lower;
  // Which form each has is for Unicode 14 to say: of letters with a case the runtime knows others.
  const characters = toCharacters(text);
  const isCasedHere = remember(isCased);
  const forms = characters.flatMap((character, at) =>
    character === 'Σ'
      ? [toLowerSigma(characters, at, isCasedHere)]
      : character === 'σ' || character === 'ς'
        ? [character]
        : [],
  );
  let next = 0;
  return lower.replace(/[σς]/g, () => forms[next++] ?? '');
}

/** What may stand between the letters of a word. After version 14 Unicode took one sign out, and took marks and signs of format in. */
const isIgnorable = (character: string): boolean =>
  character === ignorableBefore ||
  (/^\p{Case_Ignorable}$/u.test(character) &&
    (isPrintable(character) || (/^\p{Cf}$/u.test(character) && !formatSince.test(character))));
const ignorableBefore = '\u{1171e}';
const formatSince = /^[\u{13439}-\u{1343f}]$/u;

/** At the end of a word it has a form of its own. */
function toLowerSigma(
  characters: readonly string[],
  at: number,
  isCasedHere: (character: string) => boolean,
): string {
  spend(200);
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
  const isFinal = isCasedHere(characters[before] ?? '') && !isCasedHere(characters[after] ?? '');
  return isFinal ? 'ς' : 'σ';
}

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
    else result += character === 'Σ' ? toLowerSigma(characters, at, isCasedHere) : toLowerCase(character);
    inside = isCasedHere(character);
  }
  return result;
}

/** `str.capitalize`: the first character in its title case, the others small. */
export function capitalize(text: string): string {
  const first = String.fromCodePoint(codeOf(text));
  return text === '' ? '' : toTitleCase(first) + toLowerCase(text).slice(toLowerCase(first).length);
}

export function swapCase(text: string): string {
  spend(5 * text.length);
  if (isAscii(text))
    return text.replace(/[a-z]+|[A-Z]+/g, (word) => {
      spend(100);
      return word < 'a' ? word.toLowerCase() : word.toUpperCase();
    });
  const characters = toCharacters(text);
  const caseHere = remember(caseOf);
  const isCasedHere = remember(isCased);
  const smallOf = remember(toLowerCase);
  const largeOf = remember(toUpperCase);
  let result = '';
  for (const [at, character] of characters.entries()) {
    const letterCase = caseHere(character);
    if (letterCase === 'lower') result += largeOf(character);
    else if (letterCase === 'upper')
      result += character === 'Σ' ? toLowerSigma(characters, at, isCasedHere) : smallOf(character);
    else result += character;
  }
  return result;
}

/** `str.casefold`: what two texts have in common that differ in their case alone. */
export function foldCase(text: string): string {
  spend(4 * text.length);
  if (isAscii(text)) return text.toLowerCase();
  const foldHere = remember(foldCharacter);
  let result = '';
  for (const character of text) result += foldHere(character);
  return result;
}

/** Source: CaseFolding of Unicode. Cherokee is folded to its capital letters, which were there first. */
function foldCharacter(character: string): string {
  if (character === 'ı' || (character >= 'Ꭰ' && character <= 'Ᏽ')) return character;
  if (character === 'ẞ') return 'ss';
  const large = toUpperCase(character);
  const isCherokee = (character >= 'ᏸ' && character <= 'ᏽ') || (character >= 'ꭰ' && character <= 'ꮿ');
  return isCherokee ? large : toLowerCase(large);
}

/** Whether all letters that have a case are capital ones, and there is at least one. */
export const isUpper = (text: string): boolean => hasOnly(text, 'upper');
export const isLower = (text: string): boolean => hasOnly(text, 'lower');

function hasOnly(text: string, wanted: 'upper' | 'lower'): boolean {
  spend(4 * text.length);
  if (isAscii(text)) {
    const [small, large] = [/[a-z]/.test(text), /[A-Z]/.test(text)];
    return wanted === 'upper' ? large && !small : small && !large;
  }
  const caseHere = remember(caseOf);
  let isFound = false;
  for (const character of text) {
    const letterCase = caseHere(character);
    if (letterCase === wanted) isFound = true;
    else if (letterCase !== 'none') return false;
  }
  return isFound;
}

/** `str.istitle`: capital letters begin words, small ones go on, and there is at least one. */
export function isTitle(text: string): boolean {
  spend(10 * text.length);
  if (isAscii(text)) return /[A-Z]/.test(text) && !/[A-Za-z][A-Z]|(?<![A-Za-z])[a-z]/.test(text);
  const caseHere = remember(caseOf);
  let inside = false;
  let isFound = false;
  for (const character of text) {
    const letterCase = caseHere(character);
    if (letterCase !== 'none' && inside !== (letterCase === 'lower')) return false;
    inside = letterCase !== 'none';
    isFound ||= inside;
  }
  return isFound;
}
