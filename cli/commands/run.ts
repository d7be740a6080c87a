// slurm-watchers run: submits a script, shows its events as they happen and ends with the job. The main job in one command.
import { basename } from 'node:path';
import type { Command } from 'commander';
import { Mirror, MirrorKeeper, type Snapshot } from '../../engine/link/mirror';
import type { Job, JobKey, WatchEvent } from '../../engine/model';
import { count, describeCounts } from '../../engine/words';
import { yesWords, type ConsentOptions } from '../consent';
import { printEvent } from '../eventLine';
import { createJobFollower } from '../follow';
import { toEventJson, toJobJson } from '../json';
import { paint, type ExitCode, type Piece } from '../output';
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
    .option('--json', 'one JSON object a line: events as they happen, at last the job')
    .addHelpText(
      'after',
      '\nExample:\n  slurm-watchers run train.sh\n\nCtrl+C ends the following alone: the job and its watchers go on.',
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
    if (json) for (const job of jobs) output.json(toJobJson(job));
    else for (const job of jobs) output.line(...toConclusion(job));
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

function toConclusion({ id, state, exitCode, taskEnds, outputs }: Job): readonly Piece[] {
  const style = state === 'COMPLETED' ? 'green' : 'red';
  const code = exitCode === null ? describeCounts(taskEnds) : ` (exit code ${exitCode})`;
  const where = outputs.stdout === null ? '' : `; output in ${outputs.stdout}`;
  return [`Job ${id} ended `, paint(style, state), `${code}${where}`];
}
