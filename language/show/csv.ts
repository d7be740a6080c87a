// Cells of CSV that a spreadsheet takes for text: whatever separator its country has, none becomes a formula.
import { toVisibleLines, type Shown } from './visible';

export type CsvCell = Shown<'CSV'>;

/**
 * What spreadsheets begin a formula with, also in full width, at the start or after what separates cells elsewhere (`;`, a
 * tab, a line's end): blanks and quotation marks before it are passed over. An apostrophe in front makes it text. Source:
 * OWASP, CSV Injection.
 */
const sign = /[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const isPassedOver = /[\s"]/;
const separator = /[;\t\r\n]/;

/** From the end to the start: whether a formula would begin at a place depends on what follows. */
function withoutFormulas(text: string): string {
  if (!sign.test(text)) return text;
  const places: number[] = [];
  let begins = false;
  for (let at = text.length - 1; at >= 0; at--) {
    const character = text.charAt(at);
    begins = sign.test(character) || (begins && isPassedOver.test(character));
    if (begins && (at === 0 || separator.test(text.charAt(at - 1)))) places.push(at);
  }
  let result = '';
  let from = 0;
  for (const at of places.reverse()) {
    result += `${text.slice(from, at)}'`;
    from = at;
  }
  return result + text.slice(from);
}

/** RFC 4180, quoted always: a country's own separator must not cut a cell in two. */
export function toCsvCell(text: string): CsvCell {
  const harmless = toVisibleLines(withoutFormulas(text));
  return `"${harmless.replaceAll('"', '""')}"` as CsvCell;
}
