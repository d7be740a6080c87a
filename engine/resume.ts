// Where a resumed watcher goes on when what was printed meanwhile is skipped: at the start of the last line.
import type { Job, Watcher } from './model';
import type { Cluster } from './ports';
import { findStreams } from './reading';
import type { Observation } from './step';

/** How far back the start of the last line is looked for. */
const reach = 64 * 1024;
const lineFeed = 10;

/** One gap for each stream that has grown. */
export async function findResumePlaces(
  job: Job,
  watcher: Watcher,
  cluster: Cluster,
): Promise<readonly Extract<Observation, { kind: 'gap' }>[]> {
  const streams = findStreams(job, watcher);
  const read = (from: (index: number) => number, maxBytes: number): ReturnType<Cluster['read']> =>
    cluster.read(
      streams.map(({ path }, index) => ({
        path,
        from: from(index),
        maxBytes,
        before: 0,
        head: 0,
        fresh: true,
      })),
    );
  const sizes = (await read(() => 0, 0)).map((answer) => (answer.kind === 'read' ? answer.size : 0));
  const starts = streams.map(({ stream }, index) =>
    Math.max(watcher.progress.position[stream], (sizes[index] ?? 0) - reach),
  );
  const ends = await read((index) => starts[index] ?? 0, reach);
  return streams.flatMap(({ stream }, index) => {
    const from = watcher.progress.position[stream];
    const answer = ends[index];
    if (answer?.kind !== 'read' || (sizes[index] ?? 0) <= from) return [];
    const to = (starts[index] ?? 0) + answer.bytes.lastIndexOf(lineFeed) + 1;
    return to > from
      ? [{ kind: 'gap', stream, from, to, resumeAt: to, reason: 'the watcher was paused' } as const]
      : [];
  });
}
