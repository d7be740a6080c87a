// The dry run: watchers over an output that is there already, through the engine's own step; nothing is executed.
import { defaultAllowedCommands } from '../language/allowedCommands';
import { answerCondition } from '../language/condition/answer';
import { toJobState, type JobEndState } from '../language/jobStates';
import { toCommandEnvironment } from '../language/shell/commandEnvironment';
import { judgeCommand } from '../language/shell/commandVerdict';
import { findCancellation } from './cancellation';
import { findNextDeadline } from './deadlines';
import type { Definition } from '../language/definition';
import { toNotRun, type ConditionValue, type DryRunEntry } from './dryRunEntry';
import type { Effect, Subject } from './effect';
import { newJob } from './job';
import type { Job, OutboxEntry, Stream, Time, Watcher, WatcherId } from './model';
import { toConditionVariables, toTemplateVariables } from './names';
import type { Hit, Matcher, MatchResult } from './ports';
import { toProgram } from './program';
import { groupByFile } from './watching/dueFiles';
import { findResubmission, isResubmission } from './resubmission';
import { describeDraft, draftResubmission, type DraftSource } from './resubmissionDraft';
import { step, takeCaptures, type Observation } from './step';
import { initialProgress } from './progress';
import { cutSegments, maxSegment, takeWhole } from './tail';

export interface DryRun {
  readonly watchers: readonly {
    readonly definition: Definition;
    readonly lines: Watcher['lines'];
  }[];
  /** What `$JOB_ID`, `$JOB_NAME` and `$HOSTNAME` stand for. */
  readonly job: { readonly id: string; readonly name: string; readonly cluster: string };
  /** Whole files; null: there is none. Where it is the same text for both, both are one file. */
  readonly outputs: Readonly<Record<Stream, Uint8Array | null>>;
  /** One line is one tick, and takes so long: cooldowns and timers go by it. */
  readonly tickMs: number;
  /** How the job ends behind the last line; null: it goes on, and a last line without its end may, too. */
  readonly endState: JobEndState | null;
  /** Slurm's `code:signal` at that end; absent or null if it is not known. */
  readonly exitCode?: string | null;
  /** Commands that run without consent; absent: those of the language. */
  readonly allowedCommands?: readonly string[];
  /** False where only the beginning of an output is here: its last line may be cut. */
  readonly isWhole: boolean;
  /** What resubmit would submit again; absent: not known. */
  readonly submission?: DraftSource;
}

/** In the order of time, and of the watchers where that is the same. Rejects only where the matcher does. */
export async function dryRun(given: DryRun, matcher: Matcher): Promise<readonly DryRunEntry[]> {
  const run = given.isWhole && given.endState !== null ? given : withoutPartialLine(given);
  const job = toJob(run);
  const watchers = run.watchers.map(({ definition, lines }, index): Watcher => ({
    id: String(index),
    job: job.key,
    definition,
    lines,
    progress: initialProgress,
  }));
  const found = await findLines(run, { job, watchers }, matcher);
  const endMs = found.lineCount * run.tickMs;
  const { allowedCommands, submission } = run;
  const stage: Stage = { job, allowedCommands, submission };
  const rehearsals = watchers.map((watcher) => new Rehearsal(watcher, stage, run.tickMs));
  // One look after another, as all watchers have it: what one of them does to the job concerns the others.
  const looks = rehearsals
    .flatMap((rehearsal) => found.linesOf(rehearsal.id).map((line) => ({ rehearsal, line })))
    .sort((a, b) => a.line.index - b.line.index);
  for (const { rehearsal, line } of looks) {
    for (const other of rehearsals) other.runDeadlines(line.index * run.tickMs);
    rehearsal.takeLine(line);
  }
  for (const rehearsal of rehearsals) rehearsal.runDeadlines(endMs);
  if (run.endState !== null) {
    const state = toJobState(run.endState);
    stage.job = { ...stage.job, phase: 'ended', state, endState: run.endState, exitCode: toExitCode(run) };
    for (const rehearsal of rehearsals) rehearsal.endJob(endMs);
  }
  for (const rehearsal of rehearsals) rehearsal.release(Infinity);
  const entries = rehearsals.flatMap((rehearsal) => rehearsal.entries);
  // Sorting is stable: what happens at one time stays in the order of the watchers.
  return entries.sort((a, b) => a.timeMs - b.timeMs);
}

