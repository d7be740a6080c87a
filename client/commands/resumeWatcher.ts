// Resume Watcher: asks what shall become of the output that was printed meanwhile.
import { canResume } from '../../engine/rules';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { askMissed } from '../missed';

export async function resumeWatcher(app: App, given: CommandArguments): Promise<void> {
  const watchers = await chooseWatchers(app, given, {
    title: 'Resume Watchers',
    suits: canResume,
    none: 'There is no paused watcher to resume.',
  });
  if (!watchers?.length) return;
  const missed = await askMissed('Resume Watchers');
  if (missed) await app.engine.request('engine/resume', { watchers: watchers.map(({ id }) => id), missed });
}
