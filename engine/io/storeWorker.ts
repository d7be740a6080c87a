// The store's thread: all commits that wait are written and synced together, then acknowledged together.
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import initSqlJs from 'sql.js';
import { systemClock } from './clock';
import { startDaily } from './daily';
import { toDiskError } from './diskError';
import { DurableStore } from './durableStore';
import type { StoreAnswers, StoreRequest, StoreWorkerData } from './storeProtocol';
import { sendNotice, serveCalls, type Incoming } from './workerCalls';

if (!parentPort) throw new Error('storeWorker runs as a worker thread');
const port = parentPort;
const data = workerData as StoreWorkerData;
/** Opened by the first request; one that failed is tried again by the next. */
let opening: Promise<DurableStore> | undefined;
let stopDaily: (() => void) | undefined;

async function openStore(): Promise<DurableStore> {
  const sql = await initSqlJs({ wasmBinary: readWasm() });
  return DurableStore.open({
    ...data,
    sql,
    onTrouble: (message) => {
      sendNotice(port, message);
    },
  });
}

function readWasm(): ArrayBuffer {
  try {
    return new Uint8Array(readFileSync(data.wasmPath)).buffer;
  } catch (error) {
    throw toDiskError(error, data.wasmPath);
  }
}

type Reply = ReturnType<Incoming<StoreRequest>['answer']>;

serveCalls<StoreRequest>(port, async (calls, send) => {
  let store: DurableStore;
  try {
    store = await (opening ??= openStore());
  } catch (error) {
    opening = undefined;
    send(calls.map((call) => call.refuse(error)));
    return;
  }
  const daily = (): void => {
    store.retire(systemClock.now());
  };
  stopDaily ??= startDaily(daily, systemClock);
  const commits = calls.filter(({ request }) => request.kind === 'commit');
  if (commits.length > 0) send(writeTogether(store, commits));
  store.absorb();
  for (const call of calls) if (call.request.kind !== 'commit') send([await reply(store, call)]);
});

function writeTogether(store: DurableStore, commits: readonly Incoming<StoreRequest>[]): readonly Reply[] {
  try {
    store.write(commits.flatMap(({ request }) => (request.kind === 'commit' ? [request.text] : [])));
    return commits.map((call) => call.answer(null satisfies StoreAnswers['commit']));
  } catch (error) {
    return commits.map((call) => call.refuse(error));
  }
}

async function reply(store: DurableStore, call: Incoming<StoreRequest>): Promise<Reply> {
  try {
    return call.answer(await answer(store, call.request));
  } catch (error) {
    return call.refuse(error);
  }
}

async function answer(
  store: DurableStore,
  request: StoreRequest,
): Promise<StoreAnswers[StoreRequest['kind']]> {
  switch (request.kind) {
    case 'load':
      return store.load();
    case 'recall':
      return store.recall(request.job);
    case 'page': {
      const { rows, next } = store.page(request.query, request.cursor, request.count);
      return { json: `[${rows.map(({ json }) => json).join(',')}]`, next };
    }
    case 'series':
      return store.metricSeries(request.wanted);
    case 'names':
      return store.metricNames(request.wanted);
    case 'close':
      stopDaily?.();
      await store.close();
      return null;
    case 'commit':
      return null;
  }
}
