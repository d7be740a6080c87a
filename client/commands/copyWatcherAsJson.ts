// Copy Watcher as JSON: its definition to the clipboard, as a watcher file has it.
import { env } from 'vscode';
import { count } from '../../engine/words';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { tellInStatusBar } from '../show/progress';

export async function copyWatcherAsJson(app: App, given: CommandArguments): Promise<void> {
  const watchers = await chooseWatchers(app, given, {
    title: 'Copy Watchers as JSON',
    suits: () => true,
    none: 'There is no watcher to copy.',
  });
  if (!watchers?.length) return;
  const { toWatcherFile } = await import('../watcherTexts.js');
  await env.clipboard.writeText(toWatcherFile(watchers));
  tellInStatusBar('copy', `${count(watchers.length, 'watcher')} copied as JSON`);
}
