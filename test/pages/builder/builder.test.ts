// The builder's page in a real browser: form, sample, preview and script stay in step, by mouse and by keyboard, in every theme.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { builderAsks, type BuilderContext, type BuilderProtocol } from '../../../webviews/builder/protocol';
import { parseWatcherFile } from '../../../language/watcherFile';
import { openPage, startPageBrowser, type OpenedPage } from '../bed/pageBed';
import { themeNames } from '../bed/themes';
import { waitFor } from '../../waitFor';
import { createBench, toFound, type Bench } from './bench';

const root = join(__dirname, '../../..');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const hostile = `\u202eloss=1 <img src=x onerror=alert(1)> \u001b[31m${'x'.repeat(20)}\u200b {{7*7}} \${alert(1)}`;

describe('the builder', () => {
  let browser: Browser;
  let folder: string;
  let bench: Bench;
  let opened: OpenedPage<BuilderProtocol>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slurm-watchers-pages-'));
    const { buildPages } = await import('../../../scripts/buildPages.mjs');
    const entryPoints = {
      builder: 'webviews/builder/main.ts',
      builderWorker: 'webviews/builder/worker.ts',
    };
    await buildPages(entryPoints, { root, folder });
    browser = await startPageBrowser();
  });
  after(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    bench = createBench();
  });
  afterEach(async () => {
    const { errors } = opened;
    await opened.close();
    assert.deepEqual(errors, []);
  });

  const open = async (
    context: BuilderContext = { kind: 'new' },
    size = { width: 1280, height: 900 },
  ): Promise<void> => {
    opened = await openPage<BuilderProtocol>(browser, {
      ...{ folder, name: 'builder', hasWorker: true, context, size },
      asks: builderAsks,
      serve: () => bench.answers,
    });
    // A test ends later than what it waits for: so it says what that was.
    opened.page.setDefaultTimeout(10_000);
    await opened.page.locator('#box-pattern').waitFor();
  };
  const becomes = (look: () => boolean | Promise<boolean>): Promise<boolean> => waitFor('the page', look);
  const fill = (box: string, text: string): Promise<void> => opened.page.fill(`#box-${box}`, text);
  const press = (name: string | RegExp): Promise<void> =>
    opened.page.getByRole('button', { name, exact: typeof name === 'string' }).click();
  const see = (text: string | RegExp): Promise<void> => opened.page.getByText(text).first().waitFor();
  const chooseTab = (name: string): Promise<void> => opened.page.getByRole('tab', { name }).click();
  const preview = (): Locator => opened.page.locator('textarea.preview');
  const waitForPreview = (wanted: RegExp): Promise<boolean> =>
    becomes(async () => wanted.test(await preview().inputValue()));
  const lastAsked = (name: string): unknown => bench.asked.findLast(([asked]) => asked === name)?.[1];

  it('is small', () => {
    assert.ok(statSync(join(folder, 'builder.js')).size <= 250 * 1024);
    return open();
  });

  it('tells what is wrong with a pattern as it is typed, and repairs it', async () => {
    await open();
    await fill('pattern', 'loss=(\\S+');
    await see(/missing \), unterminated subpattern/);
    assert.equal(await opened.page.locator('#box-pattern').getAttribute('aria-invalid'), 'true');
    assert.ok(await opened.page.getByRole('button', { name: 'Insert into Script' }).isDisabled());
    await see('1 error to correct');
    await fill('pattern', 'loss=(\\\\d+)');
    await opened.page.locator('.problem button').first().click();
    await becomes(async () => (await opened.page.inputValue('#box-pattern')) === 'loss=(\\d+)');
    await see(/^would run:/);
  });

  it('counts matches in both outputs and colours groups, not lines', async () => {
    await open();
    await fill('pattern', 'loss=(\\S+)');
    await see('301 matches in 303 lines');
    await opened.page
      .getByRole('button', { name: /^stderr/ })
      .getByText('3')
      .waitFor();
    await opened.page.locator('.row .group-1', { hasText: '3.0000' }).first().waitFor();
    await press(/^stderr/);
    await see('3 matches in 4 lines');
    // Each refresh of a progress bar is matched by itself.
    await opened.page.locator('.row .group-1', { hasText: '1.20]' }).waitFor();
  });

  it('names captures in place, and says what the condition comes to', async () => {
    await open();
    await fill('pattern', 'loss=(\\S+) grad=(\\S+)');
    await opened.page.getByLabel(/Name of group 2/).pressSequentially('gradient', { delay: 1 });
    await opened.page.getByLabel(/Name of group 1/).pressSequentially('loss', { delay: 1 });
    await fill('condition', 'float(loss) >= 1.5');
    await opened.page.getByRole('columnheader', { name: 'gradient' }).waitFor();
    await opened.page.getByRole('row', { name: /^Show line 2 3\.0000 .*True/ }).waitFor();
    await opened.page.getByRole('row', { name: /^Show line 4 1\.0000 .*False/ }).waitFor();
    await fill('condition', '');
    await press('loss is NaN');
    await becomes(
      async () => (await opened.page.inputValue('#box-condition')) === 'float(loss) != float(loss)',
    );
  });

  it('makes a pattern from a selection, piece by piece', async () => {
    await open();
    await opened.page.locator('.row', { hasText: 'step 2:' }).waitFor();
    await opened.page.evaluate(() => {
      const line = [...document.querySelectorAll('.row .line')].find((one) =>
        one.textContent.startsWith('step 2:'),
      );
      const text = line?.querySelector('[data-start]')?.firstChild;
      if (!text) throw new Error('The line is not there.');
      const at = text.textContent?.indexOf('loss') ?? 0;
      getSelection()?.setBaseAndExtent(text, at, text, at + 'loss=1.0000'.length);
    });
    await press('Make Pattern from Selection');
    await see('301 matches in 303 lines');
    const made = await opened.page.inputValue('#box-pattern');
    assert.match(made, /^\\bloss=\(/);
    assert.equal(await opened.page.getByLabel(/Name of group 1/).inputValue(), 'loss');
    await opened.page.locator('.card', { hasText: 'store_metric' }).waitFor();
    await opened.page.getByRole('button', { name: /^1\.0000: whatever is printed/ }).click();
    await opened.page.getByRole('button', { name: /^1\.0000: anything/ }).click();
    await see('1 match in 303 lines');
  });

  it('moves actions by keyboard, and the focus with them', async () => {
    await open();
    await fill('pattern', 'loss');
    await press('Add cancel_job');
    await press('Add notify_slack');
    await opened.page.getByRole('button', { name: 'Move notify_slack up' }).focus();
    await opened.page.keyboard.press('Enter');
    await see(/log_event, notify_slack, cancel_job/);
    await becomes(async () =>
      opened.page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') === 'Move notify_slack up',
      ),
    );
    await opened.page.keyboard.press('Enter');
    await see(/notify_slack, log_event, cancel_job/);
    await press('Remove log_event');
    await see(/notify_slack, cancel_job/);
    await press('Undo');
    await see(/notify_slack, log_event, cancel_job/);
  });

  it('keeps the previews in step, both ways', async () => {
    await open();
    await fill('pattern', 'loss=(\\S+)');
    await chooseTab('Directive');
    await waitForPreview(/^#WATCHER name=loss pattern="loss=\(\\S\+\)"$/);
    await preview().fill('#WATCHER pattern="grad=(\\S+)" captures=[grad] cooldown=5m action=cancel_job');
    await becomes(async () => (await opened.page.inputValue('#box-pattern')) === 'grad=(\\S+)');
    await see(/^would run:/);
    await chooseTab('JSON');
    await waitForPreview(/"cooldown_seconds": 300/);
    await preview().fill('{"pattern": "(');
    await opened.page.locator('.pane .problem').first().waitFor();
    assert.ok(await opened.page.getByRole('button', { name: 'Insert into Script' }).isDisabled());
    assert.equal(await opened.page.inputValue('#box-pattern'), 'grad=(\\S+)');
  });

  it('inserts the directive, and updates it from then on', async () => {
    await open();
    await fill('pattern', 'loss=(\\S+)');
    await press('Insert into Script');
    await see('The directive was inserted into train.sh.');
    const { watchers } = parseWatcherFile(String(lastAsked('insert')));
    assert.equal(watchers[0]?.definition.pattern, 'loss=(\\S+)');
    assert.ok(await opened.page.getByRole('button', { name: 'Update Script' }).isDisabled());
    await fill('condition', 'True');
    await press('Update Script');
    await see('train.sh was updated.');
    const { watcher } = lastAsked('update') as { watcher: string };
    assert.equal(parseWatcherFile(watcher).watchers[0]?.definition.condition, 'True');
  });

  it('says so if this computer is too busy to read a directive, and goes on', async () => {
    bench.opening = { ...bench.opening, directive: toFound('#WATCHER name=a pattern="a"') };
    await open({ kind: 'directive', script: 'file:///train.sh', name: 'a', line: 2 });
    await opened.page.route('**/builderWorker.js', (route) =>
      route.fulfill({ body: 'onmessage = () => {};' }),
    );
    await opened.reload();
    // Its worker is given up after some seconds, for each thing that was asked of it.
    await opened.page
      .getByText('This computer is too busy to read the watcher. Try it again.')
      .waitFor({ timeout: 30_000 });
    await fill('name', 'b');
  });

  it('says when the directive was changed in the editor meanwhile', async () => {
    bench.opening = { ...bench.opening, directive: toFound('#WATCHER name=a pattern="a"') };
    await open({ kind: 'directive', script: 'file:///train.sh', name: 'a', line: 1 });
    await becomes(async () => (await opened.page.inputValue('#box-pattern')) === 'a');
    await opened.page.locator('.row .match', { hasText: 'a' }).first().waitFor();
    const change = (script: string): void => {
      opened.tell('script', { found: toFound(script), isBroken: false });
    };
    change('#WATCHER name=a pattern="b"');
    await becomes(async () => (await opened.page.inputValue('#box-pattern')) === 'b');
    await fill('pattern', 'mine');
    change('#WATCHER name=a pattern="theirs"');
    await see('This directive was changed in train.sh meanwhile.');
    await press('Keep Mine');
    assert.equal(await opened.page.inputValue('#box-pattern'), 'mine');
    change('#WATCHER name=a pattern="theirs again"');
    await press('Take It');
    await becomes(async () => (await opened.page.inputValue('#box-pattern')) === 'theirs again');
    opened.tell('script', { found: null, isBroken: true });
    await see(/is not a watcher at the moment/);
  });

  it('has everything that was typed after a reload, and offers it after it was closed', async () => {
    await open();
    await fill('pattern', 'loss=(');
    await fill('condition', 'unfinished and');
    await opened.page.locator('.sources').selectOption({ label: 'Typed lines' });
    await opened.page.getByLabel('Lines of output').fill('loss=1\nloss=2');
    await becomes(() => /unfinished and/.test(String(lastAsked('keep'))));
    const left = String(lastAsked('keep'));
    await opened.reload();
    await becomes(async () => (await opened.page.inputValue('#box-condition')) === 'unfinished and');
    assert.equal(await opened.page.getByLabel('Lines of output').inputValue(), 'loss=1\nloss=2');
    await fill('pattern', 'loss=(\\d)');
    await see('2 matches in 2 lines');
    await opened.close();
    bench.opening = { ...bench.opening, kept: left };
    await open();
    await press('Continue It');
    await becomes(async () => (await opened.page.inputValue('#box-condition')) === 'unfinished and');
  });

  it('shows text of jobs as text, whatever is in it', async () => {
    bench.sample = { stdout: `${hostile}\n`.repeat(3), stderr: null, isWhole: true };
    await open();
    await fill('pattern', '(loss=\\d) (<img[^>]*>)');
    await see('3 matches in 3 lines');
    await opened.page
      .getByRole('row', { name: /onerror/ })
      .first()
      .waitFor();
    await opened.page.locator('.row', { hasText: '\\u202eloss=1 <img src=x' }).first().waitFor();
    assert.equal(await opened.page.locator('img').count(), 0);
    await opened.page.locator('.row').first().click();
    await press('Make Pattern from Selection');
    await opened.page.locator('.pieces').waitFor();
  });

  it('stops a pattern that takes too long, and goes on with the next', async () => {
    bench.sample = { stdout: `${'a'.repeat(40)}!\n`.repeat(50), stderr: null, isWhole: true };
    await open();
    await fill('pattern', '(a+)+$');
    await see(/This pattern takes too long on this sample: it was stopped/);
    await fill('pattern', 'a!');
    await see('50 matches in 50 lines');
  });

  it('fills the form from a template, and gives back what was there', async () => {
    await open();
    await fill('pattern', 'mine');
    await opened.page.getByText('Start from a template').click();
    await opened.page.getByLabel('Search templates').fill('nan cancel');
    await press(/Cancel when the loss diverges/);
    await becomes(async () => (await opened.page.inputValue('#box-condition')) === 'not float(loss) < 100');
    await press('Undo');
    await becomes(async () => (await opened.page.inputValue('#box-pattern')) === 'mine');
  });

  it('makes the forms of actions and fields from their tables', async () => {
    await open();
    await press('Add resubmit');
    await opened.page.getByText('Advanced').click();
    await opened.page.getByLabel('Trigger job states').fill('failed');
    await opened.page.getByLabel('Output type').selectOption('both');
    await opened.page.getByLabel('modifications').fill('{"mem": "64G"}');
    await fill('pattern', 'a');
    await chooseTab('Directive');
    await waitForPreview(/output_type: both[\s\S]*trigger_job_states: \[failed\][\s\S]*"mem":\s*"64G"/);
  });

  it('shows the dry run with the final texts', async () => {
    bench.report = {
      ...{ matches: 2, triggers: 1, more: 3 },
      lines: [{ line: 2, kind: 'action', text: 'log_event(message="loss 3.0000")' }],
    };
    await open();
    await fill('pattern', 'loss=(\\S+)');
    await see('301 matches in 303 lines');
    await chooseTab('Dry Run');
    await press('Run on the Sample');
    await see('log_event(message="loss 3.0000")');
    await see('2 matches, 1 trigger. Nothing was executed.');
  });

  it('puts a variable where one has typed', async () => {
    await open();
    await fill('pattern', '(?P<loss>\\S+)');
    await opened.page.getByLabel('message').fill('now: ');
    await opened.page.getByText('Variables for texts and commands').click();
    await press('Insert $loss');
    await becomes(async () => (await opened.page.getByLabel('message').inputValue()) === 'now: $loss');
  });

  it('can be used by keyboard alone', async () => {
    await open();
    const { page } = opened;
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('by keys');
    await page.keyboard.press('Tab');
    await page.keyboard.type('loss=');
    assert.deepEqual(
      [await page.inputValue('#box-name'), await page.inputValue('#box-pattern')],
      ['by keys', 'loss='],
    );
    await page.locator('.sample-rows').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('Name of group 1').first().waitFor();
    await page.getByRole('tab', { name: 'Captured Values' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await waitForPreview(/#WATCHER/);
  });

  it('finds a new pattern in what is in sight of 100,000 lines at once', async () => {
    const lines = Array.from({ length: 100_000 }, (_, index) => `step ${index}: loss=${index / 7}`);
    bench.sample = { stdout: `${lines.join('\n')}\n`, stderr: null, isWhole: true };
    await open();
    await see('100000 lines');
    await fill('pattern', 'step');
    await see('100000 matches in 100000 lines');
    // Until the next frame that has it: the machine may be busy, which is why the bound is wide.
    const took = await opened.page.evaluate(async () => {
      const box = document.querySelector<HTMLInputElement>('#box-pattern');
      if (!box) throw new Error('There is no box.');
      const start = performance.now();
      box.value = 'loss=(\\S+)';
      box.dispatchEvent(new Event('input', { bubbles: true }));
      while (!document.querySelector('.row .group-1'))
        await new Promise((resolve) => {
          requestAnimationFrame(resolve);
        });
      return performance.now() - start;
    });
    assert.ok(took < 1000, `${took} ms`);
    await see('100000 matches in 100000 lines');
  });

  for (const [what, size] of [
    ['narrow', { width: 300, height: 800 }],
    ['wide', { width: 1600, height: 900 }],
    ['at 200 % zoom', { width: 640, height: 450 }],
  ] as const)
    it(`fits ${what}`, async () => {
      await open({ kind: 'new' }, size);
      await fill('pattern', 'loss=(\\S+)');
      await see('301 matches in 303 lines');
      const beyond = await opened.page.evaluate(() =>
        [...document.querySelectorAll('input, select, button, textarea')]
          .filter((element) => !element.closest('.rows') && element.getClientRects().length > 0)
          .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
          .map((element) => element.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(beyond, []);
    });

  for (const theme of themeNames)
    it(`is accessible in the theme ${theme}`, async () => {
      await open();
      await opened.setTheme(theme);
      await fill('pattern', 'step (\\d+): .*loss=(\\S+');
      await see(/unterminated/);
      const check = async (): Promise<readonly string[]> => {
        await opened.page.evaluate(axe);
        return opened.page.evaluate(async () => {
          const { axe: found } = window as unknown as {
            axe: {
              run: () => Promise<{
                violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
              }>;
            };
          };
          const { violations } = await found.run();
          return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 150)} ${failureSummary}`),
          );
        });
      };
      assert.deepEqual(await check(), []);
      await fill('pattern', 'step (\\d+): .*loss=(\\S+)');
      await press('Add resubmit');
      await opened.page.getByText('Advanced').click();
      await opened.page.getByText('Start from a template').click();
      await press(/^Error detection/);
      await opened.page.locator('.row').nth(3).click();
      await press('Make Pattern from Selection');
      await opened.page.locator('.pieces').waitFor();
      assert.deepEqual(await check(), []);
    });
});
