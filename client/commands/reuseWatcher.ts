// Create Watcher from This One…: the builder with the definition of a watcher that is there, for another job or script.
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';

export async function reuseWatcher(app: App, given: CommandArguments): Promise<void> {
  const watchers = await chooseWatchers(app, given, {
    title: 'Create Watcher from This One',
    suits: () => true,
    none: 'There is no watcher to begin with.',
    canPickMany: false,
  });
  for (const { id, definition } of watchers ?? [])
    app.builders.open({ kind: 'watcher', watcher: id, name: definition.name, isCopy: true });
}
