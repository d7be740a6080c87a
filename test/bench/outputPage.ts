// Row 15: the page of an output while a job prints 10,000 lines a second, and over a gigabyte. In a real browser, as it ships.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputAsks, type OutputProtocol } from '../../webviews/output/protocol';
import { report, rounded } from '../benchTimes';
import { openPage, startPageBrowser, type OpenedPage } from '../pages/bed/pageBed';
import { FakeOutput, toEndlessFile, toFile } from '../pages/output/fakeOutput';

const linesPerSecond = 10_000;
const seconds = 10;
/** The engine sends less than 64 KiB at once. */
const piecesPerSecond = 20;
const line = (number: number): string =>
  `epoch ${number}: loss=0.${number} lr=5e-05 throughput=1234.5 samples/s\n`;

interface Watched {
  tasks: number[];
}

/** Tasks of the page of more than 50 ms, from now on. */
const watchTasks = (opened: OpenedPage<OutputProtocol>): Promise<void> =>
  opened.page.evaluate(() => {
    const watched: Watched = { tasks: [] };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watched.tasks.push(duration);
    }).observe({ entryTypes: ['longtask'] });
    (window as unknown as { watched: Watched }).watched = watched;
  });
const readTasks = (opened: OpenedPage<OutputProtocol>): Promise<number[]> =>
  opened.page.evaluate(() => (window as unknown as { watched: Watched }).watched.tasks);
/** Of what is in use, in bytes. */
async function heapOf(opened: OpenedPage<OutputProtocol>): Promise<number> {
  const session = await opened.page.context().newCDPSession(opened.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}
/** Processor time of the page's main thread from now until the returned function is called, ms. */
async function watchProcessor(opened: OpenedPage<OutputProtocol>): Promise<() => Promise<number>> {
  const session = await opened.page.context().newCDPSession(opened.page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1000;
  };
  const begun = await read();
  return async () => (await read()) - begun;
}

/** 30 million integer steps, as `unit` of the other rows. */
const unitOf = (opened: OpenedPage<OutputProtocol>): Promise<number> =>
  opened.page.evaluate(() => {
    const begun = performance.now();
    let sum = 0;
    for (let step = 0; step < 30_000_000; step += 1) sum = (sum + step) | 0;
    return performance.now() - begun + (sum & 0);
  });

async function measure(folder: string, browser: Awaited<ReturnType<typeof startPageBrowser>>): Promise<void> {
  const open = (fake: FakeOutput): Promise<OpenedPage<OutputProtocol>> =>
    openPage<OutputProtocol>(browser, {
      ...{ folder, name: 'output', hasWorker: true, asks: outputAsks, serve: fake.serve },
      context: { cluster: 'hpc', job: 'key', title: 'bench' },
    });

  const live = new FakeOutput({ stdout: toFile('') });
  const first = await open(live);
  await first.page.getByText('Nothing was printed so far.').waitFor();
  const unit = await unitOf(first);
  await watchTasks(first);
  const readProcessor = await watchProcessor(first);
  let [from, number] = [0, 0];
  const begun = performance.now();
  for (let piece = 0; piece < seconds * piecesPerSecond; piece += 1) {
    let text = '';
    for (let index = 0; index < linesPerSecond / piecesPerSecond; index += 1) text += line((number += 1));
    live.tell('stdout', {
      kind: 'text',
      from,
      to: from + text.length,
      text,
      size: from + text.length,
      time: piece,
    });
    from += text.length;
    const next = begun + ((piece + 1) * 1000) / piecesPerSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
  await first.page.locator('.line', { hasText: `epoch ${number}:` }).waitFor();
  const rate = (number / (performance.now() - begun)) * 1000;
  const processor = await readProcessor();
  const tasks = await readTasks(first);
  await first.close();

  const large = new FakeOutput({ stdout: toEndlessFile(1 << 30) });
  const second = await open(large);
  await second.page.locator('.line', { hasText: 'line 0016777216' }).waitFor();
  const heap = await heapOf(second);
  await watchTasks(second);
  const box = await second.page.locator('.scroll-bar').boundingBox();
  if (!box) throw new Error('there is no scroll bar');
  await second.page.mouse.move(box.x + 5, box.y + box.height - 8);
  await second.page.mouse.down();
  for (let step = 1; step <= 200; step += 1)
    await second.page.mouse.move(box.x + 5, box.y + (box.height - 8) * (1 - step / 200));
  await second.page.mouse.up();
  await second.page
    .locator('.line', { hasText: /line 00000000/ })
    .first()
    .waitFor();
  const dragged = await readTasks(second);
  const grown = (await heapOf(second)) - heap;
  await second.close();

  report({
    row: 15,
    what: `${linesPerSecond} lines a second for ${seconds} s; a drag over 1 GiB`,
    unit_ms: rounded(unit),
    lines_per_s: Math.round(rate),
    processor_ms_per_s: rounded((processor * rate) / number, 0),
    tasks_over_50_ms: tasks.length,
    longest_task_ms: Math.max(0, ...tasks),
    drag_tasks_over_50_ms: dragged.length,
    drag_longest_task_ms: Math.max(0, ...dragged),
    drag_heap_growth_mb: rounded(grown / 1e6, 1),
    goal: 'no task > 50 ms; memory flat',
  });
}

async function main(): Promise<void> {
  const { buildPages } = await import('../../scripts/buildPages.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'slurm-watchers-bench-'));
  const entryPoints = { output: 'webviews/output/main.ts', outputWorker: 'webviews/output/worker.ts' };
  await buildPages(entryPoints, { root: process.cwd(), folder });
  const browser = await startPageBrowser();
  try {
    await measure(folder, browser);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

void main();
