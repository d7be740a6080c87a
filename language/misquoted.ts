// Quotes inside of a quoted value that end it early: what happened, and how the value is written.
import { sliceText, spanOf, type MappedText } from './mappedText';
import { toProblem, type Fix, type Problem } from './problem';
import { skipQuoted } from './scan';
import { quoteText } from './values';

/** Whether the quote at the beginning is closed before the end, or never. */
export const isMisquoted = ({ text }: MappedText): boolean =>
  (text.startsWith('"') || text.startsWith("'")) && skipQuoted(text, 0) !== text.length;

/** Of a parameter: it is taken as it is written, with all its quotes. */
export function toMisquoted(value: MappedText): Problem {
  const message = 'A quote inside of this text ends it early, so all of its quotes count as part of it.';
  return toProblem('unquoted-value', spanOf(value), message, toQuoteRemedy(value), findQuoteFix(value));
}

export function toQuoteRemedy({ text }: MappedText): string {
  const quote = text[0] ?? '"';
  const other = quote === '"' ? "'" : '"';
  return `Write \\${quote} for a quote inside, or put ${other}…${other} around the whole text.`;
}

/** Quotes the text between the outermost pair anew. */
export function findQuoteFix(value: MappedText): { readonly fix?: Fix } {
  const { text } = value;
  if (text.length < 2 || !text.endsWith(text[0] ?? ' ')) return {};
  const quoted = quoteText(sliceText(value, 1, text.length - 1).text);
  if (quoted === undefined) return {};
  return { fix: { title: `Write ${quoted}`, edits: [{ span: spanOf(value), newText: quoted }] } };
}
