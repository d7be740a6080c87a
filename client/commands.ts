// The table of commands: the last word of a command's id is its file in commands/.
import { commands, Disposable } from 'vscode';
import type { App } from './app';
import { addCluster } from './commands/addCluster';
import { cancelJob } from './commands/cancelJob';
import { openExample } from './commands/openExample';
import { pauseWatcher } from './commands/pauseWatcher';
import { refreshClusters } from './commands/refreshClusters';
import { removeWatcher } from './commands/removeWatcher';
import { resumeWatcher } from './commands/resumeWatcher';
import { revealDirective } from './commands/revealDirective';
import { showLog } from './commands/showLog';
import { showOutput } from './commands/showOutput';
import { signIn } from './commands/signIn';
import { submitWithWatchers } from './commands/submitWithWatchers';
import { guard } from './errorBoundary';

/** What VS Code hands over: a node and the selection from a tree, a URI from an editor's title, nothing from the palette. */
export type CommandArguments = readonly unknown[];

const table: Readonly<Record<string, (app: App, given: CommandArguments) => Promise<void>>> = {
  addCluster,
  cancelJob,
  openExample,
  pauseWatcher,
  refreshClusters,
  removeWatcher,
  resumeWatcher,
  revealDirective,
  showLog,
  showOutput,
  signIn,
  submitWithWatchers,
};

export const registerCommands = (app: App): Disposable =>
  Disposable.from(
    ...Object.entries(table).map(([name, run]) =>
      commands.registerCommand(`slurmWatchers.${name}`, (...given: CommandArguments) =>
        guard(app.log, () => run(app, given)),
      ),
    ),
  );
