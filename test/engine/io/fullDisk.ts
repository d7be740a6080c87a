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
  /** New: what is old goes to an archive, whenever the store gets to it. */
  const event = (id: number, given = {}): Change => eventChange(id, { time: Date.now(), ...given });
  await store.load();
  await commit('small', event(1));
  await Promise.all([
    commit('too big', event(2, { result: 'x'.repeat(1_000_000) })),
    commit('beside it', event(3)),
  ]);
  await commit('small', event(4));
  await store.close();
}

void commitOnFullDisk();
