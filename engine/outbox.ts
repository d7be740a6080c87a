// Runs what waits in the outbox, beside the ticks: each entry's first action, its outcome through the step, what follows.
import { findActionRow, reachesOutside } from '../language/actionTable';
import type { ActionPlace, OutsideAction, OutsideActions, Outcome, Succession } from './actions/action';
import type { Consents } from './consent';
import { patchJob } from './cancellation';
import { hasCome } from './due';
import { isQueried } from './job';
import { toWatchError, WatchError } from './errors';
import { toProgram } from './program';
import type { Batch, Ledger } from './ledger';
import type { Job, OutboxEntry, Time, WatcherId, WatchEvent } from './model';
import type { Clock, Cluster, Ids } from './ports';
import { submit } from './submit';
import { describeWait } from './words';

export interface RunnerPlace {
  /** The cluster's name. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly actions: OutsideActions;
  readonly consents: Pick<Consents, 'explainRefusal'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly now: () => Time;
  /** Waits so many milliseconds; false where there is no time to wait. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
  /** Runs work between ticks. */
  readonly exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Has the next tick come at once. */
  readonly wake: () => void;
}

/** Nothing is ever put off for longer. */
const longestDelayMs = 3_600_000;
const longestRetryMs = 60_000;
/** Of a chain, this many jobs before a new one are remembered to have ended. */
const maxPast = 100;
/** Time between two looks for what came of an action, ms. */
const lookAgainMs = 10_000;
/** Maximum time that an action is looked for if the cluster answers in a way that tells nothing, ms. */
const longestSearchMs = 3_600_000;
/** How long until what waits for a person is looked at again by itself, ms. */
const waitMs = 30_000;
/** How long until what a full disk kept from beginning is tried again, ms. */
const diskWaitMs = 5000;
/** So many messages of a watcher wait for a person; later ones fail. */
const mostWaiting = 50;

/** How a run of an action ended. */
type RunEnd =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | {
      readonly kind: 'again';
      readonly afterMs: number;
      /** Null if there is nothing to tell. */
      readonly why: string | null;
      /** The trouble, in sentences; absent if there is none. */
      readonly trouble?: string;
      /** It may have run: what came of it is looked for, and it is not run again. */
      readonly isBegun?: true;
    };

export class ActionRunner {
  private readonly running = new Map<WatcherId, Promise<void>>();
  /** Until when entries are left alone that wait for a person or for the disk. */
  private readonly held = new Map<string, Time>();
  /** When what waits is due on the steady clock, since it was seen to wait: people set the wall's back. */
  private readonly due = new Map<string, { readonly notBefore: Time; readonly at: number }>();

  constructor(private readonly place: RunnerPlace) {}

  /** When something is due that does not run yet. */
  get times(): readonly Time[] {
    return this.waiting.map((entry) => {
      const left = this.dueAt(entry) - this.place.clock.steady();
      return Math.max(Math.min(entry.notBefore, this.place.now() + left), this.held.get(entry.id) ?? 0);
    });
  }

  private dueAt({ id, notBefore }: OutboxEntry): number {
    const known = this.due.get(id);
    if (known?.notBefore === notBefore) return known.at;
    const at = this.place.clock.steady() + Math.max(0, notBefore - this.place.now());
    this.due.set(id, { notBefore, at });
    return at;
  }

  private isDue(entry: OutboxEntry): boolean {
    const { clock, now } = this.place;
    return this.dueAt(entry) <= clock.steady() || hasCome(entry.notBefore, longestDelayMs, now());
  }

  /** A person may have given what is waited for. */
  release(): void {
    this.held.clear();
  }

  /** Begins the oldest entry that is due of each watcher; a slow one keeps only its own watcher's others back. */
  async start(cluster: Cluster): Promise<void> {
    const held = new Set<WatcherId>();
    for (const id of this.due.keys()) if (!this.place.ledger.outbox.has(id)) this.due.delete(id);
    for (const entry of this.waiting) {
      if (this.running.has(entry.watcherId) || held.has(entry.watcherId)) continue;
      if (!this.isDue(entry)) {
        if (entry.started) held.add(entry.watcherId);
        continue;
      }
      const { acting, storeTrouble } = this.place.ledger;
      if (storeTrouble !== undefined && this.needsMark(entry)) {
        this.holdForDisk(entry);
        continue;
      }
      const action = entry.started ? undefined : this.actionOf(entry);
      if (action?.findObstacle) {
        if (!hasCome(this.held.get(entry.id) ?? 0, 2 * waitMs, this.place.now())) continue;
        this.launch(entry, this.runIfFree(entry, cluster));
      } else if (await this.markStarted(entry)) {
        acting.add(entry.id);
        this.launch(entry, this.run(entry, cluster));
      }
    }
  }

