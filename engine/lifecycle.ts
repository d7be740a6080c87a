// The table of a watcher's states and of the moves between them.
import type { WatcherState } from './model';

export type Move = 'pause' | 'resume' | 'reachLimit' | 'fail' | 'jobEnd' | 'rearm';

/** Source: section 7 of the engine. What is not here is not possible. */
const moves: Readonly<Record<WatcherState, Partial<Record<Move, WatcherState>>>> = {
  active: { pause: 'paused', reachLimit: 'triggered', fail: 'disabled', jobEnd: 'completed' },
  paused: { resume: 'active', jobEnd: 'completed' },
  triggered: { rearm: 'active', jobEnd: 'triggered' },
  disabled: { rearm: 'active', jobEnd: 'disabled' },
  completed: { rearm: 'active' },
  // By hand only: on a finished job, or the template of an array's watchers, which ends with the array.
  static: { jobEnd: 'completed' },
};

export const findMove = (state: WatcherState, move: Move): WatcherState | undefined => moves[state][move];
