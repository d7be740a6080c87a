// The engine's books: what is known of jobs and watchers, changed only by commits, and told only when committed.
import type { WorkBudget } from '../language/condition/limits';
import { findCancellation, patchJob, type Cancellation } from './cancellation';
import { findResubmission, type Resubmission } from './resubmission';
import { plainEvent, toEvent, type Effect, type Subject } from './effect';
import { toWatchError, type WatchError } from './errors';
import type {
  ClusterStatus,
  Job,
  JobKey,
  Metric,
  OutboxEntry,
  Progress,
  Time,
  Watcher,
  WatcherId,
  WatchEvent,
} from './model';
import type { Change, Clock, Ids, Recalled, Store } from './ports';
import type { EngineChange } from './protocol';
import { step, type Observation } from './step';

/** What a batch does to the books; committed as one transaction. */
export interface Batch {
  setJob(job: Job): void;
  addWatcher(watcher: Watcher): void;
  removeWatcher(id: WatcherId): void;
  /** A watcher takes a step; nothing happens if it is gone. `budget`: what its conditions may do, as for `step`. */
  observe(id: WatcherId, observation: Observation, now: Time, budget?: WorkBudget): void;
  /** A watcher's progress, and what follows from it. */
  apply(subject: Subject, progress: Progress, effects: readonly Effect[]): void;
  /** An event of a job itself. */
  tell(job: Job, event: Pick<WatchEvent, 'kind' | 'result'>): void;
  /** An event of a watcher, beside its steps. */
  tellWatcher(
    subject: Subject,
    event: Pick<WatchEvent, 'kind' | 'result'> & Partial<Pick<WatchEvent, 'cause'>>,
  ): void;
  setOutbox(entry: OutboxEntry): void;
  /** Nothing of the entry remains to be done. */
  endOutbox(id: string): void;
  /** The watcher and job as this batch leaves them. */
  subject(id: WatcherId): Subject | undefined;
  readonly isEmpty: boolean;
}

export interface LedgerParts {
  readonly clock: Clock;
  readonly ids: Ids;
}

export type Listener = (change: EngineChange) => void;

/** So much is kept in memory while the disk refuses; then watching waits for it. */
const maxUnstored = 50_000;

export class Ledger {
  readonly jobs = new Map<JobKey, Job>();
  readonly watchers = new Map<WatcherId, Watcher>();
  readonly outbox = new Map<string, OutboxEntry>();
  /** Entries of the outbox whose first action runs now. */
  readonly acting = new Set<string>();
  private readonly byJob = new Map<JobKey, Set<WatcherId>>();
  /** What watchersOf gave since the watchers of the job last changed: every tick asks for all of them, most are quiet. */
  private readonly lists = new Map<JobKey, readonly Watcher[]>();
  /** Next step of each metric, by job. */
  private readonly steps = new Map<JobKey, Map<string, number>>();
  private trouble: readonly string[] = [];
  /** What happened while the disk refused, in order. */
  private unstored: readonly Change[] = [];
  private storeError: WatchError | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private lastEventId = 0;
  private lastMetricId = 0;
  private readonly listeners = new Set<Listener>();

  private constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  static async open(store: Store, { clock, ids }: LedgerParts): Promise<Ledger> {
    const ledger = new Ledger(store, clock, ids);
    const { jobs, watchers, outbox, lastEventId, lastMetricId, metricSteps, trouble } = await store.load();
    ledger.trouble = trouble;
    ledger.recall({ jobs, watchers, metricSteps });
    for (const entry of outbox) ledger.outbox.set(entry.id, entry);
    ledger.lastEventId = lastEventId;
    ledger.lastMetricId = lastMetricId;
    return ledger;
  }

  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What the store could not read is told with every job that may be concerned. */
  async reportTrouble(): Promise<void> {
    await this.commit((batch) => {
      for (const job of this.jobs.values())
        for (const result of this.trouble) batch.tell(job, { kind: 'error', result });
    });
  }

  /** The connection of a cluster changed: told at once, it is no part of the store. */
  tellStatus(status: ClusterStatus): void {
    const nothing = { jobs: [], watchers: [], removedWatchers: [], events: [], metrics: [] };
    for (const listener of this.listeners) listener({ ...nothing, clusters: [status] });
  }

