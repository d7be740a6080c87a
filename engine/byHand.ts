// What a person has a watcher do at once: it looks at the whole output as it is now, and acts on its last match that counts.
import type { Found } from './step';
import { toByHand } from './cause';
import { findUnlisted, takeCaptures, toPlace } from './step';
import type { Subject } from './effect';
import { WatchError } from './errors';
import type { Ledger } from './ledger';
import type { Stream, Watcher, WatcherId } from './model';
import { toConditionVariables } from './names';
import type { Cluster, Hit, Matcher, Store } from './ports';
import { judge, toProgram } from './program';
import type { TriggerPlan } from './protocol';
import { initialProgress } from './progress';
import { findStreams } from './watching/dueFiles';
import { maxSegment, takeWhole } from './tail';
import { planActions, runsOutside } from './trigger';
import { explainFalse } from './verdict';
import { hasRun } from './job';
import { ownFileOf } from './watching/ownBytes';

export interface LookPlace {
  readonly cluster: Cluster;
  readonly matcher: Matcher;
}

/** How far the outputs were looked at, in bytes: a second look up to there finds the same. */
export type LookEnd = TriggerPlan['until'];

export interface Look {
  readonly found: Found;
  readonly until: LookEnd;
}

/**
 * Reads backwards until a match counts; changes nothing. A watcher of the job's end takes the last captures, whatever the
 * condition says of them, and is judged once. `limit`: what was printed behind it is left out. Throws not-found if the output
 * of an ended job is gone, and what the cluster throws.
 */
export async function lookByHand(subject: Subject, limit: LookEnd | null, place: LookPlace): Promise<Look> {
  const { definition } = subject.watcher;
  const unlisted = definition.triggerOnJobEnd ? findUnlisted(subject) : undefined;
  if (unlisted !== undefined) return { found: { kind: 'nothing', why: unlisted }, until: nowhere };
  if (definition.pattern === null) return { found: judgeOnce(subject, undefined), until: nowhere };
  const search = new Search(subject, place);
  const until = { ...nowhere };
  const streams = hasRun(subject.job) ? findStreams(subject.job, subject.watcher) : [];
  if (streams.length === 0 && !definition.triggerOnJobEnd)
    return { found: { kind: 'nothing', why: `job ${subject.job.id} has no output yet` }, until };
  let matched: Stream = 'stdout';
  // Of two outputs the later one is not known: what went wrong is on stderr.
  for (const { stream, path } of [...streams].reverse()) {
    until[stream] = await search.look(path, limit?.[stream] ?? null);
    matched = stream;
    if (search.isOver) break;
  }
  if (search.obstacle !== undefined) return { found: { kind: 'nothing', why: search.obstacle }, until };
  if (definition.triggerOnJobEnd) return { found: judgeOnce(subject, search.hit), until };
  if (search.hit) return { found: toFound(subject, search.hit, matched), until };
  return { found: { kind: 'nothing', why: search.describeFailure() }, until };
}

const nowhere: Readonly<Record<Stream, number>> = { stdout: 0, stderr: 0 };

/** What the watcher would do with it, as people see it before they agree. */
export function planByHand(subject: Subject, { found, until }: Look): TriggerPlan {
  const { watcher, job } = subject;
  const plan: TriggerPlan = {
    watcher: watcher.id,
    name: watcher.definition.name,
    job: { id: job.id, name: job.name, cluster: job.cluster },
    matchedText: null,
    actions: [],
    leftOut: [],
    nothing: found.kind === 'nothing' ? found.why : null,
    until,
  };
  if (found.kind === 'nothing') return plan;
  const { groups, variables } = found;
  const progress = { ...watcher.progress, variables, triggerCount: watcher.progress.triggerCount + 1 };
  const { actions, leftOut } = planActions(
    { ...subject, watcher: { ...watcher, progress } },
    { groups, cause: toByHand(job, found.kind === 'match') },
  );
  return {
    ...plan,
    matchedText: found.kind === 'match' ? (groups[0] ?? null) : null,
    leftOut: [
      ...leftOut,
      ...actions.flatMap(({ type, refusal }) => (refusal === undefined ? [] : `${type} (${refusal})`)),
    ],
    actions: actions
      .filter(({ refusal }) => refusal === undefined)
      .map((action) => ({ ...action, isOutside: runsOutside(action) })),
  };
}

/** The captures of one match alone: what was captured before it is not known here, nor wanted. */
const capture = ({ watcher }: Subject, hit: Hit): Watcher['progress']['variables'] =>
  takeCaptures(watcher, initialProgress, hit).variables;

const toFound = (subject: Subject, hit: Hit, stream: Stream): Found => ({
  kind: 'match',
  groups: hit.groups,
  variables: capture(subject, hit),
  place: toPlace(stream, hit),
});

const withVariables = (subject: Subject, variables: Watcher['progress']['variables']): Subject => ({
  ...subject,
  watcher: { ...subject.watcher, progress: { ...subject.watcher.progress, variables } },
});

/** As at the job's end: the last captures, and the condition once. */
function judgeOnce(subject: Subject, hit: Hit | undefined): Found {
  const variables = hit ? capture(subject, hit) : {};
  const why = findFailure(withVariables(subject, variables));
  return why === undefined
    ? { kind: 'unmatched', groups: hit?.groups ?? [], variables }
    : { kind: 'nothing', why: `its condition does not hold: ${why}` };
}

/** Why the condition does not hold; undefined if it does. */
function findFailure(subject: Subject): string | undefined {
  const { condition } = toProgram(subject.watcher.definition);
  if (!condition || judge(condition, () => toConditionVariables(subject)).holds) return undefined;
  return explainFalse(condition, subject);
}

