// Row 13: a chart of a million stored values, archives included: how long its series, and a part of it, take to come, and pauses.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSqliteStore } from '../../engine/io/sqliteStore';
import type { SeriesRequest } from '../../engine/metricSeries';
import { jobChange, metricChange, sampleJob } from '../engine/storeSamples';
import { bundles, newFolder } from './world/benchEngine';

const { values } = parseArgs({ options: { values: { type: 'string', default: '1000000' } } });

/** Values of a commit. */
const atOnce = 5000;

/** The longest time for which this thread did nothing else, ms. */
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

async function measure(directory: string): Promise<object> {
  if (!existsSync(join(bundles, 'storeWorker.js')))
    throw new Error('The bundles are missing: run node scripts/build.mjs');
  const store = createSqliteStore({
    ...{ directory, generation: 1 },
    workerPath: join(bundles, 'storeWorker.js'),
    wasmPath: join(bundles, 'sql-wasm.wasm'),
  });
  await store.load();
  await store.commit([jobChange()]);
  const total = Number(values.values);
  for (let from = 0; from < total; from += atOnce) {
    const changes = Array.from({ length: Math.min(atOnce, total - from) }, (_, index) => {
      const step = from + index;
      return metricChange(step + 1, { step, time: Date.now(), value: Math.sin(step / 1000) + Math.random() });
    });
    await store.commit(changes);
  }
  const { key: job } = sampleJob();
  const whole: SeriesRequest = {
    ...{ series: [{ job, name: 'loss' }], axis: 'step', from: null, to: null, buckets: 2000 },
  };
  const time = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return Math.round(performance.now() - begun);
  };
  const pauses = watchPauses();
  const [series] = await store.metricSeries(whole);
  const wholeMs = await time(() => store.metricSeries(whole));
  const part = { ...whole, from: total / 2, to: total / 2 + 1000 };
  const partMs = await time(() => store.metricSeries(part));
  const namesMs = await time(() => store.metricNames({ jobs: [job], recent: 20 }));
  let longestCommitMs = 0;
  const busy = store.metricSeries(whole);
  const done = new AbortController();
  void busy.then(() => {
    done.abort();
  });
  for (let id = total + 1; !done.signal.aborted; id++)
    longestCommitMs = Math.max(
      longestCommitMs,
      await time(() => store.commit([metricChange(id, { step: id - 1 })])),
    );
  const longestPauseMs = pauses();
  await store.close();
  return {
    row: 13,
    values: series?.summary.count,
    buckets: series?.buckets.length,
    archives: readdirSync(directory).filter((name) => name.startsWith('archive-')).length,
    ...{ wholeMs, partMs, namesMs, longestPauseMs, longestCommitMs },
  };
}

const directory = newFolder();
measure(directory).then(
  (result) => {
    console.log(JSON.stringify(result));
    rmSync(directory, { recursive: true, force: true });
  },
  (error: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  },
);
