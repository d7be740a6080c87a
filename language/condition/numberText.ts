// Numbers in texts, as Python's float() and int() read them: each character is looked at a few times, however long the text is.
import { isSpace, trimUnits } from './characters';
import { limit, noteInt, spend, spendOnDigits } from './limits';
import { PyError } from './pyError';
import { digitValue } from './unicodeText';
import { maxDigits, quoteText } from './values';

/** What may stand around numbers: of ASCII, less than str.strip takes. */
const isAround = (code: number): boolean => isSpace(code) && (code < 0x1c || code > 0x1f);

/** Decimal digits of any script as ASCII, without white space around; undefined where another character is not ASCII. */
function toAsciiDigits(text: string): string | undefined {
  const trimmed = trimUnits(text, isAround);
  spend(trimmed.length);
  if (!notAscii.test(trimmed)) return trimmed;
  let result = '';
  for (const character of trimmed) {
    spend(50);
    if (character < '\x80') result += character;
    else {
      const digit = digitValue(character);
      if (digit === undefined) return undefined;
      result += String(digit);
    }
  }
  return result;
}
const notAscii = /[^\x00-\x7f]/;

/** Between digits alone. */
const hasStrayUnderscore = (text: string, isDigit: RegExp): boolean => {
  for (let at = text.indexOf('_'); at >= 0; at = text.indexOf('_', at + 1)) {
    spend(80);
    if (!isDigit.test(text.charAt(at - 1)) || !isDigit.test(text.charAt(at + 1))) return true;
  }
  return false;
};

/** What costs less to look at than to count. */
const shortLength = 64;

const plainNumber = /^-?[0-9]+(?:\.[0-9]+)?$/;
const special = /^([-+]?)(inf(?:inity)?|nan)$/i;
const number = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/;
const decimalDigit = /^[0-9]$/;

/** The number that float() reads, or undefined. */
export function parseFloatText(value: string): number | undefined {
  if (value.length > shortLength) spend(value.length);
  if (plainNumber.test(value)) return Number(value);
  const text = toAsciiDigits(value);
  if (text === undefined || hasStrayUnderscore(text, decimalDigit)) return undefined;
  const [, sign, word] = special.exec(text) ?? [];
  if (word !== undefined) return word.toLowerCase() === 'nan' ? NaN : sign === '-' ? -Infinity : Infinity;
  const digits = text.replaceAll('_', '');
  spend(6 * digits.length);
  return number.test(digits) ? Number(digits) : undefined;
}

const prefixes: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 };
const wordDigit = /^[0-9a-z]$/i;
const notDigit = /[^0-9a-z]/i;
const powersOfTwo = new Map([
  [2, 1],
  [4, 2],
  [8, 3],
  [16, 4],
  [32, 5],
]);
/** Digits in a base that is a power of two; others have at most maxDigits. */
const maxBinaryDigits = 50_000;

/** The number that int() reads; throws ValueError. */
export function readInt(value: string, wanted: number): bigint {
  const invalid = (): PyError =>
    new PyError('ValueError', `invalid literal for int() with base ${wanted}: ${quoteText(value)}`);
  const text = toAsciiDigits(value);
  if (text === undefined) throw invalid();
  const body = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text;
  const prefix = /^0([xob])_?/i.exec(body);
  const prefixBase = prefixes[prefix?.[1]?.toLowerCase() ?? ''];
  const usePrefix = prefix && prefixBase !== undefined && (wanted === 0 || wanted === prefixBase);
  const base = usePrefix ? prefixBase : wanted === 0 ? 10 : wanted;
  const digits = usePrefix ? body.slice(prefix[0].length) : body;
  spend(6 * digits.length);
  if (hasStrayUnderscore(digits, wordDigit)) throw invalid();
  const plain = digits.replaceAll('_', '').toLowerCase();
  if (plain === '' || notDigit.test(plain) || !areDigits(plain, base)) throw invalid();
  if (wanted === 0 && !usePrefix && plain.startsWith('0') && /[1-9]/.test(plain)) throw invalid();
  if (!powersOfTwo.has(base) && plain.length > maxDigits) {
    throw new PyError(
      'ValueError',
      `Exceeds the limit (${maxDigits} digits) for integer string conversion: value has ${plain.length} digits; use sys.set_int_max_str_digits() to increase the limit`,
    );
  }
  if (plain.length > maxBinaryDigits) throw limit('the number is too large');
  const magnitude = toMagnitude(plain, base);
  return noteInt(text.startsWith('-') ? -magnitude : magnitude);
}

/** Of `[0-9a-z]`. */
function areDigits(text: string, base: number): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code <= 0x39 ? code - 0x30 : code - 0x57) >= base) return false;
  }
  return true;
}

function toMagnitude(digits: string, base: number): bigint {
  const bits = powersOfTwo.get(base);
  if (bits !== undefined) {
    spend(300 * digits.length);
    const binary = [...digits].map((digit) => parseInt(digit, base).toString(2).padStart(bits, '0'));
    return BigInt(`0b${binary.join('')}`);
  }
  if (base === 10) {
    const value = noteInt(BigInt(digits));
    spendOnDigits(value);
    return value;
  }
  // As many digits at a time as an exact float holds.
  const step = Math.floor(Math.log(2 ** 53) / Math.log(base));
  const scale = BigInt(base) ** BigInt(step);
  let value = 0n;
  for (let at = 0; at < digits.length; at += step) {
    const part = digits.slice(at, at + step);
    const factor = part.length === step ? scale : BigInt(base) ** BigInt(part.length);
    value = value * factor + BigInt(parseInt(part, base));
    spend(500);
  }
  return value;
}
