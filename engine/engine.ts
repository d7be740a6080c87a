// The face of the engine: everything that clients may ask, over the loops of its clusters and one ledger.
import { findRuntime as findOwnRuntime, type FindRuntime } from './actions/runtimes';
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
import type { SubmitRequest, Submitted } from './protocol';
import { findResumePlaces } from './resume';
import { step } from './step';
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
  jobs(filter: JobFilter): Promise<readonly Job[]>;
  watchers(filter: WatcherFilter): Promise<readonly Watcher[]>;
  events(filter: EventFilter): Promise<readonly WatchEvent[]>;
  metrics(filter: MetricFilter): Promise<readonly Metric[]>;
  pause(watchers: readonly WatcherId[]): Promise<readonly Watcher[]>;
  /** `match`: what was printed meanwhile is matched; `skip`: it becomes a gap. */
  resume(watchers: readonly WatcherId[], missed: 'skip' | 'match'): Promise<readonly Watcher[]>;
  remove(watchers: readonly WatcherId[]): Promise<void>;
  cancelJob(cluster: string, job: string): Promise<void>;
  readonly clusters: readonly ClusterStatus[];
  readonly activeWatchers: number;
  /** Tells what has been committed; the returned function ends it. */
  onChange(listener: Listener): () => void;
  /** Finishes the running ticks and closes everything; watchers go on with the next engine. */
  close(): Promise<void>;
}

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

  return {
    submit: async (request) => {
      const loop = findLoop(request.cluster);
      const submitted = await loop.exclusively(() =>
        submit(request, { ledger, cluster: loop.cluster, ids, now: () => clock.now() }),
      );
      loop.wake();
      return submitted;
    },
    jobs: (filter) => store.jobs(filter),
    watchers: (filter) => store.watchers(filter),
    events: (filter) => store.events(filter),
    metrics: (filter) => store.metrics(filter),
    pause: async (watchers) => {
      await forEach(watchers, (id) =>
        ledger.commit((batch) => {
          const subject = batch.subject(id);
          if (subject) batch.apply(subject, ...step(subject, { kind: 'wish', move: 'pause' }, clock.now()));
        }),
      );
      return current(watchers);
    },
    resume: async (watchers, missed) => {
      await forEach(watchers, async (id, { cluster }) => {
        const { watcher } = findWatcher(id);
        const job = ledger.jobs.get(watcher.job);
        const gaps =
          missed === 'skip' && job && watcher.progress.state === 'paused'
            ? await findResumePlaces(job, watcher, { cluster, reason: 'the watcher was paused' })
            : [];
        await ledger.commit((batch) => {
          for (const observation of [...gaps, { kind: 'wish', move: 'resume' } as const]) {
            const subject = batch.subject(id);
            if (subject) batch.apply(subject, ...step(subject, observation, clock.now()));
          }
        });
      });
      return current(watchers);
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
