// The engine's log file: an entry never looks like two, and there is a bound on its size.
import { appendFileSync, copyFileSync, statSync, truncateSync } from 'node:fs';
import { toLogEntry } from '../../language/show/log';
import type { WatchError } from '../errors';

/** Bytes; one former file of this size is kept beside it. */
const longestLog = 2 * 1024 * 1024;

/**
 * Writes at once, so that the last words of a dying process are kept. The file is emptied in place rather than renamed:
 * the process's own output goes to it as well. A log that cannot be written stops nothing.
 */
export function createLog(path: string, limit = longestLog): (line: string) => void {
  return (line) => {
    try {
      rotate(path, limit);
      appendFileSync(path, `${new Date().toISOString()} [${process.pid}] ${toLogEntry(line)}\n`, {
        mode: 0o600,
      });
    } catch {
      // Nothing is left to tell it to.
    }
  };
}

function rotate(path: string, limit: number): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < limit) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
}

/** With the stack of what caused it. */
export function describeError(error: WatchError): string {
  const cause = error.cause instanceof Error ? `\n${error.cause.stack ?? ''}` : '';
  return `${error.code}: ${error.message} ${error.remedy}${cause}`;
}
