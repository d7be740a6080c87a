// The base of all pages in a real browser: what is kept, what is asked, what is drawn, and what happens when a page fails.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { WatchError } from '../../../engine/errors';
import { openPage, startPageBrowser, type OpenedPage } from '../bed/pageBed';
import { probeAsks, type ProbeProtocol, type ProbeWindow } from '../probe/protocol';

describe('the base of pages', () => {
  let browser: Browser;
  let folder: string;
  let opened: OpenedPage<ProbeProtocol>;
  let greet: () => string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slurm-watchers-pages-'));
    const { buildPages } = await import('../../../scripts/buildPages.mjs');
    const entryPoints = { probe: 'test/pages/probe/main.ts', probeWorker: 'test/pages/probe/worker.ts' };
    await buildPages(entryPoints, { root: join(__dirname, '../../..'), folder });
    browser = await startPageBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    greet = () => 'good day';
    opened = await openPage<ProbeProtocol>(browser, {
      ...{ folder, name: 'probe', hasWorker: true, asks: probeAsks },
      context: { title: 'a "title" with <b>, \u202e and \u0085' },
      serve: () => ({ greet: () => greet() }),
    });
  });
  afterEach(() => opened.close());

  const waitForText = (selector: string, text: string): Promise<void> =>
    opened.page.locator(selector, { hasText: text }).waitFor();

  it('has what it is about, whatever is in it', async () => {
    assert.deepEqual(opened.errors, []);
    assert.equal(await opened.page.locator('h1').textContent(), 'a "title" with <b>, \u202e and \u0085');
    assert.deepEqual(opened.errors, []);
  });

  it('keeps its state over a reload, from the first moment on', async () => {
    assert.deepEqual(opened.kept(), {
      context: { title: 'a "title" with <b>, \u202e and \u0085' },
      state: { count: 0 },
    });
    await opened.page.click('#add');
    await waitForText('#add', '1');
    await opened.reload();
    await waitForText('#add', '1');
  });

  it('asks, and shows an answer or a refusal with its remedy', async () => {
    await opened.page.click('#ask');
    await waitForText('#said', 'good day');
    greet = () => {
      throw new WatchError('unsupported', 'Not now.', 'Come back later.');
    };
    await opened.page.click('#ask');
    await waitForText('#said', 'Not now. Come back later.');
    assert.deepEqual(opened.errors, []);
  });

  it('is told news', async () => {
    opened.tell('add', 41);
    opened.tell('add', 1);
    await waitForText('#add', '42');
  });

  it('says so when it cannot go on, and can be loaded again with what was kept', async () => {
    await opened.page.click('#add');
    await waitForText('#add', '1');
    await opened.page.click('#fail');
    await opened.page.getByRole('alert').getByText('the probe has failed').waitFor();
    assert.ok(opened.errors.some((error) => error.includes('the probe has failed')));
    await opened.page.getByRole('button', { name: 'Load the Page Again' }).click();
    await waitForText('#add', '1');
  });

  it('loads and runs nothing from elsewhere', async () => {
    const outcome = await opened.page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.wasRun = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.wasRun = true');
      const failed = new Promise((resolve) => {
        image.addEventListener('error', resolve);
      });
      image.src = 'http://127.0.0.1:9/x.png';
      document.body.append(image);
      await failed;
      return (window as unknown as { wasRun?: boolean }).wasRun ?? false;
    });
    assert.equal(outcome, false);
    assert.ok(opened.errors.length >= 2, opened.errors.join('\n'));
    assert.ok(
      opened.errors.every((error) => error.includes('Content Security Policy')),
      opened.errors.join('\n'),
    );
  });

  it('ends work beside the page that takes too long, and goes on with the next', async () => {
    const spin = (ms: number) =>
      opened.page.evaluate((time) => (window as unknown as ProbeWindow).probe.spin(time), ms);
    assert.equal(await spin(1), 'was busy for 1 ms');
    assert.equal(await spin(60_000), 'It took longer than 300 ms.');
    assert.equal(await spin(2), 'was busy for 2 ms');
  });

  it('gives up work for what nobody waits for any more', async () => {
    const last = await opened.page.evaluate(async () => {
      void (window as unknown as ProbeWindow).probe.spin(60_000);
      void (window as unknown as ProbeWindow).probe.spin(60_000);
      return (window as unknown as ProbeWindow).probe.spin(3);
    });
    assert.equal(last, 'was busy for 3 ms');
  });

  describe('with rows', () => {
    const setCount = (count: number) =>
      opened.page.evaluate((rows) => {
        (window as unknown as ProbeWindow).probe.rows.setCount(rows);
      }, count);
    const row = (index: number) => opened.page.locator('.row', { hasText: new RegExp(`^row ${index}$`) });

    for (const count of [0, 1, 9, 100_000, 50_000_000])
      it(`has few of ${count} in the document, and reaches the last`, async () => {
        await setCount(count);
        await opened.page.evaluate(() => {
          (window as unknown as ProbeWindow).probe.rows.scrollToEnd();
        });
        if (count > 0) await row(count - 1).waitFor();
        const drawn = await opened.page.locator('.row').count();
        assert.ok(drawn === count || (drawn > 10 && drawn < 100), `${drawn} rows`);
      });

    for (const index of [0, 70, 49_999, 99_999])
      it(`brings row ${index} of 100,000 into sight`, async () => {
        await setCount(100_000);
        await opened.page.evaluate((wanted) => {
          (window as unknown as ProbeWindow).probe.rows.scrollTo(wanted);
        }, index);
        await row(index).waitFor();
        const { first, end } = await opened.page.evaluate(
          () => (window as unknown as ProbeWindow).probe.rows.visible,
        );
        assert.ok(first <= index && index < end, `${first} to ${end}`);
      });

    it('scrolls by keys', async () => {
      await setCount(100_000);
      await opened.page.locator('#rows').focus();
      await opened.page.keyboard.press('End');
      await row(99_999).waitFor();
      await opened.page.keyboard.press('Home');
      await row(0).waitFor();
    });
  });
});
