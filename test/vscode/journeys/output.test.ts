// The output of a job as a person watches it: live, marked where watchers matched, searched, and still there after troubles.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { FrameLocator, Locator } from 'playwright-core';
import { waitFor } from '../../waitFor';
import { projectRoot } from '../bed/profile';
import { themes, Workbench } from '../bed/workbench';

const execute = promisify(execFile);

/** Its loss falls from 0.990 by 0.010 with each step; it goes on until it is cancelled. */
const script = `#!/bin/bash
#SBATCH --job-name=falling
#WATCHER name="low loss" pattern="loss=([\\d.]+)" captures=[loss] condition="float(loss) < 0.5" max_triggers=1 interval=1s action=log_event(message="the loss is $loss", level=warning)
printf '\\033[1;34mfalling\\033[0m begins\\n'
for step in $(seq 1 10000); do
  loss=$((1000 - step * 10)); [ "$loss" -ge 10 ] || loss=10
  printf 'step %d loss=0.%03d\\n' "$step" "$loss"
  sleep 0.2
done
`;

describe('the output of a job in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    writeFileSync(join(workbench.profile.workspace, 'falling.sh'), script);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  const panel = (): FrameLocator => workbench.panel;
  const row = (text: string | RegExp): Locator => workbench.outputLine(text);
  const button = (name: string | RegExp): Locator => panel().getByRole('button', { name });
  const lastStep = async (): Promise<number> => {
    const texts = await panel().locator('.line .shown').allTextContents();
    return Math.max(0, ...texts.map((text) => Number(/^step (\d+)/.exec(text)?.[1] ?? 0)));
  };
  const seeNews = async (): Promise<void> => {
    const before = await lastStep();
    await waitFor('further steps', async () => (await lastStep()) > before, 60_000);
  };
  const ask = async (...words: string[]): Promise<unknown> => {
    const env = { ...process.env, SLURM_WATCHERS_HOME: workbench.profile.home };
    const { stdout } = await execute(
      process.execPath,
      [join(projectRoot, 'dist/cli.js'), ...words, '--json'],
      { env },
    );
    return JSON.parse(stdout);
  };

  it('opens beside the script from what is told of the submission', async () => {
    await workbench.showWatchers();
    await workbench.openFile('falling.sh');
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
    const told = workbench.notification(/falling\.sh was submitted to sandbox/);
    await told.getByRole('button', { name: 'Show Output' }).click();
    await workbench.activeTab(/falling · job \d+ · output/).waitFor();
    await workbench.activeTab('falling.sh').waitFor();
  });

  it('shows what is printed as it is printed, with the job in its header', async () => {
    await row(/step 1 loss=0\.990/).waitFor();
    await seeNews();
    await panel().locator('.state', { hasText: 'running' }).waitFor();
    await panel().locator('.bold', { hasText: 'falling' }).waitFor();
  });

  it('marks the line on which a watcher acted, and lands there from what it tells', async () => {
    const told = workbench.notification(/the loss is 0\.490/);
    await told.getByRole('button', { name: 'Show Output' }).click();
    const matched = row(/step 51 loss=0\.490/);
    await matched.and(panel().locator('.current')).waitFor();
    await matched.locator('.event').waitFor();
    assert.match(
      (await matched.locator('.event').getAttribute('title')) ?? '',
      /Watcher "low loss"\nlog_event: /,
    );
    await workbench.photograph('output marked');
  });

  it('shows the event of a mark', async () => {
    await row(/step 51 loss=0\.490/)
      .locator('.event')
      .click();
    await workbench.pane('Events').locator('.monaco-list-row.selected', { hasText: 'the loss is' }).waitFor();
  });

  it('finds a line', async () => {
    await panel().locator('.lines').focus();
    await workbench.page.keyboard.press('Control+f');
    await panel().locator('#find').fill('loss=0.97');
    await panel().locator('#found', { hasText: '1 of 1' }).waitFor();
    await row(/step 3 loss=0\.970/)
      .and(panel().locator('.current'))
      .waitFor();
  });

  it('offers what can be done with a line', async () => {
    await row(/step 3 loss=0\.970/)
      .locator('.text')
      .click({ button: 'right' });
    const menu = workbench.page.locator('.monaco-menu');
    await menu.getByRole('menuitem', { name: 'Make a Watcher from This Line' }).waitFor();
    await menu.getByRole('menuitem', { name: 'Test Patterns on Selection' }).waitFor();
    await workbench.photograph('output menu');
    await menu.getByRole('menuitem', { name: 'Copy' }).click();
    await panel().locator('#find').fill('');
    await panel().locator('#find').press('Control+v');
    await waitFor(
      'the copied line',
      async () => (await panel().locator('#find').inputValue()) === 'step 3 loss=0.970',
    );
    await panel().locator('#find').press('Escape');
  });

  it('is as it was after the window was loaded again', async () => {
    const loaded = workbench.page.waitForEvent('domcontentloaded');
    await workbench.run('Developer: Reload Window');
    await loaded;
    await row(/step 3 loss=0\.970/).waitFor();
    await button('Follow New Lines').click();
    await seeNews();
  });

  for (const [name, theme] of Object.entries(themes))
    it(`can be read in the theme ${name}`, async () => {
      await workbench.choose(theme);
      await workbench.photograph(`output ${name}`);
    });

  it('goes on when the engine has died', async () => {
    const { pid } = (await ask('engine', 'status')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await seeNews();
    const texts = await panel().locator('.line .shown').allTextContents();
    assert.equal(new Set(texts.map((text) => /^step \d+/.exec(text)?.[0])).size, texts.length);
  });

  it('cancels the job, once that was agreed to', async () => {
    await button('Cancel Job').click();
    await workbench.dialog.getByText(/Cancel falling \(job \d+\)\?/).waitFor();
    await workbench.dialog.getByRole('button', { name: 'Cancel Job' }).click();
    await panel().locator('.state', { hasText: 'cancelled' }).waitFor();
    await button('Cancel Job').waitFor({ state: 'detached' });
    await button('Go to the End').waitFor();
    await workbench.photograph('output cancelled');
  });

  it('opens as a text file', async () => {
    await button('Open as Text File').click();
    await workbench.activeTab(/falling.*\.out|slurm-\d+\.out/).waitFor();
  });

  it('makes a watcher from a line', async () => {
    await workbench.page.locator('.tabs-container .tab', { hasText: /· output/ }).click();
    const line = row(/step \d+ loss=/)
      .last()
      .locator('.text');
    await workbench.chooseFromMenu(line, 'Make a Watcher from This Line');
    const builder = workbench.page
      .frameLocator('iframe.webview.ready >> visible=true >> nth=0')
      .frameLocator('iframe#active-frame');
    await waitFor('a pattern for the step and the loss', async () =>
      /step \(.*loss=\(/.test(await builder.locator('#box-pattern').inputValue()),
    );
    await builder
      .getByRole('status')
      .filter({ hasText: /\d+ matches in \d+ lines/ })
      .waitFor();
    await workbench.photograph('builder of a line of output');
  });
});
