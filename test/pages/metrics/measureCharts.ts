// Measures the page of metrics for the benchmark `charts`: its longest tasks, by the browser's own account. Prints JSON.
import { cpus } from 'node:os';
import { waitFor } from '../../waitFor';
import { startMetricsBed, type MetricsPage } from './metricsBed';
import { StoredMetrics, toLoss } from './storedMetrics';

const goal = 50;
const storedValues = 1_000_000;
const lines = 5;
const valuesPerSecond = 5000;
/** As the extension gathers them, in milliseconds. */
const gatherTime = 250;
const liveSeconds = 20;

/** In milliseconds; the browser tells of those above 50 alone, so that 0 is any time up to there. */
async function watchTasks({ page }: MetricsPage): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const watching = window as unknown as { longest: number };
    watching.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watching.longest = Math.max(watching.longest, duration);
    }).observe({ type: 'longtask' });
  });
  return () =>
    page.evaluate(async () => {
      const watching = window as unknown as { longest: number };
      await new Promise((resolve) => setTimeout(resolve, 200));
      const { longest } = watching;
      watching.longest = 0;
      return longest;
    });
}

const heapOf = ({ page }: MetricsPage): Promise<number> =>
  page.evaluate(
    () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
  );

/** The unit of all benchmarks: 30 million integer steps in this process. */
function measureUnit(): number {
  const begin = performance.now();
  let sum = 0;
  for (let step = 0; step < 30_000_000; step++) sum = (sum + step) | 0;
  return sum === 1 ? 0 : performance.now() - begin;
}

async function main(): Promise<void> {
  const bed = await startMetricsBed();
  try {
    const names = Array.from({ length: lines }, (_, index) => ({ job: 'a', name: `loss ${index}` }));
    const stored = new StoredMetrics(
      names.map((series) => ({ ...series, unit: null, pace: 1, values: toLoss(storedValues / lines, 0.5) })),
    );
    const opened = await bed.open(stored, { series: names, answers: { names: () => [] } });
    const longest = await watchTasks(opened);
    const shown = (count: number): Promise<unknown> =>
      waitFor(`${count} values`, async () => {
        const rows = await opened.page.locator('.legend .count').allInnerTexts();
        return rows.at(-1)?.replaceAll(',', '').trim() === String(count);
      }, 60_000); // prettier-ignore
    await shown(storedValues / lines);
    const opening = await longest();
    await opened.page.locator('.chart').first().focus();
    for (let press = 0; press < 6; press++) await opened.page.keyboard.press('+');
    for (let press = 0; press < 60; press++)
      await opened.page.keyboard.press(press % 20 < 10 ? 'ArrowRight' : 'ArrowLeft');
    const panning = await longest();
    await opened.page.keyboard.press('0');
    const heapBefore = await heapOf(opened);
    const batch = Math.round((valuesPerSecond / lines) * (gatherTime / 1000));
    const begin = performance.now();
    const batches = (liveSeconds * 1000) / gatherTime;
    for (let sent = 0; sent < batches; sent++) {
      const values = toLoss(batch, 0.5);
      opened.tell('stored', names.map((series) => stored.store(series, values))); // prettier-ignore
      const wait = begin + (sent + 1) * gatherTime - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
    }
    const seconds = (performance.now() - begin) / 1000;
    await shown(storedValues / lines + batch * batches);
    const live = await longest();
    console.log(
      JSON.stringify(
        {
          benchmark: 'charts',
          node: process.version,
          processor: cpus()[0]?.model,
          unitMilliseconds: Math.round(measureUnit()),
          goals: { longestTaskMilliseconds: goal },
          storedValues,
          lines,
          longestTaskMilliseconds: { opening, panning, live },
          live: {
            valuesPerSecond: Math.round((batch * lines * batches) / seconds),
            seconds: Math.round(seconds),
            heapMegabytes: [heapBefore, await heapOf(opened)].map((bytes) => Math.round(bytes / 1e6)),
          },
          errors: opened.errors,
        },
        null,
        2,
      ),
    );
    await opened.close();
  } finally {
    await bed.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
