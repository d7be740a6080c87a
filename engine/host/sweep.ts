// Removes what dead engines left in a home.
import { rm } from 'node:fs/promises';
import { sweepBundles } from '../link/bundle';
import { generationPath, listGenerations, sightGeneration } from '../link/generations';

/** The engine that sweeps keeps its own things. */
export async function sweepHome(
  home: string,
  own: { readonly generation: number; readonly bundle: string },
  leaseMs: number,
): Promise<void> {
  await sweepGenerations(home, own.generation, leaseMs);
  const left = await Promise.all(
    (await listGenerations(home)).map((generation) => sightGeneration(home, generation, leaseMs)),
  );
  const used = left.flatMap((one) => (one?.record && one.state !== 'gone' ? [one.record.bundle] : []));
  await sweepBundles(home, [own.bundle, ...used]);
}

/**
 * Removes the files of generations that nobody needs any more. A file is needed while its own engine may live, and while
 * the one before may: it is what keeps that one from writing.
 */
export async function sweepGenerations(home: string, own: number, leaseMs: number): Promise<void> {
  let formerGone = true;
  let former = 0;
  for (const generation of (await listGenerations(home)).filter((one) => one < own)) {
    const gone = ((await sightGeneration(home, generation, leaseMs))?.state ?? 'gone') === 'gone';
    if (gone && (formerGone || former !== generation - 1))
      await rm(generationPath(home, generation), { force: true });
    formerGone = gone;
    former = generation;
  }
}
