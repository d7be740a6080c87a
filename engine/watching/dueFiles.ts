// Files of jobs that are due to be read, each with the watchers that read it and where each of them is.
import type { Ledger } from '../ledger';
import type { Job, JobKey, Stream, Watcher } from '../model';
import { ownFileOf } from './ownBytes';

/** A watcher that reads a file as one of its streams. */
export interface Reader {
  readonly watcher: Watcher;
  readonly stream: Stream;
  /** The job's own bytes begin here. */
  readonly floor: number;
}

/** A file that is due. */
export interface DueFile {
  readonly job: Job;
  readonly path: string;
  readonly readers: readonly Reader[];
  /** No more will come: the last line counts without its end. */
  readonly final: boolean;
}

/** Which stream of the job a file is for a watcher; "both" on one file is read once, as stdout. */
export function findStreams(
  { outputs: { stdout, stderr } }: Job,
  { definition: { outputType } }: Watcher,
): readonly { readonly stream: Stream; readonly path: string }[] {
  const streams: { stream: Stream; path: string }[] = [];
  if (outputType !== 'stderr' && stdout !== null) streams.push({ stream: 'stdout', path: stdout });
  const isOther = outputType === 'stderr' || stderr !== stdout;
  if (outputType !== 'stdout' && stderr !== null && isOther) streams.push({ stream: 'stderr', path: stderr });
  return streams;
}

/** Due watchers by file, without files that are no longer the job's. */
export function groupByFile(job: Job, watchers: readonly Watcher[], final: boolean): readonly DueFile[] {
  const files = new Map<string, Reader[]>();
  for (const watcher of watchers) {
    if (watcher.definition.pattern === null) continue;
    for (const { stream, path } of findStreams(job, watcher)) {
      const { from, closed } = ownFileOf(job, path);
      if (closed !== null) continue;
      const reader = { watcher, stream, floor: from ?? 0 };
      const readers = files.get(path);
      if (readers) readers.push(reader);
      else files.set(path, [reader]);
    }
  }
  return [...files].map(([path, readers]) => ({ job, path, readers, final }));
}

/** How often the job has been started again: one that waits for its next run shows what the run before printed. */
export const countRuns = ({ phase, restarts }: Job): number =>
  phase === 'queued' ? Math.max(0, restarts - 1) : restarts;

/** The job was started again since the reader's output was last read. */
export const isRestarted = (job: Job, { watcher, stream }: Reader): boolean => {
  const mark = watcher.progress.mark[stream];
  return mark !== null && mark.restarts !== countRuns(job);
};

export const positionOf = ({ watcher, stream, floor }: Reader): number =>
  Math.max(floor, watcher.progress.position[stream]);

/** Files with what the last round made of their watchers and of their job. */
export function refreshFiles(
  files: readonly DueFile[],
  { jobs, watchers }: Pick<Ledger, 'jobs' | 'watchers'>,
  isWanted: (watcher: Watcher) => boolean,
): readonly DueFile[] {
  return files.flatMap((file) => {
    const job = jobs.get(file.job.key) ?? file.job;
    const current = new Set(
      file.readers.flatMap(({ watcher }) => watchers.get(watcher.id) ?? []).filter(isWanted),
    );
    return groupByFile(job, [...current], file.final).filter(({ path }) => path === file.path);
  });
}

/** Which file it is, for what is worked on. */
export const toKey = ({ job, path }: DueFile): { readonly job: JobKey; readonly path: string } => ({
  job: job.key,
  path,
});
