// The #SBATCH lines of a script: those that sbatch reads, and those that it silently does not.
import { isWholeLine, ShellScanner } from '../shellScanner';
import type { Span } from '../text';
import { readWords, type Stop } from './words';
import { readOptions, type WrittenOption } from './writtenOptions';

export interface SbatchLine {
  /** From 0. */
  readonly line: number;
  /** From `#SBATCH` to the end of the line. */
  readonly span: Span;
  readonly options: readonly WrittenOption[];
  /** Of the heterogeneous job, from 0; a line `#SBATCH hetjob` begins the next one. The script runs in the first. */
  readonly component: number;
  /** Where sbatch reads no further in it, other than at a comment. */
  readonly stop: Stop | null;
  /** Why sbatch does not read it, or null: it stands behind the first command, or not at the line's beginning. */
  readonly ignored: 'behind a command' | 'indented' | null;
}

/** Lines from 1, both included, that are blank for sbatch. */
export interface LineRange {
  readonly line: number;
  readonly endLine: number;
}

/** What sbatch does not read may be prose: there the marker stands alone. It reads every line that begins with it. */
const remark = /^([ \t]*)#SBATCH(?![\w#])/;
const readByIt = /^(?:#SBATCH|([ \t]+)#SBATCH(?![\w#]))/;

const beginsComponent = (text: string): boolean => /^#SBATCH\s*(?:hetjob|packjob)(?:\s|$)/i.test(text);

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
  let component = 0;
  for (let start = 0, line = 0; start <= last; line++) {
    const newline = script.indexOf('\n', start);
    const text = script.slice(start, newline === -1 ? script.length : newline).replace(/\r$/, '');
    if (!shell.inText && !blanked.has(line)) {
      const marker = (behindCommand ? remark : readByIt).exec(text);
      if (marker) {
        const indent = marker[1]?.length ?? 0;
        if (!behindCommand && indent === 0 && beginsComponent(text)) component += 1;
        found.push(readLine(text, { line, start, indent, behindCommand, component }));
      } else behindCommand ||= /^\s*[^\s#]/.test(text);
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
  at: { line: number; start: number; indent: number; behindCommand: boolean; component: number },
): SbatchLine {
  const { line, start, indent, behindCommand, component } = at;
  const from = indent + '#SBATCH'.length;
  const { words, stop } = readWords(text.slice(from), start + from);
  return {
    line,
    span: { start: start + indent, end: start + text.trimEnd().length },
    options: readOptions(words),
    component,
    stop: stop?.kind === 'comment' ? null : stop,
    ignored: behindCommand ? 'behind a command' : indent > 0 ? 'indented' : null,
  };
}
