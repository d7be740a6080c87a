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
  // What is no file was not written by a store, and may not even let itself be read.
  const names = readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : [],
  );
  return {
    journals: findPlaces(names, /^journal-(\d{1,15})(?:-(\d{1,15}))?$/),
    snapshots: findPlaces(names, /^snapshot-(\d{1,15})(?:-(\d{1,15}))?\.sqlite$/),
    unfinished: findPlaces(names, /^snapshot-(\d{1,15})(?:-(\d{1,15}))?\.sqlite\.tmp$/),
  };
}

/**
 * The greatest generation that has been taken; 0 where none was. It is the fence: an engine takes its generation by the
 * exclusive creation of `generation-<n>` before it reads anything.
 */
export function findNewestGeneration(home: string): number {
  return Math.max(0, ...listGenerations(home));
}

/** The generation before this one that left a file; undefined if none did. */
export function findFormerGeneration(home: string, generation: number): number | undefined {
  return listGenerations(home)
    .filter((one) => one < generation)
    .sort((one, other) => other - one)[0];
}

/** Numbers that JavaScript can count with. */
const numbers = String.raw`\d{1,15}`;
const generationShape = new RegExp(`^generation-(${numbers})$`);

const listGenerations = (home: string): readonly number[] =>
  readdirSync(home).flatMap((name) =>
    name.startsWith('generation-') ? Number(generationShape.exec(name)?.[1] ?? 0) : [],
  );

function findPlaces(names: readonly string[], shape: RegExp): Place[] {
  return names
    .flatMap((name) => {
      const match = shape.exec(name);
      return match ? [{ generation: Number(match[1]), part: Number(match[2] ?? 0) }] : [];
    })
    .sort(comparePlaces);
}
