// Pause Watcher: what is printed from now on is not matched until it is resumed.
import { canPause } from '../../engine/rules';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';

export async function pauseWatcher(app: App, given: CommandArguments): Promise<void> {
  const watchers = await chooseWatchers(app, given, {
    title: 'Pause Watchers',
    suits: canPause,
    none: 'There is no active watcher to pause.',
  });
  if (watchers?.length) await app.engine.request('engine/pause', { watchers: watchers.map(({ id }) => id) });
}
