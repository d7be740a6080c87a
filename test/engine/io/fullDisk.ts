// A process on a disk that takes small files only: prints what becomes of its commits.
import { createSqliteStore } from '../../../engine/io/sqliteStore';
import { toWatchError } from '../../../engine/errors';
import type { Change } from '../../../engine/ports';
import { eventChange } from '../storeSamples';
import { findBundle } from './storeFolder';

const [directory = ''] = process.argv.slice(2);

async function commitOnFullDisk(): Promise<void> {
  const store = createSqliteStore({
    directory,
    generation: 1,
    workerPath: findBundle('storeWorker.js'),
    wasmPath: findBundle('sql-wasm.wasm'),
  });
  const commit = async (what: string, change: Change): Promise<void> => {
    try {
      await store.commit([change]);
      console.log(`${what}: acknowledged`);
    } catch (error) {
      console.log(`${what}: ${toWatchError(error).code}`);
    }
  };
  await store.load();
  await commit('small', eventChange(1));
  await Promise.all([
    commit('too big', eventChange(2, { result: 'x'.repeat(1_000_000) })),
    commit('beside it', eventChange(3)),
  ]);
  await commit('small', eventChange(4));
  await store.close();
}

void commitOnFullDisk();
