// What a trigger by hand would do beyond noting things down, in sentences that people read before they agree.
import { findActionRow } from '../language/actionTable';
import { describeOutside } from '../language/consentWords';
import type { TriggerPlan } from './protocol';

type PlannedAction = TriggerPlan['actions'][number];

/** Whether somebody has to agree first. */
export const isOutside = ({ actions }: Pick<TriggerPlan, 'actions'>): boolean =>
  actions.some((action) => action.isOutside);

/** One sentence for each action that reaches outside, in their order: `This cancels train (job 5) on big.` */
export const describeConsequences = ({ actions, job }: TriggerPlan): readonly string[] =>
  actions.filter((action) => action.isOutside).map((action) => `This ${describe(action, job)}.`);

function describe(action: PlannedAction, { id, name, cluster }: TriggerPlan['job']): string {
  const job = name === '' ? `job ${id}` : `${name} (job ${id})`;
  const what = describeOutside(action, { job: `${job} on ${cluster}`, cluster }) ?? `runs ${action.type}`;
  const message = action.params[findActionRow(action.type)?.outside?.message ?? ''];
  return typeof message === 'string' ? `${what}: ${message}` : what;
}
