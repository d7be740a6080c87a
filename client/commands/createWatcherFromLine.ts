// Make a Watcher from This Line, in the menu of an output: the builder begins with that line.
import { commands } from 'vscode';
import { WatchError } from '../../engine/errors';
import type { App } from '../app';
import type { CommandArguments } from '../commandArguments';
import { readMenuContext } from '../panels/menuContext';

const builder = 'slurmWatchers.createWatcher';

export async function createWatcherFromLine(_app: App, given: CommandArguments): Promise<void> {
  const { cluster, job, title, stream, text, above } = readMenuContext(given);
  if (!(await commands.getCommands(true)).includes(builder))
    throw new WatchError(
      'unsupported',
      'This version cannot make a watcher from a line.',
      'Write a #WATCHER line in the script.',
    );
  await commands.executeCommand(builder, { cluster, job, title, stream, text, above });
}
