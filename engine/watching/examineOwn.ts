// Which bytes of one file are the job's own: where they begin, and where another job's begin after its end.
import type { Job } from '../model';
import { positionOf, type DueFile } from './dueFiles';
import { toQuiet, type Examined, type Look, type ReadNow } from './examination';
import { decideOwn, opensByAppending, ownFileOf, withOwnFile, type Rivals } from './ownBytes';

/** Nothing of a file is matched before it is known which part of it is the job's. */
export function examineUndecided(file: DueFile, { rivals, now }: Look, answer: ReadNow): Examined {
  const { job, path } = file;
  const isShared = rivals.mayHaveWritten(job, path);
  const decision = decideOwn({ job, path, answer, isShared, now });
  const own = ownFileOf(decision.job, path);
  const change = {
    apply: (known: Job) => withOwnFile(known, path, own),
    told: describeBegin(path, decision.from, decision.doubtful),
  };
  if (decision.from !== null) return { findings: [], more: true, change };
  const isNew = decision.job !== job;
  return { findings: toQuiet(file, null), more: false, ...(isNew ? { change } : {}) };
}

function describeBegin(
  path: string,
  from: number | null,
  doubtful: { readonly from: number; readonly to: number } | null,
): readonly string[] {
  if (from === null || from === 0) return [];
  const start = doubtful?.from ?? from;
  return [
    ...(start > 0
      ? [`${path}: bytes 0 to ${start} were there before the job began, and are not matched`]
      : []),
    ...(doubtful
      ? [
          `${path}: bytes ${doubtful.from} to ${doubtful.to} are not matched: which of them are this job's is not known`,
        ]
      : []),
  ];
}

/** Where a job that has ended has no more in a file, because another one writes to it. */
export interface EndOfOwn {
  /** Why, in words. */
  readonly why: string;
  /** A byte; `end`: what is there now is its own yet; `change`: all is, until the other one changes the file. */
  readonly at: 'now' | 'end' | 'change' | number;
}

/** Undefined while no other job that is known writes to the file. */
export function findEndOfOwn({ job, path }: DueFile, rivals: Rivals): EndOfOwn | undefined {
  const next = rivals.findNext(job, path);
  if (!next) return undefined;
  const { rival, isLater } = next;
  if (!isLater) return { why: `job ${rival.id} goes on writing to it`, at: 'end' };
  const why = `job ${rival.id} writes to it now`;
  if (!rival.job) return { why, at: 'now' };
  const { from, before } = ownFileOf(rival.job, path);
  if (from === null) return { why, at: 'change' };
  if (!opensByAppending(rival.job)) return { why, at: 'now' };
  const start = typeof before === 'object' ? before.size : 0;
  const doubt = start < from ? `; which of the two wrote bytes ${start} to ${from} is not known` : '';
  return { why: `${why}${doubt}`, at: from };
}

/** Told once: from now on the file is left out. */
export const closeFile = (file: DueFile, why: string): Examined => ({
  findings: [],
  more: false,
  ...closing(file, why),
});

/** What `closeFile` changes and tells. */
export const closing = ({ job, path, readers }: DueFile, why: string): Pick<Examined, 'change'> => ({
  change: {
    apply: (known) => withOwnFile(known, path, { closed: why }),
    told: [
      `${path} is no longer the output of job ${job.id}: ${why}. What follows byte ${Math.min(...readers.map(positionOf))} is not matched`,
    ],
  },
});