  private launch(entry: OutboxEntry, work: Promise<void>): void {
    const run = work.finally(() => {
      this.place.ledger.acting.delete(entry.id);
      this.running.delete(entry.watcherId);
      this.place.wake();
    });
    this.running.set(entry.watcherId, run);
  }

  /** Looks first, beside the ticks, whether it has what it needs. */
  private async runIfFree(entry: OutboxEntry, cluster: Cluster): Promise<void> {
    const { ledger, exclusively, now } = this.place;
    const obstacle = await this.findObstacle(entry);
    let marked: OutboxEntry | undefined;
    try {
      await exclusively(async () => {
        // It may have been taken out of the outbox meanwhile, or others have joined it.
        const current = ledger.outbox.get(entry.id);
        if (!current) return;
        const isTooMany = obstacle !== null && !current.waitsFor && this.countWaiting(entry) >= mostWaiting;
        if (isTooMany)
          await this.end(current, failed(`${mostWaiting} messages are waiting already. ${obstacle}`));
        else if (obstacle === null) {
          if (!(await this.markStarted(current))) return;
          ledger.acting.add(entry.id);
          marked = current;
        } else {
          // What comes after it goes on under the same id.
          if (current.actions.length === 1) this.held.set(entry.id, now() + waitMs);
          if (current.waitsFor !== obstacle) await this.postpone(current, obstacle);
        }
      });
    } catch {
      // As when an action has ended: the store says so with every tick.
      this.held.set(entry.id, now() + waitMs);
    }
    if (marked) await this.run(marked, cluster);
  }

  private async findObstacle(entry: OutboxEntry): Promise<string | null> {
    try {
      const [first] = entry.actions;
      const job = this.place.ledger.jobs.get(entry.job);
      return (first && job && (await this.actionOf(entry)?.findObstacle?.(first.params, job))) ?? null;
    } catch (thrown) {
      const { message, remedy } = toWatchError(thrown);
      return `${message} ${remedy}`;
    }
  }

  private countWaiting({ watcherId }: OutboxEntry): number {
    return [...this.place.ledger.outbox.values()].filter(
      (other) => other.watcherId === watcherId && (other.waitsFor ?? null) !== null,
    ).length;
  }

  private postpone(entry: OutboxEntry, waitsFor: string): Promise<void> {
    const why = describeWait(entry.actions[0]?.type ?? '', waitsFor);
    const notBefore = this.place.now();
    return this.place.ledger.observe((batch) => {
      const postponement = { entry, why, notBefore, waitsFor, retriedFor: null };
      batch.observe(entry.watcherId, { kind: 'postponed', ...postponement }, notBefore);
    });
  }

