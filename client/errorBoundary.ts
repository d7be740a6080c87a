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

const mostLines = 8;

/** What a program has printed may be long: the log has all of it. */
function shorten(message: string): string {
  const lines = message.split('\n');
  return lines.length <= mostLines ? message : [...lines.slice(0, mostLines), '…'].join('\n');
}

export function tellError(log: Log, thrown: unknown): void {
  const error = toWatchError(thrown);
  const { cause } = error;
  const why = cause instanceof Error ? `\n${cause.stack ?? cause.message}` : '';
  log.error(`${error.code}: ${error.message}${why}`);
  const showLog = 'Show Log';
  void showMessage('error', `${shorten(error.message)} ${error.remedy}`, showLog).then(
    (chosen) => chosen === showLog && commands.executeCommand('slurmWatchers.showLog'),
  );
}
