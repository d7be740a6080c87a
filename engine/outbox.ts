// Runs what waits in the outbox, beside the ticks: each entry's first action, its outcome through the step, what follows.
import type { RemoteAction } from './actions/action';
import { findCancellation } from './cancellation';
import { hasCome } from './due';
import { toWatchError, type WatchError } from './errors';
import type { Ledger } from './ledger';
import type { Job, OutboxEntry, Time, WatcherId, WatchEvent } from './model';
import type { Clock, Cluster } from './ports';

export interface RunnerPlace {
  /** The cluster's name. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly now: () => Time;
  /** Runs work between ticks. */
  readonly exclusively: (work: () => Promise<void>) => Promise<void>;
  /** Has the next tick come at once. */
  readonly wake: () => void;
}

/** Nothing is ever put off for longer. */
const longestDelayMs = 3_600_000;
const longestRetryMs = 60_000;

type Outcome =
  | { readonly kind: 'done'; readonly success: boolean; readonly result: string }
  | { readonly kind: 'again'; readonly afterMs: number; readonly why: string };

export class ActionRunner {
  private readonly running = new Map<WatcherId, Promise<void>>();

  constructor(private readonly place: RunnerPlace) {}

  /** When something is due that does not run yet. */
  get times(): readonly Time[] {
    return this.waiting.map(({ notBefore }) => notBefore);
  }

  /** Begins the oldest entry that is due of each watcher; a slow one keeps only its own watcher's others back. */
  async start(cluster: Cluster): Promise<void> {
    for (const entry of this.waiting) {
      if (this.running.has(entry.watcherId)) continue;
      if (!hasCome(entry.notBefore, longestDelayMs, this.place.now())) continue;
      if (!(await this.markStarted(entry))) continue;
      const { acting } = this.place.ledger;
      acting.add(entry.id);
      const run = this.run(entry, cluster).finally(() => {
        acting.delete(entry.id);
        this.running.delete(entry.watcherId);
        this.place.wake();
      });
      this.running.set(entry.watcherId, run);
    }
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

  private runtimeOf({ actions: [action] }: OutboxEntry): RemoteAction | undefined {
    const runtime = action && this.place.ledger.findRuntime(action.type);
    return runtime?.kind === 'remote' ? runtime : undefined;
  }

  /** What must not run twice is marked before it runs: what a crash leaves marked is unknown. */
  private async markStarted(entry: OutboxEntry): Promise<boolean> {
    const runtime = this.runtimeOf(entry);
    if (!runtime || runtime.idempotent || entry.started) return true;
    try {
      await this.place.ledger.commit((batch) => {
        batch.setOutbox({ ...entry, started: true, attempts: entry.attempts + 1 });
      });
      return true;
    } catch (error) {
      // Without its mark it cannot run; the status says what is wrong with the store.
      if (toWatchError(error).code === 'store-unavailable') return false;
      throw error;
    }
  }

  private async run(entry: OutboxEntry, cluster: Cluster): Promise<void> {
    const { jobs, watchers } = this.place.ledger;
    const name = watchers.get(entry.watcherId)?.definition.name ?? '';
    const outcome = await this.perform(entry, cluster);
    try {
      await this.place.exclusively(() =>
        this.place.ledger.observe((batch) => {
          const subject = batch.subject(entry.watcherId);
          const job = jobs.get(entry.job);
          // Its watcher was removed meanwhile: nothing of it goes on.
          if (!subject) {
            batch.endOutbox(entry.id);
            if (job) batch.tell(job, describeOrphan(entry, name, outcome));
            if (job) noteCancellation({ entry, job, watcher: name }, outcome, batch);
          } else if (outcome.kind === 'again') {
            const { attempts } = entry;
            const notBefore = this.place.now() + outcome.afterMs;
            batch.setOutbox({ ...entry, started: false, attempts: attempts + 1, notBefore });
            if (attempts === 0)
              batch.tellWatcher(subject, { kind: 'error', result: outcome.why, cause: entry.cause });
          } else {
            const { success, result } = outcome;
            const ended = { kind: 'outcome', entry, success, result } as const;
            batch.observe(entry.watcherId, ended, this.place.now());
            noteCancellation({ entry, job: subject.job, watcher: name }, outcome, batch);
          }
        }),
      );
    } catch {
      // The store is in trouble and says so with every tick; the entry is still there for the next look.
    }
  }

  private async perform(entry: OutboxEntry, cluster: Cluster): Promise<Outcome> {
    const { ledger } = this.place;
    const [action] = entry.actions;
    const runtime = this.runtimeOf(entry);
    const job = ledger.jobs.get(entry.job);
    if (!action || !runtime || !job) return failed('This version cannot run the action.');
    if (entry.started && !runtime.idempotent)
      return failed('It was started before the engine was interrupted; its outcome is unknown.');
    try {
      const result = await runtime.run(action.params, { job, cluster, standsFor: entry.standsFor ?? 1 });
      return { kind: 'done', success: true, result };
    } catch (thrown) {
      const error = toWatchError(thrown);
      const afterMs = findRetry(runtime, error, entry.attempts);
      const sentence = `${error.message} ${error.remedy}`;
      return afterMs === null
        ? failed(sentence)
        : { kind: 'again', afterMs, why: `${action.type} is tried again: ${sentence}` };
    }
  }
}

/** The end of an action whose watcher has been removed while it ran. */
function describeOrphan(
  { actions: [action] }: OutboxEntry,
  watcher: string,
  outcome: Outcome,
): Pick<WatchEvent, 'kind' | 'result'> {
  const what = `${action?.type ?? 'an action'} of "${watcher}", which was removed meanwhile`;
  if (outcome.kind === 'again')
    return { kind: 'error', result: `${what}, is not tried again: ${outcome.why}` };
  return { kind: outcome.success ? 'state' : 'error', result: `${what}: ${outcome.result}` };
}

const failed = (result: string): Outcome => ({ kind: 'done', success: false, result });

const passing: readonly WatchError['code'][] = ['cluster-unreachable', 'needs-sign-in', 'timed-out'];

/** How long until another try, ms; null where there is none. */
function findRetry(runtime: RemoteAction, error: WatchError, attempts: number): number | null {
  if (runtime.idempotent && passing.includes(error.code))
    return Math.min(longestRetryMs, 1000 * 2 ** Math.min(attempts, 6));
  return runtime.retryAfter?.(error, attempts) ?? null;
}

type Batch = Parameters<Parameters<Ledger['observe']>[0]>[0];

/** The job remembers who had it cancelled: its end says so. */
function noteCancellation(
  { entry, job, watcher }: { readonly entry: OutboxEntry; readonly job: Job; readonly watcher: string },
  outcome: Outcome,
  batch: Batch,
): void {
  const cancelledBy = findCancellation(watcher, entry.actions.slice(0, 1));
  if (cancelledBy && outcome.kind === 'done' && outcome.success) batch.setJob({ ...job, cancelledBy });
}
