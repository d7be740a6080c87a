// What the file system says, as an error of the engine with what a person can do about it.
import { WatchError } from '../errors';

const remedies: Readonly<Record<string, (directory: string) => string>> = {
  ENOSPC: (directory) => `Free some space on the disk of ${directory}; watching goes on and tries again.`,
  EDQUOT: (directory) =>
    `Your quota is used up: free some space in ${directory}; watching goes on and tries again.`,
  EFBIG: (directory) => `Raise the limit on file sizes, or free some space in ${directory}.`,
  EROFS: (directory) => `Make ${directory} writable.`,
  EACCES: (directory) => `Make ${directory} readable and writable for yourself.`,
  EPERM: (directory) => `Make ${directory} readable and writable for yourself.`,
};

/** `store-unavailable` for whatever went wrong with the files in `directory`; an error of ours stays as it is. */
export function toDiskError(thrown: unknown, directory: string): WatchError {
  if (thrown instanceof WatchError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const remedy =
    remedies[findSystemCode(thrown) ?? '']?.(directory) ?? `Check the disk that holds ${directory}.`;
  return new WatchError('store-unavailable', `The store could not be used: ${message}`, remedy, thrown);
}

/** `ENOENT` and its like, where the system gave one. */
export function findSystemCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
