// The one place that turns an error into words for a person: what happened, and what to do.
import { commands, window, type LogOutputChannel } from 'vscode';
import { toWatchError } from '../engine/errors';

/** Runs a person's wish; never rejects. */
export async function guard(log: LogOutputChannel, wish: () => unknown): Promise<void> {
  try {
    await wish();
  } catch (thrown) {
    tellError(log, thrown);
  }
}

export function tellError(log: LogOutputChannel, thrown: unknown): void {
  const error = toWatchError(thrown);
  const { cause } = error;
  log.error(`${error.code}: ${error.message}`, cause instanceof Error ? (cause.stack ?? cause.message) : '');
  const showLog = 'Show Log';
  void window
    .showErrorMessage(`${error.message} ${error.remedy}`, showLog)
    .then((chosen) => chosen === showLog && commands.executeCommand('slurmWatchers.showLog'));
}
