// Trigger Now: runs the actions of watchers at once, with their last match; what cannot be taken back is asked for.
import type { Watcher } from '../../engine/model';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { describePowers } from '../powers';
import { askInDialog } from '../show/messages';
import { count } from '../words';

export async function triggerWatcher(app: App, given: CommandArguments): Promise<void> {
  const jobs = await app.engine.request('engine/jobs', {});
  const arrays = new Set(jobs.filter(({ isArray }) => isArray).map(({ key }) => key));
  const watchers = await chooseWatchers(app, given, {
    title: 'Trigger Watchers Now',
    suits: ({ job }) => !arrays.has(job),
    none: 'There is no watcher to trigger.',
  });
  if (!watchers?.length || !(await mayTrigger(watchers))) return;
  await app.engine.request('engine/trigger', { watchers: watchers.map(({ id }) => id) });
}

async function mayTrigger(watchers: readonly Watcher[]): Promise<boolean> {
  const [first] = watchers;
  const powers = describePowers(watchers);
  if (!first || powers.length === 0) return true;
  const what =
    watchers.length === 1 ? `the watcher "${first.definition.name}"` : count(watchers.length, 'watcher');
  const trigger = 'Trigger Now';
  return (await askInDialog(`Trigger ${what} now?`, powers.join('\n'), trigger)) === trigger;
}
