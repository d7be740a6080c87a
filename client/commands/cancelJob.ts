// Cancel Job: asks once, since what a job has not saved is lost.
import { isOver } from '../../engine/rules';
import { nameJob } from '../../engine/words';
import type { App } from '../app';
import { chooseJob, findClusterJob } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { askInDialog } from '../show/messages';

export async function cancelJob(app: App, given: CommandArguments): Promise<void> {
  const target = findListed(app, given) ?? (await chooseWatched(app, given));
  if (target) await cancelAfterAsking(app, target);
}

export async function cancelAfterAsking(
  { engine, clustersTree }: Pick<App, 'engine' | 'clustersTree'>,
  { cluster, job, title }: CancelTarget,
): Promise<void> {
  const cancel = 'Cancel Job';
  const detail = 'What it has not saved is lost. Its watchers see it end.';
  const answer = await askInDialog(`Cancel ${title}?`, detail, cancel);
  if (answer !== cancel) return;
  await engine.request('engine/cancelJob', { cluster, job });
  await clustersTree.refreshJobs(cluster);
}

export interface CancelTarget {
  readonly cluster: string;
  readonly job: string;
  readonly title: string;
}

function findListed(app: App, given: CommandArguments): CancelTarget | undefined {
  const listed = findClusterJob(app, given);
  if (!listed) return undefined;
  const { cluster, report } = listed;
  const what = report.isArray ? 'array' : 'job';
  return { cluster, job: report.id, title: `${report.name} (${what} ${report.id})` };
}

async function chooseWatched(app: App, given: CommandArguments): Promise<CancelTarget | undefined> {
  const job = await chooseJob(app, given, {
    title: 'Cancel Job',
    suits: (candidate) => !isOver(candidate) && candidate.id !== '',
    none: 'There is no job to cancel.',
  });
  return job && { cluster: job.cluster, job: job.id, title: nameJob(job) };
}
