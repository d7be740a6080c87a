// The deadlines of watchers, by kind: which have come, and which comes next. A kind is a row here, and what the step does at it.
import type { Definition } from '../language/definition';
import { hasCome } from './due';
import type { DeadlineKind, Deadlines, Time, Watcher } from './model';

/** How far ahead each is planned at most, ms: one that is further ahead was planned by a clock that has been set back since. */
const longestMs: Readonly<Record<DeadlineKind, (definition: Definition) => number>> = {
  timer: ({ timerIntervalSeconds }) => timerIntervalSeconds * 1000,
};

const kinds = Object.keys(longestMs) as readonly DeadlineKind[];

export interface Deadline {
  readonly kind: DeadlineKind;
  readonly time: Time;
}

/** The next one; undefined if none is planned. */
export function findNextDeadline(deadlines: Deadlines): Deadline | undefined {
  let next: Deadline | undefined;
  for (const kind of kinds) {
    const time = deadlines[kind];
    if (time !== undefined && (!next || time < next.time)) next = { kind, time };
  }
  return next;
}

/** Those of a watcher at which it acts now. */
export const findDueDeadlines = (
  { definition, progress: { state, deadlines } }: Watcher,
  now: Time,
): readonly DeadlineKind[] =>
  state !== 'active'
    ? []
    : kinds.filter((kind) => {
        const time = deadlines[kind];
        return time !== undefined && hasCome(time, longestMs[kind](definition), now);
      });
