// Row 7: many watchers on many running jobs: what a tick without news costs, and what a simulated day leaves in memory.
import { buildSync } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectEngine } from '../../engine/link/connect';
import { bundles, newFolder, startBenchEngine, type BenchEngine } from './world/benchEngine';
import type { BenchJob } from './world/benchCluster';
import { createFastClock } from './world/fastClock';

const { values } = parseArgs({
  options: {
    /** Simulated hours of 1,000 watchers on 200 jobs, beside the ticks of other numbers. */
    hours: { type: 'string', default: '0' },
    sizes: { type: 'string', default: '10,100,1000,5000' },
    seconds: { type: 'string', default: '20' },
    /** Of the engine's own process, in real time. */
    process: { type: 'string', default: '10,1000' },
    minutes: { type: 'string', default: '1' },
  },
});

const watchersPerJob = 5;
const intervalSeconds = 30;
/** An interval of 30 s takes a second, and in the simulated day a twentieth of one. */
const [speed, daySpeed] = [30, 600];

interface World {
  readonly bench: BenchEngine;
  readonly jobs: readonly BenchJob[];
  readonly folder: string;
}

function createJobs(watchers: number, folder: string): readonly BenchJob[] {
  mkdirSync(join(folder, 'out'));
  const jobs = Array.from({ length: Math.max(1, Math.ceil(watchers / watchersPerJob)) }, (_, index) => ({
    id: String(index + 1),
    output: join(folder, 'out', `slurm-${index + 1}.out`),
  }));
  for (const { output } of jobs) writeFileSync(output, 'begin\n');
  return jobs;
}

/** The text of the watchers of each job. */
function printWatchers(watchers: number): string {
  const definitions = Array.from({ length: Math.min(watchers, watchersPerJob) }, (_, index) => ({
    name: `w${index}`,
    pattern: `loss${index}: ([\\d.]+)`,
    captures: ['loss'],
    interval_seconds: intervalSeconds,
    actions: [{ type: 'store_metric', params: { name: 'loss', value: '$loss' } }],
  }));
  return JSON.stringify(definitions);
}

async function createWorld(watchers: number, worldSpeed: number): Promise<World> {
  const folder = newFolder();
  const jobs = createJobs(watchers, folder);
  const bench = await startBenchEngine(jobs, createFastClock(worldSpeed));
  const text = printWatchers(watchers);
  for (const { id } of jobs)
    await bench.engine.attach({ cluster: 'bench', job: id, watchers: text, from: 'start' });
  return { bench, jobs, folder };
}