  /** A watcher with its job, as a step takes them. */
  subject(id: WatcherId): Subject | undefined {
    return new Draft(this, this.clock.now(), this.ids).subject(id);
  }

  watchersOf(job: JobKey): readonly Watcher[] {
    const known = this.lists.get(job);
    if (known) return known;
    const list = [...(this.byJob.get(job) ?? [])].flatMap((id) => this.watchers.get(id) ?? []);
    this.lists.set(job, list);
    return list;
  }

  jobsOf(cluster: string): readonly Job[] {
    return [...this.jobs.values()].filter((job) => job.cluster === cluster);
  }

  /** Tasks of an array that have ended and are history. */
  async findEndedTasks({ key, cluster, id }: Job): Promise<ReadonlySet<JobKey>> {
    const tasks = await this.store.jobs({ cluster, job: id, live: false });
    return new Set(tasks.filter(({ parent }) => parent === key).map((task) => task.key));
  }

  /** A job of the books or of history. */
  async findJob(key: JobKey): Promise<Job | undefined> {
    return this.jobs.get(key) ?? (await this.store.jobs({ job: key })).find((job) => job.key === key);
  }

  /** The cancellation of the job, or of its array, that is next in the outbox: it may have been done before a crash. */
  findBegunCancellation({ key, parent }: Job): Cancellation | undefined {
    for (const { job, watcherId, cause, actions } of this.outbox.values()) {
      if (job !== key && job !== parent) continue;
      const name = this.watchers.get(watcherId)?.definition.name ?? '';
      const begun = findCancellation(name, cause, actions.slice(0, 1));
      if (begun) return begun;
    }
    return undefined;
  }

  /** All tasks of an array that have ever been seen, as they are now. */
  async findTasks({ key, cluster, id }: Job): Promise<readonly Job[]> {
    const stored = (await this.store.jobs({ cluster, job: id })).filter(({ parent }) => parent === key);
    const current = [...this.jobs.values()].filter(({ parent }) => parent === key);
    return [...new Map([...stored, ...current].map((task) => [task.key, task])).values()];
  }

  get activeWatchers(): number {
    return [...this.watchers.values()].filter(({ progress }) => progress.state === 'active').length;
  }

  /** Actions of the outbox that run or are tried again by themselves. */
  get pendingActions(): number {
    return [...this.outbox.values()].filter(({ waitsFor }) => !waitsFor).length;
  }

  /** Why nothing can be stored now; undefined while it can. */
  get storeTrouble(): WatchError | undefined {
    return this.unstored.length > 0 ? this.storeError : undefined;
  }

  /** Commits what `fill` writes, then changes the books and tells the listeners. Nothing changes where the commit fails. */
  async commit(fill: (batch: Batch) => void): Promise<void> {
    await this.write(fill, false);
  }

  /**
   * As commit, for what was observed: where the disk refuses, the books go on without it. It is stored, and told, with
   * the next commit that succeeds; a crash before makes the next engine observe it again.
   */
  async observe(fill: (batch: Batch) => void): Promise<void> {
    await this.write(fill, true);
  }

  /** One after another: a batch sees what the one before it left, and what was set aside stays in order. */
  private write(fill: (batch: Batch) => void, mayWait: boolean): Promise<void> {
    const written = this.turn.then(() => this.writeNow(fill, mayWait));
    this.turn = written.catch(() => undefined);
    return written;
  }

  /** Tries to store what was set aside. */
  async flush(): Promise<void> {
    if (this.unstored.length > 0) await this.write(() => undefined, true);
  }

  private async writeNow(fill: (batch: Batch) => void, mayWait: boolean): Promise<void> {
    const draft = new Draft(this, this.clock.now(), this.ids);
    fill(draft);
    if (draft.isEmpty && this.unstored.length === 0) return;
    const changes = draft.toChanges(
      (kind) => (kind === 'event' ? ++this.lastEventId : ++this.lastMetricId),
      (job, name) => this.takeStep(job, name),
    );
    const waiting = this.unstored;
    try {
      await this.store.commit([...waiting, ...changes]);
    } catch (error) {
      if (!mayWait || !this.maySetAside(error, changes)) {
        this.returnSteps(changes);
        throw error;
      }
      this.unstored = [...waiting, ...changes];
      for (const change of changes) this.adopt(change);
      return;
    }
    this.unstored = [];
    for (const change of changes) this.adopt(change);
    const news = toNews([...waiting, ...changes], this.watchers);
    for (const listener of this.listeners) listener(news);
  }

