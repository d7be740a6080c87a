// Text for mail: one line for a header, and a body that neither a mail program nor a mail folder takes for orders.
import { toVisible, toVisibleLines, type Shown } from './visible';

export type MailHeader = Shown<'mail header'>;
export type MailBody = Shown<'mail body'>;

/** Characters: what programs show of a subject. */
const longestHeader = 200;

/**
 * A header's text, such as a subject: never a second line, which would be a header of its own, and never the beginning of an
 * option. `toHeaderWords` has it as it is sent.
 */
export function toMailHeader(text: string): MailHeader {
  const line = toVisible(text.replace(/[ \t\r\n]+/g, ' '))
    .trim()
    .replace(/^-+/, (dashes) => `'${dashes}`);
  return [...line].slice(0, longestHeader).join('') as MailHeader;
}

/**
 * A blank goes before what would begin a command of mail(1) (`~`), end the message (`.` alone) or begin the next one of a
 * folder (`From `). Source: POSIX, mailx; RFC 5321, section 4.5.2; RFC 4155.
 */
export const toMailBody = (text: string): MailBody =>
  toVisibleLines(text).replace(/^(?=~|\.$|From )/gm, ' ') as MailBody;

/** Of an encoded word: a line of a header has at most 76 characters, of which `Subject: =?UTF-8?Q?` and `?=` are 21. */
const longestContent = 52;

/**
 * As it is if it is ASCII and nothing in it reads as an encoded word, else encoded words, one a line:
 * mail programs show what it is. Source: RFC 2047.
 */
export function toHeaderWords(text: MailHeader): readonly string[] {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?')) return [text];
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    const next = /[A-Za-z0-9]/.test(character) ? character : character === ' ' ? '_' : toHexBytes(character);
    if (word.length + next.length > longestContent) {
      words.push(word);
      word = '';
    }
    word += next;
  }
  return [...words, word].map((one) => `=?UTF-8?Q?${one}?=`);
}

/** The bytes of a character in UTF-8, as `=E2=82=AC`. */
export const toHexBytes = (character: string): string =>
  character.charCodeAt(0) < 0x80
    ? `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
    : encodeURIComponent(character).replaceAll('%', '=');
