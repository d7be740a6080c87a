// The patterns of values as Python's re wants them: literal, and for whatever is printed in the same way.
import type { Token } from './tokens';

/** `plain` is short and takes what looks like it; `strict` takes nothing but such a value. */
export type Precision = 'plain' | 'strict';

const controls: Readonly<Record<string, string>> = { '\t': '\\t', '\f': '\\f', '\v': '\\v' };

/** The text itself. */
export const escapeText = (text: string): string =>
  text.replace(/[\\.^$*+?{[|()]|\p{Cc}/gu, (character) =>
    /\p{Cc}/u.test(character)
      ? (controls[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
      : `\\${character}`,
  );

/** One of these characters, as it is written inside of brackets. */
export const escapeInSet = (characters: string): string => characters.replace(/[\\\]^-]/g, '\\$&');

/** What is printed in the same way as this token. `isReal`: a whole number may have decimals the next time. */
export function toSameKind({ kind, text }: Token, precision: Precision, isReal = false): string {
  switch (kind) {
    case 'number':
      return toNumber(text, precision, isReal);
    case 'time':
      return precision === 'plain' && text.includes(':') ? toSet(text) : toDigitRuns(text);
    case 'date':
      return toDigitRuns(text);
    case 'url':
    case 'path':
      return precision === 'plain' ? '\\S+' : toSet(text);
    case 'quoted':
      return `${text.charAt(0)}[^${text.charAt(0)}]*${text.charAt(0)}`;
    case 'id':
    case 'word':
    case 'unit':
      return toSet(text);
    case 'bar':
      return '\\S+';
    case 'blank':
      return '\\s+';
    case 'colour':
      return '(?:\\x1b\\[[\\d;]*[A-Za-z])?';
    case 'punctuation':
      return escapeText(text);
  }
}

/** Numbers where there are numbers, the text itself elsewhere. */
const toDigitRuns = (text: string): string => escapeText(text).replace(/\d+/g, '\\d+');

/** The characters of the text, of letters and digits all. */
function toSet(text: string): string {
  const others = [...new Set(text.replace(/[\p{L}\p{N}_]/gu, ''))].join('');
  const letters = /[\p{L}_]/u.test(text) ? '\\w' : '\\d';
  if (others === '') return `${letters}+`;
  // A dash stands last: there it is no range.
  const dash = others.includes('-') ? '-' : '';
  return `[${letters}${escapeInSet(others.replaceAll('-', ''))}${dash}]+`;
}

function toNumber(text: string, precision: Precision, isReal: boolean): string {
  const sign = /^[-+]/.exec(text)?.[0] ?? '';
  const digits = text.slice(sign.length);
  const signs = sign === '' ? '' : sign === '-' ? '-?' : '[+-]?';
  if (/^0x/i.test(digits)) return `${signs}0[xX][\\da-fA-F]+`;
  if (digits.includes(',')) return signs + toGrouped(digits, precision);
  if (digits.includes('_')) return `${signs}[\\d_${digits.includes('.') ? '.' : ''}]+`;
  if (!isReal && /^\d+$/.test(digits)) return `${signs}\\d+`;
  return toFloat(digits, precision);
}

function toGrouped(digits: string, precision: Precision): string {
  if (precision === 'plain') return `[\\d,${digits.includes('.') ? '.' : ''}]+`;
  return `\\d{1,3}(?:,\\d{3})*${digits.includes('.') ? '(?:\\.\\d+)?' : ''}`;
}

/** What float() reads and is printed that way, with the words that the same program prints if it has no number. */
function toFloat(digits: string, precision: Precision): string {
  const letters = /[dDqQ]/.test(digits) ? 'dDeEqQ' : 'eE';
  const words = toWords(digits);
  if (precision === 'plain')
    return `[+-]?(?:${digits.startsWith('.') ? '\\.?' : ''}\\d[\\d.${letters}+-]*|${words})`;
  const isLetterless = /\d[-+]\d{3}$/.test(digits);
  const exponent = `(?:[${letters}]${isLetterless ? '?' : ''}[+-]?\\d+)?`;
  return `[+-]?(?:(?:\\d+(?:\\.\\d*)?|\\.\\d+)${exponent}|${words})`;
}

/** Python and C write them small; Fortran, JavaScript and whatever prints a capital exponent may not. */
const toWords = (digits: string): string =>
  /[A-Z]|infinity/.test(digits) ? '(?i:nan|inf(?:inity)?)' : 'nan|inf';
