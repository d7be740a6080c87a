// What keeps sbatch from reading an #SBATCH line to its end: it refuses the script, or drops what follows without a word.
import { toProblem, type Problem } from '../problem';
import type { Span } from '../text';
import type { SbatchLine } from './lines';

export function findStopProblems(script: string, line: SbatchLine): readonly Problem[] {
  const { span, stop } = line;
  switch (stop?.kind) {
    case 'open quote':
      return [toOpenQuote(script, { start: stop.start, end: span.end })];
    case 'colon':
      return [toColon(script, line, stop)];
    case 'separator':
      return findBehindSeparator(script, line, stop);
    case 'empty word':
      return [
        toProblem(
          'sbatch-ignored',
          { start: stop.start, end: span.end },
          'sbatch ignores everything after empty quotes in this line.',
          'Write it on a line of its own.',
        ),
      ];
    default:
      return findEscapedBlanks(script, line);
  }
}

function toOpenQuote(script: string, span: Span): Problem {
  const mark = script[span.start] ?? '';
  const fix = {
    title: 'Put a backslash before it',
    edits: [{ span: { start: span.start, end: span.start }, newText: '\\' }],
  };
  const message = `sbatch refuses the script: this ${mark} is not closed in its line.`;
  return toProblem('sbatch-bad-line', span, message, 'Close it, or put a backslash before it.', { fix });
}

function toColon(script: string, { span }: SbatchLine, stop: Span): Problem {
  const at = { start: stop.start, end: stop.start + 1 };
  const message = 'sbatch refuses the script: a word of a line cannot begin with a colon.';
  if (stop.start > span.start + '#SBATCH'.length || !/:\s*\S/.test(script.slice(span.start, span.end)))
    return toProblem(
      'sbatch-bad-line',
      at,
      message,
      'In a script, a line "#SBATCH hetjob" begins the next component of a job.',
    );
  const fix = { title: 'Remove the colon', edits: [{ span: at, newText: '' }] };
  return toProblem('sbatch-bad-line', at, message, 'Remove the colon.', { fix });
}

/** `#SBATCH hetjob` alone begins a component; what else stands in its line is lost, and it is itself in another's. */
function findBehindSeparator(script: string, { span, options }: SbatchLine, stop: Span): readonly Problem[] {
  const separator = /^\w+/.exec(script.slice(stop.start, span.end))?.[0] ?? '';
  const rest = script.slice(stop.start + separator.length, span.end).trimStart();
  const isAlone = options.length === 0;
  if (isAlone && (rest === '' || rest.startsWith('#'))) return [];
  return [
    toProblem(
      'sbatch-ignored',
      { start: isAlone ? span.end - rest.length : stop.start, end: span.end },
      isAlone
        ? `sbatch ignores everything after ${separator} in this line.`
        : `sbatch reads ${separator} only at the beginning of a line, and ignores everything after it here.`,
      isAlone ? 'Write it on the next line.' : `Write ${separator} on a line of its own.`,
    ),
  ];
}

function findEscapedBlanks(script: string, { options }: SbatchLine): readonly Problem[] {
  const words = new Set(options.map(({ word }) => word).concat(options.flatMap(({ value }) => value ?? [])));
  const found = new Map<number, Problem>();
  for (const { places = [] } of words)
    for (const { at, quoted } of places)
      if (!quoted && script[at] === ' ')
        found.set(
          at,
          toProblem(
            'sbatch-bad-line',
            { start: at - 1, end: at + 1 },
            'Before Slurm 24.05, sbatch ends the word at this blank.',
            'Put the value in quotes.',
            { severity: 'information' },
          ),
        );
  return [...found.values()];
}
