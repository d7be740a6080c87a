// Text for mail: one line for a header, and a body that neither a mail program nor a mail folder takes for orders.
import { toVisible, toVisibleLines, type Shown } from './visible';

export type MailHeader = Shown<'mail header'>;
export type MailBody = Shown<'mail body'>;

/** Characters: what programs show of a subject. */
const longestHeader = 200;

/**
 * A header's text, such as a subject: never a second line, which would be a header of its own, and never the beginning of an
 * option. How other letters than ASCII are encoded is the transport's business.
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
