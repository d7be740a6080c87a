// Row 9: the store: events a second, with many in flight and one by one; cost from 1,000 to many; start, memory, pauses.
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSqliteStore } from '../../engine/io/sqliteStore';
import type { Store } from '../../engine/ports';
import { eventChange, jobChange } from '../engine/storeSamples';
import { bundles, newFolder } from './world/benchEngine';

const { values } = parseArgs({ options: { events: { type: 'string', default: '200000' } } });

const inFlight = 100;

function open(directory: string, generation: number): Store {
  if (!existsSync(join(bundles, 'storeWorker.js')))
    throw new Error('The bundles are missing: run node scripts/build.mjs');
  return createSqliteStore({
    directory,
    generation,
    workerPath: join(bundles, 'storeWorker.js'),
    wasmPath: join(bundles, 'sql-wasm.wasm'),
  });
}

class Writer {
  private last = 0;

  constructor(private readonly store: Store) {}

  private next(): Promise<void> {
    this.last++;
    return this.store.commit([eventChange(this.last, { time: Date.now() })]);
  }

  /** Events a second. */
  async together(count: number): Promise<number> {
    const begun = performance.now();
    let left = count;
    const lane = async (): Promise<void> => {
      while (left-- > 0) await this.next();
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    return Math.round((count / (performance.now() - begun)) * 1000);
  }

  async oneByOne(count: number): Promise<number> {
    const begun = performance.now();
    for (let index = 0; index < count; index++) await this.next();
    return Math.round((count / (performance.now() - begun)) * 1000);
  }
}

/** What a bare append of an event's size and its sync cost on this disk, a second: nothing can be durable one by one faster. */
function syncBare(directory: string, count: number): number {
  const path = join(directory, 'bare');
  const handle = openSync(path, 'a');
  const bytes = Buffer.alloc(400);
  const begun = performance.now();
  for (let index = 0; index < count; index++) {
    writeSync(handle, bytes);
    fdatasyncSync(handle);
  }
  const rate = Math.round((count / (performance.now() - begun)) * 1000);
  closeSync(handle);
  rmSync(path);
  return rate;
}

/** The longest time for which the engine's thread did nothing else, ms. */
function watchPauses(): () => number {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 5);
    last = now;
  }, 5);
  return () => {
    clearInterval(timer);
    return Math.round(longest);
  };
}

async function main(): Promise<void> {
  const directory = newFolder();
  const total = Number(values.events);
  try {
    const store = open(directory, 1);
    await store.load();
    await store.commit([jobChange()]);
    const writer = new Writer(store);
    await writer.together(1000);
    const bareSyncs = syncBare(directory, 1000);
    const pauses = watchPauses();
    const serial = await writer.oneByOne(1000);
    const rates: { readonly from: number; readonly perSecond: number }[] = [];
    const piece = Math.max(10_000, Math.round(total / 10));
    for (let from = 2000; from < total; from += piece)
      rates.push({ from, perSecond: await writer.together(piece) });
    const longestPauseMs = pauses();
    const residentMb = Math.round(process.memoryUsage.rss() / 1e6);
    await store.close();
    const begun = performance.now();
    const again = open(directory, 2);
    const { lastEventId } = await again.load();
    const startMs = Math.round(performance.now() - begun);
    const asked = performance.now();
    const found = await again.events({ limit: 200 });
    const queryMs = Math.round(performance.now() - asked);
    await again.close();
    const files = readdirSync(directory);
    const archives = files.filter((name) => name.startsWith('archive-'));
    const archivedMb = archives.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0) / 1e6;
    const report = {
      row: 9,
      events: lastEventId,
      perSecond: { bareSyncs, oneByOne: serial, together: rates },
      ...{ startMs, queryMs, found: found.length, longestPauseMs, residentMb },
      ...{ archives: archives.length, archivedMb: Math.round(archivedMb) },
    };
    console.log(JSON.stringify(report, null, 2));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

void main();
