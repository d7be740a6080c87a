// When a cluster's next tick is, and what is due in it: pure, from what is known of its jobs and watchers.
import { findDueDeadlines, findNextDeadline } from '../deadlines';
import { findNextCheck } from '../due';
import type { DeadlineKind, Job, JobKey, Time, Watcher, WatcherId } from '../model';
import type { ClusterTraits } from '../ports';
import type { Overlooked } from '../troubles';
import { findStreams } from './dueFiles';
import { hasRun } from '../job';

/** A cluster's jobs with their watchers, at a moment. */
export interface Plan {
  readonly jobs: readonly Job[];
  readonly watchersOf: (job: JobKey) => readonly Watcher[];
  readonly now: Time;
}

/** Maximum time between two ticks, ms. */
export const longestSleepMs = 60_000;
/** Minimum time between two ticks, ms. */
const shortestSleepMs = 10;
/** Who woke so much later than planned has slept, or its clock was set. */
const sleptMs = 10_000;
/** ms for each second of an interval: a fiftieth. */
const slackPart = 20;

export const isActive = ({ progress }: Watcher): boolean => progress.state === 'active';

/** A job that was queued again has what its last run printed, until the next one begins. */
const mayPrint = ({ phase, restarts }: Job): boolean =>
  phase === 'running' || phase === 'draining' || (phase === 'queued' && restarts > 0);

/** Active watchers of a job whose output is looked at now; all of them while it drains. */
export function findDueWatchers(
  job: Job,
  watchers: readonly Watcher[],
  at: { readonly traits: ClusterTraits; readonly now: Time },
): readonly Watcher[] {
  if (!mayPrint(job)) return [];
  if (job.phase === 'draining') return hasRun(job) ? watchers.filter(isActive) : [];
  return watchers.filter(
    (watcher) => isActive(watcher) && findDue(watcher, at) <= at.now + findSlack(watcher, at),
  );
}

/** What watchers of jobs that run do now, whatever is printed. */
export const findComeDeadlines = ({
  jobs,
  watchersOf,
  now,
}: Plan): readonly { readonly watcher: WatcherId; readonly deadline: DeadlineKind }[] =>
  jobs
    .filter(({ phase }) => phase === 'running')
    .flatMap(({ key }) => watchersOf(key))
    .flatMap((watcher) =>
      findDueDeadlines(watcher, now).map((deadline) => ({ watcher: watcher.id, deadline })),
    );

/** How long until the next tick, ms. `others`: when it comes for other reasons than jobs and their watchers. */
export function findPause(
  { jobs, watchersOf, now }: Plan,
  { traits, others }: { readonly traits: ClusterTraits; readonly others: readonly Time[] },
): number {
  let earliest = now + longestSleepMs;
  const note = (time: Time): void => {
    earliest = Math.min(earliest, time);
  };
  for (const job of jobs) {
    if (job.phase === 'draining') note(now + traits.settleMs);
    if (!mayPrint(job)) continue;
    for (const watcher of watchersOf(job.key)) {
      if (!isActive(watcher)) continue;
      const deadline = job.phase === 'running' ? findNextDeadline(watcher.progress.deadlines) : undefined;
      if (deadline) note(deadline.time);
      if (findStreams(job, watcher).length > 0) note(findDue(watcher, { traits, now }));
    }
  }
  for (const time of others) note(time);
  return Math.max(shortestSleepMs, earliest - now);
}

/** Jobs whose watching goes on after a pause of the engine or the machine. `planned`: when the tick was due. */
export function findOverlooked({ jobs, watchersOf, now }: Plan, planned: Time): readonly Overlooked[] {
  if (now - planned <= sleptMs) return [];
  return jobs.flatMap((job) => {
    if (job.phase !== 'running' && job.phase !== 'draining') return [];
    const dues = watchersOf(job.key).flatMap(({ progress: { state, nextCheck } }) =>
      state === 'active' && nextCheck !== null ? [nextCheck] : [],
    );
    const ms = dues.length > 0 ? now - Math.min(...dues) : 0;
    return ms > sleptMs ? [{ job, ms }] : [];
  });
}

/** How long until a tick that failed is tried again, ms: growing pauses. `random`: 0 to 1, by which they differ. */
export const findRetryPause = (failuresBefore: number, random: number): number =>
  Math.min(longestSleepMs, 1000 * 2 ** Math.min(failuresBefore, 6)) * (0.5 + random / 2);

/** When the watcher's output is looked at next. */
const findDue = (
  { definition, progress }: Watcher,
  { traits: { minIntervalMs }, now }: { readonly traits: ClusterTraits; readonly now: Time },
): Time => findNextCheck(definition, progress, { minIntervalMs, now });

/**
 * A tick takes along what is due soon: watchers of equal intervals end up in few groups, where each would have a tick of its own
 * otherwise, and each tick goes through all of them.
 */
const findSlack = (
  { definition: { intervalSeconds }, progress: { lastCheck } }: Watcher,
  { traits, now }: { readonly traits: ClusterTraits; readonly now: Time },
): number =>
  lastCheck !== null && now - lastCheck >= traits.minIntervalMs ? intervalSeconds * slackPart : 0;
