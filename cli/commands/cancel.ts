// slurm-watchers cancel: cancels a job, an array or one of its tasks for the person, after asking.
import type { Command } from 'commander';
import { WatchError } from '../../engine/errors';
import type { EngineLink } from '../../engine/link/greet';
import type { Job } from '../../engine/model';
import { isOver } from '../../engine/rules';
import { describeState, nameJob } from '../../engine/words';
import type { ExitCode } from '../output';
import { withEngine, type Context } from './command';

interface CancelOptions {
  readonly on?: string;
  readonly yes?: true;
  readonly json?: true;
}

/** What is cancelled. `title`: in words. */
interface Target {
  readonly cluster: string;
  readonly title: string;
}

export function addCancel(program: Command, context: Context): void {
  program
    .command('cancel')
    .description('cancel a job, an array or one of its tasks; asks first')
    .argument('<job>', 'the id of a job, of an array, or of a task such as 42_3')
    .option('--on <cluster>', 'its cluster; needed if the job is not watched, or not on one cluster alone')
    .option('--yes', 'cancel it without asking')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  slurm-watchers cancel 42_3 --on big')
    .action(async (id: string, options: CancelOptions) => {
      const code = await withEngine(context, { start: true }, async (link): Promise<ExitCode> => {
        const { cluster, title } = await findTarget(id, options.on, link);
        if (options.yes !== true && !(await isAgreed(title, context))) return 1;
        await link.request('engine/cancelJob', { cluster, job: id });
        if (options.json) context.output.json({ cluster, job: id });
        else context.output.line(`Cancelling ${title}.`);
        return 0;
      });
      context.exit(code);
    });
}

/** Throws bad-request if it has ended, and if only the person can say where it is. */
async function findTarget(id: string, on: string | undefined, link: EngineLink): Promise<Target> {
  const known = await findKnown(id, link);
  const there = known.filter(({ cluster }) => on === undefined || cluster === on);
  const live = there.filter((job) => !isOver(job));
  const [job, ...others] = live;
  const clusters = [...new Set(live.map(({ cluster }) => cluster))];
  if (clusters.length > 1)
    throw new WatchError(
      'bad-request',
      `There are jobs ${id} on ${clusters.join(' and ')}.`,
      'Say which one is meant with --on.',
    );
  // A number that is in use again belongs to the newest.
  if (job) return { cluster: job.cluster, title: nameTarget(id, others.at(-1) ?? job) };
  if (on !== undefined) return { cluster: on, title: `job ${id} on ${on}` };
  const ended = there.at(-1);
  throw new WatchError(
    'bad-request',
    ended ? `Job ${id} has already ended: ${describeState(ended)}.` : `No job ${id} is watched.`,
    'If another job is meant, name its cluster with --on.',
  );
}

/** The job, or the array of a task that has not begun. */
async function findKnown(id: string, link: EngineLink): Promise<readonly Job[]> {
  const own = (await link.request('engine/jobs', { job: id })).filter((job) => job.id === id);
  const [array = id] = id.split('_');
  if (own.length > 0 || array === id) return own;
  return (await link.request('engine/jobs', { job: array })).filter((job) => job.id === array);
}

function nameTarget(id: string, job: Job): string {
  if (job.id !== id) return `task ${id} of ${job.name} on ${job.cluster}`;
  return job.isArray
    ? `array ${job.name} (job ${id}, all tasks) on ${job.cluster}`
    : `${nameJob(job)} on ${job.cluster}`;
}

/** Throws needs-consent if nobody can be asked. */
async function isAgreed(title: string, context: Context): Promise<boolean> {
  const question = `Cancel ${title}? What it has not saved is lost. [y/N]`;
  const said = await context.confirm(question);
  if (said === null)
    throw new WatchError(
      'needs-consent',
      `Nobody could be asked whether to cancel ${title}.`,
      'Confirm with --yes.',
    );
  if (!said) context.output.note('Nothing was done.');
  return said;
}
