// The #SBATCH lines of a script: those that sbatch reads, and those that it silently does not.
import { isWholeLine, ShellScanner } from '../shellScanner';
import type { Span } from '../text';
import { readOptions, splitWords, type WrittenOption } from './words';

export interface SbatchLine {
  /** From 0. */
  readonly line: number;
  /** From `#SBATCH` to the end of the line. */
  readonly span: Span;
  readonly options: readonly WrittenOption[];
  /** Why sbatch does not read it, or null: it stands behind the first command, or not at the line's beginning. */
  readonly ignored: 'behind a command' | 'indented' | null;
}

/** Lines from 1, both included, that are blank for sbatch. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/** Lines in here-documents and quotes are text of the program and not among them. Source: sbatch(1), "DESCRIPTION". */
export function findSbatchLines(script: string, blank: readonly LineRange[] = []): readonly SbatchLine[] {
  const last = script.lastIndexOf('#SBATCH');
  if (last === -1) return [];
  const lastLine = countLineEnds(script, last);
  const blanked = new Set<number>();
  for (const { line, endLine } of blank)
    for (let number = line - 1; number < endLine && number <= lastLine; number++) blanked.add(number);
  const found: SbatchLine[] = [];
  const shell = new ShellScanner();
  let behindCommand = false;
  for (let start = 0, line = 0; start <= last; line++) {
    const newline = script.indexOf('\n', start);
    const text = script.slice(start, newline === -1 ? script.length : newline).replace(/\r$/, '');
    if (!shell.inText && !blanked.has(line)) {
      const marker = /^([ \t]*)#SBATCH(?![\w#])/.exec(text);
      if (marker) found.push(readLine(text, { line, start, indent: marker[1]?.length ?? 0, behindCommand }));
      else behindCommand ||= /^\s*[^\s#]/.test(text);
    }
    if (behindCommand && !(shell.isAtRest && isWholeLine(text))) shell.take(`${text}\n`);
    start = newline === -1 ? script.length + 1 : newline + 1;
  }
  return found;
}

/** Before `end`. */
function countLineEnds(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function readLine(
  text: string,
  at: { line: number; start: number; indent: number; behindCommand: boolean },
): SbatchLine {
  const { line, start, indent, behindCommand } = at;
  const from = indent + '#SBATCH'.length;
  return {
    line,
    span: { start: start + indent, end: start + text.trimEnd().length },
    options: readOptions(splitWords(text.slice(from), start + from)),
    ignored: behindCommand ? 'behind a command' : indent > 0 ? 'indented' : null,
  };
}
