// Names and numbers of groups as Python reads and shows them: str.isidentifier, int() and repr().
import { hasChar } from './charSet';
import { unicodeDigit, unicodeSpace } from './unicode';

export const isIdentifier = (text: string): boolean =>
  /^[A-Za-z_]\w*$/.test(text) || /^[\p{XIDS}_]\p{XIDC}*$/u.test(text);

/** `int(text)` for a text of digits; undefined where Python raises ValueError. */
export function parseInteger(text: string): bigint | undefined {
  const codes = Array.from(text, (char) => char.codePointAt(0) ?? 0);
  while (codes.length > 0 && hasChar(unicodeSpace, codes.at(-1) ?? 0)) codes.pop();
  const first = codes.findIndex((code) => !hasChar(unicodeSpace, code));
  const digits = codes.slice(Math.max(first, 0)).map(toDigit).join('');
  return /^[+-]?\d+(_\d+)*$/.test(digits) ? BigInt(digits.replace('+', '').replaceAll('_', '')) : undefined;
}

/** Decimal digits come in tens of neighbours, zero first; anything else stays as it is. */
function toDigit(code: number): string {
  if (!hasChar(unicodeDigit(), code)) return String.fromCodePoint(code);
  let zero = code;
  while (hasChar(unicodeDigit(), zero - 1)) zero--;
  return String((code - zero) % 10);
}

/** `repr(text)`: single quotes unless only those occur, and escapes for what cannot be printed. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  return quote + Array.from(text, (char) => escapeChar(char, quote)).join('') + quote;
}

const named: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeChar(char: string, quote: string): string {
  if (char === quote) return `\\${char}`;
  const short = named[char];
  if (short !== undefined) return short;
  if (char === ' ' || !/[\p{C}\p{Z}]/u.test(char)) return char;
  const hex = (char.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
