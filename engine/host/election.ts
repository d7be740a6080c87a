// Makes this process the engine of a home, or says who is: one generation after the other, each by one exclusive create.
import { link, open, readdir, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { hasCode } from '../link/fileErrors';
import { printRecord, type GenerationRecord } from '../link/generationRecord';
import { generationPath, listGenerations, sightNewest, type Sighting } from '../link/generations';

export type Candidate = Omit<GenerationRecord, 'generation'>;

export type Election =
  | { readonly kind: 'won'; readonly record: GenerationRecord }
  | { readonly kind: 'held'; readonly by: Sighting };

/**
 * The engine of generation n writes only while there is no file of generation n+1, so winning shuts out whoever held the
 * former one, even where that process wakes up again. Rejects where the home cannot be written.
 */
export async function takeGeneration(home: string, candidate: Candidate, leaseMs: number): Promise<Election> {
  for (;;) {
    const newest = await sightNewest(home, leaseMs);
    if (newest?.state === 'here' || newest?.state === 'elsewhere') return { kind: 'held', by: newest };
    const generation = Math.max(newest?.generation ?? 0, await findNewestStored(home)) + 1;
    const record = { generation, ...candidate };
    if (!(await createExclusively(home, record))) continue;
    if ((await listGenerations(home)).at(-1) === generation) return { kind: 'won', record };
    // Others took this number and higher ones, and swept this one away, while we were asleep between looking and creating.
    await rm(generationPath(home, generation), { force: true });
  }
}

/**
 * The greatest number of the store's files. They are those of generations that were taken, unless a store was brought here from
 * a copy, or `generation-<n>` was removed: an engine of a lesser number could write nothing after them.
 */
async function findNewestStored(home: string): Promise<number> {
  const names = await readdir(join(home, 'store')).catch((): string[] => []);
  const shape = /^(?:journal|snapshot)-(\d{1,15})(?:-\d+)?(?:\.sqlite(?:\.tmp)?)?$/;
  return Math.max(0, ...names.map((name) => Number(shape.exec(name)?.[1] ?? 0)));
}

/** A hard link appears with its whole content or not at all; where there are none, an exclusive open must do. */
async function createExclusively(home: string, record: GenerationRecord): Promise<boolean> {
  const path = generationPath(home, record.generation);
  const draft = join(home, `.draft-${process.pid}-${randomBytes(6).toString('hex')}`);
  await writeDurably(draft, printRecord(record));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    return await openExclusively(path, printRecord(record));
  } finally {
    await rm(draft, { force: true });
  }
}

async function openExclusively(path: string, text: string): Promise<boolean> {
  try {
    await writeDurably(path, text);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