  /** Waits for what runs, but not for ever: an action that is left alone is known to have been started. */
  async settle(limitMs: number): Promise<void> {
    if (this.running.size === 0) return;
    let callOff: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (callOff = this.place.clock.after(limitMs, resolve)));
    await Promise.race([Promise.allSettled(this.running.values()), late]);
    callOff();
  }

  private get waiting(): readonly OutboxEntry[] {
    const { ledger, name } = this.place;
    return [...ledger.outbox.values()].filter(
      ({ job, watcherId }) => ledger.jobs.get(job)?.cluster === name && !this.running.has(watcherId),
    );
  }

  private actionOf({ actions: [first] }: OutboxEntry): OutsideAction | undefined {
    return first && reachesOutside(first.type) ? this.place.actions[first.type] : undefined;
  }

  private needsMark(entry: OutboxEntry): boolean {
    return this.actionOf(entry) !== undefined && !isRepeatable(entry) && !entry.started;
  }

  private holdForDisk({ id }: OutboxEntry): void {
    this.held.set(id, this.place.now() + diskWaitMs);
  }

  /** What must not run twice is marked before it runs: what a crash leaves marked is unknown. */
  private async markStarted(entry: OutboxEntry): Promise<boolean> {
    if (!this.needsMark(entry)) return true;
    try {
      await this.place.ledger.commit((batch) => {
        batch.setOutbox({ ...entry, waitsFor: null, started: true, attempts: entry.attempts + 1 });
      });
      this.held.delete(entry.id);
      return true;
    } catch (error) {
      // Without its mark it cannot run; the status says what is wrong with the store.
      if (toWatchError(error).code !== 'store-unavailable') throw error;
      this.holdForDisk(entry);
      return false;
    }
  }

  private async run(entry: OutboxEntry, cluster: Cluster): Promise<void> {
    const name = this.place.ledger.watchers.get(entry.watcherId)?.definition.name ?? '';
    const end = await this.perform(entry, { cluster, watcher: name });
    try {
      await this.place.exclusively(() => this.end(entry, end, name));
    } catch {
      // The store is in trouble and says so with every tick; the entry is still there for the next look.
    }
  }

  /** As the books have it now. */
  private current(entry: OutboxEntry): OutboxEntry {
    return this.place.ledger.outbox.get(entry.id) ?? entry;
  }

  private toSuccession(entry: OutboxEntry, { key, id }: Job, cluster: Cluster): Succession {
    const { ledger, ids, now, pause, exclusively } = this.place;
    const watchers = ledger.watchersOf(key);
    return {
      watchers,
      own: watchers.find((watcher) => watcher.id === entry.watcherId),
      find: async () => {
        const { successor } = this.current(entry);
        return successor === null ? undefined : await ledger.findJob(successor);
      },
      report: () =>
        exclusively(async () => {
          const queried = ledger.jobsOf(cluster.name).filter(isQueried);
          const reports = await cluster.query(queried.map((job) => job.id));
          return reports.find((report) => report.id === id);
        }),
      nextToken: () => ids.next(),
      begin: (submission, chain) =>
        exclusively(async () => {
          const before = ledger.jobs.get(key);
          if (before?.cancelledBy?.watcher === null)
            throw new WatchError('bad-request', `Job ${id} was cancelled by hand.`, 'Nothing was submitted.');
          if (!ledger.outbox.has(entry.id))
            throw new WatchError('bad-request', 'Its watcher was removed.', 'Nothing was submitted.');
          const past = [...(before?.own.past ?? []), ...(before?.phase === 'ended' ? [id] : [])];
          const note = (batch: Batch, job: Job): void => {
            const old = ledger.jobs.get(key);
            if (old) batch.setJob({ ...old, successor: job.key });
            batch.setOutbox({ ...this.current(entry), started: true, successor: job.key });
          };
          const place = { ledger, cluster, ids, now, pause };
          const prepared = { submission, loginOutput: null };
          return (await submit(prepared, place, { chain, note, past: past.slice(-maxPast) })).job;
        }),
    };
  }

  private end(entry: OutboxEntry, end: RunEnd, name = ''): Promise<void> {
    const { ledger, now } = this.place;
    return ledger.observe((batch) => {
      const job = ledger.jobs.get(entry.job);
      const subject = batch.subject(entry.watcherId);
      // Its watcher was removed meanwhile: nothing of it goes on.
      if (!subject) {
        batch.endOutbox(entry.id);
        if (job) batch.tell(job, describeOrphan(entry, name, end));
        if (job && end.kind === 'done' && end.outcome.job) batch.setJob(patchJob(job, end.outcome.job));
      } else if (end.kind === 'again') {
        const { isBegun: started = false, why, trouble: retriedFor = null } = end;
        const notBefore = now() + end.afterMs;
        if (isMessage(entry) && why !== null) {
          const postponement = { entry, why, notBefore, waitsFor: null, retriedFor };
          batch.observe(entry.watcherId, { kind: 'postponed', ...postponement }, now());
          return;
        }
        const { successor } = this.current(entry);
        const attempts = toAttempt(entry, started);
        batch.setOutbox({ ...entry, successor, started, attempts, notBefore, retriedFor });
        if (entry.attempts === 0 && why !== null)
          batch.tellWatcher(subject, { kind: 'error', result: why, cause: entry.cause });
      } else batch.observe(entry.watcherId, { kind: 'outcome', entry, ...end.outcome }, now());
    });
  }

  private async perform(
    entry: OutboxEntry,
    place: Pick<ActionPlace, 'cluster' | 'watcher'>,
  ): Promise<RunEnd> {
    const { cause, matchedText, captures, standsFor, started } = entry;
    const [first] = entry.actions;
    const action = this.actionOf(entry);
    const job = this.place.ledger.jobs.get(entry.job);
    if (!first || !action || !job) return failed('This version cannot run the action.');
    const isBegun = started && !isRepeatable(entry) && action.resumes !== true;
    if (isBegun && !action.find)
      return failed('It was started before the engine was interrupted; its outcome is unknown.');
    const watcher = this.place.ledger.watchers.get(entry.watcherId);
    const refusal = started ? undefined : this.place.consents.explainRefusal(entry, watcher, job);
    if (refusal !== undefined) return failed(refusal);
    const definition = watcher?.definition;
    const run: ActionPlace = {
      ...{ ...place, job, cause, matchedText, captures, standsFor: standsFor ?? 1 },
      unset: definition ? toProgram(definition).unset : {},
      succession: this.toSuccession(entry, job, place.cluster),
      token: `${entry.id}x${entry.actions.length}x${toAttempt(entry, isBegun)}`,
    };
    try {
      if (!isBegun) return { kind: 'done', outcome: await action.run(first.params, run) };
      const outcome = await action.find?.(first.params, run);
      return outcome ? { kind: 'done', outcome } : { kind: 'again', afterMs: 0, why: null };
    } catch (thrown) {
      const error = toWatchError(thrown);
      if (action.find && (isBegun || !definite.includes(error.code))) return this.lookAgain(entry, error);
      const afterMs = findRetry(action, entry, error);
      const sentence = `${error.message} ${error.remedy}`;
      const tries = entry.attempts + 1;
      return afterMs === null
        ? failed(isMessage(entry) && tries > 1 ? `${error.message} It was tried ${tries} times.` : sentence)
        : { kind: 'again', afterMs, why: `${first.type} is tried again: ${sentence}`, trouble: sentence };
    }
  }

  /** It may have run: the cluster is asked, for ever if it cannot be reached now. */
  private lookAgain(entry: OutboxEntry, { code, message, remedy }: WatchError): RunEnd {
    const [first] = entry.actions;
    if (!passing.includes(code) && this.place.now() - entry.time > longestSearchMs)
      return failed(`It was started, and its outcome cannot be found out: ${message} ${remedy}`);
    const why = `${first?.type ?? 'The action'} may have run, and is looked for on the cluster: ${message}`;
    return { kind: 'again', afterMs: lookAgainMs, why, trouble: `${message} ${remedy}`, isBegun: true };
  }
}

