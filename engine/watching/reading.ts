// One round of reading: what is due is read in one request, cut at whole segments, matched, and stepped through.
import type { Attempts } from '../attempts';
import type { Batch, Ledger } from '../ledger';
import type { Job, Time } from '../model';
import type { Cluster, Matcher, ReadAnswer, ReadRequest } from '../ports';
import { observationWork } from '../step';
import { cutSegments, headLength, maxSegment, tailLength } from '../tail';
import { isRestarted, positionOf, toKey, type DueFile } from './dueFiles';
import type { Examined, Findings, UnreadableFile } from './examination';
import { examine } from './examine';
import { ownFileOf, Rivals, toLookRequest } from './ownBytes';
import type { ReadAhead } from './readAhead';

/** Enough for what a job prints between two looks; a file with more is read on at once. */
export const firstBytes = 64 * 1024;
/** Files that are read on in one request: what is in memory at a time. */
export const filesAtOnce = 16;
/** What a tick reads in all; the rest is read by the next one, after queries and actions have had their turn. */
export const tickBytes = 64 * 1024 * 1024;
/** An interval counts from the beginning of a look, not from its end; a slow cluster gets its pause all the same, ms. */
const longestLookMs = 250;

export interface ReadingParts {
  readonly ledger: Ledger;
  readonly cluster: Cluster;
  readonly matcher: Matcher;
  readonly now: () => Time;
  /**
   * Whether the scheduler was asked since the file was first seen to have changed: the job may have ended by then, and
   * the change may be somebody else's. True if absent.
   */
  readonly isConfirmed?: (file: DueFile) => boolean;
  readonly attempts: Attempts;
  /** If the rounds have few enough files for it. */
  readonly ahead?: ReadAhead | undefined;
  readonly follows?: FollowReading | undefined;
}

/** Outputs that clients follow. */
export interface FollowReading {
  /** What is to be read for them beside these requests. */
  readonly toRequests: (requests: readonly ReadRequest[]) => readonly ReadRequest[];
  readonly take: (requests: readonly ReadRequest[], answers: readonly ReadAnswer[]) => void;
}

export interface RoundResult {
  /** Files of which more may be there already. */
  readonly unfinished: readonly DueFile[];
  /** Size of each file that could be read, by job and path. */
  readonly sizes: readonly { readonly job: string; readonly path: string; readonly size: number }[];
  readonly unreadable: readonly UnreadableFile[];
  /** Files that have changed: the scheduler is asked before anything follows from that. */
  readonly changed: readonly DueFile[];
  /** Files that are not there, and were not before. */
  readonly absent: readonly DueFile[];
  /** How much was read. */
  readonly bytes: number;
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
  parts: ReadingParts,
): Promise<RoundResult> {
  const isSuspect = (file: DueFile): boolean => parts.attempts.isSuspect(toKey(file));
  const suspects = files.filter(isSuspect);
  if (suspects.length === 0) return readTogether(files, maxBytes, parts);
  const others = files.filter((file) => !isSuspect(file));
  const results: RoundResult[] = [];
  const alone = { ...parts, ahead: undefined };
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

async function readTogether(
  files: readonly DueFile[],
  maxBytes: number,
  parts: ReadingParts,
): Promise<RoundResult> {
  const { ledger, cluster, attempts, now, isConfirmed = () => true, ahead, follows } = parts;
  const requests = files.map((file) => toRequest(file, maxBytes, attempts));
  const begun = now();
  const beside = follows?.toRequests(requests) ?? [];
  const all = [...requests, ...beside];
  const answers = await (ahead?.take(all) ?? cluster.read(all));
  follows?.take(all, answers);
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
        return examine(file, look, answers[index] ?? { kind: 'missing' }, parts);
      }),
    );
    const ended = now();
    const looked = Math.min(ended, Math.max(begun, ended - longestLookMs));
    await observeRound(files, examined, { parts, looked });
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
  { parts, looked }: { readonly parts: ReadingParts; readonly looked: Time },
): Promise<void> {
  const { ledger } = parts;
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
