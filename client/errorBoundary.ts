// The one place that turns an error into words for a person: what happened, and what to do.
import { commands } from 'vscode';
import { toWatchError } from '../engine/errors';
import type { Log } from './log';
import { showMessage } from './show/messages';

/** Runs a person's wish; never rejects. */
export async function guard(log: Log, wish: () => unknown): Promise<void> {
  try {
    await wish();
  } catch (thrown) {
    tellError(log, thrown);
  }
}

export function tellError(log: Log, thrown: unknown): void {
  const error = toWatchError(thrown);
  const { cause } = error;
  const why = cause instanceof Error ? `\n${cause.stack ?? cause.message}` : '';
  log.error(`${error.code}: ${error.message}${why}`);
  const showLog = 'Show Log';
  void showMessage('error', `${error.message} ${error.remedy}`, showLog).then(
    (chosen) => chosen === showLog && commands.executeCommand('slurmWatchers.showLog'),
  );
}
