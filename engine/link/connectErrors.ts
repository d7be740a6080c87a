// Why there is no connection to an engine, in words that say what to do.
import { sep } from 'node:path';
import { WatchError } from '../errors';
import type { GenerationRecord } from './generationRecord';
import type { Sighting } from './generations';
import { homePaths } from './home';

export function noneRuns(): WatchError {
  return new WatchError(
    'engine-unreachable',
    'No engine is running.',
    'Start one: slurm-watchers engine start',
  );
}

export function isElsewhere({ machine, beat }: GenerationRecord): WatchError {
  return new WatchError(
    'engine-unreachable',
    `The engine of this home runs on ${machine.name} (last heard of at ${beat}).`,
    `Work on ${machine.name}, or end it there: slurm-watchers engine stop. A minute after it dies, it can be started here.`,
  );
}

export function doesNotAnswer(newest: Sighting | null, home: string): WatchError {
  const record = newest?.record;
  const who = record ? `The engine (process ${record.pid} on ${record.machine.name})` : 'The engine';
  const remedy = record ? `End process ${record.pid}; the next start goes on from what is stored. ` : '';
  return new WatchError(
    'engine-unreachable',
    `${who} does not answer.`,
    `${remedy}${homePaths(home).log} may say more.`,
  );
}

const homeRemedies: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on its disk',
  EDQUOT: 'Your quota is used up: free some space',
  EROFS: 'Make it writable for yourself',
  EACCES: 'Make it writable for yourself',
  EPERM: 'Make it writable for yourself',
  ENOTDIR: 'A file is in its place: remove it',
  EEXIST: 'A file is in its place: remove it',
};

/** What the system says of files in the home, as `engine-unreachable` with its remedy; anything else as it is. */
export function explainHome(thrown: unknown, home: string): unknown {
  if (thrown instanceof WatchError || !(thrown instanceof Error)) return thrown;
  const { code, syscall, path, message } = thrown as NodeJS.ErrnoException;
  const isOfHome = path === undefined || `${path}${sep}`.startsWith(`${home}${sep}`);
  if (code === undefined || syscall === undefined || !isOfHome) return thrown;
  return new WatchError(
    'engine-unreachable',
    `The engine's directory ${home} cannot be used: ${message}.`,
    `${homeRemedies[code] ?? 'Look at the disk that holds it'}, or set SLURM_WATCHERS_HOME to another directory.`,
    thrown,
  );
}
