// The names and the order of the store's files, and the fence: who may still write them.
import { readdirSync } from 'node:fs';

/**
 * A point in the history of a store: the generation of the engine that wrote, and the part of its journal. The snapshot of
 * a place holds everything before the journal of that place.
 */
export interface Place {
  readonly generation: number;
  readonly part: number;
}

export const comparePlaces = (a: Place, b: Place): number => a.generation - b.generation || a.part - b.part;

const printPlace = ({ generation, part }: Place): string => `${generation}${part > 0 ? `-${part}` : ''}`;

export const journalName = (place: Place): string => `journal-${printPlace(place)}`;
export const snapshotName = (place: Place): string => `snapshot-${printPlace(place)}.sqlite`;
/** What a snapshot is called while it is written. */
export const temporaryName = (place: Place): string => `${snapshotName(place)}.tmp`;

export interface StoreFiles {
  /** In rising order. */
  readonly journals: readonly Place[];
  /** In rising order. */
  readonly snapshots: readonly Place[];
  /** Snapshots that were never finished. */
  readonly unfinished: readonly Place[];
}

export function listStoreFiles(directory: string): StoreFiles {
  const names = readdirSync(directory);
  return {
    journals: findPlaces(names, /^journal-(\d+)(?:-(\d+))?$/),
    snapshots: findPlaces(names, /^snapshot-(\d+)(?:-(\d+))?\.sqlite$/),
    unfinished: findPlaces(names, /^snapshot-(\d+)(?:-(\d+))?\.sqlite\.tmp$/),
  };
}

/**
 * The greatest generation that has been taken; 0 where none was. It is the fence: an engine takes its generation by the
 * exclusive creation of `generation-<n>` before it reads anything.
 */
export function findNewestGeneration(home: string): number {
  let newest = 0;
  for (const name of readdirSync(home))
    if (name.startsWith('generation-'))
      newest = Math.max(newest, Number(/^generation-(\d+)$/.exec(name)?.[1] ?? 0));
  return newest;
}

function findPlaces(names: readonly string[], shape: RegExp): Place[] {
  return names
    .flatMap((name) => {
      const match = shape.exec(name);
      return match ? [{ generation: Number(match[1]), part: Number(match[2] ?? 0) }] : [];
    })
    .sort(comparePlaces);
}
