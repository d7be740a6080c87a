// run_command: runs a command on the cluster, in the job's working directory; at most once, and found again by its token.
import { findDefaults } from '../../language/actionTable';
import { toCommandEnvironment } from '../../language/shell/commandEnvironment';
import { WatchError } from '../errors';
import type { ClusterCommand, CommandOutcome } from '../ports';
import { count, findLines, toDuration } from '../words';
import { textOf, type ActionPlace, type OutsideAction, type Outcome, type Params } from './action';

/** A command that took so long says it, s. */
const longSeconds = 10;
/** Characters of a line that the event's text has. */
const longestTold = 300;

export const runCommand: OutsideAction = {
  run: async (params, place) =>
    toOutcome(params, await place.cluster.runCommand(await toCommand(params, place))),
  find: async (params, place) => {
    const outcome = await place.cluster.findCommand(await toCommand(params, place));
    return outcome && toOutcome(params, outcome);
  },
};

async function toCommand(params: Params, place: ActionPlace): Promise<ClusterCommand> {
  const { job, cluster, captures, unset, token } = place;
  const environment = toCommandEnvironment({ ...unset, ...captures });
  if ('refusals' in environment)
    throw new WatchError(
      'bad-request',
      `The command was not run: ${environment.refusals.map(({ reason }) => reason).join('; ')}.`,
      environment.refusals[0]?.remedy ?? '',
    );
  return {
    token,
    command: textOf(params, 'command') ?? '',
    workdir: await findWorkdir(place),
    environment: environment.variables,
    timeoutSeconds: toTimeout(params),
    folder: job.submission?.folder ?? (await cluster.findPrivateFolder()),
  };
}

/** The scheduler knows it best; of a job that it has forgotten, it is where its script was submitted. */
async function findWorkdir({ job, cluster }: ActionPlace): Promise<string> {
  const found = (await cluster.findJobWorkdir(job.id)) ?? job.submission?.workdir;
  if (found !== undefined) return found;
  throw new WatchError(
    'bad-request',
    `The command was not run: the working directory of job ${job.id} is no longer known.`,
    'Submit the job with Slurm Watchers: then its folder is remembered.',
  );
}

const toTimeout = ({ timeout = findDefaults('run_command')['timeout'] ?? null }: Params): number =>
  Number(timeout);

function toOutcome(params: Params, outcome: CommandOutcome): Outcome {
  // To the store, a NUL is the end of a text.
  const output = outcome.output.replaceAll('\0', '\ufffd');
  const end = describeEnd(outcome, toTimeout(params));
  return {
    success: outcome.exitCode === 0 && !outcome.timedOut && outcome.unknown === undefined,
    result: [end, describeOutput(output)].join(''),
    ...(output === '' ? {} : { output }),
  };
}

function describeEnd(
  { exitCode, timedOut, leavesProcesses, seconds, unknown }: CommandOutcome,
  timeout: number,
): string {
  if (unknown !== undefined) return `how the command ended is not known: ${unknown}`;
  if (timedOut) return `the command was ended after its time limit of ${timeout} s`;
  const long = seconds !== null && seconds >= longSeconds ? ` after ${toDuration(seconds * 1000)}` : '';
  const left = leavesProcesses
    ? ` (it left processes in the background, which are ended at its time limit of ${timeout} s)`
    : '';
  return `exit code ${exitCode ?? 'unknown'}${long}${left}`;
}

/** The first line, and how many follow. */
function describeOutput(output: string): string {
  const [first, ...more] = findLines(output);
  if (first === undefined) return '';
  const line =
    first.length > longestTold ? `${first.slice(0, longestTold).replace(/[\ud800-\udbff]$/, '')}…` : first;
  return more.length === 0 ? `: ${line}` : `: ${line} … ${count(more.length, 'more line')}`;
}
