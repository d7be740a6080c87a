// How long the own thread was busy: without what a busy machine withheld, or other threads of the process took.
import { openSync, readSync } from 'node:fs';
// Not the global: Node makes that at its first use, and a time limit that strikes meanwhile leaves it undefined for good.
import { performance } from 'node:perf_hooks';

/** All in ms. */
export interface Moment {
  readonly wall: number;
  /** What all threads of the process have had of all processors. */
  readonly process: number;
  /** For how long the thread had waited for a processor; 0 where the system does not say. */
  readonly waited: number;
}

/** Before all others: whatever is measured since then took for ever. */
export const longAgo: Moment = { wall: -Infinity, process: -Infinity, waited: 0 };

/** On a clock that nobody sets. */
export const readWall = (): number => performance.now();

export function takeMoment(): Moment {
  const { user, system } = process.cpuUsage();
  return { wall: readWall(), process: (user + system) / 1000, waited: readWaited() };
}

/**
 * At most so long was the thread busy between two moments, ms. The kernel adds to a thread's own time when it ticks, but to
 * its waiting at once, so it is what did not go into waiting that is taken; other threads are told from it where they kept it
 * from running, and all together cannot have had less than it.
 */
export function busyBetween(from: Moment, to: Moment): number {
  return Math.max(0, Math.min(to.wall - from.wall - (to.waited - from.waited), to.process - from.process));
}

/** Of this thread, kept open: opening it for every moment would take longer than reading it. */
const statistics = openStatistics();
const buffer = Buffer.alloc(128);

/** Linux alone tells; the second of three figures is the time on a run queue, ns (Documentation/scheduler/sched-stats.rst). */
function openStatistics(): number | undefined {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return undefined;
  }
}

function readWaited(): number {
  if (statistics === undefined) return 0;
  const length = readSync(statistics, buffer, 0, buffer.length, 0);
  return Number(buffer.toString('latin1', 0, length).split(' ')[1]) / 1e6;
}
