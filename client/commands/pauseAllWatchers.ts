// Pause All Watchers: every active one, of every job.
import { WatchError } from '../../engine/errors';
import { canPause } from '../../engine/rules';
import { count } from '../../engine/words';
import type { App } from '../app';
import { tellInStatusBar } from '../show/progress';

export async function pauseAllWatchers({ engine }: App): Promise<void> {
  const live = await engine.request('engine/watchers', { live: true });
  const watchers = live.filter(canPause).map(({ id }) => id);
  if (watchers.length === 0)
    throw new WatchError('not-found', 'There is no active watcher to pause.', 'The view Watchers shows all.');
  await engine.request('engine/pause', { watchers });
  tellInStatusBar('debug-pause', `${count(watchers.length, 'watcher')} paused`);
}
