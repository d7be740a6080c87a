// Where a watcher goes on, or begins, at the end of the output: at the start of the last line. What is skipped is a gap.
import type { Job, Stream, Watcher } from './model';
import type { Cluster } from './ports';
import { countRuns, findStreams, type Findings } from './reading';
import type { Observation } from './step';
import { headLength, toMark } from './tail';

/** How far back the start of the last line is looked for. */
const reach = 64 * 1024;
const lineFeed = 10;

type Gap = Extract<Observation, { kind: 'gap' }>;

interface Place extends Pick<Gap, 'stream' | 'resumeAt' | 'mark'> {
  /** Where the watcher is now. */
  readonly from: number;
  readonly size: number;
}

/** The start of the last line of each output that has grown behind the watcher's position. */
export async function findEnds(job: Job, watcher: Watcher, cluster: Cluster): Promise<readonly Place[]> {
  const streams = findStreams(job, watcher);
  if (streams.length === 0) return [];
  const read = (
    toRange: (index: number) => { readonly from: number; readonly maxBytes: number },
  ): ReturnType<Cluster['read']> =>
    cluster.read(
      streams.map(({ path }, index) => ({
        path,
        ...toRange(index),
        before: 0,
        head: headLength,
        fresh: true,
      })),
    );
  const sizes = (await read(() => ({ from: 0, maxBytes: 0 }))).map((answer) =>
    answer.kind === 'read' ? answer.size : 0,
  );
  const positionOf = (stream: Stream): number => watcher.progress.position[stream];
  const starts = streams.map(({ stream }, index) =>
    Math.max(positionOf(stream), (sizes[index] ?? 0) - reach),
  );
  const answers = await read((index) => ({ from: starts[index] ?? 0, maxBytes: reach }));
  return streams.flatMap(({ stream }, index) => {
    const answer = answers[index];
    const start = starts[index] ?? 0;
    if (answer?.kind !== 'read') return [];
    const consumed = answer.bytes.lastIndexOf(lineFeed) + 1;
    const resumeAt = start + consumed;
    if (answer.size <= positionOf(stream)) return [];
    const mark = toMark(answer, { consumed, position: resumeAt, restarts: countRuns(job) });
    return [{ stream, from: positionOf(stream), resumeAt, mark, size: answer.size }];
  });
}

/** One gap for each stream that has grown. */
export async function findResumePlaces(
  job: Job,
  watcher: Watcher,
  { cluster, reason }: { readonly cluster: Cluster; readonly reason: string },
): Promise<readonly Gap[]> {
  const places = await findEnds(job, watcher, cluster);
  return places
    .filter(({ from, resumeAt }) => resumeAt > from)
    .map(({ stream, from, resumeAt, mark }) => ({
      ...{ kind: 'gap', stream, from, to: resumeAt, resumeAt, mark, reason },
    }));
}

/** What watchers that are paused at their job's end will never match. */
export async function findPausedGaps(
  job: Job,
  watchers: readonly Watcher[],
  cluster: Cluster,
): Promise<Findings> {
  const findings: Findings[number][] = [];
  for (const watcher of watchers) {
    if (watcher.progress.state !== 'paused' || watcher.definition.pattern === null) continue;
    for (const { stream, from, size, mark } of await findEnds(job, watcher, cluster))
      findings.push({
        watcher: watcher.id,
        observation: {
          ...{ kind: 'gap', stream, from, to: size, resumeAt: size, mark },
          reason: 'the watcher was paused when the job ended',
        },
      });
  }
  return findings;
}
