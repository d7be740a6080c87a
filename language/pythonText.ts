// How Python writes a string: repr(), which its error messages quote.
import { hasChar } from './regex/charSet';
import { unicodePrintable } from './regex/unicode';

const short: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const ascii = /^[\x20-\x7e]$/;

/** Python's str.isprintable of one character, as CPython 3.11 knows it: what came after Unicode 14 is not. */
export const isPrintable = (character: string): boolean =>
  ascii.test(character) || hasChar(unicodePrintable(), character.codePointAt(0) ?? 0);

/** Python's repr() of a string. */
export function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const character of text) {
    if (character === quote) result += `\\${character}`;
    else
      result +=
        short[character] ?? (isPrintable(character) ? character : escapeCode(character.codePointAt(0) ?? 0));
  }
  return result + quote;
}

function escapeCode(code: number): string {
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** Python's ascii(): what repr() leaves beyond ASCII escaped, too. */
export const asciiText = (shown: string): string =>
  shown.replace(/[^\x00-\x7f]/gu, (character) => escapeCode(character.codePointAt(0) ?? 0));
