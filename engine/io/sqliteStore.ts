// The port Store on sql.js in a worker thread.
import { Worker } from 'node:worker_threads';
import { WatchError } from '../errors';
import type { Job, Metric, Watcher, WatchEvent } from '../model';
import type { Store, StoredState } from '../ports';
import type { StoreMessage, StoreOrder, StoreReply, StoreSettings } from './storeProtocol';

export interface SqliteStoreOptions extends Omit<StoreSettings, 'snapshotBytes'> {
  /** The bundle of storeWorker. */
  readonly workerPath: string;
  readonly snapshotBytes?: number;
}

export function createSqliteStore({
  workerPath,
  snapshotBytes = 8 << 20,
  ...settings
}: SqliteStoreOptions): Store {
  const data: StoreSettings = { ...settings, snapshotBytes };
  const worker = new Worker(workerPath, { workerData: data });
  const waiting = new Map<
    number,
    { readonly resolve: (result: unknown) => void; readonly reject: (error: WatchError) => void }
  >();
  let lastId = 0;
  let gone: string | undefined;

  const lose = (reason: string): void => {
    gone ??= reason;
    for (const { reject } of waiting.values()) reject(toLost(reason));
    waiting.clear();
  };
  worker.on('message', (reply: StoreReply) => {
    const request = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply)
      request?.reject(new WatchError(reply.error.code, reply.error.message, reply.error.remedy));
    else request?.resolve(reply.result);
  });
  worker.on('error', (error) => {
    lose(error.message);
  });
  worker.on('exit', (code) => {
    lose(`its thread ended with code ${code}`);
  });

  const ask = (order: StoreOrder): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) {
        reject(toLost(gone));
        return;
      }
      const message: StoreMessage = { id: ++lastId, order };
      waiting.set(message.id, { resolve, reject });
      worker.postMessage(message);
    });

  return {
    load: () => ask({ kind: 'load' }) as Promise<StoredState>,
    commit: async (changes) => {
      await ask({ kind: 'commit', changes });
    },
    jobs: (filter) => ask({ kind: 'jobs', filter }) as Promise<readonly Job[]>,
    watchers: (filter) => ask({ kind: 'watchers', filter }) as Promise<readonly Watcher[]>,
    events: (filter) => ask({ kind: 'events', filter }) as Promise<readonly WatchEvent[]>,
    metrics: (filter) => ask({ kind: 'metrics', filter }) as Promise<readonly Metric[]>,
    close: async () => {
      await ask({ kind: 'close' });
      gone = 'it was closed';
      await worker.terminate();
    },
  };
}

const toLost = (reason: string): WatchError =>
  new WatchError(
    'store-unavailable',
    `The store is gone: ${reason}`,
    'Restart the engine; nothing that was acknowledged is lost.',
  );
