// Row 9: the store: events a second, with many in flight and one by one; cost from 1,000 to many; start, memory, pauses.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { createSqliteStore } from '../../engine/io/sqliteStore';
import type { Store } from '../../engine/ports';
import { eventChange, jobChange } from '../engine/storeSamples';
import { bundles, newFolder } from './world/benchEngine';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    /** Of a process that this one starts: opens the store there, and says what it took. */
    opener: { type: 'string' },
    /** Of such a process: how often it commits, and then stays. */
    commits: { type: 'string', default: '0' },
  },
});

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

interface Stretch {
  readonly from: number;
  readonly perSecond: number;
  /** Of all threads of the process, the one that makes the events too. */
  readonly processorUsPerEvent: number;
}

class Writer {
  /** Longest time that a commit took with many in flight. */
  longestMs = 0;

  constructor(
    private readonly store: Store,
    private last: number,
  ) {}

  private async next(): Promise<void> {
    this.last++;
    const begun = performance.now();
    await this.store.commit([eventChange(this.last, { time: Date.now() })]);
    this.longestMs = Math.max(this.longestMs, performance.now() - begun);
  }

  async together(count: number): Promise<Stretch> {
    const from = this.last;
    const begun = performance.now();
    const before = process.cpuUsage();
    let left = count;
    const lane = async (): Promise<void> => {
      while (left-- > 0) await this.next();
    };
    await Promise.all(Array.from({ length: inFlight }, lane));
    const { user, system } = process.cpuUsage(before);
    return {
      from,
      perSecond: Math.round((count / (performance.now() - begun)) * 1000),
      processorUsPerEvent: Number(((user + system) / count).toFixed(1)),
    };
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

/** How long this thread has waited for a processor, ms; null where the system does not say. */
function readWaited(): number | null {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return null;
  }
}

interface Pauses {
  /** The longest time for which the engine's thread did nothing else, ms: as the clock has it, and without waiting for a processor. */
  readonly longestMs: number;
  readonly longestOwnMs: number | null;
  /** Of them, for garbage. */
  readonly longestGarbageMs: number;
}

function watchPauses(): () => Pauses {
  let [longest, longestOwn] = [0, 0];
  let last = performance.now();
  let lastWaited = readWaited();
  let longestGarbage = 0;
  const garbage = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestGarbage = Math.max(longestGarbage, duration);
  });
  garbage.observe({ entryTypes: ['gc'] });
  const timer = setInterval(() => {
    const [now, waited] = [performance.now(), readWaited()];
    const pause = now - last - 5;
    longest = Math.max(longest, pause);
    if (waited !== null && lastWaited !== null)
      longestOwn = Math.max(longestOwn, pause - (waited - lastWaited));
    [last, lastWaited] = [now, waited];
  }, 5);
  return () => {
    clearInterval(timer);
    garbage.disconnect();
    return {
      longestGarbageMs: Math.round(longestGarbage),
      longestMs: Math.round(longest),
      longestOwnMs: lastWaited === null ? null : Math.round(longestOwn),
    };
  };
}

interface Opened {
  readonly startMs: number;
  /** Of all threads. */
  readonly startProcessorMs: number;
  readonly lastEventId: number;
  readonly firstPageMs: number;
  readonly residentMb: number;
}

/** In a process of its own: what it takes to open the store, and to commit to it. */
async function openOnce(directory: string): Promise<void> {
  const generation = Number(values.opener);
  const begun = performance.now();
  const before = process.cpuUsage();
  const store = open(directory, generation);
  const { lastEventId } = await store.load();
  const startMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  const startProcessorMs = (user + system) / 1000;
  const asked = performance.now();
  await store.events({ limit: 200 });
  const firstPageMs = performance.now() - asked;
  const commits = Number(values.commits);
  if (commits > 0) await new Writer(store, lastEventId).together(commits);
  const residentMb = process.memoryUsage.rss() / 1e6;
  console.log(
    JSON.stringify({ startMs, startProcessorMs, lastEventId, firstPageMs, residentMb } satisfies Opened),
  );
  // As after a crash: what it committed is in the journal.
  process.kill(process.pid, 'SIGKILL');
}

function openElsewhere(directory: string, generation: number, commits = 0): Opened {
  const words = [__filename, '--opener', String(generation), '--commits', String(commits)];
  const { stdout } = spawnSync(process.execPath, words, {
    cwd: process.cwd(),
    encoding: 'utf8',
    input: directory,
  });
  return JSON.parse(stdout) as Opened;
}

const bareResidentMb = (): number =>
  Number(spawnSync(process.execPath, ['-p', 'process.memoryUsage.rss()'], { encoding: 'utf8' }).stdout) / 1e6;

const round = (value: number): number => Math.round(value);

async function measure(directory: string): Promise<object> {
  const total = Number(values.events);
  const store = open(directory, 1);
  await store.load();
  await store.commit([jobChange()]);
  const writer = new Writer(store, 0);
  await writer.together(1000);
  const bareSyncs = syncBare(directory, 1000);
  const pauses = watchPauses();
  const oneByOne = await writer.oneByOne(1000);
  writer.longestMs = 0;
  const together: Stretch[] = [];
  const piece = Math.max(10_000, Math.round(total / 10));
  for (let from = 2000; from < total; from += piece) together.push(await writer.together(piece));
  const pause = pauses();
  await store.close();
  const afterClose = openElsewhere(directory, 2);
  // Just short of a snapshot: nothing takes longer to open.
  const writing = openElsewhere(directory, 3, 9_000);
  const afterCrash = openElsewhere(directory, 4);
  const archives = readdirSync(directory).filter((name) => name.startsWith('archive-'));
  const archivedMb = archives.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0) / 1e6;
  return {
    row: 9,
    events: afterCrash.lastEventId,
    perSecond: { bareSyncs, oneByOne },
    together,
    longestCommitMs: round(writer.longestMs),
    pause,
    startMs: { afterClose: round(afterClose.startMs), afterCrash: round(afterCrash.startMs) },
    startProcessorMs: {
      afterClose: round(afterClose.startProcessorMs),
      afterCrash: round(afterCrash.startProcessorMs),
    },
    firstPageMs: round(afterClose.firstPageMs),
    residentMb: {
      withoutStore: round(bareResidentMb()),
      opened: round(afterClose.residentMb),
      writing: round(writing.residentMb),
    },
    ...{ archives: archives.length, archivedMb: round(archivedMb) },
  };
}

async function main(): Promise<void> {
  if (values.opener !== undefined) {
    await openOnce(readFileSync(0, 'utf8'));
    return;
  }
  const directory = newFolder();
  try {
    console.log(JSON.stringify(await measure(directory), null, 2));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

void main();