  private maySetAside(thrown: unknown, changes: readonly Change[]): boolean {
    const error = toWatchError(thrown);
    this.storeError = error;
    return error.code === 'store-unavailable' && this.unstored.length + changes.length <= maxUnstored;
  }

  /** A job of history joins the books again; its metrics go on where they were. */
  recall({ jobs, watchers, metricSteps }: Recalled): void {
    for (const job of jobs) this.jobs.set(job.key, job);
    for (const watcher of watchers) this.index(watcher);
    for (const { job, name, next } of metricSteps) this.stepsOf(job).set(name, next);
  }

  /** Jobs that have come to an end, and their watchers, are history: the store has them. */
  forget(job: JobKey): void {
    for (const id of this.byJob.get(job) ?? []) this.watchers.delete(id);
    this.byJob.delete(job);
    this.lists.delete(job);
    this.steps.delete(job);
    this.jobs.delete(job);
  }

  private stepsOf(job: JobKey): Map<string, number> {
    const steps = this.steps.get(job) ?? new Map<string, number>();
    this.steps.set(job, steps);
    return steps;
  }

  private takeStep(job: JobKey, name: string): number {
    const steps = this.stepsOf(job);
    const step = steps.get(name) ?? 0;
    steps.set(name, step + 1);
    return step;
  }

  /** What was not stored has no step: the next value takes it. */
  private returnSteps(changes: readonly Change[]): void {
    for (const change of [...changes].reverse()) {
      if (change.kind !== 'metric') continue;
      const { job, name, step } = change.metric;
      this.stepsOf(job).set(name, step);
    }
  }

  private index(watcher: Watcher): void {
    this.watchers.set(watcher.id, watcher);
    this.lists.delete(watcher.job);
    const ids = this.byJob.get(watcher.job) ?? new Set();
    this.byJob.set(watcher.job, ids.add(watcher.id));
  }

  private adopt(change: Change): void {
    switch (change.kind) {
      case 'job':
        this.jobs.set(change.job.key, change.job);
        break;
      case 'watcher':
        this.index(change.watcher);
        break;
      case 'progress': {
        const watcher = this.watchers.get(change.id);
        if (watcher) this.index({ ...watcher, progress: change.progress });
        break;
      }
      case 'removeWatcher': {
        const watcher = this.watchers.get(change.id);
        if (watcher) {
          this.byJob.get(watcher.job)?.delete(change.id);
          this.lists.delete(watcher.job);
        }
        this.watchers.delete(change.id);
        break;
      }
      case 'outbox':
        this.outbox.set(change.entry.id, change.entry);
        break;
      case 'outboxDone':
        this.outbox.delete(change.id);
        break;
      case 'event':
      case 'metric':
        break;
    }
  }
}

type EventWithoutId = Omit<WatchEvent, 'id'>;
type MetricWithoutId = Omit<Metric, 'id' | 'step'>;
type DraftChange =
  | Exclude<Change, { kind: 'event' | 'metric' | 'progress' | 'job' | 'watcher' }>
  | { readonly kind: 'event'; readonly event: EventWithoutId }
  | { readonly kind: 'metric'; readonly metric: MetricWithoutId };

class Draft implements Batch {
  private readonly jobs = new Map<JobKey, Job>();
  private readonly added = new Map<WatcherId, Watcher>();
  private readonly progress = new Map<WatcherId, Progress>();
  private readonly others: DraftChange[] = [];
  /** Entries of the outbox as this batch leaves them; null where they are done. */
  private readonly entries = new Map<string, OutboxEntry | null>();

  constructor(
    private readonly ledger: Ledger,
    private readonly now: Time,
    private readonly ids: Ids,
  ) {}

  get isEmpty(): boolean {
    return this.jobs.size + this.added.size + this.progress.size + this.others.length === 0;
  }

