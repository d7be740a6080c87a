// Copy Watcher: its definition to the clipboard, as the directive that a script takes.
import { env } from 'vscode';
import { count } from '../../engine/words';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { tellInStatusBar } from '../show/progress';

export async function copyWatcher(app: App, given: CommandArguments): Promise<void> {
  const watchers = await chooseWatchers(app, given, {
    title: 'Copy Watchers',
    suits: () => true,
    none: 'There is no watcher to copy.',
  });
  if (!watchers?.length) return;
  const { toDirectives, toWatcherFile } = await import('../watcherTexts.js');
  const directives = toDirectives(watchers);
  await env.clipboard.writeText(directives ?? toWatcherFile(watchers));
  const form = directives === undefined ? 'JSON, because no directive can express it' : 'directive';
  tellInStatusBar('copy', `${count(watchers.length, 'watcher')} copied as ${form}`);
}
