// A line with a caret below the place that is meant, as compilers print it.
import type { Span } from '../language/text';
import { toTerminal } from '../language/show/terminal';
import { paint, type Output, type Style } from './output';

/** `span` counts the units of the line; what would move the cursor is made visible. */
export function printCaret(line: string, span: Span, output: Output, style: Style): void {
  const { text, start, end } = cut(line.replace(/\r$/, ''), span);
  const margin = ' '.repeat(toTerminal(text.slice(0, start)).length);
  const width = Math.max(1, toTerminal(text.slice(start, end)).length);
  output.line(`  ${text}`);
  output.line(`  ${margin}`, paint(style, '^'.repeat(width)));
}

const longestLine = 200;
/** What is kept of a long line before the place. */
const before = 60;

/** Of a long line what stands around the place, and where the place is in it. */
function cut(line: string, { start, end }: Span): Span & { readonly text: string } {
  if (line.length <= longestLine) return { text: line, start, end };
  const from = toBoundary(line, Math.max(0, Math.min(start, line.length) - before));
  const to = toBoundary(line, Math.min(line.length, from + longestLine));
  const opening = from > 0 ? '…' : '';
  const shift = opening.length - from;
  return {
    text: opening + line.slice(from, to) + (to < line.length ? '…' : ''),
    start: start + shift,
    end: Math.min(end, to) + shift,
  };
}

/** Not between the two units of a character. */
const toBoundary = (line: string, at: number): number =>
  at > 0 && /^[\uDC00-\uDFFF]/.test(line.slice(at, at + 1)) ? at - 1 : at;
