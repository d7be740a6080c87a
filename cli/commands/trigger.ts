// slurm-watchers trigger: shows what watchers would do by hand, asks about what reaches outside, and has them do it.
import type { Command } from 'commander';
import { describeConsequences, isOutside } from '../../engine/consequences';
import { WatchError } from '../../engine/errors';
import type { TriggerPlan } from '../../engine/protocol';
import { canTrigger, explainNoTrigger } from '../../engine/rules';
import { toPlanJson } from '../json';
import type { Context } from './command';
import { addWatcherWish, type ChoiceOptions } from './watcherWishes';

interface TriggerOptions extends ChoiceOptions {
  readonly yes?: true;
  readonly dryRun?: true;
}

export function addTrigger(program: Command, context: Context): void {
  addWatcherWish<TriggerOptions>(program, context, {
    name: 'trigger',
    description:
      'have watchers act now, on the last match in the output for which their condition holds; shows what they would do',
    example: 'k3v9',
    isMeant: canTrigger,
    explain: explainNoTrigger,
    ask: async (link, watchers, options) => {
      const plans = await link.request('engine/planTrigger', { watchers });
      if (options.dryRun) {
        if (options.json) context.output.json(plans.map(toPlanJson), 'pretty');
        else for (const line of plans.flatMap(printPlan)) context.output.line(line);
        return 'shown';
      }
      for (const line of plans.flatMap(printPlan)) context.output.note(line);
      if (!options.yes && !(await isAgreed(plans, context))) return 'declined';
      return link.request('engine/trigger', { watchers, agreed: plans });
    },
  })
    .option('--yes', 'do it without asking')
    .option('--dry-run', 'only show what they would do');
}

/** Throws needs-consent if nobody can be asked. */
async function isAgreed(plans: readonly TriggerPlan[], context: Context): Promise<boolean> {
  const consequences = plans.filter(isOutside).flatMap(describeConsequences);
  if (consequences.length === 0) return true;
  if (context.canAsk) for (const line of consequences) context.output.note(line);
  const said = context.canAsk ? await context.confirm('Trigger? [y/N]') : null;
  if (said === null)
    throw new WatchError(
      'needs-consent',
      `Nothing was done, as nobody has agreed yet: ${consequences.join(' ')}`,
      'Confirm with --yes, or only look at it with --dry-run.',
    );
  if (!said) context.output.note('Nothing was done.');
  return said;
}

/** One line for the match, and one for each action with its final text. */
function printPlan(plan: TriggerPlan): readonly string[] {
  const who = `${plan.watcher} ${plan.name}`;
  if (plan.nothing !== null) return [`${who}: does nothing: ${plan.nothing}`];
  const cause = plan.matchedText === null ? '' : ` on ${JSON.stringify(plan.matchedText)}`;
  const lines = [
    ...plan.actions.map(({ type, params }) => {
      const final = Object.entries(params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
      return `${type}(${final.join(', ')})`;
    }),
    ...plan.leftOut.map((text) => `not ${text}`),
  ];
  return [`${who} acts${cause}:`, ...(lines.length === 0 ? ['nothing'] : lines).map((line) => `  ${line}`)];
}
