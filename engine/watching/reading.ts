// One round of reading: what is due is read in one request, cut at whole segments, matched, and stepped through.
import type { Attempts } from '../attempts';
import { toWatchError } from '../errors';
import type { Batch, Ledger } from '../ledger';
import type { FileMark, Job, JobKey, Stream, Time, Watcher } from '../model';
import type { Cluster, Matcher, MatchRequest, MatchResult, ReadAnswer, ReadRequest } from '../ports';
import type { Observation } from '../step';
import { observationWork } from '../step';
import { cutSegments, findReplacement, headLength, maxSegment, tailLength, toMark } from '../tail';
import { decideOwn, opensByAppending, ownFileOf, Rivals, toLookRequest, withOwnFile } from './ownBytes';
import type { ReadAhead } from './readAhead';

/** Enough for what a job prints between two looks; a file with more is read on at once. */
export const firstBytes = 64 * 1024;
/** Files that are read on in one request: what is in memory at a time. */
export const filesAtOnce = 16;
/** What a tick reads in all; the rest is read by the next one, after queries and actions have had their turn. */
export const tickBytes = 64 * 1024 * 1024;
/** An interval counts from the beginning of a look, not from its end; a slow cluster gets its pause all the same, ms. */
const longestLookMs = 250;
/** Clocks of file servers and controllers may differ by this much, ms. */
const skewMs = 5000;

/** A file that is due, and the watchers that read it as one of their streams. */
export interface DueFile {
  readonly job: Job;
  readonly path: string;
  readonly readers: readonly {
    readonly watcher: Watcher;
    readonly stream: Stream;
    /** The job's own bytes begin here. */
    readonly floor: number;
  }[];
  /** No more will come: the last line counts without its end. */
  readonly final: boolean;
}

export interface ReadingPlace {
  readonly ledger: Ledger;
  readonly cluster: Cluster;
  readonly matcher: Matcher;
  readonly now: () => Time;
  /**
   * Whether the scheduler was asked since the file was first seen to have changed: the job may have ended by then, and
   * the change may be somebody else's. True where it is absent.
   */
  readonly isConfirmed?: (file: DueFile) => boolean;
  readonly attempts: Attempts;
  /** Where the rounds are few enough files for it. */
  readonly ahead?: ReadAhead | undefined;
}

export interface RoundResult {
  /** Files of which more may be there already. */
  readonly unfinished: readonly DueFile[];
  /** Size of each file that could be read, by job and path. */
  readonly sizes: readonly { readonly job: string; readonly path: string; readonly size: number }[];
  /** Files that should be there and could not be read. */
  readonly unreadable: readonly {
    readonly file: DueFile;
    readonly message: string;
    /** Waiting does not help. */
    readonly isLasting: boolean;
  }[];
  /** Files that have changed: the scheduler is asked before anything follows from that. */
  readonly changed: readonly DueFile[];
  /** Files that are not there, and were not before. */
  readonly absent: readonly DueFile[];
  /** How much was read. */
  readonly bytes: number;
}

export type Findings = readonly { readonly watcher: string; readonly observation: Observation }[];

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
  const files = new Map<string, DueFile['readers'][number][]>();
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
const isRestarted = (job: Job, { watcher, stream }: DueFile['readers'][number]): boolean => {
  const mark = watcher.progress.mark[stream];
  return mark !== null && mark.restarts !== countRuns(job);
};

export const positionOf = ({ watcher, stream, floor }: DueFile['readers'][number]): number =>
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

/** What the conditions of a batch do before others have their turn, in the units of their limits: about 20 ms. */
const batchWork = 20_000_000;

/**
 * Reads up to `maxBytes` of each file in one request and commits what is found, most often in one transaction. A file at which
 * an engine ended without a word is read alone.
 */