/** Counts the runs of an action; one that is looked for is still the same. */
const toAttempt = ({ attempts, started }: OutboxEntry, isSame: boolean): number =>
  isSame && started ? attempts : attempts + 1;

/** The end of an action whose watcher has been removed while it ran. */
function describeOrphan(
  { actions: [action] }: OutboxEntry,
  watcher: string,
  end: RunEnd,
): Pick<WatchEvent, 'kind' | 'result'> {
  const what = `${action?.type ?? 'an action'} of "${watcher}", which was removed meanwhile`;
  if (end.kind === 'again')
    return { kind: 'error', result: `${what}, is not tried again: ${end.why ?? 'it had not begun'}` };
  const { success, result } = end.outcome;
  return { kind: success ? 'state' : 'error', result: `${what}: ${result}` };
}

const failed = (result: string): RunEnd => ({ kind: 'done', outcome: { success: false, result } });

const isRepeatable = ({ actions: [first] }: OutboxEntry): boolean =>
  (first && findActionRow(first.type)?.outside?.isRepeatable) ?? false;

/** What comes after a message does not wait for it. */
const isMessage = ({ actions: [first] }: OutboxEntry): boolean =>
  first !== undefined && findActionRow(first.type)?.category === 'notification';

const passing: readonly WatchError['code'][] = ['cluster-unreachable', 'needs-sign-in', 'timed-out'];

/** Errors after which nothing has run, nor will. */
const definite: readonly WatchError['code'][] = ['bad-request', 'unsupported'];

/** How long until another try, ms; null where there is none. */
function findRetry(action: OutsideAction, entry: OutboxEntry, error: WatchError): number | null {
  const { attempts } = entry;
  if (isRepeatable(entry) && passing.includes(error.code))
    return Math.min(longestRetryMs, 1000 * 2 ** Math.min(attempts, 6));
  return action.retryAfter?.(error, attempts) ?? null;
}
