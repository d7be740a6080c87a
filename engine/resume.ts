// Where a watcher goes on, or begins, at the end of the output: at the start of the last line. What is skipped is a gap.
import { WatchError } from './errors';
import type { Job, Watcher } from './model';
import type { Cluster } from './ports';
import type { Observation } from './step';
import { findReplacement, headLength, toMark } from './tail';
import { countRuns, findStreams } from './watching/dueFiles';
import type { Findings, UnreadableFile } from './watching/examination';
import { ownFileOf } from './watching/ownBytes';

/** How far back the start of the last line is looked for. */
const reach = 64 * 1024;
const lineFeed = 10;

type Gap = Extract<Observation, { kind: 'gap' }>;

interface Place extends Pick<Gap, 'stream' | 'resumeAt' | 'mark'> {
  /** Where the watcher is now. */
  readonly from: number;
  readonly size: number;
  /** What is behind the position belongs to another file than what was before it. */
  readonly isAnew: boolean;
}

interface Ends {
  readonly places: readonly Place[];
  readonly unreadable: readonly UnreadableFile[];
}

/** The start of the last line of each output that has grown behind the watcher's position. */
async function lookForEnds(job: Job, watcher: Watcher, cluster: Cluster): Promise<Ends> {
  const streams = (watcher.definition.pattern === null ? [] : findStreams(job, watcher)).filter(
    ({ path }) => ownFileOf(job, path).closed === null,
  );
  if (streams.length === 0) return { places: [], unreadable: [] };
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
  const positionOf = ({ stream, path }: (typeof streams)[number]): number =>
    Math.max(watcher.progress.position[stream], ownFileOf(job, path).from ?? 0);
  const starts = streams.map((place, index) => {
    const size = sizes[index] ?? 0;
    return Math.max(size < positionOf(place) ? 0 : positionOf(place), size - reach);
  });
  const answers = await read((index) => ({ from: starts[index] ?? 0, maxBytes: reach }));
  const unreadable = streams.flatMap(({ stream, path }, index) => {
    const answer = answers[index];
    if (answer?.kind !== 'failed') return [];
    const readers = [{ watcher, stream, floor: 0 }];
    const isLasting = answer.isLasting ?? false;
    return [{ file: { job, path, readers, final: true }, message: answer.message, isLasting }];
  });
  const places = streams.flatMap((place, index): Place[] => {
    const { stream } = place;
    const answer = answers[index];
    const start = starts[index] ?? 0;
    if (answer?.kind !== 'read') return [];
    const consumed = answer.bytes.lastIndexOf(lineFeed) + 1;
    const resumeAt = start + consumed;
    const position = positionOf(place);
    const replaced = findReplacement(watcher.progress.mark[stream], { from: start, position }, answer);
    const isAnew = position > 0 && replaced !== undefined;
    if (answer.size <= position && !isAnew) return [];
    const mark = toMark(answer, { consumed, position: resumeAt, restarts: countRuns(job) });
    return [{ stream, from: position, resumeAt, mark, size: answer.size, isAnew }];
  });
  return { places, unreadable };
}

/** As lookForEnds; throws command-failed where an output cannot be read: watching would go on anywhere. */
export async function findEnds(job: Job, watcher: Watcher, cluster: Cluster): Promise<readonly Place[]> {
  const { places, unreadable } = await lookForEnds(job, watcher, cluster);
  const [first] = unreadable;
  if (!first) return places;
  throw new WatchError(
    'command-failed',
    `${first.file.path} cannot be read: ${first.message}.`,
    'Its end is not known: try again when it can be read, or have all of it matched.',
  );
}

/** One gap for each stream that has grown. */
export async function findResumePlaces(
  job: Job,
  watcher: Watcher,
  { cluster, reason }: { readonly cluster: Cluster; readonly reason: string },
): Promise<readonly Gap[]> {
  const places = await findEnds(job, watcher, cluster);
  return places
    .filter(({ from, resumeAt, isAnew }) => isAnew || resumeAt > from)
    .map(({ stream, from, resumeAt, mark, isAnew }) => ({
      ...{ kind: 'gap', stream, from, resumeAt, mark },
      to: isAnew ? null : resumeAt,
      reason: isAnew ? `${reason}, and its output began anew meanwhile` : reason,
    }));
}

/** What watchers that are paused at their job's end will never match. */
export async function findPausedGaps(
  job: Job,
  watchers: readonly Watcher[],
  cluster: Cluster,
): Promise<{ readonly findings: Findings; readonly unreadable: readonly UnreadableFile[] }> {
  const findings: Findings[number][] = [];
  const unreadable: UnreadableFile[] = [];
  for (const watcher of watchers) {
    if (watcher.progress.state !== 'paused' || watcher.definition.pattern === null) continue;
    const ends = await lookForEnds(job, watcher, cluster);
    unreadable.push(...ends.unreadable);
    for (const { stream, from, size, mark, isAnew } of ends.places)
      findings.push({
        watcher: watcher.id,
        observation: {
          ...{ kind: 'gap', stream, from, to: isAnew ? null : size, resumeAt: size, mark },
          reason: 'the watcher was paused when the job ended',
        },
      });
  }
  return { findings, unreadable };
}
