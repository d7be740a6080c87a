// Row 8: from a line that a job prints to its event, stored and seen by a client: interval 1 s, real Slurm, real sshd.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectEngine, type EngineLink } from '../../engine/link/connect';
import type { WatchEvent } from '../../engine/model';
import { clusterName, startClusterWorld, type ClusterWorld } from '../slurm/clusterWorld';
import { findObstacle } from '../slurm/packages';
import { waitFor } from '../waitFor';
import { bundles } from './world/benchEngine';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '300' },
    /** Of the network between engine and sshd, ms. */
    'round-trip': { type: 'string', default: '0' },
  },
});

const lines = Number(values.lines);
const roundTripMs = Number(values['round-trip']);
const goals = { p50Ms: 600, p99Ms: 1300 };
/** Slurm takes its time to begin and to end a job. */
const slowestMs = 120_000;

/** A line every 100 to 300 ms, each with the moment at which it is printed; $EPOCHREALTIME starts no process. */
const script = `#!/bin/bash
#SBATCH --output=latency-%j.out
#WATCHER name=stamps pattern="stamp (\\d+\\.\\d+)" captures=[t] interval=1s action=log_event(message="$t")
for line in $(seq ${lines}); do
  echo "stamp $EPOCHREALTIME"
  sleep 0.$((RANDOM % 200 + 100))
done
`;

const now = (): number => performance.timeOrigin + performance.now();

/** Milliseconds from each line's printing to when a client had its event; an event is told once it is stored. */
class Latencies {
  readonly ms: number[] = [];
  /** Of what was printed before the queue was asked again and the job known to run; how old the first line was, ms. */
  early = 0;
  firstMs: number | undefined;
  private began: number | undefined;

  get count(): number {
    return this.ms.length + this.early;
  }

  take(events: readonly WatchEvent[]): void {
    const seen = now();
    for (const { kind, captures } of events) {
      if (kind !== 'action') continue;
      this.began ??= seen;
      const printed = Number(captures['t']) * 1000;
      this.firstMs ??= seen - printed;
      if (printed < this.began) this.early++;
      else this.ms.push(seen - printed);
    }
  }

  /** The part `share` of all is at most so long. */
  quantile(share: number): number {
    const sorted = [...this.ms].sort((a, b) => a - b);
    return Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? NaN);
  }
}

/** The queue is asked as rarely as clusters want it by default, not as often as tests do. */
function askRarely({ cli }: ClusterWorld): void {
  const path = join(cli.home, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly clusters: Readonly<Record<string, object>>;
  };
  const cluster = { ...config.clusters[clusterName], queryIntervalSeconds: 10 };
  writeFileSync(path, JSON.stringify({ ...config, clusters: { [clusterName]: cluster } }));
}

function follow({ cli }: ClusterWorld, latencies: Latencies): Promise<EngineLink> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  return connectEngine({
    ...{ home: cli.home, version, bundleDirectory: bundles, clientName: 'cli', keepRunning: null },
    start: false,
    onChange: ({ events }) => {
      latencies.take(events);
    },
    onLost: () => undefined,
  });
}

/** How long a question takes from the engine's process to the login node and back: a file that is not there. */
async function measureRoundTrip(link: EngineLink, job: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const begun = performance.now();
    await link.request('engine/readOutput', {
      ...{ cluster: clusterName, job, stream: 'stdout', from: 0, maxBytes: 1 },
    });
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[7] ?? NaN;
}

async function measure(world: ClusterWorld): Promise<object> {
  askRarely(world);
  await world.cli.run('engine', 'start');
  const latencies = new Latencies();
  const link = await follow(world, latencies);
  try {
    world.network.delay(roundTripMs / 2);
    const path = world.write('latency.sh', script);
    const words = ['submit', path, '--on', clusterName, '--json'];
    const { job } = await world.cli.json<{ readonly job: string }>(...words);
    await waitFor('the first line', () => latencies.count > 0, slowestMs);
    const readMs = await measureRoundTrip(link, job);
    await waitFor('all lines', () => latencies.count >= lines, slowestMs + lines * 400);
    const { pid } = link.welcome;
    const residentKb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const [p50Ms, p99Ms] = [latencies.quantile(0.5), latencies.quantile(0.99)];
    return {
      row: 8,
      ...{ lines: latencies.ms.length, roundTripMs, readMs: Math.round(readMs) },
      ...{ early: latencies.early, firstMs: Math.round(latencies.firstMs ?? NaN) },
      ...{ p50Ms, p99Ms, longestMs: latencies.quantile(1), goals },
      isMet: p50Ms <= goals.p50Ms && p99Ms <= goals.p99Ms,
      engineResidentMb: Math.round((Number(residentKb) * 1024) / 1e6),
    };
  } finally {
    await link.close();
  }
}

async function main(): Promise<void> {
  const obstacle = findObstacle();
  if (obstacle !== undefined) {
    console.log(JSON.stringify({ row: 8, absent: obstacle }));
    return;
  }
  const world = await startClusterWorld({ accounting: false });
  try {
    console.log(JSON.stringify(await measure(world), null, 2));
  } finally {
    await world.close();
  }
}

void main();
