// Whose bytes: which part of an output is the job's own, and which was there before, or is written by others after its end.
import { ownsAll } from '../job';
import type { FileLook, Job, OwnBytes, OwnFile, Time } from '../model';
import type { JobReport, ReadAnswer, ReadRequest } from '../ports';
import { optionsOf } from '../slurm/batchOptions';
import { findReplacement, headLength, tailLength, toMark } from '../tail';

export const ownsUnknown: OwnBytes = { ...ownsAll, unlisted: 'undecided' };

const wholeFile: OwnFile = { from: 0, before: 'absent', closed: null };
const undecided: OwnFile = { from: null, before: 'unknown', closed: null };

/** A file whose name has the job's number in it was nobody's before. */
export function ownFileOf({ id, own }: Job, path: string): OwnFile {
  const listed = own.files[path];
  if (listed) return listed;
  const number = id.replace(/\D.*/s, '');
  const isNamedAfter = number !== '' && new RegExp(`(?:^|\\D)0*${number}(?:\\D|$)`).test(path);
  return own.unlisted === 'own' || isNamedAfter ? wholeFile : undecided;
}

export const withOwnFile = (job: Job, path: string, change: Partial<OwnFile>): Job => ({
  ...job,
  own: {
    ...job.own,
    files: { ...job.own.files, [path]: { ...ownFileOf(job, path), ...change } },
  },
});

/** A task needs nothing of the files of all the other ones, which its array was looked at with. */
export function withOwnFilesAlone(job: Job): Job {
  const { stdout, stderr } = job.outputs;
  const files = Object.entries(job.own.files).filter(([path]) => path === stdout || path === stderr);
  return { ...job, own: { ...job.own, files: Object.fromEntries(files) } };
}

/** Whether it goes on writing at the end of a file that is there. What is not known is taken for Slurm's own default. */
export function opensByAppending({ submission, own }: Job): boolean {
  const mode = submission && optionsOf(submission).get('open-mode');
  return mode ? /^a/i.test(mode) : (own.appends ?? false);
}

// ---- looks ------------------------------------------------------------------------------------------------------

type ReadFiles = (requests: readonly ReadRequest[]) => Promise<readonly ReadAnswer[]>;
type ReadNow = Extract<ReadAnswer, { kind: 'read' }>;

/** What shows whether a file still is as it was at a look, or all that a first look can show. */
export const toLookRequest = (path: string, { before }: OwnFile): ReadRequest => ({
  ...{ path, from: isLook(before) ? before.size : 0, maxBytes: 0 },
  ...{ before: tailLength, head: headLength, fresh: true },
});

/** The files as they are now; those that cannot be read are left out. */
export async function lookAt(
  paths: readonly string[],
  read: ReadFiles,
  now: Time,
): Promise<ReadonlyMap<string, FileLook | 'absent'>> {
  const looks = new Map<string, FileLook | 'absent'>();
  if (paths.length === 0) return looks;
  const firsts = await read(paths.map((path) => toLookRequest(path, undecided)));
  const sizes = new Map<string, number>();
  for (const [index, path] of paths.entries()) {
    const answer = firsts[index];
    if (answer?.kind === 'missing') looks.set(path, 'absent');
    else if (answer?.kind === 'read') sizes.set(path, answer.size);
  }
  const there = [...sizes.keys()];
  if (there.length === 0) return looks;
  const answers = await read(
    there.map((path) => ({ ...toLookRequest(path, undecided), from: sizes.get(path) ?? 0 })),
  );
  for (const [index, path] of there.entries()) {
    const answer = answers[index];
    if (answer?.kind === 'read') looks.set(path, toLook(answer, sizes.get(path) ?? 0, now));
  }
  return looks;
}

const toLook = (answer: ReadNow, size: number, time: Time): FileLook => ({
  size: Math.min(size, answer.size),
  modified: answer.modified,
  mark: toMark({ ...answer, bytes: nothing }, { consumed: 0, position: size, restarts: 0 }),
  time,
});

const nothing = new Uint8Array();

const isLook = (before: OwnFile['before']): before is FileLook => typeof before === 'object';

/** A newer look in the place of an older one; the same file where both show the same. */
export function takeLook(job: Job, path: string, look: FileLook | 'absent'): Job {
  const { before } = ownFileOf(job, path);
  if (before === look) return job;
  const isSame =
    isLook(before) &&
    isLook(look) &&
    before.size === look.size &&
    before.modified === look.modified &&
    before.mark.tail === look.mark.tail;
  return isSame ? job : withOwnFile(job, path, { before: look });
}

// ---- where its bytes begin --------------------------------------------------------------------------------------

/** Clocks of file servers and controllers may differ by this much, ms. */
const skewMs = 5000;

export interface Sight {
  readonly job: Job;
  readonly path: string;
  /** To `toLookRequest`. */
  readonly answer: ReadNow;
  /** Another job may have written to it since the last look. */
  readonly isShared: boolean;
  readonly now: Time;
}

