// A job that is being cancelled is cancelled once: whose cancel_job came first, and why later ones are left out.
import { cancelsJob } from '../language/actionTable';
import type { JobPatch } from './actions/action';
import type { Job, PlannedAction } from './model';

/** The watcher that has a job cancelled first, and its reason. */
export type Cancellation = NonNullable<Job['cancelledBy']>;

/** The job after an outcome: what a person has cancelled stays cancelled by hand, whatever was under way meanwhile. */
export const patchJob = (job: Job, patch: JobPatch): Job => ({
  ...job,
  ...patch,
  ...(job.cancelledBy?.watcher === null ? { cancelledBy: job.cancelledBy } : {}),
});

export const isCancellation = ({ type }: PlannedAction): boolean => cancelsJob(type);

/** What these actions of a watcher do to their job; undefined if none of them cancels it. */
export function findCancellation(
  watcher: string,
  actions: readonly PlannedAction[],
): Cancellation | undefined {
  const reason = actions.find(isCancellation)?.params['reason'];
  if (reason === undefined && !actions.some(isCancellation)) return undefined;
  return { watcher, reason: typeof reason === 'string' ? reason : null };
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
  const { watcher } = cancellation;
  return `job ${id} is being cancelled already, by ${watcher === null ? 'hand' : `the watcher "${watcher}"`}`;
}
