// What is told at the end of a job of outputs that nobody has read: what could not be read, what was never there.
import type { Definition } from '../language/definition';
import type { Job, Stream, Watcher } from './model';
import { findStreams, positionOf, type DueFile } from './watching/dueFiles';
import type { Findings, UnreadableFile } from './watching/examination';
import { hasRun } from './job';
import { ownFileOf } from './watching/ownBytes';

/** What its outputs still hold stays unread. */
export function toUnreadGaps(unreadable: readonly UnreadableFile[]): Findings {
  return unreadable.flatMap(({ file: { readers }, message }) =>
    readers.map((reader) => ({
      watcher: reader.watcher.id,
      observation: {
        kind: 'gap',
        stream: reader.stream,
        from: positionOf(reader),
        to: null,
        resumeAt: positionOf(reader),
        reason: `it could not be read: ${message}`,
        mark: null,
      },
    })),
  );
}

/** Outputs that its watchers waited for to the end; one that never began owes none. */
export function toAbsenceNotes(job: Job, watchers: readonly Watcher[], absent: readonly DueFile[]): Findings {
  if (!hasBegun(job)) return [];
  const toNote = (watcher: Watcher, what: string): Findings[number] => ({
    watcher: watcher.id,
    observation: { kind: 'note', message: `${what}: nothing was matched` },
  });
  return [
    ...absent.flatMap(({ path, readers }) =>
      readers.map(({ watcher }) => toNote(watcher, `${path} was never there`)),
    ),
    ...watchers.flatMap((watcher) =>
      findUnnamed(job, watcher.definition).map((stream) => toNote(watcher, describeUnnamed(job, stream))),
    ),
  ];
}

/** Files that the job has left as they were before it began: nothing in them is its own. */
export function toUntouchedNotes(
  job: Job,
  watchers: readonly Watcher[],
  unreadable: readonly UnreadableFile[],
): Findings {
  if (!hasRun(job)) return [];
  const unread = new Set(unreadable.map(({ file }) => file.path));
  return watchers.flatMap((watcher) =>
    (watcher.definition.pattern === null ? [] : findStreams(job, watcher))
      .filter(({ path }) => {
        const { from, before } = ownFileOf(job, path);
        return from === null && before !== 'absent' && !unread.has(path);
      })
      .map(({ path }) => ({
        watcher: watcher.id,
        observation: {
          kind: 'note' as const,
          message: `${path} was not written by job ${job.id}: what is in it was there before, and was not matched`,
        },
      })),
  );
}

/** A job that was cancelled while it waited has, in Slurm, begun at that moment. */
const hasBegun = ({ started, ended, endState }: Job): boolean =>
  started !== null && !(endState === 'cancelled' && ended !== null && ended <= started);

/** Outputs that a watcher wants and the cluster does not name. */
export function findUnnamed(job: Job, { outputType, pattern }: Definition): readonly Stream[] {
  if (pattern === null || job.isArray) return [];
  const wanted: readonly Stream[] = outputType === 'both' ? ['stdout', 'stderr'] : [outputType];
  return wanted.filter((stream) => job.outputs[stream] === null);
}

export const describeUnnamed = ({ id }: Job, stream: Stream): string =>
  `the cluster names no ${stream} of job ${id}`;
