// Row 1: new output to stored events, against the reference tool on the same bytes where it is given with --ref.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Engine } from '../../engine/engine';
import { newFolder, startBenchEngine } from './world/benchEngine';

/** The reference benchmark's own, round robin: pattern, captures, condition. */
const seeds: readonly (readonly [string, readonly string[], string | null])[] = [
  ['epoch (\\d+): loss=([\\d.]+), acc=([\\d.]+)', ['epoch', 'loss', 'acc'], 'float(loss) < 100'],
  ['ERROR|FAIL', [], null],
  ['(CUDA out of memory|OutOfMemoryError)', [], null],
  ['Val Loss: ([\\d.]+)', ['val_loss'], 'float(val_loss) < 0.3'],
  ['GPU (\\d+): Memory (\\d+)/(\\d+)MB, Util (\\d+)%', ['gpu', 'used', 'total', 'util'], 'int(util) > 95'],
  ['Val Accuracy: ([\\d.]+)%', ['acc'], 'float(acc) >= 95.0'],
  ['Traceback', [], null],
  ['Saved checkpoint to (\\S+)', ['path'], null],
];

const { values } = parseArgs({
  options: {
    ref: { type: 'string' },
    log: { type: 'string' },
    mb: { type: 'string', default: '10' },
    watchers: { type: 'string', default: '8' },
    /** Of each; on a busy machine the fastest ones compare. */
    runs: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
    'max-seconds': { type: 'string', default: '300' },
  },
});

/** Benchmarks run in the project's folder. */
const reference = resolve('test/bench/reference');

interface Run {
  readonly seconds: number;
  /** Of all threads, and of the reference's child processes too. */
  readonly processorSeconds: number;
  readonly events: number;
  readonly triggers: number;
}

/**
 * The same bytes as the outputs of some jobs, one after another on one engine: the first run pays what an engine pays once.
 * The reference's clock runs from watchers that are handed in until their last event is stored, on an engine that stands: its
 * interpreter, modules and database are there before. So does this one: store and matcher have their threads, and have
 * done nothing yet.
 */
async function runOurs(output: string, size: number, count: number): Promise<readonly Run[]> {
  const jobs = Array.from({ length: Number(values.runs) }, (_, index) => ({ id: String(index + 1), output }));
  const bench = await startBenchEngine(jobs);
  await bench.engine.events({});
  await settle();
  const runs: Run[] = [];
  for (const { id } of jobs) runs.push(await runOne(bench.engine, { job: id, size, count }));
  await bench.close();
  return runs;
}

/** Until threads that were started are there: this process then takes no processor time any more. */
async function settle(): Promise<void> {
  const shareMs = 50;
  for (let before = process.cpuUsage(); ;) {
    await delay(shareMs);
    const { user, system } = process.cpuUsage(before);
    if (user + system < (shareMs * 1000) / 10) return;
    before = process.cpuUsage();
  }
}

async function runOne(
  engine: Engine,
  { job, size, count }: { readonly job: string; readonly size: number; readonly count: number },
): Promise<Run> {
  const watchers = Array.from({ length: count }, (_, index) => {
    const [pattern, captures, condition] = seeds[index % seeds.length] ?? ['', [], null];
    const actions = [{ type: 'log_event', params: { message: 'm' } }];
    return { name: `job ${job}, ${index}`, pattern, captures, condition, actions, interval_seconds: 1 };
  });
  const done = new Map<string, number>();
  const begun = performance.now();
  const before = process.cpuUsage();
  const finished = new Promise<void>((resolve) => {
    const end = engine.onChange((change) => {
      for (const { id, definition, progress } of change.watchers)
        if (definition.name.startsWith(`job ${job},`)) done.set(id, progress.position.stdout);
      const isThere = [...done.values()].every((position) => position >= size - 4096);
      if (done.size < count || !isThere) return;
      end();
      resolve();
    });
  });
  await engine.attach({ cluster: 'bench', job, watchers: JSON.stringify(watchers), from: 'start' });
  await finished;
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(before);
  const processorSeconds = (user + system) / 1e6;
  const events = await engine.events({ job });
  return {
    seconds,
    processorSeconds,
    events: events.length,
    triggers: events.filter(({ kind }) => kind === 'trigger').length,
  };
}

interface ReferenceReport {
  readonly wall_s: number;
  readonly cpu_self_s: number;
  readonly cpu_children_s: number;
  readonly events: number;
  readonly triggers: number;
}

function runReference(source: string, log: string): Run {
  const words = [join(reference, 'reference_baseline.py'), '--ref', source, '--log', log];
  const given = ['--mb', values.mb, '--watchers', values.watchers, '--max-seconds', values['max-seconds']];
  const text = execFileSync(values.python, [...words, ...given], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const report = JSON.parse(text) as ReferenceReport;
  const processorSeconds = report.cpu_self_s + report.cpu_children_s;
  return { seconds: report.wall_s, processorSeconds, events: report.events, triggers: report.triggers };
}

const findFastest = (runs: readonly Run[]): Run | null =>
  [...runs].sort((a, b) => a.seconds - b.seconds)[0] ?? null;

async function main(): Promise<void> {
  const folder = newFolder();
  try {
    const whole = values.log ?? join(folder, 'whole.log');
    if (!existsSync(whole)) execFileSync(values.python, [join(reference, 'make_log.py'), whole, values.mb]);
    const bytes = Buffer.alloc(Number(values.mb) * 1e6);
    const handle = openSync(whole, 'r');
    const size = readSync(handle, bytes);
    closeSync(handle);
    const log = join(folder, 'job.out');
    writeFileSync(log, bytes.subarray(0, size));
    const runs = await runOurs(log, size, Number(values.watchers));
    const { ref } = values;
    const theirs = ref === undefined ? null : findFastest(runs.map(() => runReference(ref, whole)));
    const [first] = runs;
    const fastest = findFastest(runs);
    const ratioTo = (run: Run | null = null): object | null =>
      theirs && run
        ? {
            seconds: Number((theirs.seconds / run.seconds).toFixed(1)),
            processorSeconds: Number((theirs.processorSeconds / run.processorSeconds).toFixed(1)),
          }
        : null;
    const report = {
      row: 1,
      mb: Number(values.mb),
      watchers: Number(values.watchers),
      ours: { first, fastest },
      reference: theirs,
      ratio: { first: ratioTo(first), fastest: ratioTo(fastest) },
    };
    console.log(JSON.stringify(report, null, 2));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