export interface Decision {
  /** The job with what is known now. */
  readonly job: Job;
  /** Where its bytes begin; null: it has written nothing yet. */
  readonly from: number | null;
  /** Bytes before that may be its own. */
  readonly doubtful: { readonly from: number; readonly to: number } | null;
}

/** Decides, for a job that has begun, from how the file has changed since it was last looked at. */
export function decideOwn({ job, path, answer, isShared, now }: Sight): Decision {
  const file = ownFileOf(job, path);
  const { size, modified } = answer;
  const begin = (from: number, doubt = from): Decision => ({
    job: withOwnFile(job, path, { from }),
    from,
    doubtful: doubt < from ? { from: doubt, to: from } : null,
  });
  /** Not emptied yet: what is there now is what was there before. */
  const wait = (): Decision => ({
    job: withOwnFile(job, path, { before: toLook(answer, Math.min(size, toStart(file.before)), now) }),
    from: null,
    doubtful: null,
  });
  const isUntouched =
    modified !== null && job.started !== null && modified < job.started - skewMs && job.restarts === 0;

  if (file.before === 'unknown') {
    if (!opensByAppending(job)) return isUntouched ? { job, from: null, doubtful: null } : begin(0);
    return isUntouched ? begin(size) : begin(size, 0);
  }
  const start = toStart(file.before);
  const goesOn =
    file.before === 'absent' ||
    findReplacement(file.before.mark, { from: start, position: start }, answer) === undefined;
  if (opensByAppending(job)) {
    if (!goesOn) return isShared ? begin(size, 0) : begin(0);
    return isShared ? begin(size, start) : begin(start);
  }
  if (!goesOn || (file.before === 'absent' && !isShared)) return begin(0);
  const isChanged = size !== start || (isLook(file.before) && modified !== file.before.modified);
  if (!isChanged) return { job, from: null, doubtful: null };
  // It prints what stood there before, or another one has gone on writing.
  return isShared ? wait() : begin(0);
}

const toStart = (before: OwnFile['before']): number => (isLook(before) ? before.size : 0);

// ---- other jobs -------------------------------------------------------------------------------------------------

/** A job of the user's that has an output at the same path. */
export interface Rival {
  readonly id: string;
  readonly started: Time | null;
  readonly ended: Time | null;
  /** As the engine has it; null for one that is not watched. */
  readonly job: Job | null;
}

/** `/a/./b//c` and `/a/b/c` are one file. Links are not followed: that is beyond what a path tells. */
const normalize = (path: string): string => path.replace(/\/(?:\.?\/)+/g, '/');

/** Jobs by the files that they write to. */
export class Rivals {
  private readonly byPath = new Map<string, Rival[]>();

  constructor(jobs: readonly Job[], others: readonly JobReport[]) {
    const known = new Set(jobs.map(({ id }) => id));
    for (const job of jobs) this.add(job, job);
    for (const report of others) if (!known.has(report.id)) this.add(report, null);
  }

  private add({ id, started, ended, outputs }: Job | JobReport, job: Job | null): void {
    if (job?.phase === 'refused' || job?.isArray) return;
    for (const path of new Set([outputs.stdout, outputs.stderr])) {
      if (path === null) continue;
      const key = normalize(path);
      const list = this.byPath.get(key);
      if (list) list.push({ id, started, ended, job });
      else this.byPath.set(key, [{ id, started, ended, job }]);
    }
  }

  of({ id }: Job, path: string): readonly Rival[] {
    const all = this.byPath.get(normalize(path)) ?? [];
    return all.length < 2 ? [] : all.filter((rival) => rival.id !== id);
  }

  /** Another job may have written to the file since it was looked at, or since this one began. */
  mayHaveWritten(job: Job, path: string): boolean {
    const { before } = ownFileOf(job, path);
    const begun = job.started ?? Infinity;
    const since = Math.min(begun, isLook(before) ? before.time : job.submitted) - marginMs;
    const isPast = (id: string): boolean => job.own.past?.includes(id) === true;
    return this.of(job, path).some(
      ({ id, started, ended }) => started !== null && (ended === null || (ended >= since && !isPast(id))),
    );
  }

  /** Who writes to it at the same time. */
  findBeside(job: Job, path: string): Rival | undefined {
    return this.of(job, path).find(({ started, ended }) => started !== null && ended === null);
  }

  /** Who has begun to write to it after the job's end; who wrote beside it and goes on. */
  findNext(job: Job, path: string): { readonly rival: Rival; readonly isLater: boolean } | undefined {
    const end = job.ended ?? job.started ?? job.submitted;
    const begun = this.of(job, path).filter(({ started }) => started !== null);
    const later = begun.find(({ started }) => (started ?? 0) >= end);
    if (later) return { rival: later, isLater: true };
    const beside = begun.find(({ ended }) => ended === null);
    return beside && { rival: beside, isLater: false };
  }
}

/** Looks and ends are apart by a query's interval, and by what clocks differ, ms. */
const marginMs = 30_000;
