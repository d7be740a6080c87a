// slurm-watchers run: submits a script, shows its events as they happen and ends with the job. The main job in one command.
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { Mirror, MirrorKeeper, type Snapshot } from '../../engine/link/mirror';
import type { Job, JobKey, WatchEvent } from '../../engine/model';
import type { PendingAction } from '../../engine/protocol';
import { count, describeCounts, describeNext } from '../../engine/words';
import { yesWords, type ConsentOptions } from '../consent';
import { printEvent } from '../eventLine';
import { createJobFollower } from '../follow';
import { toEventJson } from '../../engine/recordJson';
import { toJobJson } from '../json';
import { paint, type ExitCode, type Output, type Piece } from '../output';
import { describePending, waitForActions } from '../settle';
import { createFailure, toSteadyOptions, type Context, type SteadyLink } from './command';
import { submitScript, workdirWords, type ScriptToSubmit } from './submit';

interface RunOptions extends ConsentOptions {
  readonly on: string;
  readonly workdir?: string;
}

export function addRun(program: Command, context: Context): void {
  program
    .command('run')
    .description('submit a script, follow its events until the job ends, and exit with its result')
    .argument('<script>', 'batch script')
    .argument('[options...]', 'sbatch options, after --')
    .option('--on <cluster>', 'the cluster; by default the sandbox, which needs no Slurm', 'sandbox')
    .option('--workdir <dir>', workdirWords)
    .option('--yes', yesWords)
    .option('--json', 'one JSON object a line: events as they happen, and last the job')
    .addHelpText(
      'after',
      `
Example:
  slurm-watchers run train.sh

After the job's end it waits, for up to two and a half minutes, until the watchers' actions are done.
Ctrl+C only stops following: the job and its watchers go on.`,
    )
    .action(async (path: string, words: readonly string[], options: RunOptions) => {
      const { on: cluster, workdir, yes, json } = options;
      const script = { path, cluster, options: words, workdir, yes, json };
      context.exit(await run(script, options.json === true, context));
    });
}

async function run(script: ScriptToSubmit, json: boolean, context: Context): Promise<ExitCode> {
  const { output } = context;
  const show = (event: WatchEvent): void => {
    if (json) output.json(toEventJson(event));
    else printEvent(event, output);
  };
  const follower = createJobFollower(show);
  const { failed, fail } = createFailure();
  const mirror = new Mirror();
  let followed: JobKey | undefined;
  const keeper = new MirrorKeeper(mirror, {
    fetch: (last) => fetchJob(link, followed, last),
    onFilled: (missed) => {
      follower.take({ jobs: mirror.jobs, events: missed });
    },
    onChange: (change) => {
      follower.take(change);
    },
    onFailed: fail,
  });
  const link = await context.connectSteadily(toSteadyOptions(keeper));
  try {
    const submitted = await submitScript(link, script, context);
    if (!submitted) return 1;
    if (!json) {
      const where = submitted.isRemote ? `, in ${submitted.workdir}` : '';
      output.line(
        'Submitted ',
        paint('bold', basename(script.path)),
        ` to ${submitted.cluster} as job `,
        paint('bold', submitted.job.id),
        `${where}, watched by ${count(submitted.watchers.length, 'watcher')}.`,
      );
    }
    followed = submitted.job.key;
    follower.begin(submitted.job);
    const jobs = await Promise.race([follower.ended, context.interrupted, failed]);
    if (!jobs) {
      output.note(
        `No longer following; job ${submitted.job.id} and its watchers go on. See "slurm-watchers events --job ${submitted.job.id} --follow".`,
      );
      return 1;
    }
    const shown = { isShown: () => keeper.isFilled, failed };
    const left = await settle(submitted.job.key, { link, context, ...shown });
    if (left.length > 0)
      output.note(
        `No longer waiting for ${describePending(left)}. See "slurm-watchers events --job ${submitted.job.id}".`,
      );
    await conclude(submitted.job.key, { link, json, output });
    return jobs.every(({ state }) => state === 'COMPLETED') ? 0 : 1;
  } finally {
    await link.close();
  }
}

/** The job with its tasks, and then their events: what has ended has told all of its own. Nothing before there is a job. */
async function fetchJob(link: SteadyLink, job: JobKey | undefined, last: number): Promise<Snapshot> {
  if (job === undefined) return { jobs: [], watchers: [], events: [] };
  const jobs = await link.request('engine/jobs', { job });
  return { jobs, watchers: [], events: await link.request('engine/events', { job, afterId: last }) };
}

/** Waits for what the watchers have still to do; gives what is left when that takes too long. */
function settle(
  job: JobKey,
  {
    link,
    context: { output, interrupted },
    isShown,
    failed,
  }: {
    readonly link: SteadyLink;
    readonly context: Context;
    readonly isShown: () => boolean;
    readonly failed: Promise<never>;
  },
): Promise<readonly PendingAction[]> {
  return waitForActions({
    fetch: () => link.request('engine/pendingActions', { job }),
    isShown,
    note: (text) => {
      output.note(text);
    },
    pause: (milliseconds) => Promise.race([delay(milliseconds, false), interrupted.then(() => true), failed]),
    now: () => performance.now(),
  });
}

/** The job, and its tasks if it is an array, each with the job that continues it. */
async function conclude(
  key: JobKey,
  { link, json, output }: { readonly link: SteadyLink; readonly json: boolean; readonly output: Output },
): Promise<void> {
  for (const job of await link.request('engine/jobs', { job: key })) {
    const next = await findNext(job, link);
    if (json) output.json({ ...toJobJson(job), continued_by: next?.id ?? null });
    else {
      output.line(...toConclusion(job));
      const words = next && describeNext(next);
      if (words !== undefined) output.line(words);
    }
  }
}

/** The job that continues it, once the cluster has taken it. */
async function findNext({ successor }: Job, link: SteadyLink): Promise<Job | undefined> {
  if (successor === null) return undefined;
  const jobs = await link.request('engine/jobs', { job: successor });
  return jobs.find(({ key, id }) => key === successor && id !== '');
}

function toConclusion({ id, state, exitCode, taskEnds, outputs }: Job): readonly Piece[] {
  const style = state === 'COMPLETED' ? 'green' : 'red';
  const code = exitCode === null ? describeCounts(taskEnds) : ` (exit code ${exitCode})`;
  const where = outputs.stdout === null ? '' : `; output in ${outputs.stdout}`;
  return [`Job ${id} ended `, paint(style, state), `${code}${where}`];
}
