// Patterns and conditions that take too long: the stretch is a gap that is told, and after three the watcher is given up.
import { toEvent, type Effect } from './effect';
import type { Progress } from './model';
import { moveTo } from './move';

/** A watcher may overrun its budget this often. */
const maxOverruns = 3;

/** What a watcher did not look at, and why: two ways to say it. Offsets are bytes of the output. */
export interface Overstep {
  readonly from: number;
  readonly to: number;
  readonly why: string;
  /** "its pattern took too long", for when it is given up. */
  readonly often: string;
}

export function countOverstep(
  progress: Progress,
  { from, to, why, often }: Overstep,
  effects: Effect[],
): Progress {
  effects.push(toEvent({ kind: 'gap', result: `bytes ${from} to ${to} were not matched: ${why}` }));
  return countOverrun(progress, often, effects);
}

/** Disables the watcher at the third one. */
export function countOverrun(progress: Progress, often: string, effects: Effect[]): Progress {
  const counted = { ...progress, patternOverruns: progress.patternOverruns + 1 };
  if (counted.patternOverruns < maxOverruns) return counted;
  return moveTo(counted, { move: 'fail', reason: `${often} ${maxOverruns} times` }, effects);
}
