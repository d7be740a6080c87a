// Make a Watcher from This Line, in the menu of an output: the builder begins with that line.
import type { App } from '../app';
import type { CommandArguments } from '../commandArguments';
import { readMenuContext } from '../panels/menuContext';
import { createWatcher } from './createWatcher';

export function createWatcherFromLine(app: App, given: CommandArguments): Promise<void> {
  const { cluster, job, title, stream, text, above } = readMenuContext(given);
  return createWatcher(app, [{ cluster, job, title, stream, text, above }]);
}