/** A job that has completed has exited with 0. */
const toExitCode = ({ exitCode, endState }: DryRun): string | null =>
  exitCode ?? (endState === 'completed' ? '0:0' : null);

function withoutPartialLine(run: DryRun): DryRun {
  const { stdout, stderr } = run.outputs;
  const first = stdout && takeWhole(stdout);
  return {
    ...run,
    outputs: { stdout: first, stderr: stderr === stdout ? first : stderr && takeWhole(stderr) },
  };
}

const paths: Readonly<Record<Stream, string>> = { stdout: 'stdout', stderr: 'stderr' };

const toJob = ({ job: { id, name, cluster }, outputs: { stdout, stderr } }: DryRun): Job =>
  newJob({
    key: 'dry-run',
    cluster,
    id,
    name,
    phase: 'running',
    state: 'RUNNING',
    started: 0,
    outputs: {
      stdout: stdout && paths.stdout,
      stderr: stderr && (stderr === stdout ? paths.stdout : paths.stderr),
    },
  });

/** What a watcher finds in one line. */
interface FoundLine {
  readonly stream: Stream;
  /** From 0. */
  readonly index: number;
  readonly hits: Hit[];
  overrun: MatchResult['overrun'];
}

interface FoundLines {
  /** Of the longest output. */
  readonly lineCount: number;
  /** In the order of time. */
  linesOf(watcher: string): readonly FoundLine[];
}

/** Matches all outputs, cut as the engine's reading cuts them. */
async function findLines(
  { outputs }: DryRun,
  { job, watchers }: { readonly job: Job; readonly watchers: readonly Watcher[] },
  matcher: Matcher,
): Promise<FoundLines> {
  const found = new Map<string, Map<string, FoundLine>>(watchers.map(({ id }) => [id, new Map()]));
  const lineCounters = {
    stdout: new LineCounter(outputs.stdout ?? nothing),
    stderr: new LineCounter(outputs.stderr ?? nothing),
  };
  for (const { path, readers } of groupByFile(job, watchers, true)) {
    const file = path === paths.stdout ? 'stdout' : 'stderr';
    const bytes = outputs[file] ?? nothing;
    const lines = lineCounters[file];
    const streams = new Map(readers.map(({ watcher, stream }) => [watcher.id, stream]));
    const patterns = readers.map(({ watcher: { id, definition } }) => ({
      watcher: id,
      pattern: definition.pattern ?? '',
      from: 0,
    }));
    for (let from = 0; from < bytes.length;) {
      const stretch = bytes.subarray(from, from + maxSegment);
      const { length } = cutSegments(stretch, from + stretch.length === bytes.length ? 'final' : 'part');
      const results = await matcher.match({ bytes: stretch.subarray(0, length), offset: from, patterns });
      for (const { watcher, hits, overrun } of results) {
        const stream = streams.get(watcher) ?? 'stdout';
        const lineAt = (offset: number): FoundLine => {
          const index = lines.indexOf(offset);
          const key = `${stream} ${index}`;
          const known = found.get(watcher)?.get(key);
          if (known) return known;
          const fresh: FoundLine = { stream, index, hits: [], overrun: null };
          found.get(watcher)?.set(key, fresh);
          return fresh;
        };
        for (const hit of hits) lineAt(hit.line).hits.push(hit);
        if (overrun) lineAt(overrun.from).overrun = overrun;
      }
      from += length;
    }
  }
  return {
    lineCount: Math.max(lineCounters.stdout.count, lineCounters.stderr.count),
    linesOf: (watcher) => [...(found.get(watcher)?.values() ?? [])].sort((a, b) => a.index - b.index),
  };
}

const lineFeed = 10;
const nothing = new Uint8Array();

/** Which line a byte is in. */
class LineCounter {
  readonly count: number;
  private readonly starts: number[] = [];

