// Foreign text for people: webhooks and passwords are masked; characters that move the cursor, turn the line round or cannot be seen become escapes to read.
import { maskSecrets } from './webhook';

declare const sink: unique symbol;

/** Text that was made for one place where people or programs read it, and for no other. One function makes each kind. */
export type Shown<Sink extends string> = string & { readonly [sink]: Sink };

/**
 * Controls (C0, DEL, C1), format characters (bidi controls, zero-width ones, tags), separators of lines and paragraphs,
 * lone surrogates, and what else has no glyph by default. Variation selectors of emoji and signs that span numbers are seen.
 * Source: Unicode 15.1, general categories and Default_Ignorable_Code_Point.
 */
export const hiddenCharacters =
  /(?![\ufe00-\ufe0f\u0600-\u0605\u06dd\u08e2\u{110bd}\u{110cd}])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu;

/** Most texts have nothing but Latin, Greek, Cyrillic or Chinese letters and bars of progress: they are let through at once. */
const isPlain = (text: string): boolean =>
  !/[^\x20-\x7e\u00a0-\u00ac\u00ae-\u034e\u0370-\u05ff\u2500-\u2bff\u4e00-\u9fff]/.test(text);

/** Without secrets, on one line: `\x1b`, `\x0a`, `\u202e`, `\u{e0041}` stand for what cannot be seen; a tab is a blank. */
export function toVisible(written: string): string {
  const text = maskSecrets(written);
  return isPlain(text) ? text : text.replace(hiddenCharacters, (one) => (one === '\t' ? ' ' : toEscape(one)));
}

/** The same over several lines: their ends and tabs stay. */
export function toVisibleLines(written: string): string {
  const text = maskSecrets(written);
  if (isPlain(text)) return text;
  return text
    .replaceAll('\r\n', '\n')
    .replace(hiddenCharacters, (one) => (one === '\n' || one === '\t' ? one : toEscape(one)));
}

function toEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}
