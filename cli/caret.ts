// A line with a caret below the place that is meant, as compilers print it.
import type { Span } from '../language/text';
import { printable, type Output, type Style } from './output';

/** `span` counts the units of the line; what would move the cursor is made visible. */
export function printCaret(line: string, { start, end }: Span, output: Output, style: Style): void {
  const shown = (text: string): string => (/[^\P{Cc}\t]/u.test(text) ? printable(text) : text);
  const margin = shown(line.slice(0, start)).replace(/[^\t]/g, ' ');
  const width = Math.max(1, shown(line.slice(start, end)).length);
  output.line(`  ${shown(line.replace(/\r$/, ''))}`);
  output.line(`  ${margin}${output.paint(style, '^'.repeat(width))}`);
}