/** From the end of each output to its beginning, a stretch of whole lines at a time. */
class Search {
  hit: Hit | undefined;
  /** What keeps the search from knowing the last match. */
  obstacle: string | undefined;
  private refused = 0;
  private lastFailure = '';

  constructor(
    private readonly subject: Subject,
    private readonly place: LookPlace,
  ) {}

  get isOver(): boolean {
    return this.hit !== undefined || this.obstacle !== undefined;
  }

  describeFailure(): string {
    if (this.refused === 0) return 'nothing in the output matches its pattern';
    const matches = this.refused === 1 ? 'its one match' : `any of its ${this.refused} matches`;
    return `its condition does not hold for ${matches}; for the last one, ${this.lastFailure}`;
  }

  /** Gives how far the output reached. */
  async look(path: string, limit: number | null): Promise<number> {
    const size = await this.findSize(path);
    // What was there before the job began is not the job's.
    const own = ownFileOf(this.subject.job, path);
    const first = own.from ?? (own.before === 'unknown' ? 0 : (size ?? 0));
    // A file that is shorter now was cut, by the job for all that is known.
    const floor = size !== null && first > size ? 0 : first;
    let end = size === null ? 0 : Math.max(floor, Math.min(size, limit ?? size));
    const whole = end;
    // A last line that may go on is not one yet.
    const isFinal = this.subject.job.phase === 'ended';
    for (let isLast = !isFinal; end > floor && !this.isOver; isLast = false) {
      const start = Math.max(floor, end - maxSegment);
      const bytes = await this.read(path, start, end);
      const begin = start === floor ? 0 : findLineStart(bytes);
      const lines = bytes.subarray(begin);
      await this.match(isLast ? takeWhole(lines) : lines, start + begin);
      end = start + begin;
    }
    return whole;
  }

  /** Null if it is not there yet. */
  private async findSize(path: string): Promise<number | null> {
    const [answer] = await this.place.cluster.read([
      { path, from: 0, maxBytes: 0, before: 0, head: 0, fresh: true },
    ]);
    if (answer?.kind === 'read') return answer.size;
    if (answer?.kind !== 'failed' && this.subject.job.phase !== 'ended') return null;
    throw toUnreadable(path, answer?.kind === 'failed' ? answer.message : 'it is not there');
  }

  private async read(path: string, from: number, to: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(to - from);
    for (let at = 0; at < bytes.length;) {
      const request = {
        path,
        from: from + at,
        maxBytes: bytes.length - at,
        before: 0,
        head: 0,
        fresh: false,
      };
      const [answer] = await this.place.cluster.read([request]);
      if (answer?.kind !== 'read' || answer.bytes.length === 0)
        throw toUnreadable(
          path,
          answer?.kind === 'failed' ? answer.message : 'it has become shorter meanwhile',
        );
      bytes.set(answer.bytes.subarray(0, bytes.length - at), at);
      at += answer.bytes.length;
    }
    return bytes;
  }

  private async match(bytes: Uint8Array, offset: number): Promise<void> {
    if (bytes.length === 0) return;
    const { id, definition } = this.subject.watcher;
    const patterns = [{ watcher: id, pattern: definition.pattern ?? '', from: offset }];
    const [result] = await this.place.matcher.match({ bytes, offset, patterns });
    if (result?.overrun) {
      const { from, to, error } = result.overrun;
      const why = error === undefined ? 'its pattern took too long' : `the search broke: ${error}`;
      this.obstacle = `bytes ${from} to ${to} of the output were not matched: ${why}`;
      return;
    }
    for (const hit of [...(result?.hits ?? [])].reverse()) {
      const failure = definition.triggerOnJobEnd
        ? undefined
        : findFailure(withVariables(this.subject, capture(this.subject, hit)));
      if (failure === undefined) {
        this.hit = hit;
        return;
      }
      if (this.refused++ === 0) this.lastFailure = failure;
    }
  }
}

const lineFeed = 10;

/** Where the first whole line of a stretch begins; 0 if a line is longer than the stretch: it is cut there. */
function findLineStart(bytes: Uint8Array): number {
  const start = bytes.indexOf(lineFeed) + 1;
  return start < bytes.length ? start : 0;
}

const toUnreadable = (path: string, why: string): WatchError =>
  new WatchError('not-found', `${path} cannot be read: ${why}.`, 'Nothing was done.');

/** The watcher with its job, of the books or of history; history stays where it is. */
export async function findSubject(id: WatcherId, ledger: Ledger, store: Store): Promise<Subject> {
  const live = ledger.subject(id);
  if (live) return live;
  const [watcher] = await store.watchers({ watcher: id });
  const recalled = watcher && (await store.recall(watcher.job));
  const job = recalled?.jobs.find(({ key }) => key === watcher?.job);
  if (!watcher || !job)
    throw new WatchError('not-found', `No job has a watcher ${id}.`, 'List the watchers to see their ids.');
  return { watcher, job };
}

/** A watcher of the books, or of history, whose job then joins them until the next tick. */
export async function recallWatcher(
  id: WatcherId,
  ledger: Ledger,
  store: Store,
): Promise<Watcher | undefined> {
  const live = ledger.watchers.get(id);
  if (live) return live;
  const [known] = await store.watchers({ watcher: id });
  if (known) {
    const recalled = await store.recall(known.job);
    ledger.recall(recalled);
    // An archived job is written again: what it does from now on belongs to it.
    await ledger.commit((batch) => {
      for (const job of recalled.jobs) batch.setJob(job);
      for (const watcher of recalled.watchers) batch.addWatcher(watcher);
    });
  }
  return ledger.watchers.get(id);
}
