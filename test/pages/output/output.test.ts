// The page of a job's output in a real browser: followed, scrolled, searched, selected, whatever a job prints.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { WatchError } from '../../../engine/errors';
import { outputAsks, type OutputProtocol } from '../../../webviews/output/protocol';
import { waitFor } from '../../waitFor';
import { openPage, startPageBrowser, type OpenedPage, type PageOptions } from '../bed/pageBed';
import { themeNames } from '../bed/themes';
import { FakeOutput, toEndlessFile, toFile } from './fakeOutput';

const numbered = (count: number, first = 1): string =>
  Array.from(
    { length: count },
    (_, index) => `epoch ${first + index}: loss=${(3 / (first + index)).toFixed(4)}\n`,
  ).join('');

describe('the page of an output', () => {
  let browser: Browser;
  let folder: string;
  let fake: FakeOutput;
  let opened: OpenedPage<OutputProtocol>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slurm-watchers-pages-'));
    const { buildPages } = await import('../../../scripts/buildPages.mjs');
    const entryPoints = { output: 'webviews/output/main.ts', outputWorker: 'webviews/output/worker.ts' };
    await buildPages(entryPoints, { root: join(__dirname, '../../..'), folder });
    browser = await startPageBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'passed') assert.deepEqual(opened.errors, []);
    await opened.close();
  });

  const open = async (
    output: FakeOutput,
    options: Partial<PageOptions<OutputProtocol>> = {},
  ): Promise<void> => {
    fake = output;
    opened = await openPage<OutputProtocol>(browser, {
      ...{ folder, name: 'output', hasWorker: true, asks: outputAsks, serve: output.serve },
      context: { cluster: 'hpc', job: 'key', title: 'ft-bert · job 9' },
      ...options,
    });
  };
  const lines = (): Locator => opened.page.locator('.lines').first();
  /** The row whose text has this. */
  const row = (text: string | RegExp): Locator => opened.page.locator('.line', { hasText: text });
  const button = (name: string | RegExp): Locator => opened.page.getByRole('button', { name });
  const isInSight = (locator: Locator): Promise<boolean> =>
    locator.first().evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      const edge = element.closest('.lines')?.getBoundingClientRect();
      return edge !== undefined && top >= edge.top - 1 && bottom <= edge.bottom + 1;
    });
  const see = async (text: string | RegExp): Promise<void> => {
    await row(text).first().waitFor();
    await waitFor(`${String(text)} in sight`, () => isInSight(row(text)));
  };
  const numberOf = (text: string | RegExp): Promise<string | null> =>
    row(text).first().locator('.number').textContent();
  const wheel = async (pixels: number): Promise<void> => {
    const box = await lines().boundingBox();
    assert.ok(box);
    await opened.page.mouse.move(box.x + 200, box.y + box.height / 2);
    await opened.page.mouse.wheel(0, pixels);
  };
  const copied = (): string | undefined => {
    const last = fake.asked.filter(({ name }) => name === 'copy').at(-1);
    return (last?.params as { text: string } | undefined)?.text;
  };
  const copy = async (): Promise<string> => {
    const before = fake.asked.length;
    await opened.page.keyboard.press('Control+c');
    return waitFor('a copy', () => Promise.resolve(fake.asked.length > before ? copied() : undefined));
  };
  /** Types into the box that a key has opened. */
  const find = async (text: string): Promise<void> => {
    await lines().focus();
    await opened.page.keyboard.press('Control+f');
    await opened.page.locator('#find:focus').waitFor();
    await opened.page.keyboard.type(text);
  };
  const found = (text: string | RegExp): Promise<void> =>
    opened.page.locator('#found', { hasText: text }).waitFor();

  describe('of a job that runs', () => {
    it('begins at the end, with the job in its header', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(500)) }));
      await see('epoch 500: loss=0.0060');
      assert.equal(await numberOf('epoch 500:'), '500');
      assert.match(
        (await opened.page.locator('header').textContent()) ?? '',
        /ft-bert.*running.*job 9 · hpc · 12 min of 4 h/s,
      );
      assert.equal(await button('Errors').count(), 0);
    });

    it('shows what comes as it comes', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(500)) }));
      await see('epoch 500:');
      fake.print('epoch 501: ');
      await see('epoch 501:');
      fake.print('loss=nan\n');
      await see('epoch 501: loss=nan');
      assert.equal(await row('epoch 501').count(), 1);
      assert.match((await row('epoch 501').locator('.number').getAttribute('title')) ?? '', /^Came at .*\d/);
    });

    it('stays where one has scrolled to, says how much has come, and goes on from there', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(500)) }));
      await see('epoch 500:');
      await wheel(-1500);
      await see('epoch 400:');
      const top = await row('epoch 400:').first().boundingBox();
      fake.print(numbered(128, 501));
      await button('↓ 128 new lines').waitFor();
      assert.deepEqual(await row('epoch 400:').first().boundingBox(), top);
      await button('↓ 128 new lines').click();
      await see('epoch 628:');
      await button('↓ 128 new lines').waitFor({ state: 'detached' });
      fake.print(numbered(1, 629));
      await see('epoch 629:');
    });

    it('follows again when one scrolls to the end', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(500)) }));
      await see('epoch 500:');
      await wheel(-500);
      await button('Follow New Lines').waitFor();
      await wheel(5000);
      await button('Pause Following').waitFor();
      fake.print(numbered(1, 501));
      await see('epoch 501:');
    });

    it('pauses without a scroll', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(500)) }));
      await see('epoch 500:');
      await button('Pause Following').click();
      fake.print(numbered(40, 501));
      await button('↓ 40 new lines').waitFor();
      assert.equal(await isInSight(row('epoch 500:')), true);
      await button('Follow New Lines').click();
      await see('epoch 540:');
    });

    it('has the job cancelled, by who can ask first', async () => {
      await open(new FakeOutput({ stdout: toFile('x\n') }));
      await button('Cancel Job').click();
      await waitFor('the request', () =>
        Promise.resolve(fake.asked.some(({ name }) => name === 'cancelJob')),
      );
      fake.news('job', {
        ...fake.job,
        state: 'cancelled',
        look: 'cancelled',
        ended: Date.now(),
        canCancel: false,
      });
      await opened.page.locator('.state', { hasText: 'cancelled' }).waitFor();
      assert.equal(await button('Cancel Job').count(), 0);
    });
  });

  describe('of any size', () => {
    it('reaches every line of 100,000 with few of them drawn', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(100_000)) }));
      await see('epoch 100000:');
      await waitFor('its number', async () => (await numberOf('epoch 100000:')) === '100000');
      await lines().focus();
      await opened.page.keyboard.press('Home');
      await see('epoch 1:');
      assert.equal(await numberOf('epoch 1:'), '1');
      await opened.page.keyboard.press('PageDown');
      await see('epoch 35:');
      await opened.page.keyboard.press('End');
      await see('epoch 100000:');
      assert.ok((await opened.page.locator('.line').count()) < 100);
    });

    it('goes to a line by its number', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(100_000)) }));
      await see('epoch 100000:');
      await lines().focus();
      await opened.page.keyboard.press('Control+g');
      await opened.page.locator('#go-to:focus').waitFor();
      await opened.page.keyboard.type('54321');
      await opened.page.keyboard.press('Enter');
      await see('epoch 54321:');
      assert.equal(await numberOf('epoch 54321:'), '54321');
      await button('Follow New Lines').waitFor();
    });

    it('reads little of a gigabyte, keeps less, and says which numbers are estimates', async () => {
      await open(new FakeOutput({ stdout: toEndlessFile(1 << 30) }));
      await see(/line 0016777216/);
      assert.match((await numberOf(/line 0016777216/)) ?? '', /^≈ 1677721\d$/);
      const heap = (): Promise<number> =>
        opened.page.evaluate(
          () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
        );
      const box = await opened.page.locator('.scroll-bar').boundingBox();
      assert.ok(box);
      await opened.page.mouse.move(box.x + 5, box.y + box.height - 5);
      await opened.page.mouse.down();
      const before = await heap();
      for (let step = 1; step <= 60; step += 1) {
        const reads = fake.readBytes;
        await opened.page.mouse.move(box.x + 5, box.y + box.height * (1 - step / 120));
        await waitFor('a read', () => Promise.resolve(fake.readBytes > reads));
      }
      await opened.page.mouse.up();
      await waitFor('the middle', async () => {
        const first = (await opened.page.locator('.line .text').first().textContent()) ?? '';
        const number = Number(/\d+/.exec(first)?.[0]);
        return number > 8_000_000 && number < 8_800_000;
      });
      assert.ok(fake.readBytes < 130 * 262_144, `${fake.readBytes} bytes`);
      const grown = (await heap()) - before;
      assert.ok(grown < 60e6, `${grown} bytes`);
      await lines().focus();
      await opened.page.keyboard.press('Home');
      await see(/line 0000000001/);
      assert.equal(await numberOf(/line 0000000001/), '1');
    });

    it('reads what one scrolls to, line by line, without a hole', async () => {
      await open(new FakeOutput({ stdout: toEndlessFile(1 << 30) }));
      await see(/line 0016777216/);
      for (let turn = 0; turn < 30; turn += 1) await wheel(-2000);
      const texts = await waitFor('rows', async () => {
        const all = await opened.page.locator('.line .text').allTextContents();
        return all.length > 20 ? all : undefined;
      });
      const numbers = texts.map((text) => Number(/\d+/.exec(text)?.[0]));
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => (numbers[0] ?? 0) + index),
      );
    });
  });

  describe('finding', () => {
    it('finds what is not here too, and goes from one to the next', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(100_000)) }));
      await see('epoch 100000:');
      await find('epoch 7777');
      await found('1 of 11');
      await see(/epoch 7777:/);
      await opened.page.keyboard.press('Enter');
      await found('2 of 11');
      await see(/epoch 77770:/);
      await opened.page.keyboard.press('Shift+Enter');
      await opened.page.keyboard.press('Shift+Enter');
      await found('11 of 11');
      await see(/epoch 77779:/);
    });

    it('marks what matches in sight, as watchers match it', async () => {
      await open(new FakeOutput({ stdout: toFile('loss: 0.5\nLOSS: 0.25\nloss: nan\n') }));
      await see('loss: nan');
      await find(String.raw`loss: ([\d.]+)`);
      await found('No results');
      await button(/Use Pattern/).click();
      await found('1 of 2');
      const marked = (): Promise<string[]> =>
        opened.page.evaluate(() =>
          ['output-match', 'output-current-match'].flatMap((name) =>
            [...(CSS.highlights.get(name) ?? [])].map((range) => (range as Range).toString()),
          ),
        );
      await waitFor('marks', async () => (await marked()).length === 2);
      assert.deepEqual((await marked()).sort(), ['LOSS: 0.25', 'loss: 0.5']);
      await button('Match Case').click();
      await found('1 of 1');
      await waitFor('marks', async () => (await marked()).length === 1);
      await opened.page.locator('#find').focus();
      await opened.page.keyboard.press('Escape');
      await waitFor('no marks', async () => (await marked()).length === 0);
      assert.equal(await lines().evaluate((element) => element === document.activeElement), true);
    });

    it('counts what comes', async () => {
      await open(new FakeOutput({ stdout: toFile('ERROR one\n') }));
      await see('ERROR one');
      await find('error');
      await found('1 of 1');
      fake.print('fine\nError two\nERROR three\n');
      await found('1 of 3');
    });

    it('says what is wrong with a pattern', async () => {
      await open(new FakeOutput({ stdout: toFile('x\n') }));
      await see('x');
      await find('(');
      await button(/Use Pattern/).click();
      await found(/The pattern cannot be used|missing \), unterminated subpattern/);
      assert.equal(await opened.page.locator('#find').getAttribute('aria-invalid'), 'true');
    });

    it('is not held up by a hopeless pattern', async () => {
      await open(new FakeOutput({ stdout: toFile(`${'a'.repeat(1500)}!\nlast\n`) }));
      await see('last');
      await find('(a+)+$');
      await button(/Use Pattern/).click();
      await opened.page.keyboard.press('Escape');
      fake.print('more\n');
      await see('more');
    });
  });

  describe('with whatever a job prints', () => {
    it('shows markup, scripts and links as text', async () => {
      const hostile = [
        '<img src=x onerror="window.wasRun = true"><script>window.wasRun = true</script>',
        '\x1b]8;;https://example.org\x07click\x1b]8;;\x07',
        'user\u202egpj.exe',
        'https://example.org/plain',
      ];
      await open(new FakeOutput({ stdout: toFile(`${hostile.join('\n')}\n`) }));
      await see('<img src=x onerror=');
      await see(/\\x1b\]8;;https:\/\/example.org\\x07click/);
      await see(String.raw`user\u202egpj.exe`);
      const shown = await opened.page.evaluate(() => ({
        wasRun: 'wasRun' in window,
        links: document.querySelectorAll('a, img, script:not([nonce])').length,
      }));
      assert.deepEqual(shown, { wasRun: false, links: 0 });
    });

    it('shows colours and looks', async () => {
      await open(
        new FakeOutput({ stdout: toFile('\x1b[1;4;31mERROR\x1b[0m plain \x1b[38;2;0;0;60mdark\x1b[0m\n') }),
      );
      await see('ERROR plain dark');
      const looks = await row('ERROR')
        .locator('.shown span')
        .evaluateAll((spans) =>
          (spans as HTMLElement[]).map(({ textContent, classList, style }) => ({
            text: textContent,
            looks: [...classList],
            isColoured: style.color !== '',
          })),
        );
      assert.deepEqual(looks, [
        { text: 'ERROR', looks: ['bold', 'underline'], isColoured: true },
        { text: 'dark', looks: [], isColoured: true },
      ]);
    });

    it('folds a line of five megabytes, and unfolds it step by step', async () => {
      await open(new FakeOutput({ stdout: toFile(`first\n${'x'.repeat(5_000_000)}\nlast\n`) }));
      await see('last');
      await lines().focus();
      await opened.page.keyboard.press('Home');
      await see('first');
      const long = row(/^2x/).first();
      await long.locator('.fold').waitFor();
      const before = ((await long.locator('.shown').textContent()) ?? '').length;
      assert.equal(before, 2000);
      await long.locator('.fold').click();
      await waitFor(
        'more of it',
        async () => ((await long.locator('.shown').textContent()) ?? '').length === 22_000,
      );
    });

    it('shows the last refresh of a line, and older ones when one wants them', async () => {
      await open(new FakeOutput({ stdout: toFile('  0%\r 50%\r100% done\nnext\n') }));
      await see('100% done');
      assert.equal(await row('100% done').locator('.shown').textContent(), '100% done');
      await button('Show 2 earlier states of this line').click();
      await opened.page.locator('.refresh', { hasText: '50%' }).waitFor();
      await button('Hide 2 earlier states of this line').click();
      await opened.page.locator('.refresh').first().waitFor({ state: 'detached' });
    });

    it('stays alive under bombs of escapes', async () => {
      const bombs = [
        '\x1b[31m'.repeat(400_000),
        Array.from({ length: 100_000 }, (_, index) => `\x1b[38;5;${index % 256}mx`).join(''),
        '\x1b]8;;'.repeat(200_000),
        '\r50%'.repeat(200_000),
      ];
      await open(new FakeOutput({ stdout: toFile(`${bombs.join('\n')}\nlast\n`) }));
      await see('last');
      await lines().focus();
      await opened.page.keyboard.press('Home');
      await button('Follow New Lines').waitFor();
      await opened.page.keyboard.press('End');
      await see('last');
    });

    it('wraps long lines if one wants that, and scrolls all the same', async () => {
      const text = Array.from({ length: 300 }, (_, index) => `${index + 1} ${'word '.repeat(100)}\n`).join(
        '',
      );
      await open(new FakeOutput({ stdout: toFile(text) }));
      await see(/^300300 word/);
      await button('Wrap Long Lines').click();
      await see(/^300300 word/);
      const { width } = (await row(/^300300 word/).boundingBox()) ?? { width: 0 };
      assert.ok(width <= 1000, `${width} wide`);
      await lines().focus();
      await opened.page.keyboard.press('Home');
      await see(/^11 word/);
    });
  });

  describe('with watchers', () => {
    const text = numbered(300);
    const offsetOf = (line: string): number => text.indexOf(line);
    const marked = (): FakeOutput => {
      const output = new FakeOutput({ stdout: toFile(text) });
      output.marks = [
        {
          ...{ event: 12, stream: 'stdout', level: 'warning', watcher: 'loss' },
          from: offsetOf('epoch 290:'),
          results: ['log_event: low <b>loss</b>', 'store_metric: loss = 0.0103'],
        },
      ];
      return output;
    };

    it('marks where they have matched, and shows the event', async () => {
      await open(marked());
      await see('epoch 290:');
      const mark = row('epoch 290:').locator('.event');
      assert.equal(
        await mark.getAttribute('title'),
        'Watcher "loss"\nlog_event: low <b>loss</b>\nstore_metric: loss = 0.0103',
      );
      await mark.click();
      assert.deepEqual(fake.asked.at(-1), { name: 'showEvent', params: { event: 12 } });
    });

    it('says in sight why an event cannot be shown, and goes on', async () => {
      await open(marked());
      await see('epoch 290:');
      fake.obstacle = new WatchError('not-found', 'This event is too old.', 'List the events.');
      await row('epoch 290:').locator('.event').click();
      const told = opened.page.locator('.notice', { hasText: 'This event is too old. List the events.' });
      await told.waitFor();
      fake.obstacle = undefined;
      await told.getByRole('button', { name: 'Close' }).click();
      await told.waitFor({ state: 'detached' });
      await see('epoch 290:');
      assert.deepEqual(opened.errors, []);
    });

    it('does so by keys', async () => {
      await open(marked());
      await see('epoch 290:');
      await lines().focus();
      await opened.page.keyboard.press('End');
      for (let step = 0; step < 10; step += 1) await opened.page.keyboard.press('ArrowUp');
      await row('epoch 290:').and(opened.page.locator('.current')).waitFor();
      await opened.page.keyboard.press('Enter');
      await waitFor('the event', () => Promise.resolve(fake.asked.at(-1)?.name === 'showEvent'));
    });

    it('marks new matches as they come', async () => {
      await open(new FakeOutput({ stdout: toFile(text) }));
      await see('epoch 299:');
      fake.news('marks', [
        {
          event: 13,
          stream: 'stdout',
          level: 'error',
          watcher: 'w',
          from: offsetOf('epoch 299:'),
          results: [],
        },
      ]);
      await row('epoch 299:').locator('.event.error').waitFor();
      await opened.page.locator('.tick.error').waitFor();
    });

    it('lands on the line that somebody wants to see, before it is open and later', async () => {
      const output = marked();
      output.place = { stream: 'stdout', from: offsetOf('epoch 100:') };
      await open(output);
      await see('epoch 100:');
      await row('epoch 100:').and(opened.page.locator('.current')).waitFor();
      fake.news('goTo', { stream: 'stdout', from: offsetOf('epoch 20:') });
      await see('epoch 20:');
      await row('epoch 20:').and(opened.page.locator('.current')).waitFor();
    });

    it('says to VS Code’s menu which line it is about', async () => {
      await open(marked());
      await see('epoch 290:');
      await row('epoch 290:').locator('.text').click({ button: 'right' });
      const context = JSON.parse((await lines().getAttribute('data-vscode-context')) ?? '') as unknown;
      assert.deepEqual(context, {
        ...{ webviewSection: 'line', preventDefaultContextMenuItems: true, hasSelection: false },
        ...{ cluster: 'hpc', job: 'key', title: 'ft-bert · job 9' },
        ...{ stream: 'stdout', line: offsetOf('epoch 290:'), above: numbered(5, 285).trimEnd().split('\n') },
        ...{ text: 'epoch 290: loss=0.0103', selection: '' },
      });
    });
  });

  describe('selecting', () => {
    it('copies what was dragged over, also beyond what is in sight', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(500)) }));
      await see('epoch 500:');
      const from = await row('epoch 480:').locator('.shown').boundingBox();
      const to = await row('epoch 482:').locator('.shown').boundingBox();
      assert.ok(from && to);
      await opened.page.mouse.move(from.x + 1, from.y + 8);
      await opened.page.mouse.down();
      await opened.page.mouse.move(to.x + to.width - 1, to.y + 8, { steps: 5 });
      await opened.page.mouse.up();
      const dragged = 'epoch 480: loss=0.0063\nepoch 481: loss=0.0062\nepoch 482: loss=0.0062';
      assert.equal(await copy(), dragged);
      await wheel(-2800);
      await see('epoch 340:');
      assert.equal(await copy(), dragged);
    });

    it('selects words and lines by clicks', async () => {
      await open(new FakeOutput({ stdout: toFile('loss=0.5 lr=5e-05\nnext\n') }));
      await see('loss=0.5');
      const box = await row('loss=0.5').locator('.shown').boundingBox();
      assert.ok(box);
      await opened.page.mouse.dblclick(box.x + 60, box.y + 8);
      assert.equal(await copy(), '0.5');
      await opened.page.mouse.click(box.x + 60, box.y + 8, { clickCount: 3 });
      assert.equal(await copy(), 'loss=0.5 lr=5e-05');
    });

    it('selects lines by keys', async () => {
      await open(new FakeOutput({ stdout: toFile('one\n\x1b[31mtwo\x1b[0m\nthree\n') }));
      await see('three');
      await lines().focus();
      await opened.page.keyboard.press('Home');
      await opened.page.keyboard.press('Shift+ArrowDown');
      assert.equal(await copy(), 'one\ntwo');
    });

    it('copies everything, though little of it is here', async () => {
      const text = numbered(100_000);
      await open(new FakeOutput({ stdout: toFile(text) }));
      await see('epoch 100000:');
      await lines().focus();
      await opened.page.keyboard.press('Control+a');
      assert.equal(await copy(), text.slice(0, -1));
    });

    it('says so if it is too much', async () => {
      await open(new FakeOutput({ stdout: toEndlessFile(1 << 30) }));
      await see(/line 0016777216/);
      await lines().focus();
      await opened.page.keyboard.press('Control+a');
      await opened.page.keyboard.press('Control+c');
      await opened.page.getByText('This is too much to copy.').waitFor({ state: 'attached' });
      assert.equal(copied(), undefined);
    });
  });

  describe('of two streams', () => {
    const both = (): FakeOutput =>
      new FakeOutput({ stdout: toFile(numbered(200)), stderr: toFile('warning: slow disk\n') });

    it('shows one, the other, or both', async () => {
      await open(both());
      await see('epoch 200:');
      await button('Errors').click();
      await see('warning: slow disk');
      assert.equal(await row('epoch 200:').count(), 0);
      await button('Both').click();
      await see('warning: slow disk');
      await see('epoch 200:');
      fake.print('warning: slower\n', 'stderr');
      await see('warning: slower');
    });
  });

  describe('when something is missing', () => {
    it('waits for a file that is not there yet', async () => {
      await open(new FakeOutput({}));
      await opened.page.getByText('There is no file yet.').waitFor();
      await opened.page.getByText('/home/ada/ft-bert-9.out').waitFor();
      fake.print('first line\n');
      await see('first line');
      assert.equal(await opened.page.getByText('There is no file yet.').count(), 0);
    });

    it('says what cannot be had, and tries again when it is told to', async () => {
      const output = new FakeOutput({ stdout: toFile('there\n') });
      output.obstacle = new WatchError(
        'cluster-unreachable',
        'hpc does not answer.',
        'Look at your network.',
      );
      await open(output);
      await opened.page.getByText('hpc does not answer. Look at your network.').waitFor();
      output.obstacle = undefined;
      await button('Retry').click();
      await see('there');
      await opened.page.getByText('hpc does not answer.').waitFor({ state: 'detached' });
    });

    it('keeps its lines while the engine is away, and goes on without a gap', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(100)) }));
      await see('epoch 100:');
      fake.news('lost', { message: 'The engine has ended.', remedy: 'It is started again.' });
      await opened.page.getByText('The engine has ended. It is started again.').waitFor();
      assert.equal(await isInSight(row('epoch 100:')), true);
      fake.following.clear();
      fake.print(numbered(20, 101));
      fake.news('connected', null);
      await see('epoch 120:');
      await opened.page.getByText('The engine has ended.').waitFor({ state: 'detached' });
      const texts = await opened.page.locator('.line .shown').allTextContents();
      assert.equal(new Set(texts).size, texts.length);
    });

    it('says that a file was replaced, and shows what it has now', async () => {
      await open(new FakeOutput({ stdout: toFile(numbered(300)) }));
      await see('epoch 300:');
      fake.files.stdout = toFile('');
      fake.tell('stdout', { kind: 'replaced', reason: 'it is shorter than before', size: 4, time: 0 });
      fake.print('new\n');
      await see('new');
      await opened.page.getByText('The file was cut or replaced: it is shorter than before.').waitFor();
      assert.equal(await numberOf('new'), '1');
      assert.equal(await row('epoch').count(), 0);
      await button('OK').click();
      await opened.page.getByText('The file was cut or replaced').waitFor({ state: 'detached' });
    });

    it('says what keeps a file from being read, until it can be', async () => {
      await open(new FakeOutput({ stdout: toFile('one\n') }));
      await see('one');
      fake.tell('stdout', { kind: 'trouble', message: 'Permission denied.', time: 0 });
      await opened.page.getByText('Permission denied. It is tried again by itself.').waitFor();
      fake.print('two\n');
      await opened.page.getByText('Permission denied.').waitFor({ state: 'detached' });
    });

    it('says that a job has printed nothing', async () => {
      await open(new FakeOutput({ stdout: toFile('') }));
      await opened.page.getByText('Nothing was printed so far.').waitFor();
      fake.tell('stdout', { kind: 'ended', endState: 'completed', time: 0 });
      await opened.page.getByText('The job has printed nothing.').waitFor();
    });
  });

  it('is as it was left after a reload', async () => {
    await open(new FakeOutput({ stdout: toFile(numbered(100_000)), stderr: toFile('oops\n') }));
    await see('epoch 100000:');
    await button('Wrap Long Lines').click();
    await lines().focus();
    await opened.page.keyboard.press('Control+g');
    await opened.page.locator('#go-to:focus').waitFor();
    await opened.page.keyboard.type('1234');
    await opened.page.keyboard.press('Enter');
    await see('epoch 1234:');
    await find('epoch 1240');
    await found('1 of 11');
    await waitFor('its state', () => {
      const { state } = opened.kept() as {
        state?: { find: { text: string }; places: { stdout: number | null } };
      };
      return Promise.resolve(state?.find.text === 'epoch 1240' && state.places.stdout !== null);
    });
    await opened.reload();
    await see('epoch 1240:');
    assert.equal(await opened.page.locator('#find').inputValue(), 'epoch 1240');
    await button('Follow New Lines').waitFor();
    assert.equal(await button('Wrap Long Lines').getAttribute('aria-pressed'), 'true');
  });

  describe('as a page', () => {
    const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    const findViolations = async (): Promise<string[]> => {
      await opened.page.evaluate(axe);
      return opened.page.evaluate(async () => {
        const { run } = (
          window as unknown as {
            axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
          }
        ).axe;
        const { violations } = await run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
      });
    };
    const filled = (): FakeOutput => {
      const output = new FakeOutput({
        stdout: toFile(
          `${numbered(100)}\x1b[33mWARNING\x1b[0m \x1b[90mgrey\x1b[0m \x1b[7minverse\x1b[0m\x1b[2A\n10%\r20%\n${'x'.repeat(3000)}\n`,
        ),
        stderr: toFile('oops\n'),
      });
      output.marks = [{ event: 1, stream: 'stdout', from: 0, level: 'info', watcher: 'w', results: ['x'] }];
      return output;
    };
    for (const theme of themeNames)
      it(`has no flaw that axe finds in the theme ${theme}`, async () => {
        await open(filled(), { theme });
        await see('WARNING');
        await button('Both').click();
        await see('oops');
        await find('loss');
        await found(/of 100/);
        assert.deepEqual(await findViolations(), []);
        fake.news('lost', { message: 'The engine has ended.', remedy: 'It is started again.' });
        await opened.page.getByText('The engine has ended.').waitFor();
        assert.deepEqual(await findViolations(), []);
      });

    for (const [name, size] of [
      ['narrow', { width: 300, height: 500 }],
      ['wide', { width: 1600, height: 900 }],
      // A window of 800 by 600 at twice the size.
      ['magnified', { width: 400, height: 300 }],
    ] as const)
      it(`fits a ${name} window`, async () => {
        await open(filled(), { size });
        await see('WARNING');
        await find('loss');
        await found(/of 100/);
        const overflow = await opened.page.evaluate(() =>
          [...document.querySelectorAll('header, header button, .find, .find > *')]
            .filter((element) => {
              const { left, right } = element.getBoundingClientRect();
              return left < 0 || right > innerWidth + 0.5;
            })
            .map((element) => element.outerHTML.slice(0, 80)),
        );
        assert.deepEqual(overflow, []);
      });

    it('can be used by keys alone', async () => {
      await open(filled());
      await see('WARNING');
      const focused: string[] = [];
      for (let step = 0; step < 12; step += 1) {
        await opened.page.keyboard.press('Tab');
        const label = await opened.page.evaluate(
          () =>
            document.activeElement?.getAttribute('aria-label') ??
            document.activeElement?.textContent.trim() ??
            '',
        );
        focused.push(label);
        if (label === 'Standard output') break;
      }
      assert.deepEqual(focused, [
        ...['Output', 'Errors', 'Both', 'Pause Following', 'Find (Ctrl+F)', 'Go to Line (Ctrl+G)'],
        ...['Wrap Long Lines', 'Open as Text File', 'Cancel Job', 'Standard output'],
      ]);
    });
  });
});
