// What one tick reads: a little of each file first, then round after round, until all is read or its budget is spent.
import type { Attempts } from '../attempts';
import type { Drains } from '../drains';
import type { Ledger } from '../ledger';
import type { Clock, Cluster, Matcher } from '../ports';
import { maxSegment } from '../tail';
import { refreshFiles, type DueFile } from './dueFiles';
import type { UnreadableFile } from './examination';
import type { Follows } from './follows';
import { ReadAhead } from './readAhead';
import { filesAtOnce, firstBytes, readRound, tickBytes, type FollowReading } from './reading';
import { isActive } from './schedule';
import type { SchedulerQueries } from './schedulerQueries';

export interface TickReadingParts {
  readonly ledger: Ledger;
  readonly attempts: Attempts;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly drains: Drains;
  readonly queries: SchedulerQueries;
  readonly follows: Follows;
}

export interface TickResult {
  /** More may be there already. */
  readonly left: boolean;
  readonly unreadable: readonly UnreadableFile[];
  /** Files that are not there, and were not before. */
  readonly absent: readonly DueFile[];
}

/** A file of a job. */
const toName = ({ job, path }: DueFile): string => `${job.key} ${path}`;

export class TickReading {
  /** Files that were seen to have changed, by job and path, and how often the scheduler had been asked by then. */
  private readonly changed = new Map<string, number>();

  constructor(private readonly parts: TickReadingParts) {}

  async read(cluster: Cluster, due: readonly DueFile[]): Promise<TickResult> {
    const { ledger, attempts, matcher, clock, drains, queries } = this.parts;
    const { follows, isFollowDue } = this.findFollows(cluster);
    const unreadable: UnreadableFile[] = [];
    const absent: DueFile[] = [];
    let budget = tickBytes;
    let hasChanged = false;
    const ahead = due.length <= filesAtOnce ? new ReadAhead((requests) => cluster.read(requests)) : undefined;
    let isFirst = true;
    const round = async (files: readonly DueFile[], maxBytes: number): Promise<readonly DueFile[]> => {
      // Later rounds were read ahead: nothing joins them.
      const following = follows && !isFirst ? { ...follows, toRequests: () => [] } : follows;
      isFirst = false;
      const result = await readRound(files, maxBytes, {
        ...{ ledger, attempts, matcher, cluster, ahead, follows: following },
        now: () => clock.now(),
        isConfirmed: (file) => queries.count > (this.changed.get(toName(file)) ?? Infinity),
      });
      this.noteChanges(files, result.changed);
      hasChanged ||= result.changed.length > 0;
      drains.note(result.sizes, clock.steady());
      unreadable.push(...result.unreadable);
      absent.push(...result.absent);
      budget -= result.bytes;
      return refreshFiles(result.unfinished, ledger, isActive);
    };
    let files = due.length > 0 || isFollowDue ? await round(due, firstBytes) : [];
    while (files.length > 0 && budget > 0) {
      const next: DueFile[] = [];
      for (let at = 0; at < files.length; at += filesAtOnce) {
        const group = files.slice(at, at + filesAtOnce);
        next.push(...(budget > 0 ? await round(group, maxSegment) : group));
      }
      files = next;
    }
    return { left: files.length > 0 || hasChanged || this.isFollowDue, unreadable, absent };
  }

  private findFollows({ traits }: Cluster): {
    readonly follows: FollowReading | undefined;
    readonly isFollowDue: boolean;
  } {
    const { follows, clock } = this.parts;
    if (follows.isEmpty) return { follows: undefined, isFollowDue: false };
    const { minIntervalMs } = traits;
    const reading: FollowReading = {
      toRequests: (requests) => follows.toRequests(requests, clock.steady()),
      take: (requests, answers) => {
        follows.take(requests, answers, { now: clock.steady(), minIntervalMs });
      },
    };
    return { follows: reading, isFollowDue: this.isFollowDue };
  }

  private get isFollowDue(): boolean {
    return (this.parts.follows.nextLook ?? Infinity) <= this.parts.clock.steady();
  }

  /** Nothing follows from a change before the scheduler was asked again. */
  private noteChanges(files: readonly DueFile[], changed: readonly DueFile[]): void {
    const { queries } = this.parts;
    for (const file of files) {
      const since = this.changed.get(toName(file));
      if (!changed.includes(file)) this.changed.delete(toName(file));
      else if (since === undefined) this.changed.set(toName(file), queries.count);
    }
    if (changed.length > 0) queries.hasten();
  }
}
