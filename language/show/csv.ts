// Cells of CSV that a spreadsheet takes for text: whatever separator its country has, none becomes a formula.
import { toVisibleLines, type Shown } from './visible';

export type CsvCell = Shown<'CSV'>;

/**
 * What spreadsheets begin a formula with, also in full width, at the start or after what separates cells elsewhere (`;`, a
 * tab, a line's end): blanks and quotation marks before it are passed over. An apostrophe in front makes it text. Source:
 * OWASP, CSV Injection.
 */
const formula = /(?<=^|[;\t\r\n])(?=[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** RFC 4180, quoted always: a country's own separator must not cut a cell in two. */
export function toCsvCell(text: string): CsvCell {
  const harmless = toVisibleLines(text.replace(formula, "'"));
  return `"${harmless.replaceAll('"', '""')}"` as CsvCell;
}
