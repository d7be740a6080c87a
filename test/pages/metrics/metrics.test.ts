// The page of metrics in a real browser: what it draws, asks, keeps and says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { WatchError } from '../../../engine/errors';
import { themeNames } from '../bed/themes';
import { waitFor } from '../../waitFor';
import { startMetricsBed, type MetricsBed, type MetricsPage } from './metricsBed';
import { StoredMetrics, toLoss } from './storedMetrics';

const loss = { job: 'a', name: 'loss' };
const earlier = { job: 'b', name: 'loss' };

/** Two jobs with a loss; the first has two values that are not finite, and other metrics. */
function toStored(): StoredMetrics {
  const values = toLoss(900);
  values[400] = NaN;
  values[700] = Infinity;
  const stored = new StoredMetrics([
    { ...loss, unit: null, pace: 1000, values },
    {
      job: 'a',
      name: 'accuracy',
      unit: '%',
      pace: 1000,
      values: toLoss(900).map((value) => 100 - value * 30),
    },
    {
      job: 'a',
      name: 'epoch',
      unit: null,
      pace: 1000,
      values: toLoss(900).map((_, step) => Math.floor(step / 90)),
    },
    { ...earlier, unit: null, pace: 1300, values: toLoss(500, 0.4) },
  ]);
  const start = stored.jobs.get('a')?.start ?? 0;
  stored.events = [
    { id: 1, job: 'a', time: start + 200_000, words: 'loss: saw 2', level: 'info' },
    { id: 2, job: 'a', time: start + 600_000, words: 'memory: nearly out of memory', level: 'warning' },
    { id: 3, job: 'a', time: start + 600_500, words: 'sync: failed', level: 'error' },
  ];
  return stored;
}

