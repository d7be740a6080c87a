// A process that commits under load until it is killed: prints the number of each commit once it is acknowledged.
import { writeSync } from 'node:fs';
import { createSqliteStore } from '../../../engine/io/sqliteStore';
import { eventChange, metricChange } from '../storeSamples';
import { findBundle } from './storeFolder';

const [directory = '', generation = '', snapshotBytes = ''] = process.argv.slice(2);
const inFlight = 20;

async function commitForEver(): Promise<never> {
  const store = createSqliteStore({
    directory,
    generation: Number(generation),
    workerPath: findBundle('storeWorker.js'),
    wasmPath: findBundle('sql-wasm.wasm'),
    snapshotBytes: Number(snapshotBytes),
  });
  let last = (await store.load()).lastEventId;
  const commitOnAndOn = async (): Promise<never> => {
    for (;;) {
      last++;
      const id = last;
      await store.commit([eventChange(id), metricChange(id)]);
      // Synchronously: a line that the parent has not seen by the kill must not have been acknowledged long before.
      writeSync(1, `${id}\n`);
    }
  };
  return Promise.race(Array.from({ length: inFlight }, commitOnAndOn));
}

void commitForEver();
