// One round of reading: what is due is read in one request, cut at whole segments, matched, and stepped through.
import type { Ledger } from './ledger';
import type { FileMark, Job, Stream, Time, Watcher } from './model';
import type { Cluster, Matcher, MatchResult, ReadAnswer } from './ports';
import type { Observation } from './step';
import { step } from './step';
import { cutSegments, findReplacement, headLength, maxSegment, tailLength, toMark } from './tail';

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
}

export interface RoundResult {
  /** Files of which more may be there already. */
  readonly unfinished: readonly DueFile[];
  /** Size of each file that could be read, by job and path. */
  readonly sizes: readonly { readonly job: string; readonly path: string; readonly size: number }[];
}

type Findings = readonly { readonly watcher: string; readonly observation: Observation }[];

/** Which stream of the job a file is for a watcher; "both" on one file is read once, as stdout. */
export function findStreams(
  { outputs }: Job,
  { definition }: Watcher,
): readonly { readonly stream: Stream; readonly path: string }[] {
  const wanted =
    definition.outputType === 'both' ? (['stdout', 'stderr'] as const) : ([definition.outputType] as const);
  const streams = wanted.flatMap((stream) => {
    const path = outputs[stream];
    return path === null ? [] : [{ stream, path }];
  });
  return streams.filter(({ path }, index) => streams.findIndex((other) => other.path === path) === index);
}

/** Due watchers by file. */
export function groupByFile(job: Job, watchers: readonly Watcher[], final: boolean): readonly DueFile[] {
  const files = new Map<string, { watcher: Watcher; stream: Stream }[]>();
  for (const watcher of watchers) {
    if (watcher.definition.pattern === null) continue;
    for (const { stream, path } of findStreams(job, watcher))
      files.set(path, [...(files.get(path) ?? []), { watcher, stream }]);
  }
  return [...files].map(([path, readers]) => ({ job, path, readers, final }));
}

const positionOf = ({ watcher, stream }: DueFile['readers'][number]): number =>
  watcher.progress.position[stream];

/** Reads all files in one request and commits what is found in one transaction. */
export async function readRound(files: readonly DueFile[], place: ReadingPlace): Promise<RoundResult> {
  const { ledger, cluster, matcher, now } = place;
  const requests = files.map(({ path, readers, final }) => ({
    path,
    from: Math.min(...readers.map(positionOf)),
    maxBytes: maxSegment,
    before: tailLength,
    head: headLength,
    fresh: final,
  }));
  const answers = await cluster.read(requests);
  const unfinished: DueFile[] = [];
  const findings = await Promise.all(
    files.map(async (file, index) => {
      const answer = answers[index] ?? { kind: 'missing' };
      const found = await examine(file, requests[index]?.from ?? 0, answer, matcher);
      if (found.more) unfinished.push(file);
      return found.findings;
    }),
  );
  await ledger.commit((batch) => {
    for (const { watcher, observation } of findings.flat()) {
      const subject = batch.subject(watcher);
      if (subject) batch.apply(subject, ...step(subject, observation, now()));
    }
  });
  const sizes = files.flatMap(({ job, path }, index) => {
    const answer = answers[index];
    return answer?.kind === 'read' ? [{ job: job.key, path, size: answer.size }] : [];
  });
  return { unfinished, sizes };
}

interface Examined {
  readonly findings: Findings;
  readonly more: boolean;
}

async function examine(file: DueFile, from: number, answer: ReadAnswer, matcher: Matcher): Promise<Examined> {
  const all = (observation: Observation): Findings =>
    file.readers.map(({ watcher }) => ({ watcher: watcher.id, observation }));
  // An output that does not exist yet is as quiet as one that has nothing new.
  if (answer.kind === 'missing') return { findings: all({ kind: 'quiet' }), more: false };
  if (answer.kind === 'failed')
    return {
      findings: all({ kind: 'trouble', message: `${file.path} could not be read: ${answer.message}` }),
      more: false,
    };
  const replaced = findChanged(file, from, answer);
  if (replaced !== undefined) return { findings: toGaps(file, replaced), more: true };
  const isRest = from + answer.bytes.length >= answer.size;
  const { length, forced } = cutSegments(answer.bytes, file.final && isRest);
  if (length === 0) return { findings: all({ kind: 'quiet' }), more: false };
  const findings = await matchReaders(file, { from, length, answer, matcher });
  const note: Findings = forced
    ? all({
        kind: 'trouble',
        message: `${file.path}: a line longer than ${maxSegment} bytes was cut at byte ${from + length}`,
      })
    : [];
  return { findings: [...findings, ...note], more: !isRest || forced };
}

type ReadNow = Extract<ReadAnswer, { kind: 'read' }>;

function findChanged({ readers }: DueFile, from: number, answer: ReadNow): string | undefined {
  const first = readers.find((reader) => positionOf(reader) === from);
  const mark: FileMark | null = first?.watcher.progress.mark[first.stream] ?? null;
  // Only news, or a smaller file, make it worth a look.
  if (answer.bytes.length === 0 && answer.size >= from) return undefined;
  return findReplacement(mark, from, answer);
}

/** The file is another one now: watching goes on at its start. */
function toGaps({ readers }: DueFile, reason: string): Findings {
  return readers.map((reader) => ({
    watcher: reader.watcher.id,
    observation: {
      kind: 'gap',
      stream: reader.stream,
      from: positionOf(reader),
      to: null,
      resumeAt: 0,
      reason,
    },
  }));
}

async function matchReaders(
  { readers }: DueFile,
  {
    from,
    length,
    answer,
    matcher,
  }: { readonly from: number; readonly length: number; readonly answer: ReadNow; readonly matcher: Matcher },
): Promise<Findings> {
  const end = from + length;
  const behind = readers.filter((reader) => positionOf(reader) < end);
  const results = await matcher.match({
    bytes: answer.bytes.subarray(0, length),
    offset: from,
    patterns: behind.map((reader) => ({
      watcher: reader.watcher.id,
      pattern: reader.watcher.definition.pattern ?? '',
      from: positionOf(reader),
    })),
  });
  const byWatcher = new Map<string, MatchResult>(results.map((result) => [result.watcher, result]));
  const mark = toMark(answer, length, end);
  return behind.map(({ watcher, stream }) => {
    const { hits = [], overrun = null } = byWatcher.get(watcher.id) ?? {};
    return { watcher: watcher.id, observation: { kind: 'output', stream, hits, overrun, to: end, mark } };
  });
}
