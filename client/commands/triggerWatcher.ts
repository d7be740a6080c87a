// Trigger Now: watchers act on the last match in the output as it is now; what reaches outside is shown and asked about.
import { describeConsequences, isOutside } from '../../engine/consequences';
import type { TriggerPlan } from '../../engine/protocol';
import { canTrigger } from '../../engine/rules';
import { toOneLine } from '../../engine/words';
import { cancelsJob, findActionRow } from '../../language/actionTable';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { askInDialog, showMessage } from '../show/messages';

export async function triggerWatcher(app: App, given: CommandArguments): Promise<void> {
  const jobs = new Map((await app.engine.request('engine/jobs', {})).map((job) => [job.key, job]));
  const chosen = await chooseWatchers(app, given, {
    title: 'Trigger Watchers Now',
    suits: (watcher) => canTrigger(watcher, jobs.get(watcher.job)),
    none: 'There is no watcher to trigger.',
  });
  if (!chosen?.length) return;
  const watchers = chosen.map(({ id }) => id);
  const plans = await app.engine.request('engine/planTrigger', { watchers });
  if (!(await mayTrigger(plans))) return;
  await app.engine.request('engine/trigger', { watchers, agreed: plans });
  const [idle] = plans.filter(({ nothing }) => nothing !== null);
  if (idle) void showMessage('info', describeIdle(idle));
}

/** What reaches outside is said first, with its final texts. */
async function mayTrigger(plans: readonly TriggerPlan[]): Promise<boolean> {
  const reaching = plans.filter(isOutside);
  if (reaching.length === 0) return true;
  const actions = reaching.flatMap((plan) => plan.actions.filter((action) => action.isOutside));
  const cancels = actions.every(({ type }) => cancelsJob(type));
  const trigger = cancels ? 'Trigger and Cancel Job' : 'Trigger Now';
  const detail = reaching.flatMap(describePlan).join('\n');
  const message = reaching.flatMap(describeConsequences).join('\n');
  return (await askInDialog(message, detail, trigger)) === trigger;
}

function describePlan({ name, matchedText, actions }: TriggerPlan): readonly string[] {
  const match = matchedText === null ? [] : [`"${name}" has matched: ${toOneLine(matchedText)}`];
  const texts = actions.flatMap(({ type, params, isOutside: reaches }) => {
    const text = params[findActionRow(type)?.params[0]?.name ?? ''];
    return reaches && typeof text === 'string' ? [`${type}: ${toOneLine(text)}`] : [];
  });
  return [...match, ...texts];
}

const describeIdle = ({ name, nothing }: TriggerPlan): string =>
  `"${name}" did nothing: ${toOneLine(nothing ?? '')}.`;
