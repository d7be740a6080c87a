// How an array ends: as the worst of its tasks, with counts.
import { jobStateTable, toJobEndState, type JobState } from '../language/jobStates';

export type EndCounts = Readonly<Partial<Record<JobState, number>>>;

/** From bad to good: what failed in any way, a time limit, a cancellation, what nobody knows, success. */
function rank(state: JobState): number {
  switch (state) {
    case 'COMPLETED':
      return 4;
    case 'UNKNOWN':
      return 3;
    case 'CANCELLED':
      return 2;
    case 'TIMEOUT':
      return 1;
    default:
      return 0;
  }
}

/** COMPLETED where there is none that has ended. */
export const findWorst = (states: readonly JobState[]): JobState =>
  states
    .filter((state) => toJobEndState(state) !== null)
    .reduce((worst, state) => (rank(state) < rank(worst) ? state : worst), 'COMPLETED');

/** Adds one for each state. */
export function countEnds(states: readonly JobState[], counts: EndCounts = {}): EndCounts {
  const all = new Map(Object.entries(counts));
  for (const state of states) all.set(state, (all.get(state) ?? 0) + 1);
  return Object.fromEntries(all);
}

/** The states that occur, the worst first. */
export const toStates = (counts: EndCounts): readonly JobState[] =>
  (Object.keys(counts) as JobState[])
    .filter((state) => Object.hasOwn(jobStateTable, state))
    .sort((one, other) => rank(one) - rank(other));
