// What a trigger by hand would do beyond noting things down, in sentences that people read before they agree.
import type { TriggerPlan } from './protocol';

type PlannedAction = TriggerPlan['actions'][number];

/** Whether somebody has to agree first. */
export const isOutside = ({ actions }: Pick<TriggerPlan, 'actions'>): boolean =>
  actions.some((action) => action.isOutside);

/** One sentence for each action that reaches outside, in their order: `This cancels train (job 5) on big.` */
export const describeConsequences = ({ actions, job }: TriggerPlan): readonly string[] =>
  actions.filter((action) => action.isOutside).map((action) => `This ${describe(action, job)}.`);

function describe({ type, params }: PlannedAction, { id, name, cluster }: TriggerPlan['job']): string {
  const text = (param: string): string | undefined => {
    const value = params[param];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const job = name === '' ? `job ${id}` : `${name} (job ${id})`;
  switch (type) {
    case 'cancel_job':
      return `cancels ${job} on ${cluster}`;
    case 'resubmit':
      return `submits ${job} on ${cluster} again`;
    case 'run_command':
      return `runs this command on ${cluster}: ${text('command') ?? ''}`;
    case 'notify_email':
      return `sends mail to ${text('to') ?? 'your address'}: ${text('message') ?? ''}`;
    case 'notify_slack':
      return `sends a message to Slack: ${text('message') ?? ''}`;
    default:
      return `runs ${type}`;
  }
}
