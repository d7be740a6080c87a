// The files `generation-<n>` of a home: who is, or was, its n-th engine, where it listens and whether it lives.
import { open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './fileErrors';
import { parseRecord, type GenerationRecord } from './generationRecord';
import { judgeHolder, leaseMs, type HolderState } from './holder';
import { findProcess, identifyMachine } from './machine';

/** The newest generation of a home, as seen from here. */
export interface Sighting {
  readonly generation: number;
  /** Null where it cannot be read. */
  readonly record: GenerationRecord | null;
  readonly state: HolderState;
}

export function generationPath(home: string, generation: number): string {
  return join(home, `generation-${generation}`);
}

/** In rising order; none where the home does not exist. */
export async function listGenerations(home: string): Promise<readonly number[]> {
  const names = await readdir(home).catch(unlessMissing<string[]>([]));
  return names
    .flatMap((name) => /^generation-([1-9]\d{0,14})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
}

/** Null where no engine ever ran in this home. */
export async function sightNewest(home: string, lease = leaseMs): Promise<Sighting | null> {
  const newest = (await listGenerations(home)).at(-1);
  return newest === undefined ? null : sightGeneration(home, newest, lease);
}

/** Null where the file has vanished. */
export async function sightGeneration(
  home: string,
  generation: number,
  lease = leaseMs,
): Promise<Sighting | null> {
  const file = await readGeneration(home, generation);
  if (file === null) return null;
  const machine = identifyMachine();
  const judge = (age: number): HolderState =>
    judgeHolder(file.record, { machine, findProcess, age, leaseMs: lease });
  const state = judge(Date.now() - file.modified);
  const certain = state === 'gone' || state === 'here';
  return {
    generation,
    record: file.record,
    state: certain ? state : judge((await fileTime(home)) - file.modified),
  };
}

interface GenerationFile {
  readonly record: GenerationRecord | null;
  readonly modified: number;
}

/** Opening makes a network file system ask its server instead of its cache. */
async function readGeneration(home: string, generation: number): Promise<GenerationFile | null> {
  const file = await open(generationPath(home, generation)).catch(unlessMissing(null));
  if (file === null) return null;
  try {
    const modified = (await file.stat()).mtimeMs;
    return { record: parseRecord(await file.readFile('utf8')), modified };
  } finally {
    await file.close();
  }
}

/**
 * Now, by the clock of the machine that keeps the files: two machines' own clocks may differ by more than a lease. Where
 * nothing can be written, our own clock has to do.
 */
async function fileTime(home: string): Promise<number> {
  const probe = join(home, `.probe-${process.pid}-${Math.random().toString(36).slice(2)}`);
  try {
    await writeFile(probe, '?', { flag: 'wx', mode: 0o600 });
    const file = await open(probe);
    try {
      return (await file.stat()).mtimeMs;
    } finally {
      await file.close();
    }
  } catch {
    return Date.now();
  } finally {
    await rm(probe, { force: true });
  }
}

function unlessMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (isMissing(error)) return instead;
    throw error;
  };
}
