// One round of reading: what is due is read in one request, cut at whole segments, matched, and stepped through.
import type { Attempts } from './attempts';
import { toWatchError } from './errors';
import type { Ledger } from './ledger';
import type { FileMark, Job, JobKey, Stream, Time, Watcher } from './model';
import type { Cluster, Matcher, MatchRequest, MatchResult, ReadAnswer } from './ports';
import { parseBatchOptions } from './slurm/batchOptions';
import type { Observation } from './step';
import { observationWork, step } from './step';
import { cutSegments, findReplacement, headLength, maxSegment, tailLength, toMark } from './tail';

/** Enough for what a job prints between two looks; a file with more is read on at once. */
export const firstBytes = 64 * 1024;
/** Files that are read on in one request: what is in memory at a time. */
export const filesAtOnce = 16;
/** What a tick reads in all; the rest is read by the next one, after queries and actions have had their turn. */
export const tickBytes = 64 * 1024 * 1024;
/** An interval counts from the beginning of a look, not from its end; a slow cluster gets its pause all the same, ms. */
const longestLookMs = 250;

/** A file that is due, and the watchers that read it as one of their streams. */
export interface DueFile {
  readonly job: Job;
  readonly path: string;
  readonly readers: readonly { readonly watcher: Watcher; readonly stream: Stream }[];
  /** No more will come: the last line counts without its end. */
  readonly final: boolean;
}

export interface ReadingPlace {
  readonly ledger: Ledger;
  readonly cluster: Cluster;
  readonly matcher: Matcher;
  readonly now: () => Time;
  readonly attempts: Attempts;
}

export interface RoundResult {
  /** Files of which more may be there already. */
  readonly unfinished: readonly DueFile[];
  /** Size of each file that could be read, by job and path. */
  readonly sizes: readonly { readonly job: string; readonly path: string; readonly size: number }[];
  /** Files that should be there and could not be read. */
  readonly unreadable: readonly { readonly file: DueFile; readonly message: string }[];
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

/** Due watchers by file. */
export function groupByFile(job: Job, watchers: readonly Watcher[], final: boolean): readonly DueFile[] {
  const files = new Map<string, { watcher: Watcher; stream: Stream }[]>();
  for (const watcher of watchers) {
    if (watcher.definition.pattern === null) continue;
    for (const { stream, path } of findStreams(job, watcher)) {
      const readers = files.get(path);
      if (readers) readers.push({ watcher, stream });
      else files.set(path, [{ watcher, stream }]);
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

export const positionOf = ({ watcher, stream }: DueFile['readers'][number]): number =>
  watcher.progress.position[stream];

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
  const results = [
    await readTogether(
      files.filter((file) => !isSuspect(file)),
      maxBytes,
      place,
    ),
  ];
  for (const file of suspects) results.push(await readTogether([file], maxBytes, place));
  return {
    unfinished: results.flatMap(({ unfinished }) => unfinished),
    sizes: results.flatMap(({ sizes }) => sizes),
    unreadable: results.flatMap(({ unreadable }) => unreadable),
    absent: results.flatMap(({ absent }) => absent),
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
  const { cluster, attempts, now } = place;
  const requests = files.map((file) => {
    const { job, path, readers, final } = file;
    const from = Math.min(...readers.map(positionOf));
    return {
      path,
      from,
      maxBytes: Math.min(maxBytes, attempts.findEnd(toKey(file), from) - from),
      before: tailLength,
      head: headLength,
      fresh: final || job.phase === 'draining' || readers.some((reader) => isRestarted(job, reader)),
    };
  });
  const begun = now();
  const answers = files.length > 0 ? await cluster.read(requests) : [];
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
        return examine(file, { from, maxBytes: wanted }, answers[index] ?? { kind: 'missing' }, place);
      }),
    );
    const ended = now();
    const looked = Math.min(ended, Math.max(begun, ended - longestLookMs));
    await observeFindings(putNewsLast(examined.flatMap(({ findings }) => findings)), looked, place);
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
      return file && unreadable !== undefined ? [{ file, message: unreadable }] : [];
    }),
    absent: files.filter((_, index) => examined[index]?.absent),
    bytes: read.reduce((sum, { length }) => sum + length, 0),
  };
}

/** In one transaction, unless conditions take so long that others must have their turn: the rest follows in another one. */
async function observeFindings(findings: Findings, looked: Time, { ledger }: ReadingPlace): Promise<void> {
  for (let next = 0; next < findings.length;) {
    await ledger.observe((batch) => {
      let work = 0;
      for (; next < findings.length && work < batchWork; next++) {
        const { watcher = '', observation } = findings[next] ?? {};
        const subject = batch.subject(watcher);
        if (!subject || !observation) continue;
        const budget = { left: observationWork };
        batch.apply(subject, ...step(subject, observation, looked, budget));
        work += observationWork - budget.left;
      }
    });
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
  readonly unreadable?: string;
  readonly absent?: boolean;
}

type ReadNow = Extract<ReadAnswer, { kind: 'read' }>;

async function examine(
  file: DueFile,
  { from, maxBytes }: { readonly from: number; readonly maxBytes: number },
  answer: ReadAnswer,
  { matcher, attempts }: ReadingPlace,
): Promise<Examined> {
  if (answer.kind !== 'read') return examineUnread(file, answer);
  const changed = file.readers.flatMap((reader) => findChange(file, { reader, from, answer }));
  if (changed.length > 0) return { findings: changed, more: true };
  const end = from + answer.bytes.length;
  const isRest = end >= answer.size;
  const { length, forced } = cutSegments(answer.bytes, !isRest ? 'part' : file.final ? 'final' : 'newest');
  if (length === 0) {
    if (answer.bytes.length < Math.min(maxBytes, answer.size - from))
      return toUnreadable(file, `it holds ${answer.size} bytes and gives only ${end}`);
    return { findings: toQuiet(file, answer.size), more: !isRest };
  }
  const more = !isRest || forced;
  const stretch = { from, length, answer, matcher, more };
  if (attempts.isDeadly(toKey(file), from)) return { findings: skip(file, stretch), more };
  const findings = await matchReaders(file, stretch);
  const message = `${file.path}: a line longer than ${maxSegment} bytes was cut at byte ${from + length}`;
  const note: Findings = forced
    ? file.readers
        .filter((reader) => positionOf(reader) < from + length)
        .map(({ watcher }) => ({ watcher: watcher.id, observation: { kind: 'note', message } }))
    : [];
  return { findings: [...findings, ...note], more };
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
  return toUnreadable(file, answer.kind === 'missing' ? 'it is gone' : answer.message);
}

function toUnreadable(file: DueFile, unreadable: string): Examined {
  const message = `${file.path} cannot be read: ${unreadable}`;
  const findings = file.readers.map(({ watcher, stream }) => ({
    watcher: watcher.id,
    observation: { kind: 'trouble', stream, message } as const,
  }));
  return { findings, more: false, unreadable };
}

/** Where the file is another one now, watching goes on at its start. */
function findChange(
  { job }: DueFile,
  {
    reader,
    from,
    answer,
  }: { readonly reader: DueFile['readers'][number]; readonly from: number; readonly answer: ReadNow },
): Findings {
  const { watcher, stream } = reader;
  const position = positionOf(reader);
  const mark: FileMark | null = watcher.progress.mark[stream];
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
  if (mark === null || !restarted || position === 0 || answer.size === position || appends(job)) return [];
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

const appends = ({ submission }: Job): boolean =>
  submission !== null &&
  /^a/i.test(parseBatchOptions(submission.cleanScript, submission.options).get('open-mode') ?? '');

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
