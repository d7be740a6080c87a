// slurm-watchers match: what a pattern finds in a text, line by line as the engine does, with Python's meaning.
import type { Command } from 'commander';
import { WatchError } from '../../engine/errors';
import { longestPattern } from '../../language/patternProblems';
import { findBounded } from '../../language/regex/boundedFind';
import {
  compilePattern,
  type Pattern,
  type PatternMatch,
  type PatternProblem,
} from '../../language/regex/compile';
import { BadRequest, runBatch, textOf, type BatchRequest } from '../batch';
import { printCaret } from '../caret';
import { readText } from '../input';
import { paint, toNotes, type Output, type Piece } from '../output';
import { splitOutput, type OutputSegment } from '../segments';
import type { Context } from './command';

interface MatchOptions {
  readonly flags: string;
  readonly batch?: true;
  readonly json?: true;
}

const knownFlags = ['M', 'I', 'S', 'X', 'A', 'U'];

export function addMatch(program: Command, context: Context): void {
  program
    .command('match')
    .description('show what a pattern finds in a file; exits with 1 if it finds nothing')
    .argument('[pattern]', 'a Python regular expression')
    .argument('[file]', 'a text; standard input if it is absent or "-"', '-')
    .option('--flags <letters>', `flags of Python's re, among ${knownFlags.join('')}`, 'M')
    .option(
      '--batch',
      'requests {"pattern", "text", "flags"} on standard input, one a line; one answer a line',
    )
    .option('--json', 'print JSON: each match with its line, spans and groups')
    .addHelpText(
      'after',
      `
Examples:
  slurm-watchers match 'loss[:=]\\s*(?P<loss>[\\d.]+)' slurm-42.out
  echo '{"pattern": "a(b)?", "text": "ab a", "flags": "M"}' | slurm-watchers match --batch`,
    )
    .action(async (source: string | undefined, path: string, options: MatchOptions) => {
      if (options.batch) context.exit(await runBatch({ answer: answerRequest, refuse }, context));
      else if (source === undefined)
        throw new WatchError(
          'bad-request',
          'There is no pattern.',
          'Give a pattern and a file, or --batch to read requests from standard input.',
        );
      else await match({ source, path }, options, context);
    });
}

async function match(
  { source, path }: { readonly source: string; readonly path: string },
  { flags, json }: MatchOptions,
  context: Context,
): Promise<void> {
  const { output } = context;
  checkFlags(flags, (message) => new WatchError('bad-request', message, 'See slurm-watchers match --help.'));
  const excess = findExcess(source);
  if (excess !== undefined)
    throw new WatchError('bad-request', `It cannot be tried: ${excess}.`, 'Write a shorter one.');
  const { value: pattern, problems } = compilePattern(source, flags);
  if (!pattern) {
    const [problem = noProblem] = problems;
    if (json) output.json(toRefusal(problem));
    else printProblem(source, problem, output);
    context.exit(1);
    return;
  }
  const found = splitOutput(await readText(path, context)).map((segment) => ({
    segment,
    ...findBounded(pattern, segment.text),
  }));
  const hits = found.filter(({ matches }) => matches.length > 0);
  if (json) {
    const matches = hits.flatMap(({ segment, matches: inLine }) =>
      inLine.map((one) => ({ line: segment.line, ...toMatchJson(one) })),
    );
    output.json({ ok: true, ...describe(pattern), matches }, 'pretty');
  } else for (const { segment, matches } of hits) printLine(segment, matches, { pattern, output });
  const exhausted = found.find((one) => one.exhausted);
  if (exhausted)
    output.note(
      `line ${exhausted.segment.line}: the pattern takes too long; not all of the line was looked at`,
    );
  context.exit(hits.length > 0 && !exhausted ? 0 : 1);
}

/** As for the patterns of watchers: what is made of a pattern takes more than linear time. */
const findExcess = (pattern: string): string | undefined =>
  pattern.length > longestPattern
    ? `the pattern has ${pattern.length} characters; ${longestPattern} are allowed`
    : undefined;

const noProblem: PatternProblem = { code: 'bad-regex', message: 'no pattern', offset: 0 };

function printProblem(source: string, { code, message, offset }: PatternProblem, output: Output): void {
  output.note(paint('red', 'error'), `: ${message} `, paint('dim', `[${code}]`));
  printCaret(source, { start: offset, end: offset + 1 }, toNotes(output), 'red');
}

/** The line as it is, its matches marked, and below it what the groups hold. */
function printLine(
  { line, text }: OutputSegment,
  matches: readonly PatternMatch[],
  { pattern, output }: { readonly pattern: Pattern; readonly output: Output },
): void {
  const shown: Piece[] = [];
  let from = 0;
  for (const { start, end } of matches) {
    shown.push(text.slice(from, start), paint('green', text.slice(start, end)));
    from = end;
  }
  output.line(paint('dim', `${line}:`), ' ', ...shown, text.slice(from));
  const names = new Map([...pattern.groupNames].map(([name, group]) => [group, name]));
  for (const { groups } of matches) {
    const parts = groups.flatMap((value, index) =>
      value === null ? [] : [`${names.get(index + 1) ?? `$${index + 1}`}=${value}`],
    );
    if (parts.length > 0) output.line(`   ${parts.join('  ')}`);
  }
}

function checkFlags(flags: string, toError: (message: string) => Error): void {
  const unknown = flags.split('').find((flag) => !knownFlags.includes(flag));
  if (unknown !== undefined)
    throw toError(`There is no flag "${unknown}"; the flags are ${knownFlags.join(', ')}.`);
}

function answerRequest(request: BatchRequest): object {
  const flags = request['flags'] === undefined ? 'M' : textOf(request, 'flags');
  checkFlags(flags, (message) => new BadRequest(message));
  const text = textOf(request, 'text');
  const source = textOf(request, 'pattern');
  const excess = findExcess(source);
  if (excess !== undefined) return refuse(excess);
  const { value: pattern, problems } = compilePattern(source, flags);
  if (!pattern) return toRefusal(problems[0] ?? noProblem);
  const { matches, exhausted } = findBounded(pattern, text);
  if (exhausted) return refuse('the pattern takes too long on this text');
  return { ok: true, ...describe(pattern), matches: matches.map(toMatchJson) };
}

const describe = ({ groupCount, groupNames }: Pattern): object => ({
  group_count: groupCount,
  group_names: Object.fromEntries(groupNames),
});

const toMatchJson = ({ start, end, groups, groupSpans }: PatternMatch): object => ({
  span: [start, end],
  groups,
  group_spans: groupSpans,
});

const toRefusal = ({ message, offset }: PatternProblem): object => ({
  ok: false,
  error: { message, offset },
});

const refuse = (message: string): object => ({ ok: false, error: { message, offset: 0 } });
