// A job is submitted again once: whose resubmit came first, and how it stands to the other actions of its trigger.
import { resubmitsJob } from '../language/actionTable';
import { isCancellation } from './cancellation';
import type { Job, OutboxEntry } from './model';

type PlannedAction = OutboxEntry['actions'][number];

/** The watcher that has a job submitted again, while that is planned; null once it has begun. */
export interface Resubmission {
  readonly watcher: string | null;
  /** It is still to be done, and cancels the job once the new one is there. */
  readonly cancels: boolean;
}

export const isResubmission = ({ type }: Pick<PlannedAction, 'type'>): boolean => resubmitsJob(type);

/** What these actions of a watcher do to their job; undefined if none of them submits it again. */
export function findResubmission(
  watcher: string,
  actions: readonly PlannedAction[],
): Resubmission | undefined {
  const resubmit = actions.find(isResubmission);
  return resubmit && { watcher, cancels: resubmit.params['cancel_previous'] !== false };
}

/** Why one more resubmit of the job is left out; undefined if it is not. */
export function explainResubmitted({ id }: Job, resubmission: Resubmission | undefined): string | undefined {
  if (!resubmission) return undefined;
  return resubmission.watcher === null
    ? `job ${id} has been submitted again already`
    : `job ${id} is being submitted again already, by the watcher "${resubmission.watcher}"`;
}

/**
 * A cancel_job before a resubmit is the resubmit's own: it cancels the job once the new one is there. `whenCancelled`: told of each
 * that goes.
 */
export function joinCancellations(
  actions: readonly PlannedAction[],
  whenCancelled: (action: PlannedAction) => void,
): readonly PlannedAction[] {
  const at = actions.findIndex(isResubmission);
  const resubmit = actions[at];
  const cancels = actions.slice(0, Math.max(at, 0)).filter(isCancellation);
  const [first] = cancels;
  if (!resubmit || !first) return actions;
  cancels.forEach(whenCancelled);
  const { reason } = first.params;
  const params = { ...resubmit.params, cancel_previous: true, ...(reason === undefined ? {} : { reason }) };
  return actions
    .filter((action) => !cancels.includes(action))
    .map((action) => (action === resubmit ? { ...resubmit, params } : action));
}
