// Remove Watcher: ends its watching for good; its events stay.
import { count } from '../../engine/words';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { askInDialog } from '../show/messages';

export async function removeWatcher(app: App, given: CommandArguments): Promise<void> {
  const watchers = await chooseWatchers(app, given, {
    title: 'Remove Watchers',
    suits: () => true,
    none: 'There is no watcher to remove.',
  });
  const [first] = watchers ?? [];
  if (!watchers || !first) return;
  const what =
    watchers.length === 1 ? `the watcher "${first.definition.name}"` : count(watchers.length, 'watcher');
  const detail = 'It no longer watches the job. What it recorded so far stays.';
  const remove = 'Remove';
  const answer = await askInDialog(`Remove ${what}?`, detail, remove);
  if (answer === remove)
    await app.engine.request('engine/remove', { watchers: watchers.map(({ id }) => id) });
}
