// Why there is no connection to an engine, in words that say what to do.
import { WatchError } from '../errors';
import type { GenerationRecord, Sighting } from './generations';
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
