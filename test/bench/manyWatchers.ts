// Row 7: many watchers on many running jobs: what a tick without news costs, and what a simulated day leaves in memory.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createFakeClock, type FakeClock } from '../engine/fakeClock';
import { newFolder, startBenchEngine, type BenchEngine } from './benchEngine';
import type { BenchJob } from './benchCluster';

const { values } = parseArgs({
  options: {
    /** Simulated hours of 1,000 watchers on 200 jobs, beside the ticks of other numbers. */
    hours: { type: 'string', default: '0' },
    sizes: { type: 'string', default: '10,100,1000,5000' },
    ticks: { type: 'string', default: '20' },
  },
});

const watchersPerJob = 5;
const intervalMs = 30_000;

interface World {
  readonly bench: BenchEngine;
  readonly clock: FakeClock;
  readonly jobs: readonly BenchJob[];
  readonly folder: string;
}

async function createWorld(watchers: number): Promise<World> {
  const folder = newFolder();
  mkdirSync(join(folder, 'out'));
  const jobs = Array.from({ length: Math.max(1, Math.ceil(watchers / watchersPerJob)) }, (_, index) => ({
    id: String(index + 1),
    output: join(folder, 'out', `slurm-${index + 1}.out`),
  }));
  for (const { output } of jobs) writeFileSync(output, 'begin\n');
  const clock = createFakeClock(Date.now());
  const bench = await startBenchEngine(jobs, clock);
  const definitions = Array.from({ length: Math.min(watchers, watchersPerJob) }, (_, index) => ({
    name: `w${index}`,
    pattern: `loss${index}: ([\\d.]+)`,
    captures: ['loss'],
    interval_seconds: intervalMs / 1000,
    actions: [{ type: 'store_metric', params: { name: 'loss', value: '$loss' } }],
  }));
  for (const { id } of jobs)
    await bench.engine.attach({
      cluster: 'bench',
      job: id,
      watchers: JSON.stringify(definitions),
      from: 'start',
    });
  await settleTicks(bench);
  return { bench, clock, jobs, folder };
}

/** Until no watcher is due any more: real files are read in real time. */
async function settleTicks({ engine }: BenchEngine): Promise<void> {
  await engine.watchers({ live: true });
  await delay(1);
}

/** One interval of the clock; every watcher has been looked at when it returns. Gives the longest tick in it, ms. */
async function passInterval({ bench, clock }: World): Promise<number> {
  const before = clock.now();
  // Backoff spreads the looks: an interval in small steps, each with its tick.
  let longest = 0;
  for (let step = 1; step <= 3; step++) {
    await clock.advanceTo(before + (intervalMs / 3) * step);
    await bench.engine.events({ limit: 1 });
    longest = Math.max(longest, bench.engine.clusters[0]?.lastTickMs ?? 0);
  }
  return longest;
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const residentMb = (): number => Math.round(process.memoryUsage.rss() / 1e6);

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function measure(watchers: number): Promise<object> {
  const world = await createWorld(watchers);
  for (let warm = 0; warm < 5; warm++) await passInterval(world);
  const begun = cpuMs();
  const ticks: number[] = [];
  for (let tick = 0; tick < Number(values.ticks); tick++) ticks.push(await passInterval(world));
  const cpuPerInterval = (cpuMs() - begun) / ticks.length;
  const result = {
    watchers,
    jobs: world.jobs.length,
    tickMs: { median: median(ticks), longest: Math.max(...ticks) },
    cpuPercentAt30s: Number(((cpuPerInterval / intervalMs) * 100).toFixed(2)),
    residentMb: residentMb(),
  };
  await closeWorld(world);
  return result;
}

async function closeWorld({ bench, folder }: World): Promise<void> {
  await bench.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Each job prints a line an hour; memory must not grow from the second hour on. */
async function liveThrough(hours: number): Promise<object> {
  const world = await createWorld(1000);
  const perHour: { readonly hour: number; readonly heapMb: number; readonly residentMb: number }[] = [];
  for (let hour = 1; hour <= hours; hour++) {
    for (const { output } of world.jobs) writeFileSync(output, `loss0: 0.${hour}\n`, { flag: 'a' });
    for (let interval = 0; interval < 120; interval++) await passInterval(world);
    globalThis.gc?.();
    const heapMb = Math.round(process.memoryUsage().heapUsed / 1e6);
    perHour.push({ hour, heapMb, residentMb: residentMb() });
    process.stderr.write(`${JSON.stringify(perHour.at(-1))}\n`);
  }
  const metrics = await world.bench.engine.metrics({});
  await closeWorld(world);
  return { hours, metrics: metrics.length, expected: hours * world.jobs.length, perHour };
}

async function main(): Promise<void> {
  const sizes: object[] = [];
  for (const size of values.sizes.split(',').filter((text) => text !== ''))
    sizes.push(await measure(Number(size)));
  const hours = Number(values.hours);
  const day = hours > 0 ? await liveThrough(hours) : null;
  console.log(JSON.stringify({ row: 7, sizes, day }, null, 2));
}

void main();
