// The end of jobs: what is left of their output is read, their watchers take the end, and they leave the books.
import { toJobEndState } from '../../language/jobStates';
import { countEnds, findWorst, toStates } from '../arrayEnd';
import type { Drains } from '../drains';
import { describeEnd } from '../jobReports';
import type { Ledger } from '../ledger';
import type { Job, JobKey } from '../model';
import type { Clock, Cluster } from '../ports';
import { findPausedGaps } from '../resume';
import type { Troubles } from '../troubles';
import { toAbsenceNotes, toUnreadGaps, toUntouchedNotes } from '../unread';
import { groupByFile } from './dueFiles';
import { hasRun } from '../job';
import { isActive } from './schedule';
import type { SchedulerQueries } from './schedulerQueries';
import type { TickReading } from './tickReading';

export interface JobEndParts {
  /** The cluster's name. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly troubles: Troubles;
  readonly drains: Drains;
  readonly queries: SchedulerQueries;
  readonly reading: TickReading;
}

/** A job that has ended is kept so long for an output that cannot be read. */
const patienceMs = 600_000;

export class JobEnds {
  /** Since when the last output of an ended job cannot be read, on the steady clock. */
  private readonly stuck = new Map<JobKey, number>();

  constructor(private readonly parts: JobEndParts) {}

  /** Ends the jobs whose output has been quiet for long enough. Gives whether more of it is left. */
  async endQuiet(cluster: Cluster): Promise<boolean> {
    const { ledger, name, drains, clock } = this.parts;
    let left = false;
    for (const job of ledger.jobsOf(name)) {
      // One that was queued again has the whole patience at its next end.
      if (job.phase !== 'draining') this.stuck.delete(job.key);
      else if (drains.isQuiet(job.key, cluster.traits.settleMs, clock.steady()))
        left = (await this.end(cluster, job)) || left;
    }
    return left;
  }

  /** Ended jobs leave the books. */
  forget(): void {
    const { ledger, name, queries } = this.parts;
    const jobs = ledger.jobsOf(name);
    if (!jobs.some(({ phase }) => phase === 'ended')) return;
    const busy = new Set([...ledger.outbox.values()].map(({ job }) => job));
    for (const key of findForgettable(jobs, busy)) {
      ledger.forget(key);
      queries.forgetTasks(key);
    }
  }

  /** Its last line counts without a line end, then the job is over. Gives whether more is left. */
  private async end(cluster: Cluster, job: Job): Promise<boolean> {
    const { ledger, clock, troubles, drains, queries, reading } = this.parts;
    const watchers = ledger.watchersOf(job.key);
    const active = watchers.filter(isActive);
    const files = hasRun(job) ? groupByFile(job, active, true) : [];
    const { left, unreadable, absent } = await reading.read(cluster, files);
    if (left) return true;
    // The last round may have found out whose they are.
    const own = ledger.jobs.get(job.key) ?? job;
    const missed = hasRun(own)
      ? await findPausedGaps(own, watchers, cluster)
      : { findings: [], unreadable: [] };
    const unread = [...unreadable, ...missed.unreadable];
    if (unread.some(({ isLasting }) => !isLasting) && this.waitsFor(job)) return false;
    const told = [
      ...toUnreadGaps(unread),
      ...missed.findings,
      ...toAbsenceNotes(own, active, absent),
      ...toUntouchedNotes(own, active, unread),
    ];
    // If something can be stored again from now on, the job is told of it before its end.
    await ledger.flush();
    await troubles.lookAtStore();
    const ended = this.nameCanceller(
      job.isArray ? toEndedArray(job, await ledger.findTasks(job)) : { ...own, phase: 'ended' },
    );
    // Watchers of tasks that never began: those of the array stand for them.
    const neverBegan = job.isArray && (job.taskEnds?.CANCELLED ?? 0) > 0;
    await ledger.observe((batch) => {
      batch.setJob(ended);
      for (const { watcher, observation } of told) batch.observe(watcher, observation, clock.now());
      for (const { id } of ledger.watchersOf(job.key))
        batch.observe(id, { kind: 'jobEnd', neverBegan }, clock.now());
      batch.tell(ended, { kind: 'state', result: describeEnd(ended) });
    });
    drains.end(job.key);
    this.stuck.delete(job.key);
    queries.forget(job.key);
    return false;
  }

  /** A crash right after a cancellation leaves it in the outbox, and nobody at the job. */
  private nameCanceller(job: Job): Job {
    if (job.endState !== 'cancelled' || job.cancelledBy !== null) return job;
    return { ...job, cancelledBy: this.parts.ledger.findBegunCancellation(job) ?? null };
  }

  /** A file server may be away for a while when a job ends. */
  private waitsFor({ key }: Job): boolean {
    const now = this.parts.clock.steady();
    const since = this.stuck.get(key) ?? now;
    this.stuck.set(key, since);
    return now - since < patienceMs;
  }
}

/** An array ends in the worst end of its tasks; those that never began were cancelled. */
export function toEndedArray(job: Job, tasks: readonly Job[]): Job {
  const taskEnds = countEnds(
    tasks.filter(({ endState }) => endState !== null).map(({ state }) => state),
    job.taskEnds ?? {},
  );
  const states = toStates(taskEnds);
  const state = states.length === 0 ? job.state : findWorst(states);
  return { ...job, phase: 'ended', state, endState: toJobEndState(state), taskEnds };
}

/**
 * Ended jobs for which nothing waits in the outbox (they are not `busy`), tasks not before their array has ended (the cluster
 * shows them as long), and arrays whose tasks have all left.
 */
export function findForgettable(jobs: readonly Job[], busy: ReadonlySet<JobKey>): readonly JobKey[] {
  const left = new Map(jobs.map((job) => [job.key, job]));
  return jobs.flatMap(({ key, phase, isArray, parent }) => {
    const hasTasks = isArray && [...left.values()].some((job) => job.parent === key);
    const array = parent === null ? undefined : left.get(parent);
    if (phase !== 'ended' || busy.has(key) || hasTasks || (array && array.phase !== 'ended')) return [];
    left.delete(key);
    return [key];
  });
}
