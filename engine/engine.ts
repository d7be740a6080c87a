// The face of the engine: everything that clients may ask, over the loops of its clusters and one ledger.
import { findRuntime as findOwnRuntime, type FindRuntime } from './actions/runtimes';
import { attach } from './attach';
import { recallWatcher, triggerByHand } from './byHand';
import { WatchError } from './errors';
import { Ledger, type Listener } from './ledger';
import { ClusterLoop } from './loop';
import type { ClusterStatus, Job, Metric, Watcher, WatcherId, WatchEvent } from './model';
import type {
  Clock,
  Cluster,
  EventFilter,
  Ids,
  JobFilter,
  Matcher,
  MetricFilter,
  Store,
  WatcherFilter,
} from './ports';
import type { AttachRequest, SubmitRequest, Submitted } from './protocol';
import { findResumePlaces } from './resume';
import { findMove, type Move } from './lifecycle';
import { step, type Observation } from './step';
import { submit } from './submit';

export interface EngineParts {
  readonly clusters: readonly Cluster[];
  readonly store: Store;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly ids: Ids;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** What actions can be run; the product's own table where absent. */
  readonly findRuntime?: FindRuntime;
}

export interface Engine {
  submit(request: SubmitRequest): Promise<Submitted>;
  attach(request: AttachRequest): Promise<Submitted>;
  jobs(filter: JobFilter): Promise<readonly Job[]>;
  watchers(filter: WatcherFilter): Promise<readonly Watcher[]>;
  events(filter: EventFilter): Promise<readonly WatchEvent[]>;
  metrics(filter: MetricFilter): Promise<readonly Metric[]>;
  pause(watchers: readonly WatcherId[]): Promise<readonly Watcher[]>;
  /** `match`: what was printed meanwhile is matched; `skip`: it becomes a gap. */
  resume(watchers: readonly WatcherId[], missed: 'skip' | 'match'): Promise<readonly Watcher[]>;
  /** Triggered and disabled watchers watch again while their job lives. */
  rearm(watchers: readonly WatcherId[], missed: 'skip' | 'match'): Promise<readonly Watcher[]>;
  /** Their actions run now; static ones go through the whole output. */
  trigger(watchers: readonly WatcherId[]): Promise<readonly Watcher[]>;
  remove(watchers: readonly WatcherId[]): Promise<void>;
  cancelJob(cluster: string, job: string): Promise<void>;
  readonly clusters: readonly ClusterStatus[];
  readonly activeWatchers: number;
  /** Tells what has been committed; the returned function ends it. */
  onChange(listener: Listener): () => void;
  /** Finishes the running ticks and closes everything; watchers go on with the next engine. */
  close(): Promise<void>;
}

type Wish = Extract<Move, 'pause' | 'resume' | 'rearm'>;

