// A job that is being cancelled is cancelled once: whose cancel_job came first, and why later ones are left out.
import { cancelsJob } from '../language/actionTable';
import type { JobPatch } from './actions/action';
import type { Cause, Job, PlannedAction } from './model';

/** Who has a job cancelled first, a watcher or a person, and the reason. */
export type Cancellation = NonNullable<Job['cancelledBy']>;

/** A watcher that a person has triggered by hand does what the person wants: it is the person who cancels. */
export const toCancellation = (
  watcher: string,
  cause: Cause | null,
  reason: string | null,
): Cancellation => ({ watcher: cause?.kind === 'byHand' ? null : watcher, reason });

/** The job after an outcome: what a person has cancelled stays cancelled by hand, whatever was under way meanwhile. */
export const patchJob = (job: Job, patch: JobPatch): Job => ({
  ...job,
  ...patch,
  ...(job.cancelledBy?.watcher === null ? { cancelledBy: job.cancelledBy } : {}),
});

/** `you`, or `the watcher "oom"`. */
export const nameCanceller = ({ watcher }: Cancellation): string =>
  watcher === null ? 'you' : `the watcher "${watcher}"`;

export const isCancellation = ({ type }: PlannedAction): boolean => cancelsJob(type);

/** What these actions of a watcher do to their job; undefined if none of them cancels it. */
export function findCancellation(
  watcher: string,
  cause: Cause | null,
  actions: readonly PlannedAction[],
): Cancellation | undefined {
  const reason = actions.find(isCancellation)?.params['reason'];
  if (reason === undefined && !actions.some(isCancellation)) return undefined;
  return toCancellation(watcher, cause, typeof reason === 'string' ? reason : null);
}

/**
 * Why one more cancel_job of the job is left out; undefined if it is not. A job that drains may be queued again: its new run
 * is cancelled, unless the end was a cancellation.
 */
export function explainCancelled(
  { id, phase, endState }: Job,
  cancellation: Cancellation | undefined,
): string | undefined {
  if (phase === 'ended' || endState === 'cancelled') return `job ${id} has ended`;
  if (!cancellation) return undefined;
  return `job ${id} is being cancelled already, by ${nameCanceller(cancellation)}`;
}