  setJob(job: Job): void {
    this.jobs.set(job.key, job);
  }

  addWatcher(watcher: Watcher): void {
    this.added.set(watcher.id, watcher);
  }

  removeWatcher(id: WatcherId): void {
    const subject = this.subject(id);
    if (!subject) return;
    this.others.push({ kind: 'removeWatcher', id });
    const { progress, definition } = subject.watcher;
    for (const entry of this.ledger.outbox.values()) {
      if (entry.watcherId !== id) continue;
      this.endOutbox(entry.id);
      this.apply(subject, progress, toLeftOut(entry, this.ledger.acting.has(entry.id)));
    }
    this.tell(subject.job, {
      kind: 'state',
      result: `watcher "${definition.name}" removed (${progress.state})`,
    });
  }

  setOutbox(entry: OutboxEntry): void {
    this.others.push({ kind: 'outbox', entry });
    this.entries.set(entry.id, entry);
  }

  endOutbox(id: string): void {
    this.others.push({ kind: 'outboxDone', id });
    this.entries.set(id, null);
  }

  tell(job: Job, { kind, result }: Pick<WatchEvent, 'kind' | 'result'>): void {
    const event = { ...plainEvent, kind, result, watcherId: null, watcher: null };
    this.others.push({ kind: 'event', event: { ...event, ...this.placeOf(job) } });
  }

  tellWatcher(subject: Subject, event: Parameters<Batch['tellWatcher']>[1]): void {
    this.apply(subject, subject.watcher.progress, [toEvent(event)]);
  }

  subject(id: WatcherId): Subject | undefined {
    const watcher = this.added.get(id) ?? this.ledger.watchers.get(id);
    const job = watcher && (this.jobs.get(watcher.job) ?? this.ledger.jobs.get(watcher.job));
    if (!watcher || !job) return undefined;
    return {
      job,
      watcher: { ...watcher, progress: this.progress.get(id) ?? watcher.progress },
      keptBack: this.findKeptBack(id),
      cancellation: this.findCancellation(job),
      resubmission: this.findResubmission(job),
    };
  }

  /** Of the job, or of the array that it is a task of: done, or planned by whatever watcher. */
  private findCancellation(job: Job): Cancellation | undefined {
    const array =
      job.parent === null ? undefined : (this.jobs.get(job.parent) ?? this.ledger.jobs.get(job.parent));
    const done = job.cancelledBy ?? array?.cancelledBy;
    if (done) return done;
    if (this.ledger.outbox.size + this.entries.size === 0) return undefined;
    for (const entry of this.currentEntries()) {
      if (entry.job !== job.key && entry.job !== job.parent) continue;
      const watcher = this.added.get(entry.watcherId) ?? this.ledger.watchers.get(entry.watcherId);
      const planned = findCancellation(watcher?.definition.name ?? '', entry.cause, entry.actions);
      if (planned) return planned;
    }
    return undefined;
  }

  /** Begun, or planned by whatever watcher. */
  private findResubmission(job: Job): Resubmission | undefined {
    const planned = this.findPlannedResubmission(job);
    return job.successor === null ? planned : { watcher: null, cancels: planned?.cancels ?? false };
  }

  private findPlannedResubmission(job: Job): Resubmission | undefined {
    if (this.ledger.outbox.size + this.entries.size === 0) return undefined;
    for (const entry of this.currentEntries()) {
      if (entry.job !== job.key) continue;
      const watcher = this.added.get(entry.watcherId) ?? this.ledger.watchers.get(entry.watcherId);
      const planned = findResubmission(watcher?.definition.name ?? '', entry.actions);
      if (planned) return planned;
    }
    return undefined;
  }

  /** What waits in the outbox as this batch leaves it, the oldest first. */
  private *currentEntries(): Iterable<OutboxEntry> {
    for (const entry of this.ledger.outbox.values()) {
      const own = this.entries.get(entry.id);
      if (own !== null) yield own ?? entry;
    }
    for (const [id, entry] of this.entries) if (entry && !this.ledger.outbox.has(id)) yield entry;
  }

  private findKeptBack(id: WatcherId): OutboxEntry | undefined {
    if (this.ledger.outbox.size + this.entries.size === 0) return undefined;
    for (const entry of this.currentEntries())
      if (entry.watcherId === id && entry.standsFor !== null && !isOnItsWay(entry)) return entry;
    return undefined;
  }

