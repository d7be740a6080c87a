// Re-arm Watcher: one that has reached a limit watches again, with all its triggers and failures anew.
import { canRearm } from '../../engine/rules';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { askMissed } from '../missed';

export async function rearmWatcher(app: App, given: CommandArguments): Promise<void> {
  const jobs = new Map(
    (await app.engine.request('engine/jobs', { live: true })).map((job) => [job.key, job]),
  );
  const watchers = await chooseWatchers(app, given, {
    title: 'Re-arm Watchers',
    suits: (watcher) => canRearm(watcher, jobs.get(watcher.job)),
    none: 'There is no watcher to re-arm: only triggered, disabled and completed ones are, while their job lives.',
  });
  if (!watchers?.length) return;
  const missed = await askMissed('Re-arm Watchers');
  if (missed) await app.engine.request('engine/rearm', { watchers: watchers.map(({ id }) => id), missed });
}