describe('the page of metrics', function () {
  this.timeout(60_000);
  let bed: MetricsBed;
  let opened: MetricsPage;
  before(async () => {
    bed = await startMetricsBed();
  });
  after(() => bed.close());
  afterEach(async () => {
    const errors = [...opened.errors];
    await opened.close();
    assert.deepEqual(errors, []);
  });

  const row = (name: string): Locator => opened.page.locator('.legend tbody tr', { hasText: name });
  const rowText = async (name: string): Promise<string> =>
    (await row(name).locator('td').allInnerTexts()).join(' | ').replace(/\s+/g, ' ').trim();
  const hasRow = (name: string, text: RegExp): Promise<unknown> =>
    waitFor(`${name}: ${text}`, async () => text.test(await rowText(name)));
  const button = (name: string): Locator => opened.page.getByRole('button', { name });
  const chart = (): Locator => opened.page.locator('.chart').first();
  const openTwo = async (stored = toStored()): Promise<StoredMetrics> => {
    opened = await bed.open(stored, { series: [loss, earlier] });
    await hasRow('train (job 11)', /900/);
    return stored;
  };
  /** Of the values in sight. */
  const count = async (): Promise<number> =>
    Number((await row('train (job 11)').locator('.count').innerText()).replace(/\D.*/, ''));

  describe('with a million stored values', () => {
    it('opens with as many buckets as it has columns, and comes closer when it is asked to', async () => {
      const stored = new StoredMetrics([{ ...loss, unit: null, pace: 100, values: toLoss(1_000_000, 0.5) }]);
      opened = await bed.open(stored, { series: [loss], answers: { names: () => [] } });
      await hasRow('loss', /1,000,000/);
      const [first] = stored.asked;
      assert.ok(first && first.buckets > 300 && first.buckets <= 1000, `${first?.buckets} buckets`);
      await button('Zoom In').click();
      await hasRow('loss', /500,\d\d\d/);
      const last = stored.asked.at(-1);
      assert.ok(last && last.from !== null && last.to !== null && last.to - last.from < 60_000_000);
      // A band of what each bucket has, behind the line.
      const filled = await countPixels(opened, { top: 0, bottom: 1 });
      assert.ok(filled > 5000, `${filled} pixels`);
    });
  });

  describe('with two jobs', () => {
    it('compares them from their start, with the figures of each line', async () => {
      await openTwo();
      assert.match(
        await rowText('train (job 11)'),
        /^0\.\d+ \| 0\.\d+ \| 2\.\d+ \| 0\.\d+ \| 900 1× nan 1× inf/,
      );
      assert.match(await rowText('train (job 12)'), /500/);
      await opened.page.getByText("Time since the job's start").first().waitFor({ state: 'attached' });
    });

    it('zooms into what is dragged over, and shows all again', async () => {
      const stored = await openTwo();
      const box = await opened.page.locator('.u-over').boundingBox();
      assert.ok(box);
      await opened.page.mouse.move(box.x + box.width * 0.25, box.y + 50);
      await opened.page.mouse.down();
      await opened.page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 5 });
      await opened.page.mouse.up();
      await waitFor('fewer values', async () => (await count()) < 300);
      const fine = stored.asked.filter(({ from }) => from !== null);
      assert.deepEqual(
        fine.map(({ series }) => series.map(({ job }) => job)),
        [['a'], ['b']],
        'each job by its own clock',
      );
      await opened.page.mouse.dblclick(box.x + 100, box.y + 50);
      await hasRow('train (job 11)', /900/);
    });

    it('pans with Shift and the pointer, or the wheel', async () => {
      const stored = await openTwo();
      await button('Zoom In').click();
      await waitFor('fewer values', async () => (await count()) < 500);
      const fromOf = (): number =>
        stored.asked.filter(({ series }) => series[0]?.job === 'a').at(-1)?.from ?? 0;
      const before = fromOf();
      const box = await opened.page.locator('.u-over').boundingBox();
      assert.ok(box);
      await opened.page.keyboard.down('Shift');
      await opened.page.mouse.move(box.x + 200, box.y + 80);
      await opened.page.mouse.down();
      await opened.page.mouse.move(box.x + 300, box.y + 80, { steps: 5 });
      await opened.page.mouse.up();
      await opened.page.keyboard.up('Shift');
      await waitFor('earlier values', () => fromOf() < before);
      const panned = fromOf();
      await opened.page.mouse.wheel(200, 0);
      await waitFor('later values', () => fromOf() > panned);
    });

    it('is handled by keys alone', async () => {
      await openTwo();
      await chart().focus();
      await opened.page.keyboard.press('+');
      await waitFor('fewer values', async () => (await count()) < 900);
      await opened.page.keyboard.press('ArrowRight');
      await opened.page
        .getByRole('status')
        .getByText(/^From \d+:\d\d to \d+:\d\d\.$/)
        .waitFor({ state: 'attached' });
      await opened.page.keyboard.press('-');
      await opened.page.keyboard.press('-');
      await opened.page.keyboard.press('0');
      await hasRow('train (job 11)', /900/);
      await opened.page.keyboard.press('Shift+ArrowRight');
      await opened.page
        .getByRole('status')
        .getByText(/^0: train \(job 11\) 2\.\d+, train \(job 12\) 2\.\d+$/)
        .waitFor({ state: 'attached' });
      await opened.page.locator('.legend .at', { hasText: 'at 0' }).waitFor();
      await opened.page.keyboard.press('Escape');
      await opened.page.locator('.legend th.at', { hasText: 'Last' }).waitFor();
    });

    it('says the values at the pointer', async () => {
      await openTwo();
      const box = await opened.page.locator('.u-over').boundingBox();
      assert.ok(box);
      await opened.page.mouse.move(box.x + 20, box.y + 50);
      await opened.page.mouse.move(box.x + 60, box.y + 50, { steps: 3 });
      await opened.page.locator('.legend th.at', { hasText: /at \d/ }).waitFor();
      await hasRow('train (job 11)', /^2\.\d+ /);
    });

    it('hides, shows and removes lines', async () => {
      await openTwo();
      await row('train (job 12)').getByRole('button').first().click();
      await opened.page.locator('.legend [aria-pressed=false]').waitFor();
      assert.match(
        (await opened.page.locator('#summary').textContent()) ?? '',
        /^train \(job 11\): [^.]*\.[^.]*\.[^(]*$/,
      );
      await button('Remove train (job 12) from the chart').click();
      await opened.page.locator('.legend tbody tr').nth(1).waitFor({ state: 'detached' });
      // Of one job alone, a line is called by its metric.
      await row('loss').waitFor();
    });

    it('has nan and the infinities as marks at the edges', async () => {
      await openTwo();
      const edge = await countPixels(opened, { top: 0.95, bottom: 1 });
      const without = toStored();
      without.metrics[0]?.values.fill(1, 400, 401);
      await opened.close();
      await openTwo(without);
      const before = await countPixels(opened, { top: 0.95, bottom: 1 });
      assert.ok(edge > before + 20, `${edge} and ${before} pixels`);
    });

    it('has a table of the values in sight', async () => {
      await openTwo();
      await button('Table of Values').click();
      const table = opened.page.locator('table.values');
      await table.waitFor();
      assert.equal(await table.locator('tbody tr').count(), 40);
      assert.match(await table.locator('tbody tr').first().innerText(), /^0\s+2\.\d+\s+2\.\d+$/);
    });

    it('exports all values, and the charts as a picture', async () => {
      await openTwo();
      await button('Export Values as CSV…').click();
      await opened.page
        .getByRole('status')
        .getByText('The values of 2 metrics were exported.')
        .waitFor({ state: 'attached' });
      await button('Export as PNG…').click();
      await opened.page
        .getByRole('status')
        .getByText('The picture was saved.')
        .waitFor({ state: 'attached' });
      const [, values, picture] = opened.deeds;
      assert.deepEqual(values, ['exportValues', { series: [loss, earlier] }]);
      const { content } = picture?.[1] as { readonly content: string };
      const bytes = Buffer.from(content, 'base64');
      assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
      const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
      assert.ok(width > 900 && height > 300, `${width} by ${height}`);
    });
  });

  describe('and its events', () => {
    it('has a flag for each, or for those that are close together, which leads there', async () => {
      await openTwo();
      const flags = opened.page.locator('.flag');
      await flags.nth(1).waitFor();
      assert.equal(await flags.count(), 2);
      const second = flags.nth(1);
      assert.match((await second.getAttribute('aria-label')) ?? '', /nearly out of memory; .* sync: failed$/);
      assert.equal(await second.getAttribute('data-level'), 'error');
      await second.focus();
      await opened.page.locator('.flag-hint', { hasText: 'nearly out of memory' }).waitFor();
      await opened.page.keyboard.press('Enter');
      await waitFor('a way to the event', () => opened.deeds.some(([name]) => name === 'showEvent'));
      assert.deepEqual(opened.deeds.at(-1), ['showEvent', { event: 3, job: 'a' }]);
    });

    it('shows one that happens', async () => {
      const stored = await openTwo();
      await opened.page.locator('.flag').nth(1).waitFor();
      const time = (stored.jobs.get('a')?.start ?? 0) + 400_000;
      opened.tell('events', [{ id: 9, job: 'a', time, words: 'now', level: 'info' }]);
      await opened.page.locator('.flag').nth(2).waitFor();
    });
  });

  describe('live', () => {
    it('draws what comes, and what comes of other lines when they are shown', async () => {
      const stored = await openTwo();
      opened.tell('stored', [stored.store(loss, [0.1, NaN, 0.05])]);
      await hasRow('train (job 11)', /^0\.05 \| 0\.05 .*903 2× nan/);
      opened.tell('added', [{ job: 'a', name: 'accuracy' }]);
      await row('accuracy').waitFor();
      await waitFor('its values', async () => /900/.test(await rowText('accuracy')));
    });

    it('asks for what it has missed', async () => {
      const stored = await openTwo();
      stored.store(loss, [1, 2]);
      opened.tell('stored', [stored.store(loss, [3])]);
      await hasRow('train (job 11)', /^3 .*903/);
    });

    it('asks again when x is another metric, for news has none', async () => {
      const stored = await openTwo();
      await opened.page.getByLabel('X axis').selectOption('metric epoch');
      await waitFor('a question by epoch', () => stored.asked.some(({ by }) => by === 'epoch'));
      const news = stored.store(loss, [0.01]);
      stored.store({ job: 'a', name: 'epoch' }, [10]);
      opened.tell('stored', [news]);
      await hasRow('train (job 11)', /^0\.01 .*901/);
    });

    it('keeps the place of who has zoomed', async () => {
      const stored = await openTwo();
      await button('Zoom In').click();
      await waitFor('fewer values', async () => (await count()) < 500);
      const before = await count();
      opened.tell('stored', [stored.store(loss, [0.1])]);
      await opened.page.locator('button[title="Show All"]').click();
      await hasRow('train (job 11)', /901/);
      assert.ok(before < 500);
    });
  });

  describe('and what people choose', () => {
    it('is kept over a reload', async () => {
      await openTwo();
      await opened.page.getByLabel('X axis').selectOption('step');
      await opened.page.getByRole('button', { name: 'Log' }).click();
      await button('Side by Side').click();
      await opened.page.locator('input[type=range]').fill('0.8');
      await row('train (job 12)').getByRole('button').first().click();
      await button('Zoom In').click();
      await waitFor('fewer values', async () => (await count()) < 900);
      const zoomed = await count();
      const kept = await waitFor('what is kept', () => {
        const state = (opened.kept() as { readonly state?: Readonly<Record<string, unknown>> }).state;
        return state?.['range'] ? state : undefined;
      });
      assert.deepEqual(
        {
          ...kept,
          range: null,
          series: (kept['series'] as { readonly isHidden: boolean }[]).map(({ isHidden }) => isHidden),
        },
        {
          ...{ axis: { kind: 'step' }, scale: 'log', layout: 'apart', smoothing: 0.8, range: null },
          ...{ series: [false, true], showsTable: false },
        },
      );
      await opened.reload();
      await opened.page.locator('button[title="Logarithmic Scale"][aria-pressed=true]').waitFor();
      await waitFor('the same range', async () => (await count()) === zoomed);
      assert.equal(await opened.page.getByLabel('X axis').inputValue(), 'step');
      assert.equal(await opened.page.locator('input[type=range]').inputValue(), '0.8');
      assert.equal(await opened.page.locator('.legend [aria-pressed=false]').count(), 1);
    });

    it('may be one chart for each metric, or one for all', async () => {
      opened = await bed.open(toStored());
      await opened.page.locator('.chart').nth(2).waitFor();
      await opened.page.getByRole('heading', { name: 'accuracy %' }).waitFor();
      await button('Side by Side').click();
      await opened.page.locator('.chart').nth(1).waitFor({ state: 'detached' });
      assert.equal(await opened.page.locator('.chart').count(), 1);
    });

    it('says what a logarithmic scale leaves out', async () => {
      const stored = toStored();
      stored.metrics[0]?.values.fill(-1, 10, 12);
      await openTwo(stored);
      await opened.page.getByRole('button', { name: 'Log' }).click();
      await opened.page.getByText('not above 0 are not on a logarithmic scale').waitFor();
    });
  });

  describe('without metrics', () => {
    it('says how one is kept, and draws the first as it comes', async () => {
      const stored = toStored();
      const [first] = stored.metrics;
      assert.ok(first);
      first.values.length = 0;
      stored.metrics.length = 1;
      opened = await bed.open(stored);
      await opened.page.getByRole('heading', { name: 'No metrics yet' }).waitFor();
      await opened.page.getByText('store_metric(name=loss, value=$loss)').waitFor();
      opened.tell('stored', [{ ...stored.store(loss, [3, 2]), steps: [], times: [], values: [] }]);
      await hasRow('loss', /^2 \| 2 \| 3 \| 2\.5 \| 2/);
    });

    it('offers those of the job if all lines were removed', async () => {
      opened = await bed.open(toStored(), { series: [loss] });
      await button('Remove loss from the chart').click();
      await button('accuracy').click();
      await row('accuracy').waitFor();
    });

    it('has others chosen in VS Code', async () => {
      opened = await bed.open(toStored(), { series: [loss], answers: { choose: () => [earlier] } });
      await button('Add Metric…').click();
      await row('train (job 12)').waitFor();
    });
  });

  describe('in trouble', () => {
    it('says why it was refused, and asks again', async () => {
      const stored = toStored();
      let isBroken = true;
      opened = await bed.open(stored, {
        series: [loss],
        answers: {
          series: (ask) => {
            if (isBroken) throw new WatchError('internal', 'The store is gone.', 'Look at the disk.');
            return stored.series(ask);
          },
        },
      });
      await opened.page.getByRole('alert').getByText('The store is gone. Look at the disk.').waitFor();
      isBroken = false;
      await button('Retry').click();
      await hasRow('loss', /900/);
      await opened.page.getByRole('alert').waitFor({ state: 'detached' });
    });

    it('keeps its lines while the engine is gone, and asks anew when it is back', async () => {
      const stored = await openTwo();
      opened.tell('engine', { isThere: false, words: 'The engine does not answer.' });
      await opened.page.getByRole('alert').getByText('The engine does not answer.').waitFor();
      assert.match(await rowText('train (job 11)'), /900/);
      stored.store(loss, [1, 2]);
      opened.tell('engine', { isThere: true, words: '' });
      await hasRow('train (job 11)', /902/);
      await opened.page.getByRole('alert').waitFor({ state: 'detached' });
    });
  });

  it('shows names of others as text, with what cannot be seen as escapes', async () => {
    const name = '<img src=x onerror=alert(1)> \u202egnol \u001b[31m{{name}}';
    const stored = new StoredMetrics([{ job: 'a', name, unit: '<b>', pace: 1, values: [1, 2, 3] }]);
    stored.events = [
      { id: 1, job: 'a', time: stored.jobs.get('a')?.start ?? 0, words: '<i>\u202e</i>', level: 'info' },
    ];
    opened = await bed.open(stored, { series: [{ job: 'a', name }] });
    await row('<img src=x onerror=alert(1)> \\u202egnol \\x1b[31m{{name}}').waitFor();
    await hasRow('<img', /3 <b>/);
    await opened.page.locator('.flag').first().focus();
    await opened.page.locator('.flag-hint', { hasText: '<i>\\u202e</i>' }).waitFor();
    await button('Table of Values').click();
    assert.equal(await opened.page.locator('img, b, main i').count(), 0);
  });

  it('is small', async () => {
    opened = await bed.open(toStored());
    assert.ok(bed.bytes <= 150_000, `${bed.bytes} bytes`);
  });

  it('takes the colours of a theme that is chosen meanwhile', async () => {
    await openTwo();
    const colour = (): Promise<string | null> =>
      opened.page.locator('.swatch line').first().getAttribute('stroke');
    const before = await colour();
    await opened.setTheme('light');
    await waitFor('other colours', async () => (await colour()) !== before);
    await opened.setTheme('high contrast');
    await opened.page.locator('.swatch line[stroke-dasharray]').waitFor({ state: 'attached' });
  });

  describe('for everybody', () => {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    const findViolations = async (): Promise<readonly string[]> => {
      await opened.page.evaluate(axe);
      return opened.page.evaluate(async () => {
        const { violations } = await (
          window as unknown as {
            axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          }
        ).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
    };
    for (const theme of themeNames)
      it(`has nothing that axe finds wrong in the theme ${theme}`, async () => {
        const stored = toStored();
        opened = await bed.open(stored, { theme, series: [loss, earlier] });
        await hasRow('train (job 11)', /900/);
        await button('Table of Values').click();
        await opened.page.locator('table.values').waitFor();
        assert.deepEqual(await findViolations(), []);
        opened.tell('engine', { isThere: false, words: 'The engine does not answer.' });
        await opened.page.getByRole('alert').waitFor();
        assert.deepEqual(await findViolations(), []);
        const errors = [...opened.errors];
        await opened.close();
        assert.deepEqual(errors, []);
        stored.metrics.length = 0;
        opened = await bed.open(stored, { theme });
        await opened.page.getByRole('heading', { name: 'No metrics yet' }).waitFor();
        assert.deepEqual(await findViolations(), []);
      });

    for (const [words, size] of [
      ['a narrow panel', { width: 300, height: 600 }],
      ['a wide one', { width: 1600, height: 900 }],
      ['200 % zoom', { width: 500, height: 350 }],
    ] as const)
      it(`fits ${words}`, async () => {
        opened = await bed.open(toStored(), { series: [loss, earlier], size });
        await row('train (job 11)').waitFor();
        await opened.page.locator('.u-over').waitFor();
        const { isWider, height } = await opened.page.evaluate(() => {
          const main = document.querySelector('main') as HTMLElement;
          const plot = document.querySelector('.plot') as HTMLElement;
          return { isWider: main.scrollWidth > main.clientWidth, height: plot.clientHeight };
        });
        assert.equal(isWider, false);
        assert.ok(height >= 180, `${height} pixels`);
      });

    it('goes with its window', async () => {
      await openTwo();
      const width = async (): Promise<number> =>
        (await opened.page.locator('.u-over').boundingBox())?.width ?? 0;
      const before = await width();
      await opened.page.setViewportSize({ width: 600, height: 700 });
      await waitFor('a narrower chart', async () => (await width()) < before - 300);
    });
  });
});

/** Of the area of lines, between two heights from 0, its top, to 1. */
const countPixels = (
  { page }: MetricsPage,
  place: { readonly top: number; readonly bottom: number },
): Promise<number> =>
  page.evaluate(({ top, bottom }) => {
    const canvas = document.querySelector('canvas') as HTMLCanvasElement;
    const over = document.querySelector('.u-over') as HTMLElement;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const ratio = devicePixelRatio;
    const { data } = context.getImageData(
      over.offsetLeft * ratio,
      (over.offsetTop + over.clientHeight * top) * ratio,
      over.clientWidth * ratio,
      over.clientHeight * (bottom - top) * ratio,
    );
    let coloured = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at, at + 4);
      if (alpha > 0 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++;
    }
    return coloured;
  }, place);