async function closeWorld({ bench, folder }: World): Promise<void> {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const toMb = (bytes: number): number => Math.round(bytes / 1e6);

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Ticks without news. With backoff a watcher is looked at every 30 to 150 s: the first minute shows the worst. */
async function measure(watchers: number): Promise<object> {
  const world = await createWorld(watchers, speed);
  const { engine } = world.bench;
  const begun = cpuMs();
  const real = performance.now();
  const ticks: number[] = [];
  let looks = 0;
  const end = engine.onChange((change) => {
    looks += change.watchers.length;
    ticks.push((engine.clusters[0]?.lastTickMs ?? 0) / speed);
  });
  await delay(Number(values.seconds) * 1000);
  end();
  const seconds = (performance.now() - real) / 1000;
  // What a look costs, for every watcher every 30 s.
  const cpuPerLook = (cpuMs() - begun) / Math.max(1, looks);
  const result = {
    watchers,
    jobs: world.jobs.length,
    looks,
    tickMs: {
      median: Number(median(ticks).toFixed(1)),
      longest: Number(ticks.reduce((most, ms) => Math.max(most, ms), 0).toFixed(1)),
    },
    cpuPercentAt30s: Number(((cpuPerLook * watchers) / (intervalSeconds * 10)).toFixed(2)),
    residentMb: toMb(process.memoryUsage.rss()),
    seconds: Math.round(seconds),
  };
  await closeWorld(world);
  return result;
}

/** Each job prints a line an hour; memory must not grow from the second hour on. */
async function liveThrough(hours: number): Promise<object> {
  const world = await createWorld(1000, daySpeed);
  const perHour: { readonly hour: number; readonly heapMb: number; readonly residentMb: number }[] = [];
  for (let hour = 1; hour <= hours; hour++) {
    for (const { output } of world.jobs) writeFileSync(output, `loss0: 0.${hour}\n`, { flag: 'a' });
    await delay(3_600_000 / daySpeed);
    globalThis.gc?.();
    const { heapUsed, rss } = process.memoryUsage();
    perHour.push({ hour, heapMb: toMb(heapUsed), residentMb: toMb(rss) });
    process.stderr.write(`${JSON.stringify(perHour.at(-1))}\n`);
  }
  await delay(2000);
  const metrics = await world.bench.engine.metrics({});
  await closeWorld(world);
  return { hours, metrics: metrics.length, expected: hours * world.jobs.length, perHour };
}

/** The engine's files as they ship, but for the host, which has the cluster of the benchmark. */
function buildHost(directory: string): string {
  const target = join(directory, 'engine');
  mkdirSync(target);
  for (const name of ['storeWorker.js', 'matchWorker.js', 'sql-wasm.wasm'])
    copyFileSync(join(bundles, name), join(target, name));
  buildSync({
    entryPoints: ['test/bench/world/benchHost.ts'],
    outfile: join(target, 'host.js'),
    ...{ bundle: true, minify: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' },
  });
  return target;
}

interface Taken {
  readonly processorMs: number;
  readonly residentMb: number;
  readonly mostResidentMb: number;
}

/** What a process has taken so far. A tick of Linux is 10 ms. */
function readTaken(pid: number): Taken {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    Math.round((Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) * 1024) / 1e6);
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return {
    processorMs: (Number(fields[11]) + Number(fields[12])) * 10,
    residentMb: megabytes('VmRSS'),
    mostResidentMb: megabytes('VmHWM'),
  };
}

/** The engine in its own process, started as a client starts it. */
async function measureProcess(watchers: number): Promise<object> {
  const folder = newFolder();
  const jobs = createJobs(watchers, folder);
  process.env['BENCH_JOBS'] = JSON.stringify(jobs);
  const bundleDirectory = buildHost(folder);
  const link = await connectEngine({
    ...{
      home: join(folder, 'home'),
      version: '0.0.0',
      bundleDirectory,
      clientName: 'cli',
      keepRunning: null,
    },
    ...{ start: true, onChange: () => undefined, onLost: () => undefined },
  });
  const { pid } = link.welcome;
  const text = printWatchers(watchers);
  const idle = readTaken(pid);
  for (const { id } of jobs)
    await link.request('engine/attach', { cluster: 'bench', job: id, watchers: text, from: 'start' });
  const before = readTaken(pid);
  const minutes = Number(values.minutes);
  await delay(minutes * 60_000);
  const after = readTaken(pid);
  await link.request('engine/stop', {});
  await link.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    ...{ watchers, jobs: jobs.length, minutes },
    cpuPercent: Number(((after.processorMs - before.processorMs) / (minutes * 600)).toFixed(2)),
    residentMb: { withoutWatchers: idle.residentMb, afterwards: after.residentMb },
    mostResidentMb: after.mostResidentMb,
  };
}

const toNumbers = (list: string): readonly number[] =>
  list
    .split(',')
    .filter((text) => text !== '')
    .map(Number);

async function main(): Promise<void> {
  const sizes: object[] = [];
  for (const size of toNumbers(values.sizes)) sizes.push(await measure(size));
  // What a process takes is read from Linux.
  const processes: object[] = [];
  if (process.platform === 'linux')
    for (const size of toNumbers(values.process)) processes.push(await measureProcess(size));
  const hours = Number(values.hours);
  const day = hours > 0 ? await liveThrough(hours) : null;
  console.log(JSON.stringify({ row: 7, sizes, processes, day }, null, 2));
}

void main();
