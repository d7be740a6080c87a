// The real store, seen from the engine's thread: its worker does the work, nothing here waits for a disk.
import { WatchError } from '../errors';
import type { Store, StoredState } from '../ports';
import {
  completeEvent,
  completeJob,
  completeMetric,
  completeWatcher,
  type StoredEvent,
  type StoredJob,
  type StoredMetric,
  type StoredWatcher,
} from '../stored';
import { printChanges } from './changeText';
import { usualLimits, type HistoryLimits, type PageCursor } from './history';
import type { StoreAnswers, StoreRequest, StoreWorkerData } from './storeProtocol';
import type { StoreQuery } from './storeQueries';
import { WorkerCalls } from './workerCalls';

export interface SqliteStoreOptions {
  /** Where the store's files are; made where it is missing. */
  readonly directory: string;
  /** Where the `generation-<n>` files are; the directory itself where absent. */
  readonly home?: string;
  /** The generation that this engine has taken; the file of a greater one ends this store's writing. */
  readonly generation: number;
  /** The bundle of storeWorker.ts. */
  readonly workerPath: string;
  /** sql.js's sql-wasm.wasm. */
  readonly wasmPath: string;
  /** How much journal a snapshot replaces; 5 MiB where absent. */
  readonly snapshotBytes?: number;
  /** What stays in the main store, and for how long archives are kept. */
  readonly limits?: Partial<HistoryLimits>;
  /** Told what goes wrong beside any call, such as a snapshot that cannot be made. Nothing acknowledged is lost by it. */
  readonly onTrouble?: (message: string) => void;
  /** So long is an answer with events, about; for tests. */
  readonly answerCharacters?: number;
}

const defaultSnapshotBytes = 5 * 1024 * 1024;
/** Characters of the events of one answer, about; older ones are left out. */
const defaultAnswer = 64 * 1024 * 1024;
/** Rows per message: the engine's thread is never held up by a long answer. */
const pageRows = 500;

/**
 * Commits throw `store-unavailable` where the disk refuses (nothing of them counts; the next one is tried anew) and
 * `superseded` once another engine has taken over. Any call may throw what opening throws: `store-damaged` too, and
 * `version-mismatch`.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { directory, home = directory, generation, wasmPath, snapshotBytes = defaultSnapshotBytes } = options;
  const calls = new WorkerCalls<StoreRequest, StoreAnswers>({
    path: options.workerPath,
    data: {
      ...{ directory, home, generation, wasmPath, snapshotBytes },
      limits: { ...usualLimits, ...options.limits },
    } satisfies StoreWorkerData,
    onDeath: diedError,
    ...(options.onTrouble && { onNotice: options.onTrouble }),
  });

  const readAll = async <Row>(query: StoreQuery, limit = Infinity): Promise<Row[]> => {
    const pages: Row[][] = [];
    let rest = limit;
    let left = query.table === 'events' ? (options.answerCharacters ?? defaultAnswer) : Infinity;
    for (let cursor: PageCursor | null = null; rest > 0;) {
      const { json, next }: StoreAnswers['page'] = await calls.call({
        kind: 'page',
        query,
        cursor,
        count: Math.min(rest, pageRows),
      });
      const rows = JSON.parse(json) as Row[];
      pages.push(rows.reverse());
      if (next === null) break;
      cursor = next;
      rest -= rows.length;
      left -= json.length;
      if (left > 0 || rest <= 0) continue;
      const given = pages.reduce((sum, page) => sum + page.length, 0);
      options.onTrouble?.(
        `Events were asked for that are too long for one answer: the newest ${given} were given. Ask for those of one job or watcher, or since a time.`,
      );
      break;
    }
    return pages.reverse().flat();
  };

  return {
    load: async () => {
      const state: StoredState = await calls.call({ kind: 'load' });
      for (const trouble of state.trouble) options.onTrouble?.(trouble);
      return state;
    },
    recall: (job) => calls.call({ kind: 'recall', job }),
    commit: async (changes) => {
      await calls.call({ kind: 'commit', text: printChanges(changes) });
    },
    jobs: async (filter) => (await readAll<StoredJob>({ table: 'jobs', filter })).map(completeJob),
    watchers: async (filter) =>
      (await readAll<StoredWatcher>({ table: 'watchers', filter })).map(completeWatcher),
    events: async (filter) =>
      (await readAll<StoredEvent>({ table: 'events', filter }, filter.limit)).map(completeEvent),
    metrics: async (filter) =>
      (await readAll<StoredMetric>({ table: 'metrics', filter }, filter.limit)).map(completeMetric),
    metricSeries: (wanted) => calls.call({ kind: 'series', wanted }),
    metricNames: (wanted) => calls.call({ kind: 'names', wanted }),
    close: async () => {
      if (!calls.isRunning) return calls.close();
      try {
        await calls.call({ kind: 'close' });
      } finally {
        await calls.close();
      }
    },
  };
}

const diedError = (cause: unknown): WatchError =>
  new WatchError(
    'store-unavailable',
    `The store's thread ended unexpectedly: ${cause instanceof Error ? cause.message : String(cause)}`,
    'It is started again by the next request; what was acknowledged is kept.',
    cause,
  );