  observe(id: WatcherId, observation: Observation, now: Time, budget?: WorkBudget): void {
    const subject = this.subject(id);
    if (subject) this.apply(subject, ...step(subject, observation, now, budget));
  }

  apply({ watcher, job }: Subject, progress: Progress, effects: readonly Effect[]): void {
    this.progress.set(watcher.id, progress);
    const place = { ...this.placeOf(job), watcherId: watcher.id, watcher: watcher.definition.name };
    for (const effect of effects) {
      switch (effect.kind) {
        case 'event':
          this.others.push({ kind: 'event', event: { ...place, ...effect.event } });
          break;
        case 'metric':
          this.others.push({ kind: 'metric', metric: { ...place, ...effect.metric } });
          break;
        case 'job':
          this.setJob(patchJob(this.jobs.get(job.key) ?? job, effect.patch));
          break;
        case 'act': {
          const entry = {
            id: this.ids.next(),
            job: job.key,
            watcherId: watcher.id,
            time: this.now,
            started: false,
            attempts: 0,
            notBefore: 0,
            standsFor: null,
            successor: null,
          };
          this.setOutbox({ ...entry, ...effect.entry });
          break;
        }
        case 'actOn':
          this.setOutbox(effect.entry);
          break;
        case 'actDone':
          this.endOutbox(effect.id);
          break;
      }
    }
  }

  private placeOf(job: Job): { time: Time; cluster: string; job: JobKey; jobId: string } {
    return { time: this.now, cluster: job.cluster, job: job.key, jobId: job.id };
  }

  toChanges(
    nextId: (kind: 'event' | 'metric') => number,
    nextStep: (job: JobKey, name: string) => number,
  ): readonly Change[] {
    const states: Change[] = [
      ...[...this.jobs.values()].map((job): Change => ({ kind: 'job', job })),
      ...[...this.added.values()].map((watcher): Change => ({ kind: 'watcher', watcher })),
      ...[...this.progress].map(([id, progress]): Change => ({ kind: 'progress', id, progress })),
    ];
    const records = this.others.map((change): Change => {
      if (change.kind === 'event') return { kind: 'event', event: { ...change.event, id: nextId('event') } };
      if (change.kind !== 'metric') return change;
      const { metric } = change;
      return {
        kind: 'metric',
        metric: { ...metric, id: nextId('metric'), step: nextStep(metric.job, metric.name) },
      };
    });
    return [...states, ...records];
  }
}

/** It has begun, was tried, or waits for a person: nothing more joins it. */
const isOnItsWay = ({ started, attempts, waitsFor }: OutboxEntry): boolean =>
  started || attempts > 0 || (waitsFor ?? null) !== null;

/** What a removed watcher still wanted to do is not done; what is being done is told when it has come to an end. */
function toLeftOut(
  { actions, cause, matchedText, place, captures }: OutboxEntry,
  isActing: boolean,
): readonly Effect[] {
  return actions.slice(isActing ? 1 : 0).map(({ type, params }) =>
    toEvent({
      kind: 'skip',
      action: type,
      params,
      cause,
      matchedText,
      place,
      captures,
      result: 'the watcher was removed',
    }),
  );
}

function toNews(changes: readonly Change[], watchers: ReadonlyMap<WatcherId, Watcher>): EngineChange {
  const touched = new Set<WatcherId>();
  const news = {
    jobs: [] as Job[],
    removedWatchers: [] as WatcherId[],
    events: [] as WatchEvent[],
    metrics: [] as Metric[],
  };
  for (const change of changes) {
    if (change.kind === 'job') news.jobs.push(change.job);
    else if (change.kind === 'event') news.events.push(change.event);
    else if (change.kind === 'metric') news.metrics.push(change.metric);
    else if (change.kind === 'watcher') touched.add(change.watcher.id);
    else if (change.kind === 'progress') touched.add(change.id);
    else if (change.kind === 'removeWatcher') news.removedWatchers.push(change.id);
  }
  return { ...news, watchers: [...touched].flatMap((id) => watchers.get(id) ?? []), clusters: [] };
}
