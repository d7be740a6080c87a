// The table of commands: the last word of a command's id is its file in commands/.
import { commands, Disposable } from 'vscode';
import type { App } from './app';
import type { CommandArguments } from './commandArguments';
import { addCluster } from './commands/addCluster';
import { addToChart } from './commands/addToChart';
import { attachWatchers } from './commands/attachWatchers';
import { cancelJob } from './commands/cancelJob';
import { copyOutput } from './commands/copyOutput';
import { compareMetrics } from './commands/compareMetrics';
import { copyMetricValue } from './commands/copyMetricValue';
import { copyWatcher } from './commands/copyWatcher';
import { copyWatcherAsJson } from './commands/copyWatcherAsJson';
import { createWatcherFromLine } from './commands/createWatcherFromLine';
import { createWatcher } from './commands/createWatcher';
import { editWatcher } from './commands/editWatcher';
import { exportMetrics } from './commands/exportMetrics';
import { openExample } from './commands/openExample';
import { pauseAllWatchers } from './commands/pauseAllWatchers';
import { pauseWatcher } from './commands/pauseWatcher';
import { rearmWatcher } from './commands/rearmWatcher';
import { refreshClusters } from './commands/refreshClusters';
import { removeWatcher } from './commands/removeWatcher';
import { resumeAllWatchers } from './commands/resumeAllWatchers';
import { resumeWatcher } from './commands/resumeWatcher';
import { reuseWatcher } from './commands/reuseWatcher';
import { revealDirective } from './commands/revealDirective';
import { setMailPassword } from './commands/setMailPassword';
import { setSlackWebhook } from './commands/setSlackWebhook';
import { showAllEvents } from './commands/showAllEvents';
import { showEvents } from './commands/showEvents';
import { showLog } from './commands/showLog';
import { showMetrics } from './commands/showMetrics';
import { showOutput } from './commands/showOutput';
import { signIn } from './commands/signIn';
import { submitWithWatchers } from './commands/submitWithWatchers';
import { testPatterns } from './commands/testPatterns';
import { testPatternsOnSelection } from './commands/testPatternsOnSelection';
import { triggerWatcher } from './commands/triggerWatcher';
import { withdrawConsent } from './commands/withdrawConsent';
import { guard } from './errorBoundary';

const table: Readonly<Record<string, (app: App, given: CommandArguments) => Promise<void>>> = {
  addCluster,
  addToChart,
  attachWatchers,
  cancelJob,
  copyOutput,
  compareMetrics,
  copyMetricValue,
  copyWatcher,
  copyWatcherAsJson,
  createWatcherFromLine,
  createWatcher,
  editWatcher,
  exportMetrics,
  openExample,
  pauseAllWatchers,
  pauseWatcher,
  rearmWatcher,
  refreshClusters,
  removeWatcher,
  resumeAllWatchers,
  resumeWatcher,
  reuseWatcher,
  revealDirective,
  setMailPassword,
  setSlackWebhook,
  showAllEvents,
  showEvents,
  showLog,
  showMetrics,
  showOutput,
  signIn,
  submitWithWatchers,
  testPatterns,
  testPatternsOnSelection,
  triggerWatcher,
  withdrawConsent,
};

export const registerCommands = (app: App): Disposable =>
  Disposable.from(
    ...Object.entries(table).map(([name, run]) =>
      commands.registerCommand(`slurmWatchers.${name}`, (...given: CommandArguments) =>
        guard(app.log, () => run(app, given)),
      ),
    ),
  );
