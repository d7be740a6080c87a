// A watcher's move from one state to another, with its event.
import { toEvent, type Effect } from './effect';
import { findMove, type Move } from './lifecycle';
import type { Progress } from './model';

/** The move with its event, where the table has it. Deadlines outlive a pause alone. */
export function moveTo(
  progress: Progress,
  { move, reason }: { readonly move: Move; readonly reason: string },
  effects: Effect[],
): Progress {
  const state = findMove(progress.state, move);
  if (!state) return progress;
  effects.push(toEvent({ kind: 'state', result: `${progress.state} to ${state}: ${reason}` }));
  return {
    ...progress,
    state,
    stateReason: reason,
    nextCheck: state === 'active' ? progress.nextCheck : null,
    deadlines: state === 'active' || state === 'paused' ? progress.deadlines : {},
  };
}