export async function readRound(
  files: readonly DueFile[],
  maxBytes: number,
  place: ReadingPlace,
): Promise<RoundResult> {
  const isSuspect = (file: DueFile): boolean => place.attempts.isSuspect(toKey(file));
  const suspects = files.filter(isSuspect);
  if (suspects.length === 0) return readTogether(files, maxBytes, place);
  const others = files.filter((file) => !isSuspect(file));
  const results: RoundResult[] = [];
  const alone = { ...place, ahead: undefined };
  for (const group of [others, ...suspects.map((file) => [file])])
    if (group.length > 0) results.push(await readTogether(group, maxBytes, alone));
  return {
    unfinished: results.flatMap(({ unfinished }) => unfinished),
    sizes: results.flatMap(({ sizes }) => sizes),
    unreadable: results.flatMap(({ unreadable }) => unreadable),
    absent: results.flatMap(({ absent }) => absent),
    changed: results.flatMap(({ changed }) => changed),
    bytes: results.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

const toKey = ({ job, path }: DueFile): { readonly job: JobKey; readonly path: string } => ({
  job: job.key,
  path,
});

async function readTogether(
  files: readonly DueFile[],
  maxBytes: number,
  place: ReadingPlace,
): Promise<RoundResult> {
  const { ledger, cluster, attempts, now, isConfirmed = () => true, ahead } = place;
  const requests = files.map((file) => toRequest(file, maxBytes, attempts));
  const begun = now();
  const answers = await (ahead?.take(requests) ?? cluster.read(requests));
  ahead?.begin(files.flatMap((file, index) => findNextRequest(file, requests[index], answers[index])));
  const rivals = new Rivals(ledger.jobsOf(cluster.name), cluster.others);
  const stretches = files.flatMap((file, index) => {
    const { from = 0 } = requests[index] ?? {};
    const answer = answers[index];
    const length = answer?.kind === 'read' ? answer.bytes.length : 0;
    return length > 0 ? [{ ...toKey(file), from, to: from + length }] : [];
  });
  const done = stretches.length > 0 ? attempts.begin(stretches) : undefined;
  let examined: readonly Examined[];
  try {
    examined = await Promise.all(
      files.map((file, index) => {
        const { from = 0, maxBytes: wanted = maxBytes } = requests[index] ?? {};
        const look = { from, maxBytes: wanted, rivals, now: begun, isConfirmed: isConfirmed(file) };
        return examine(file, look, answers[index] ?? { kind: 'missing' }, place);
      }),
    );
    const ended = now();
    const looked = Math.min(ended, Math.max(begun, ended - longestLookMs));
    await observeRound(files, examined, { place, looked });
  } finally {
    done?.();
  }
  const read = files.flatMap(({ job, path }, index) => {
    const answer = answers[index];
    return answer?.kind === 'read'
      ? [{ job: job.key, path, size: answer.size, length: answer.bytes.length }]
      : [];
  });
  return {
    unfinished: files.filter((_, index) => examined[index]?.more),
    sizes: read,
    unreadable: examined.flatMap(({ unreadable }, index) => {
      const file = files[index];
      return file && unreadable ? [{ file, ...unreadable }] : [];
    }),
    absent: files.filter((_, index) => examined[index]?.absent),
    changed: files.filter((_, index) => examined[index]?.isUnconfirmed),
    bytes: read.reduce((sum, { length }) => sum + length, 0),
  };
}

function toRequest(file: DueFile, maxBytes: number, attempts: Attempts): ReadRequest {
  const { job, path, readers, final } = file;
  const own = ownFileOf(job, path);
  if (own.from === null) return toLookRequest(path, own);
  const from = Math.min(...readers.map(positionOf));
  return {
    path,
    from,
    maxBytes: Math.min(maxBytes, attempts.findEnd(toKey(file), from) - from),
    before: tailLength,
    head: headLength,
    fresh: final || job.phase === 'draining' || readers.some((reader) => isRestarted(job, reader)),
  };
}

/** What the next round will ask of a file that holds more; nothing where that depends on what is found in this one. */
function findNextRequest(
  { readers }: DueFile,
  request: ReadRequest | undefined,
  answer: ReadAnswer | undefined,
): readonly ReadRequest[] {
  if (!request || answer?.kind !== 'read' || request.from + answer.bytes.length >= answer.size) return [];
  const { length } = cutSegments(answer.bytes, 'part');
  const from = request.from + length;
  if (length === 0 || readers.some((reader) => positionOf(reader) > from)) return [];
  return [{ ...request, from, maxBytes: maxSegment }];
}

/** In one transaction, unless conditions take so long that others must have their turn: the rest follows in another one. */
async function observeRound(
  files: readonly DueFile[],
  examined: readonly Examined[],
  { place, looked }: { readonly place: ReadingPlace; readonly looked: Time },
): Promise<void> {
  const { ledger } = place;
  const findings = putNewsLast(examined.flatMap((each) => each.findings));
  let next = 0;
  let isFirst = true;
  do {
    await ledger.observe((batch) => {
      if (isFirst) changeJobs(files, examined, { ledger, batch });
      isFirst = false;
      let work = 0;
      for (; next < findings.length && work < batchWork; next++) {
        const { watcher = '', observation } = findings[next] ?? {};
        if (!observation) continue;
        const budget = { left: observationWork };
        batch.observe(watcher, observation, looked, budget);
        work += observationWork - budget.left;
      }
    });
  } while (next < findings.length);
}

/** What is known now of whose the files are. */
function changeJobs(
  files: readonly DueFile[],
  examined: readonly Examined[],
  { ledger, batch }: { readonly ledger: Ledger; readonly batch: Batch },
): void {
  const jobs = new Map<string, Job>();
  for (const [index, { change }] of examined.entries()) {
    const file = files[index];
    if (!file || !change) continue;
    const { key } = file.job;
    const job = change.apply(jobs.get(key) ?? ledger.jobs.get(key) ?? file.job);
    jobs.set(key, job);
    batch.setJob(job);
    for (const result of change.told) batch.tell(job, { kind: 'gap', result });
  }
}

/** A watcher that has news from one of its outputs looks again soon, though nothing came from the other one. */
function putNewsLast(findings: Findings): Findings {
  const isNews = ({ observation: { kind } }: Findings[number]): boolean =>
    kind !== 'quiet' && kind !== 'trouble';
  return [...findings.filter((finding) => !isNews(finding)), ...findings.filter(isNews)];
}

interface Examined {
  readonly findings: Findings;
  readonly more: boolean;
  readonly unreadable?: { readonly message: string; readonly isLasting: boolean };
  readonly absent?: boolean;
  /** What is known now of whose the file is, and how people are told. */
  readonly change?: { readonly apply: (job: Job) => Job; readonly told: readonly string[] };
  /** It has changed, and nothing follows from that yet. */
  readonly isUnconfirmed?: boolean;
}

type ReadNow = Extract<ReadAnswer, { kind: 'read' }>;

interface Look {
  readonly from: number;
  readonly maxBytes: number;
  readonly rivals: Rivals;
  readonly now: Time;
  readonly isConfirmed: boolean;
}

async function examine(
  file: DueFile,
  look: Look,
  answer: ReadAnswer,
  place: ReadingPlace,
): Promise<Examined> {
  const { job, path } = file;
  const isUndecided = ownFileOf(job, path).from === null;
  if (answer.kind !== 'read') {
    const examined = examineUnread(file, answer);
    // The job makes it when it begins to write.
    if (!isUndecided || answer.kind === 'failed') return examined;
    return { ...examined, change: { apply: (known) => withOwnFile(known, path, { from: 0 }), told: [] } };
  }
  if (isUndecided) return examineUndecided(file, look, answer);
  const end = job.phase === 'draining' ? findEndOfOwn(file, look.rivals) : undefined;
  if (end?.at === 'now' || (typeof end?.at === 'number' && end.at <= look.from))
    return closeFile(file, end.why);
  const changed = file.readers.flatMap((reader) => findChange(file, { reader, from: look.from, answer }));
  if (changed.length > 0) return examineChanged(file, { changed, look, answer, isRival: end !== undefined });
  if (typeof end?.at !== 'number') {
    const examined = await examineContent(file, look, answer, place);
    if (end?.at !== 'end' || examined.more || examined.unreadable) return examined;
    return { ...examined, ...closing(file, end.why) };
  }
  // What stands before the other job's first byte is this job's, and whole.
  const bytes = answer.bytes.subarray(0, end.at - look.from);
  const rest = { ...answer, size: Math.min(answer.size, end.at), bytes };
  const examined = await examineContent({ ...file, final: true }, look, rest, place);
  return examined.unreadable ? examined : { ...examined, more: true };
}

/** Nothing of a file is matched before it is known which part of it is the job's. */
function examineUndecided(file: DueFile, { rivals, now }: Look, answer: ReadNow): Examined {
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
interface EndOfOwn {
  /** Why, in words. */
  readonly why: string;
  /** A byte; `end`: what is there now is its own yet; `change`: all is, until the other one changes the file. */
  readonly at: 'now' | 'end' | 'change' | number;
}

function findEndOfOwn({ job, path }: DueFile, rivals: Rivals): EndOfOwn | undefined {
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

/** A file that has changed is followed while the job lives; after its end it is somebody else's. */
function examineChanged(
  file: DueFile,
  {
    changed,
    look,
    answer,
    isRival,
  }: {
    readonly changed: Findings;
    readonly look: Look;
    readonly answer: ReadNow;
    readonly isRival: boolean;
  },
): Examined {
  const { job, path, readers } = file;
  if (!look.isConfirmed) return { findings: [], more: false, isUnconfirmed: true };
  const isAgain = readers.some((reader) => isRestarted(job, reader));
  const isByItself =
    !isRival && answer.modified !== null && job.ended !== null && answer.modified <= job.ended + skewMs;
  if (job.phase === 'draining' && !isAgain && !isByItself)
    return closeFile(file, 'it was cut or replaced after the job had ended');
  const isAnew = changed.some(({ observation }) => observation.kind === 'gap' && observation.resumeAt === 0);
  const change = { apply: (known: Job) => withOwnFile(known, path, { from: 0 }), told: [] };
  return { findings: changed, more: true, ...(isAnew ? { change } : {}) };
}

/** Told once: from now on the file is left out. */
const closeFile = (file: DueFile, why: string): Examined => ({
  findings: [],
  more: false,
  ...closing(file, why),
});

const closing = ({ job, path, readers }: DueFile, why: string): Pick<Examined, 'change'> => ({
  change: {
    apply: (known) => withOwnFile(known, path, { closed: why }),
    told: [
      `${path} is no longer the output of job ${job.id}: ${why}. What follows byte ${Math.min(...readers.map(positionOf))} is not matched`,
    ],
  },
});

async function examineContent(
  file: DueFile,
  { from, maxBytes }: Look,
  answer: ReadNow,
  { matcher, attempts }: ReadingPlace,
): Promise<Examined> {
  const end = from + answer.bytes.length;
  const isRest = end >= answer.size;
  const { length, forced } = cutSegments(answer.bytes, !isRest ? 'part' : file.final ? 'final' : 'newest');
  if (length === 0) {
    if (end === attempts.findEnd(toKey(file), from)) {
      attempts.widen(toKey(file), from);
      return { findings: [], more: true };
    }
    if (answer.bytes.length < Math.min(maxBytes, answer.size - from))
      return toUnreadable(file, `it holds ${answer.size} bytes and gives only ${end}`);
    return { findings: toQuiet(file, answer.size), more: !isRest };
  }
  const more = !isRest || forced;
  const stretch = { from, length, answer, matcher, more };
  if (attempts.isDeadly(toKey(file), from)) return { findings: skip(file, stretch), more };
  const findings = await matchReaders(file, stretch);
  const message = `${file.path}: a line longer than ${maxSegment} bytes was cut at byte ${from + length}`;
  // Told once for a line: it may be as long as a disk, or take no room at all.
  const note: Findings =
    forced && !isWithinLine(answer)
      ? file.readers
          .filter((reader) => positionOf(reader) < from + length)
          .map(({ watcher }) => ({ watcher: watcher.id, observation: { kind: 'note', message } }))
      : [];
  return { findings: [...findings, ...note], more };
}

/** What was read begins in the middle of a line. */
function isWithinLine({ before }: ReadNow): boolean {
  const last = before.at(-1);
  return last !== undefined && last !== 10 && last !== 13;
}

const toQuiet = ({ readers }: DueFile, size: number | null): Findings =>
  readers.map(({ watcher, stream }) => ({
    watcher: watcher.id,
    observation: { kind: 'quiet', stream, size },
  }));

/** An output that does not exist yet is as quiet as one that has nothing new; one that was there is missed. */
function examineUnread(file: DueFile, answer: Exclude<ReadAnswer, ReadNow>): Examined {
  const wasThere = file.readers.some((reader) => positionOf(reader) > 0);
  if (answer.kind === 'missing' && !wasThere)
    return { findings: toQuiet(file, null), more: false, absent: true };
  // Of a job that has ended nobody will bring it back.
  return answer.kind === 'missing'
    ? toUnreadable(file, 'it is gone', true)
    : toUnreadable(file, answer.message, answer.isLasting);
}

function toUnreadable(file: DueFile, reason: string, isLasting = false): Examined {
  const message = `${file.path} cannot be read: ${reason}`;
  const findings = file.readers.map(({ watcher, stream }) => ({
    watcher: watcher.id,
    observation: { kind: 'trouble', stream, message } as const,
  }));
  return { findings, more: false, unreadable: { message: reason, isLasting } };
}

/** If the file is another one now, watching goes on at its start. */
function findChange(
  { job, path }: DueFile,
  {
    reader,
    from,
    answer,
  }: { readonly reader: DueFile['readers'][number]; readonly from: number; readonly answer: ReadNow },
): Findings {
  const { watcher, stream } = reader;
  const position = positionOf(reader);
  const mark = watcher.progress.mark[stream] ?? findFirstMark(job, path, position);
  // An answer without the file's first bytes only says that nothing has changed.
  if (answer.size >= position && answer.head.length === 0 && answer.bytes.length === 0) return [];
  const toGap = (gap: Pick<Gap, 'from' | 'to' | 'resumeAt' | 'reason' | 'mark'>): Findings => [
    { watcher: watcher.id, observation: { kind: 'gap', stream, ...gap } },
  ];
  const reason = findReplacement(mark, { from, position }, answer);
  const restarted = isRestarted(job, reader);
  if (reason !== undefined)
    return toGap({
      from: position,
      to: null,
      resumeAt: 0,
      reason: restarted ? 'the job was started again, and its output begins anew' : reason,
      mark: null,
    });
  if (mark === null || !restarted || position === 0 || answer.size === position || opensByAppending(job))
    return [];
  // It looks as if it went on. A second run that prints what the first one printed looks the same.
  return toGap({
    from: 0,
    to: position,
    resumeAt: position,
    reason:
      'the job was started again; if its output began anew, its first bytes are those that the run before printed',
    mark: { ...mark, restarts: countRuns(job) },
  });
}

type Gap = Extract<Observation, { kind: 'gap' }>;

/** A watcher that begins where a file ended before knows what stood there. */
function findFirstMark(job: Job, path: string, position: number): FileMark | null {
  const { from, before } = ownFileOf(job, path);
  const isThere = typeof before === 'object' && from === position && before.size === position;
  return isThere ? { ...before.mark, restarts: countRuns(job) } : null;
}

interface Stretch {
  readonly from: number;
  readonly length: number;
  readonly answer: ReadNow;
  readonly matcher: Matcher;
  readonly more: boolean;
}

/** Engines ended without a word while they worked on it: it is not tried a third time. */
function skip({ job, readers }: DueFile, { from, length, answer }: Stretch): Findings {
  const to = from + length;
  const mark = toMark(answer, { consumed: length, position: to, restarts: countRuns(job) });
  const reason = 'the engine ended or hung twice while it worked on it; later output is matched again';
  return readers.flatMap((reader) => {
    const { watcher, stream } = reader;
    const position = positionOf(reader);
    if (position >= to) return [];
    const gap = { kind: 'gap', stream, from: position, to, resumeAt: to, reason, mark } as const;
    return [{ watcher: watcher.id, observation: gap }];
  });
}

async function matchReaders(
  { job, readers }: DueFile,
  { from, length, answer, matcher, more }: Stretch,
): Promise<Findings> {
  const to = from + length;
  const behind = readers.filter((reader) => positionOf(reader) < to);
  const bytes = answer.bytes.subarray(0, length);
  const results = await matchApart({ bytes, offset: from, patterns: behind.map(toSearch) }, matcher);
  const byWatcher = new Map<string, MatchResult>(results.map((result) => [result.watcher, result]));
  const mark = toMark(answer, { consumed: length, position: to, restarts: countRuns(job) });
  const { size } = answer;
  return readers.map((reader) => {
    const { watcher, stream } = reader;
    if (!behind.includes(reader))
      return { watcher: watcher.id, observation: { kind: 'quiet', stream, size } };
    const { hits = [], overrun = null } = byWatcher.get(watcher.id) ?? {};
    const observation = { kind: 'output', stream, hits, overrun, to, mark, size, more } as const;
    return { watcher: watcher.id, observation };
  });
}

const toSearch = (reader: DueFile['readers'][number]): MatchRequest['patterns'][number] => ({
  watcher: reader.watcher.id,
  pattern: reader.watcher.definition.pattern ?? '',
  from: positionOf(reader),
});

/** Where a request breaks the matcher, each pattern is tried alone: what breaks it again counts as one that takes too long. */
async function matchApart(request: MatchRequest, matcher: Matcher): Promise<readonly MatchResult[]> {
  try {
    return await matcher.match(request);
  } catch (error) {
    if (toWatchError(error).code === 'engine-stopping') throw error;
    const { patterns, bytes, offset } = request;
    const results: MatchResult[] = [];
    for (const search of patterns) {
      try {
        results.push(...(await matcher.match({ ...request, patterns: [search] })));
      } catch (failure) {
        const { message } = toWatchError(failure);
        const overrun = { from: Math.max(offset, search.from), to: offset + bytes.length, error: message };
        results.push({ watcher: search.watcher, hits: [], overrun });
      }
    }
    return results;
  }
}
