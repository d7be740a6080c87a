// Resume Watcher: asks what shall become of the output that was printed meanwhile.
import { window } from 'vscode';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commands';

const answers = [
  { label: 'Match what was printed meanwhile', missed: 'match' },
  { label: 'Skip what was printed meanwhile', missed: 'skip' },
] as const;

export async function resumeWatcher(app: App, given: CommandArguments): Promise<void> {
  const watchers = await chooseWatchers(app, given, {
    title: 'Resume Watchers',
    suits: ({ progress }) => progress.state === 'paused',
    none: 'There is no paused watcher to resume.',
  });
  if (!watchers?.length) return;
  const answer = await window.showQuickPick(answers, { title: 'Resume Watchers' });
  if (!answer) return;
  await app.engine.request('engine/resume', {
    watchers: watchers.map(({ id }) => id),
    missed: answer.missed,
  });
}
