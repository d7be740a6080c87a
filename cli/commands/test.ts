// slurm-watchers test: a dry run of watchers over an output, for people to look at and for golden tests of their own.
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { InvalidArgumentError, type Command } from 'commander';
import type { DryRun } from '../../engine/dryRun';
import type { DryRunEntry } from '../../engine/dryRunEntry';
import { WatchError } from '../../engine/errors';
import { dryRunHere } from '../../engine/link/dryRunHere';
import { count } from '../../engine/words';
import { findJobState, toJobEndState, type JobEndState } from '../../language/jobStates';
import { findJobName } from '../../language/sbatch/jobName';
import { parseScript } from '../../language/script';
import { toJson } from '../../language/show/json';
import { parseWatcherFile } from '../../language/watcherFile';
import { printEntry } from '../dryRunLine';
import { readBytes, readText, whyUnreadable } from '../input';
import { toDryRunJson } from '../json';
import { toNotes, type ExitCode } from '../output';
import { isWatcherFile, printProblems } from '../problems';
import type { Context } from './command';
import { isError } from '../../language/problem';

interface TestOptions {
  readonly output: string;
  readonly stderr?: string;
  readonly expect?: string;
  readonly update?: true;
  readonly end: JobEndState | null;
  readonly exitCode?: string;
  readonly tick: number;
  readonly json?: true;
}

export function addTest(program: Command, context: Context): void {
  program
    .command('test')
    .description('rehearse the watchers of a script over an output; nothing is executed')
    .argument('<file>', 'batch script or watcher file (*.json)')
    .requiredOption('--output <file>', 'what the job printed, such as slurm-42.out; "-" is standard input')
    .option('--stderr <file>', 'its standard error; without it, both are in the output')
    .option('--end <state>', 'how the job ends, or "none"', toEndState, 'completed')
    .option('--exit-code <code>', 'the exit code that it ends with, or code:signal', toExitCode)
    .option('--tick <seconds>', 'how long one line takes: cooldowns and timers go by it', toTick, 1)
    .option('--expect <file>', 'compare with what an earlier --json printed; exit with 1 if it differs')
    .option('--update', 'write the file of --expect instead')
    .option(
      '--json',
      'print JSON: matches, condition values, triggers, and actions with their final parameters',
    )
    .addHelpText(
      'after',
      `
Examples:
  slurm-watchers test train.sh --output slurm-42.out
  slurm-watchers test train.sh --output slurm-42.out --expect train.expected.json

One line is one tick: the times are not those of the job.`,
    )
    .action(async (path: string, options: TestOptions) => {
      context.exit(await rehearse(path, options, context));
    });
}

function toEndState(text: string): JobEndState | null {
  if (text.toLowerCase() === 'none') return null;
  const state = findJobState(text);
  const end = state && toJobEndState(state);
  if (!end)
    throw new InvalidArgumentError(
      'Give a state in which a job can end, such as completed or timeout, or none.',
    );
  return end;
}

function toExitCode(text: string): string {
  const [, code, signal = '0'] = /^(\d{1,3})(?::(\d{1,3}))?$/.exec(text) ?? [];
  if (code === undefined)
    throw new InvalidArgumentError('Write a number, or two as Slurm shows them, such as 0:9.');
  return `${code}:${signal}`;
}

function toTick(text: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds <= 0)
    throw new InvalidArgumentError('Write a number of seconds above 0.');
  return seconds;
}

