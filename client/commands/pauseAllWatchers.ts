// Pause All Watchers: every active one, of every job.
import { WatchError } from '../../engine/errors';
import type { App } from '../app';
import { tellInStatusBar } from '../show/progress';
import { count } from '../words';

export async function pauseAllWatchers({ engine }: App): Promise<void> {
  const live = await engine.request('engine/watchers', { live: true });
  const watchers = live.filter(({ progress }) => progress.state === 'active').map(({ id }) => id);
  if (watchers.length === 0)
    throw new WatchError('not-found', 'There is no active watcher to pause.', 'The view Watchers shows all.');
  await engine.request('engine/pause', { watchers });
  tellInStatusBar('debug-pause', `${count(watchers.length, 'watcher')} paused`);
}
