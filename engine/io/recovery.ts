// What the store's files add up to: the newest good snapshot and the journals after it, up to the first damage.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../errors';
import { findSystemCode } from './diskError';
import { readJournal, type JournalContent, type Predecessor } from './journal';
import { readSnapshot } from './snapshot';
import { comparePlaces, journalName, listStoreFiles, snapshotName, type Place } from './storeFiles';

export interface Recovery {
  readonly snapshot: { readonly place: Place; readonly image: Uint8Array } | null;
  /** Texts of the commits after the snapshot, in order. */
  readonly commits: readonly string[];
  /** How much of the journals counts, in bytes, and how many they are. */
  readonly journalBytes: number;
  readonly journals: number;
  /** What the next journal follows. */
  readonly last: Predecessor | null;
  readonly damage: Damage;
}

export interface Damage {
  /** Sentences for people. */
  readonly trouble: readonly string[];
  /** Files that are damaged, or that come after a damage and cannot count: to be kept aside. */
  readonly files: readonly string[];
  /** Whether anything that comes after the commits was left out, so that the files no longer add up by themselves. */
  readonly broken: boolean;
}

/**
 * Files of greater numbers than the generation before had, if they follow from nothing that is here: somebody put them there.
 * Where nothing else is, they are the store, brought here from a copy.
 */
export function findStrays(directory: string, former: number | undefined): readonly string[] {
  const { journals, snapshots } = listStoreFiles(directory);
  const isKnown = (place: Place): boolean => former === undefined || place.generation <= former;
  if (![...journals, ...snapshots].some(isKnown)) return [];
  const linked: Place[] = journals.filter(isKnown);
  const has = (place: Place): boolean => linked.some((one) => comparePlaces(one, place) === 0);
  const strays = journals.filter((place) => {
    if (isKnown(place)) return false;
    const follows = readJournal(directory, place).follows?.place;
    if (
      !follows ||
      !(has(follows) || snapshots.some((one) => isKnown(one) && comparePlaces(one, follows) === 0))
    )
      return true;
    linked.push(place);
    return false;
  });
  return [
    ...strays.map(journalName),
    ...snapshots.filter((place) => !isKnown(place) && !has(place)).map(snapshotName),
  ];
}

/** A journal of the chain, or one that should be there and is not. */
interface Link {
  readonly place: Place;
  readonly content: JournalContent | null;
}

/**
 * Reads and changes nothing; strays are left out. Throws store-damaged where there is no whole beginning to start from, and what the file
 * system throws.
 */
export function recover(directory: string, strays: readonly string[] = []): Recovery {
  for (let attempt = 1; ; attempt++) {
    try {
      return recoverOnce(directory, strays);
    } catch (error) {
      // A predecessor that is still alive may remove what its newest snapshot replaces between our list and our look.
      if (findSystemCode(error) !== 'ENOENT' || attempt === 5) throw error;
    }
  }
}

function recoverOnce(directory: string, strays: readonly string[]): Recovery {
  const files = listStoreFiles(directory);
  const journals = files.journals.filter((place) => !strays.includes(journalName(place)));
  const snapshots = files.snapshots.filter((place) => !strays.includes(snapshotName(place)));
  const damaged: Place[] = [];
  for (const place of [...snapshots].reverse()) {
    const image = readSnapshot(directory, place);
    if (image) return addUp({ place, image }, damaged, readChain(directory, journals, place));
    damaged.push(place);
  }
  const chain = readChain(directory, journals, null);
  const hasBeginning = chain.length > 0 ? chain[0]?.content !== null : damaged.length === 0;
  if (!hasBeginning) throw noBeginning(directory, damaged.map(snapshotName));
  return addUp(null, damaged, chain);
}

/** From the newest journal back, each as far as its successor had read it, to the one where the snapshot ends. */
function readChain(directory: string, journals: readonly Place[], start: Place | null): Link[] {
  const chain: Link[] = [];
  let rest = [...journals];
  let limit = Infinity;
  for (let place = rest.at(-1); place && (!start || comparePlaces(place, start) >= 0);) {
    const at: Place = place;
    rest = rest.filter((other) => comparePlaces(other, at) < 0);
    const isThere = existsSync(join(directory, journalName(at)));
    const content = isThere ? readJournal(directory, at, limit) : null;
    const neverBegun = content?.follows === undefined && content?.fault !== 'damaged';
    if (!content && start && comparePlaces(at, start) === 0 && limit === 0) break;
    if (!(content && neverBegun)) chain.unshift({ place: at, content });
    if (!content) break;
    place = content.follows === undefined ? rest.at(-1) : content.follows?.place;
    limit = content.follows?.length ?? Infinity;
  }
  return chain;
}

function addUp(snapshot: Recovery['snapshot'], damaged: readonly Place[], chain: readonly Link[]): Recovery {
  const trouble = damaged.map(
    (place) =>
      `${snapshotName(place)} is damaged; the snapshot before it and the journals were used instead.`,
  );
  const files = damaged.map(snapshotName);
  const commits: string[] = [];
  let journalBytes = 0;
  let last: Predecessor | null = snapshot && { place: snapshot.place, length: 0 };
  let broken = false;
  for (const { place, content } of chain) {
    const name = journalName(place);
    if (content && broken) {
      trouble.push(`${name} comes after the damage and was not used.`);
      files.push(name);
    } else if (content) {
      for (const commit of content.commits) commits.push(commit);
      journalBytes += content.length;
      last = { place, length: content.length };
      if (content.fault !== 'damaged') continue;
      trouble.push(`${name} is damaged after ${content.length} bytes; what follows was not used.`);
      files.push(name);
      broken = true;
    } else {
      trouble.push(`${name} is missing; what followed was not used.`);
      broken = true;
    }
  }
  return {
    snapshot,
    commits,
    journalBytes,
    journals: chain.length,
    last,
    damage: { trouble, files, broken },
  };
}

const noBeginning = (directory: string, damaged: readonly string[]): WatchError =>
  new WatchError(
    'store-damaged',
    `The store in ${directory} has no whole beginning: ${[...damaged, 'a journal'].join(', ')} cannot be used.`,
    `Bring the files of ${directory} back from a copy, or move its journal-* and snapshot-* files elsewhere to begin anew.`,
  );