async function rehearse(path: string, options: TestOptions, context: Context): Promise<ExitCode> {
  const { output } = context;
  if (options.update && options.expect === undefined)
    throw new WatchError('bad-request', '--update needs --expect.', 'Name the file to write with --expect.');
  const text = await readText(path, context);
  const watchers = readWatchers(path, text, context);
  if (!watchers) return 1;
  const stdout = await readBytes(options.output, context);
  const allowedCommands = await context.readAllowedCommands();
  const run: DryRun = {
    watchers,
    job: {
      id: '0',
      name: isWatcherFile(path) ? basename(path) : findJobName(text, basename(path)),
      cluster: 'dry-run',
    },
    outputs: {
      stdout,
      stderr: options.stderr === undefined ? stdout : await readBytes(options.stderr, context),
    },
    tickMs: options.tick * 1000,
    endState: options.end,
    exitCode: options.exitCode ?? null,
    isWhole: true,
    ...(allowedCommands && { allowedCommands }),
    ...(isWatcherFile(path) ? {} : { submission: { script: text, options: [] } }),
  };
  const entries = await dryRunHere(run);
  if (options.expect !== undefined) return compare(entries, options.expect, options, context);
  if (options.json) output.json(entries.map(toDryRunJson), 'pretty');
  else {
    for (const entry of entries) printEntry(entry, output);
    output.note(summarize(entries, watchers.length, options.tick));
  }
  return 0;
}

/** Undefined where errors are in the way; they are shown. */
function readWatchers(path: string, text: string, context: Context): DryRun['watchers'] | undefined {
  const { watchers, problems } = isWatcherFile(path) ? parseWatcherFile(text) : parseScript(text);
  const errors = problems.filter(isError);
  printProblems({ path, text, problems: errors }, toNotes(context.output));
  if (errors.length > 0) return undefined;
  if (watchers.length === 0)
    throw new WatchError(
      'bad-request',
      `${path} has no watchers.`,
      'Write a directive, such as #WATCHER pattern="ERROR" action=log_event.',
    );
  return watchers.map(({ definition, line, endLine }) => ({
    definition,
    lines: { first: line, last: endLine },
  }));
}

function summarize(entries: readonly DryRunEntry[], watchers: number, tick: number): string {
  const matches = entries.filter(({ kind }) => kind === 'match').length;
  const triggers = entries.filter((entry) => entry.kind === 'event' && entry.event.kind === 'trigger').length;
  const matching = `${count(watchers, 'watcher')}: ${count(matches, 'match', 'matches')}, ${count(triggers, 'trigger')}`;
  return `${matching}. Nothing was executed; one line was one tick of ${tick} s.`;
}

/** As programs see them: nan and what JSON does not know are words already. */
const toData = (entries: readonly DryRunEntry[]): readonly unknown[] =>
  JSON.parse(JSON.stringify(entries.map(toDryRunJson))) as readonly unknown[];

async function compare(
  entries: readonly DryRunEntry[],
  path: string,
  { update }: TestOptions,
  { output }: Context,
): Promise<ExitCode> {
  const found = toData(entries);
  if (update) {
    await writeFile(path, `${toJson(found, 'pretty')}\n`);
    output.line(`wrote ${path}`);
    return 0;
  }
  const expected = await readExpected(path);
  const at = Array.from({ length: Math.max(found.length, expected.length) }, (_, index) => index).find(
    (index) => !isDeepStrictEqual(found[index], expected[index]),
  );
  if (at === undefined) {
    output.line(`as expected: ${count(found.length, 'entry', 'entries')}`);
    return 0;
  }
  output.line(`entry ${at + 1} is not as in ${path}:`);
  output.line(`  expected  ${describe(expected[at])}`);
  output.line(`  found     ${describe(found[at])}`);
  output.line(`${expected.length} expected, ${found.length} found; --update accepts what was found.`);
  return 1;
}

const describe = (entry: unknown): string => (entry === undefined ? 'nothing more' : toJson(entry));

async function readExpected(path: string): Promise<readonly unknown[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    throw new WatchError(
      'bad-request',
      `Cannot read what is expected from ${path}: ${whyUnreadable(error)}.`,
      'Write it with --update, look at it, and keep it.',
      error,
    );
  }
  if (!isList(value))
    throw new WatchError('bad-request', `${path} does not hold a list.`, 'Write it with --update.');
  return value;
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