  constructor(bytes: Uint8Array) {
    let start = 0;
    while (start < bytes.length) {
      this.starts.push(start);
      const end = bytes.indexOf(lineFeed, start);
      start = end === -1 ? bytes.length : end + 1;
    }
    this.count = this.starts.length;
  }

  indexOf(offset: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

type Place = Pick<DryRunEntry, 'line' | 'stream' | 'timeMs'>;

/** What all watchers of the dry run share. */
interface Stage {
  job: Job;
  readonly submission: DraftSource | undefined;
  readonly allowedCommands: readonly string[] | undefined;
}

/** One watcher on its way through the output. */
class Rehearsal {
  readonly entries: DryRunEntry[] = [];
  private keptBack: OutboxEntry | undefined;

  constructor(
    private watcher: Watcher,
    private readonly stage: Stage,
    private readonly tickMs: number,
  ) {}

  get id(): WatcherId {
    return this.watcher.id;
  }

  private get subject(): Subject {
    const { job } = this.stage;
    const { watcher, keptBack } = this;
    const resubmission = job.successor === null ? undefined : { watcher: null, cancels: false };
    return { watcher, job, keptBack, cancellation: job.cancelledBy ?? undefined, resubmission };
  }

  takeLine({ stream, index, hits, overrun }: FoundLine): void {
    const timeMs = index * this.tickMs;
    // The engine reads no output for a watcher that is not active.
    if (this.watcher.progress.state !== 'active') return;
    const place: Place = { line: index + 1, stream, timeMs };
    this.reportMatches(hits, place);
    const mark = { head: '', headLength: 0, tail: '', tailLength: 0, restarts: 0 };
    const to = overrun?.to ?? hits.at(-1)?.segment ?? 0;
    this.observe({ kind: 'output', stream, hits, overrun, to, mark, size: to, more: false }, place);
  }

  /** What it does up to a time whatever is printed. */
  runDeadlines(until: Time): void {
    for (;;) {
      const { state, deadlines } = this.watcher.progress;
      const next = findNextDeadline(deadlines);
      this.release(Math.min(next?.time ?? until, until));
      if (state !== 'active' || !next || next.time > until) return;
      const place = { line: null, stream: null, timeMs: next.time };
      this.observe({ kind: 'deadline', deadline: next.kind }, place);
    }
  }

  /** What the limit of actions a minute has kept back up to a time. */
  release(until: Time): void {
    const { keptBack } = this;
    if (!keptBack || keptBack.notBefore > until) return;
    this.keptBack = undefined;
    this.pretend(keptBack, { line: null, stream: null, timeMs: keptBack.notBefore });
  }

  endJob(timeMs: Time): void {
    this.observe({ kind: 'jobEnd' }, { line: null, stream: null, timeMs });
  }

  private reportMatches(hits: readonly Hit[], place: Place): void {
    let { progress } = this.watcher;
    for (const hit of hits) {
      progress = takeCaptures(this.watcher, progress, hit);
      const subject = { ...this.subject, watcher: { ...this.watcher, progress } };
      this.add(place, {
        kind: 'match',
        matchedText: hit.groups[0] ?? '',
        captures: progress.variables,
        // At the job's end it is evaluated, once.
        condition: this.watcher.definition.triggerOnJobEnd ? null : evaluate(subject),
      });
    }
  }

  private observe(observation: Observation, place: Place): void {
    const [progress, effects] = step(this.subject, observation, place.timeMs);
    this.watcher = { ...this.watcher, progress };
    for (const effect of effects) this.takeEffect(effect, place);
  }

  private takeEffect(effect: Effect, place: Place): void {
    switch (effect.kind) {
      case 'event':
        this.add(place, { kind: 'event', event: effect.event });
        break;
      case 'metric':
        this.add(place, { kind: 'metric', metric: effect.metric });
        break;
      case 'job':
        this.stage.job = { ...this.stage.job, ...effect.patch };
        break;
      case 'act':
        this.noteCancellation(effect.entry);
        this.takeEntry(this.toEntry(effect.entry, place.timeMs), place);
        break;
      case 'actOn':
        this.takeEntry(effect.entry, place);
        break;
      case 'actDone':
        break;
    }
  }

  private takeEntry(entry: OutboxEntry, place: Place): void {
    if (entry.standsFor === null || entry.notBefore <= place.timeMs) this.pretend(entry, place);
    else this.keptBack = entry;
  }

  /** The first action of the entry counts as done, so that those behind it come to their turn. */
  private pretend(entry: OutboxEntry, place: Place): void {
    const draft = this.draft(entry);
    const isRefused = draft !== undefined && 'why' in draft;
    const told = [...(draft && !isRefused ? describeDraft(draft) : []), ...this.describeCommand(entry)];
    const result = isRefused ? `not submitted again: ${draft.why}` : toNotRun(told.join('; '));
    this.observe({ kind: 'outcome', entry, success: !isRefused, result }, place);
  }

  /** What would be submitted again; undefined if that is not asked for or not known. */
  private draft({
    actions: [first],
    captures,
  }: OutboxEntry): ReturnType<typeof draftResubmission> | undefined {
    const { submission } = this.stage;
    if (!first || !isResubmission(first) || !submission) return undefined;
    const names = Object.keys(toProgram(this.watcher.definition).unset);
    return draftResubmission(submission, { modifications: first.params['modifications'], names, captures });
  }

  /** What a person must know of a command before it runs for the first time. */
  private describeCommand({ actions: [first], captures }: OutboxEntry): readonly string[] {
    if (first?.written === undefined) return [];
    const { unset, groupNames } = toProgram(this.watcher.definition);
    const variables = toTemplateVariables(this.subject);
    const { allowedCommands } = this.stage;
    const verdict = judgeCommand(first.written, {
      allowedCommands: allowedCommands ?? defaultAllowedCommands,
      captures: Object.keys(unset),
      isKnown: (name) =>
        /^\d/.test(name) ? Number(name) <= groupNames.length : Object.hasOwn(variables, name),
    });
    const environment = toCommandEnvironment({ ...unset, ...captures });
    const names = 'variables' in environment ? Object.keys(environment.variables) : [];
    return [
      ...(names.length === 0 ? [] : [`in its environment: ${names.join(', ')}`]),
      verdict.covered
        ? `it runs without being asked about: the ${allowedCommands ? '' : 'default '}list of allowed commands covers it`
        : `it is asked about at submission: ${verdict.reasons.map(({ text }) => text).join(' ')}`,
    ];
  }

  private noteCancellation({ cause, actions }: Pick<OutboxEntry, 'cause' | 'actions'>): void {
    const { name } = this.watcher.definition;
    const resubmission = findResubmission(name, actions);
    const ofNewJob = resubmission?.cancels === true ? { watcher: name, reason: null } : undefined;
    const cancelledBy = this.stage.job.cancelledBy ?? findCancellation(name, cause, actions) ?? ofNewJob;
    if (cancelledBy) this.stage.job = { ...this.stage.job, cancelledBy };
    if (resubmission) this.stage.job = { ...this.stage.job, successor: 'dry-run' };
  }

  private toEntry(entry: Extract<Effect, { kind: 'act' }>['entry'], time: Time): OutboxEntry {
    const { id: watcherId, job } = this.watcher;
    const begun = { id: '', job, watcherId, time, started: false, attempts: 0 };
    return { ...begun, notBefore: time, standsFor: null, successor: null, ...entry };
  }

  private add(place: Place, what: EntryBody): void {
    this.entries.push({ ...place, watcher: this.watcher.definition.name, ...what });
  }
}

type EntryBody = DryRunEntry extends infer Entry
  ? Entry extends DryRunEntry
    ? Omit<Entry, keyof Place | 'watcher'>
    : never
  : never;

function evaluate(subject: Subject): ConditionValue | null {
  const { condition } = toProgram(subject.watcher.definition);
  if (!condition) return null;
  const { source } = condition;
  const answer = answerCondition(condition, toConditionVariables(subject));
  if (answer.ok) return { source, value: answer.repr, holds: answer.truth, error: null };
  return { source, value: null, holds: false, error: `${answer.error.type}: ${answer.error.message}` };
}