/** Loads what an engine before left, and goes on with it. */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const { clusters, store, matcher, clock, ids, findRuntime = findOwnRuntime } = parts;
  const ledger = await Ledger.open(store, { clock, ids, findRuntime });
  const loops = new Map(
    clusters.map((cluster) => [
      cluster.name,
      new ClusterLoop({
        ...parts,
        cluster,
        ledger,
        onStatus: (status) => {
          ledger.tellStatus(status);
        },
      }),
    ]),
  );
  await ledger.reportTrouble();
  for (const loop of loops.values()) loop.wake();

  const findLoop = (name: string): ClusterLoop => {
    const loop = loops.get(name);
    if (loop) return loop;
    throw new WatchError(
      'not-found',
      `There is no cluster called "${name}".`,
      `Known clusters: ${[...loops.keys()].join(', ')}.`,
    );
  };
  const findWatcher = (id: WatcherId): { readonly watcher: Watcher; readonly loop: ClusterLoop } => {
    const watcher = ledger.watchers.get(id);
    const job = watcher && ledger.jobs.get(watcher.job);
    if (!watcher || !job)
      throw new WatchError(
        'not-found',
        `No live job has a watcher ${id}.`,
        'List the watchers to see their ids.',
      );
    return { watcher, loop: findLoop(job.cluster) };
  };
  const current = (watchers: readonly WatcherId[]): readonly Watcher[] =>
    watchers.flatMap((id) => ledger.watchers.get(id) ?? []);
  const forEach = async (
    watchers: readonly WatcherId[],
    work: (id: WatcherId, loop: ClusterLoop) => Promise<void>,
  ): Promise<void> => {
    for (const { watcher, loop } of watchers.map(findWatcher)) {
      await loop.exclusively(() => work(watcher.id, loop));
      loop.wake();
    }
  };

  const wish = (id: WatcherId, move: Wish, before: readonly Observation[]): Promise<void> =>
    ledger.commit((batch) => {
      for (const observation of [...before, { kind: 'wish', move } as const]) {
        const subject = batch.subject(id);
        if (subject) batch.apply(subject, ...step(subject, observation, clock.now()));
      }
    });
  /** From where it stopped, or with a gap from the end of what was printed meanwhile. */
  const goOn = async (
    id: WatcherId,
    { move, missed, loop }: { move: Wish; missed: 'skip' | 'match'; loop: ClusterLoop },
  ): Promise<void> => {
    const { watcher } = findWatcher(id);
    const { state } = watcher.progress;
    const job = ledger.jobs.get(watcher.job);
    const isStopped = findMove(state, move) !== undefined;
    const reason = `the watcher was ${state}`;
    const gaps =
      missed === 'skip' && job && isStopped
        ? await findResumePlaces(job, watcher, { cluster: loop.cluster, reason })
        : [];
    await wish(id, move, gaps);
  };

  return {
    submit: async (request) => {
      const loop = findLoop(request.cluster);
      const submitted = await loop.exclusively(() =>
        submit(request, { ledger, cluster: loop.cluster, ids, now: () => clock.now() }),
      );
      loop.wake();
      return submitted;
    },
    attach: async (request) => {
      const loop = findLoop(request.cluster);
      const place = { ledger, store, cluster: loop.cluster, ids, now: () => clock.now() };
      const attached = await loop.exclusively(() => attach(request, place));
      loop.wake();
      return attached;
    },
    jobs: (filter) => store.jobs(filter),
    watchers: (filter) => store.watchers(filter),
    events: (filter) => store.events(filter),
    metrics: (filter) => store.metrics(filter),
    pause: async (watchers) => {
      await forEach(watchers, (id) => wish(id, 'pause', []));
      return current(watchers);
    },
    resume: async (watchers, missed) => {
      await forEach(watchers, (id, loop) => goOn(id, { move: 'resume', missed, loop }));
      return current(watchers);
    },
    rearm: async (watchers, missed) => {
      for (const id of watchers) checkRearm(findWatcher(id).watcher, ledger);
      await forEach(watchers, (id, loop) => goOn(id, { move: 'rearm', missed, loop }));
      return current(watchers);
    },
    trigger: async (watchers) => {
      const triggered: Watcher[] = [];
      for (const id of watchers) {
        await recallWatcher(id, ledger, store);
        const { loop } = findWatcher(id);
        await loop.exclusively(async () => {
          // A tick in between lets jobs of history go.
          await recallWatcher(id, ledger, store);
          await triggerByHand(id, { ledger, cluster: loop.cluster, matcher, now: () => clock.now() });
          triggered.push(...current([id]));
        });
        loop.wake();
      }
      return triggered;
    },
    remove: (watchers) =>
      forEach(watchers, (id) =>
        ledger.commit((batch) => {
          batch.removeWatcher(id);
        }),
      ),
    cancelJob: async (name, job) => {
      const loop = findLoop(name);
      await loop.cluster.cancel(job);
      loop.wake();
    },
    get clusters() {
      return [...loops.values()].map(({ status }) => status);
    },
    get activeWatchers() {
      return ledger.activeWatchers;
    },
    onChange: (listener) => ledger.onChange(listener),
    close: async () => {
      await Promise.all([...loops.values()].map((loop) => loop.close()));
      await matcher.close();
      await store.close();
    },
  };
}

/** Throws bad-request with what can be done instead. */
function checkRearm({ definition, progress, job: key }: Watcher, ledger: Ledger): void {
  const { name } = definition;
  const phase = ledger.jobs.get(key)?.phase;
  if (phase === 'draining' || phase === 'ended')
    throw new WatchError(
      'bad-request',
      `The job of "${name}" has ended.`,
      'Trigger the watcher by hand, or attach another one to the job.',
    );
  if (findMove(progress.state, 'rearm') === undefined)
    throw new WatchError(
      'bad-request',
      `"${name}" is ${progress.state}: only triggered, disabled and completed watchers are re-armed.`,
      progress.state === 'paused' ? 'Resume it.' : 'Nothing is to be done.',
    );
}
