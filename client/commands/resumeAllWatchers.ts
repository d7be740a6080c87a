// Resume All Watchers: every paused one, of every job; asked once what shall become of what was printed meanwhile.
import { WatchError } from '../../engine/errors';
import { canResume } from '../../engine/rules';
import { count } from '../../engine/words';
import type { App } from '../app';
import { askMissed } from '../missed';
import { tellInStatusBar } from '../show/progress';

export async function resumeAllWatchers({ engine }: App): Promise<void> {
  const live = await engine.request('engine/watchers', { live: true });
  const watchers = live.filter(canResume).map(({ id }) => id);
  if (watchers.length === 0)
    throw new WatchError(
      'not-found',
      'There is no paused watcher to resume.',
      'The view Watchers shows all.',
    );
  const missed = await askMissed('Resume All Watchers');
  if (!missed) return;
  await engine.request('engine/resume', { watchers, missed });
  tellInStatusBar('debug-continue', `${count(watchers.length, 'watcher')} resumed`);
}
