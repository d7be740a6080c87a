// Problems as people read them in a terminal: place, message, the line with a caret, and the remedy.
import { isError, type Problem, type Severity } from '../language/problem';
import { createLineIndex } from '../language/text';
import { printCaret } from './caret';
import { nameOf } from './input';
import { paint, type Output, type Style } from './output';

const styles: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  information: 'cyan',
  hint: 'dim',
};

/** What was checked, and what is wrong with it. */
export interface Checked {
  /** As it was given; "-" is standard input. */
  readonly path: string;
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** Watcher files are known by their ending. */
export const isWatcherFile = (path: string): boolean => /\.json$/i.test(path);

/** An error or a warning: what makes a check fail. */
export const isSerious = (problem: Problem): boolean => isError(problem) || problem.severity === 'warning';

export function printProblems({ path, text, problems }: Checked, output: Output): void {
  const index = createLineIndex(text);
  for (const { code, severity, message, remedy, span } of problems) {
    const { start, end } = index.rangeOf(span);
    const isLast = start.line + 1 === index.lineCount;
    const lineEnd = isLast ? text.length : index.lineStart(start.line + 1) - 1;
    const line = text.slice(index.lineStart(start.line), lineEnd);
    const last = end.line === start.line ? end.character : line.replace(/\r$/, '').length;
    output.line(
      `${nameOf(path)}:${start.line + 1}:${start.character + 1}: `,
      paint(styles[severity], severity),
      `: ${message} `,
      paint('dim', `[${code}]`),
    );
    printCaret(line, { start: start.character, end: last }, output, styles[severity]);
    output.line(`  ${remedy}`);
  }
}
