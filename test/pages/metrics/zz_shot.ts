import { openPage, startPageBrowser } from '/work/wt/metrics/test/pages/bed/pageBed';
import { StoredMetrics, toLoss } from '/work/wt/metrics/test/pages/metrics/storedMetrics';
import { metricsAsks, type MetricsProtocol } from '/work/wt/metrics/webviews/metrics/protocol';
async function main() {
  const { buildPages } = await import('/work/wt/metrics/scripts/buildPages.mjs');
  await buildPages({ metrics: 'webviews/metrics/main.ts' }, { root: '/work/wt/metrics', folder: '/tmp/mpages' });
  const browser = await startPageBrowser();
  const loss = toLoss(3000); loss[1200] = NaN; loss[1201]=NaN; loss[2000] = Infinity;
  const stored = new StoredMetrics([
    { job: 'a', name: 'loss', unit: null, pace: 1000, values: loss },
    { job: 'a', name: 'accuracy', unit: '%', pace: 4000, values: toLoss(700).map((v) => 100 - v * 30) },
    { job: 'a', name: 'lr', unit: null, pace: 4000, values: toLoss(700,0).map((v) => v*1e-5) },
    { job: 'b', name: 'loss', unit: null, pace: 1300, values: toLoss(1800, 0.3) },
  ]);
  const s = stored.jobs.get('a')!.start;
  stored.events = [
    { id: 1, job: 'a', time: s + 600_000, words: 'saw step 600', level: 'info' },
    { id: 2, job: 'a', time: s + 1_500_000, words: 'CUDA is nearly out of memory', level: 'warning' },
    { id: 3, job: 'a', time: s + 1_501_000, words: 'sync failed', level: 'error' },
  ];
  const go = async (name: string, series: any[], opts: any = {}, act?: (p: any) => Promise<void>) => {
    const opened = await openPage<MetricsProtocol>(browser, {
      folder: '/tmp/mpages', name: 'metrics', asks: metricsAsks, context: { job: 'a', title: 'train (job 11)', series },
      serve: () => ({
        begin: () => ({ added: [] }), jobs: ({ jobs }) => jobs.flatMap((j) => stored.jobs.get(j) ?? []),
        names: ({ jobs }) => opts.empty ? [] : stored.names(jobs), series: (ask) => { if (opts.fail) throw new Error('The engine does not answer.'); return stored.series(ask); }, events: () => stored.events,
        follow: () => null, choose: () => [], exportValues: () => true, savePicture: () => true, showEvent: () => null,
      }), ...opts,
    });
    await opened.page.waitForTimeout(700); if (opts.empty) console.log(await opened.page.evaluate(() => [...document.querySelectorAll('.bar button')].map((b: any) => b.title + ' ' + b.disabled)), JSON.stringify(opened.kept()));
    if (act) { await act(opened.page); await opened.page.waitForTimeout(500); }
    await opened.page.screenshot({ path: `/tmp/shots/${name}.png` });
    if (opened.errors.length) console.log(name, opened.errors);
    await opened.close();
  };
  const two = [{ job: 'a', name: 'loss' }, { job: 'b', name: 'loss' }];
  const only = process.argv.slice(2);
  const all: Record<string, () => Promise<void>> = {
    two: () => go('two', two, {}, async (p) => { await p.mouse.move(480, 300); await p.mouse.move(500, 310, {steps: 4}); }),
    all: () => go('all', [], {}),
    smooth: () => go('smooth', two, { theme: 'light' }, async (p) => { await p.locator('input[type=range]').fill('0.9'); await p.locator('.flag').nth(1).hover(); }),
    hc: () => go('hc', two, { theme: 'high contrast' }, async (p) => { await p.locator('.chart').focus(); }),
    hcl: () => go('hcl', [], { theme: 'high contrast light' }, async (p) => { await p.getByText('Log').click(); }),
    clock: () => go('clock', two, {}, async (p) => { await p.locator('select').selectOption('clock'); }),
    table: () => go('table', two, {}, async (p) => { await p.getByLabel('Table of Values').click(); }),
    narrow: () => go('narrow', two, { size: { width: 300, height: 600 } }),
    wide: () => go('wide', [], { size: { width: 1600, height: 900 } }),
    empty: () => go('empty', [], { empty: true }),
    fail: () => go('fail', two, { fail: true }),
    zoom: () => go('zoom', two, {}, async (p) => { await p.mouse.move(400, 300); await p.mouse.down(); await p.mouse.move(500, 300, {steps:4}); await p.mouse.up(); }),
  };
  for (const [n, f] of Object.entries(all)) if (!only.length || only.includes(n)) await f();
  await browser.close();
}
void main().catch((e) => { console.error(e); process.exit(1); });
