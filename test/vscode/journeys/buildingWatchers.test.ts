// Watchers are built in a form: from the output of a running job, from a directive, from another watcher and from a template.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { waitFor } from '../../waitFor';
import { themes, Workbench } from '../bed/workbench';

/** Prints a progress bar and losses until the test ends it. */
const training = `#!/bin/bash
#SBATCH --job-name=training
## What is watched.
#WATCHER name=start pattern='epoch (\\d+)'  captures=[epoch]  # the beginning
printf '  0%%|          | 0/5 [00:00<?, loss=?]\\r 40%%|####      | 2/5 [00:01<00:02, loss=1.20]\\r' >&2
for epoch in 1 2 3; do echo "epoch $epoch: loss=0.$epoch lr=1e-3"; done
until [ -e stop ]; do sleep 0.1; done
`;

describe('building watchers in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  const scriptPath = (): string => join(workbench.profile.workspace, 'training.sh');
  before(async () => {
    workbench = await Workbench.open({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    await workbench.resize({ width: 1920, height: 1080 });
    writeFileSync(scriptPath(), training);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(async () => {
    writeFileSync(join(workbench.profile.workspace, 'stop'), '');
    await workbench.close();
  });

  /** The builders that are in sight, in the order in which they were opened. */
  const builder = (at = 0): FrameLocator =>
    workbench.page
      .frameLocator(`iframe.webview.ready >> visible=true >> nth=${at}`)
      .frameLocator('iframe#active-frame');
  const box = (name: string, at = 0): Locator => builder(at).locator(`#box-${name}`);
  const press = (name: string, at = 0): Promise<void> =>
    builder(at).getByRole('button', { name, exact: true }).click();
  const waitForValue = (name: string, wanted: string, at = 0): Promise<boolean> =>
    waitFor(`${name} is ${wanted}`, async () => (await box(name, at).inputValue()) === wanted);
  const save = async (): Promise<string> => {
    await workbench.run('File: Save All Files');
    return readFileSync(scriptPath(), 'utf8');
  };
  const waitForScript = (wanted: RegExp): Promise<string> =>
    waitFor(String(wanted), async () => {
      const text = await save();
      return wanted.test(text) ? text : undefined;
    });

  /** As a person does it: what is open is stored then, which VS Code in a browser does only now and then. */
  const reload = async (): Promise<void> => {
    const { page } = workbench;
    await page.evaluate(() => {
      document.body.dataset['isFormer'] = 'true';
    });
    await workbench.run('Developer: Reload Window');
    await page.waitForFunction(
      () =>
        document.body.dataset['isFormer'] === undefined &&
        performance.getEntriesByName('code/didStartWorkbench').length > 0,
      null,
      { polling: 50 },
    );
  };

  it('begins with a running job', async () => {
    await workbench.showWatchers();
    await workbench.openFile('training.sh');
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
    await workbench.row(/^start3 triggers/).waitFor();
  });

  it('opens a directive in the builder, with the output of its last job', async () => {
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Open in Builder' }).first().click();
    await workbench.activeTab('training.sh · start').waitFor();
    await waitForValue('pattern', 'epoch (\\d+)');
    await builder().getByText('3 matches in 5 lines').waitFor();
    await workbench.photograph('builder of a directive');
  });

  it('updates the directive and nothing else, and one undo takes it back', async () => {
    await box('condition').fill('int(epoch) > 1');
    await press('Update Script');
    await builder().getByText('training.sh was updated.').waitFor();
    const updated = await waitForScript(/condition=/);
    assert.equal(
      updated,
      training.replace('captures=[epoch]  #', 'captures=[epoch] condition="int(epoch) > 1"  #'),
    );
    await workbench.editor.first().click();
    await workbench.page.keyboard.press('Control+Z');
    assert.equal(await waitForScript(/captures=\[epoch\] {2}#/), training);
    await waitForValue('condition', '');
  });

  it('says when the directive changes in the editor meanwhile', async () => {
    await box('cooldown').evaluate((element: HTMLInputElement) => {
      element.closest('details')?.setAttribute('open', '');
    });
    await box('cooldown').fill('5m');
    await workbench.editor.first().click();
    await workbench.page.keyboard.press('Control+Home');
    for (let line = 0; line < 3; line++) await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.press('Home');
    for (let key = 0; key < '#WATCHER name=start '.length; key++)
      await workbench.page.keyboard.press('ArrowRight');
    await workbench.page.keyboard.type('interval=1s ');
    await builder().getByText('This directive was changed in training.sh meanwhile.').waitFor();
    await workbench.photograph('builder of a directive that has changed');
    await press('Take It');
    await waitForValue('interval', '1');
    await workbench.run('View: Close All Editors');
  });

  it('builds a watcher from a refresh of a progress bar, and inserts it', async () => {
    await workbench.openFile('training.sh');
    await workbench.run('Slurm Watchers: Create Watcher…');
    await workbench.activeTab('training.sh · new watcher').waitFor();
    await builder().locator('.row', { hasText: '40%' }).click();
    await press('Make Pattern from Selection');
    await builder().getByRole('columnheader', { name: 'loss' }).waitFor();
    await workbench.photograph('builder of a progress bar');
    await builder().getByRole('tab', { name: 'Dry Run' }).click();
    await press('Run on the Sample');
    await builder()
      .getByText(/store_metric\(/)
      .first()
      .waitFor();
    await press('Insert into Script');
    await builder().getByText('The directive was inserted into training.sh.').waitFor();
    const text = await waitForScript(/store_metric/);
    assert.match(text, /pattern[:=] ?".*loss=\(/);
    assert.match(text, /store_metric\(name=loss, value=\$loss\)/);
    await builder().getByRole('button', { name: 'Update Script' }).waitFor();
  });

  it('has everything after the window was loaded again', async () => {
    await box('condition').fill('unfinished and');
    await builder().locator('.footer').getByText('to correct').waitFor();
    await reload();
    await workbench.activeTab('training.sh · new watcher').waitFor();
    await waitForValue('condition', 'unfinished and');
    await box('condition').fill('');
  });

  it('attaches a watcher to a job once a person has agreed', async () => {
    await workbench.run('View: Close All Editors');
    await workbench.showWatchers();
    await workbench.run('Slurm Watchers: Create Watcher…');
    await workbench.activeTab('New Watcher').waitFor();
    await box('name').fill('stopper');
    await box('pattern').fill('never printed');
    await press('Add cancel_job');
    await press('Attach to Job…');
    await workbench.pick('From now on');
    await workbench.dialog.getByText('Attach “stopper” to training').waitFor();
    await workbench.photograph('consent for a watcher from the builder');
    await workbench.dialog.getByRole('button', { name: 'Attach' }).click();
    await builder()
      .getByText(/“stopper” was attached to training/)
      .waitFor();
    await workbench.row(/^stopper/).waitFor();
  });

  it('begins with another watcher, and with a template, in two builders at once', async () => {
    await workbench.chooseFromMenu(workbench.row(/^stopper/).first(), 'Create Watcher from This One…');
    await workbench.activeTab('Like stopper').waitFor();
    await waitForValue('pattern', 'never printed', 1);
    await box('pattern', 1).fill('another');
    await builder().getByText('Start from a template').click();
    await builder().getByLabel('Search templates').fill('gpu memory');
    await builder()
      .getByRole('button', { name: /^GPU memory/ })
      .click();
    await waitForValue('pattern', '(\\d+)\\s?MiB / (\\d+)\\s?MiB');
    await press('Undo');
    await waitForValue('pattern', 'never printed');
    await waitForValue('pattern', 'another', 1);
    await workbench.photograph('two builders');
  });

  it('changes a watcher at work', async () => {
    await workbench.chooseFromMenu(workbench.row(/^stopper/).first(), 'Edit Watcher…');
    await workbench.activeTab('stopper · watcher').waitFor();
    await waitForValue('pattern', 'never printed', 1);
    await box('pattern', 1).fill('still never printed');
    await press('Change Watcher', 1);
    await builder(1).getByText('The watcher was changed').waitFor();
  });

  for (const [name, theme] of Object.entries(themes))
    it(`can be read in the theme ${name}`, async () => {
      await workbench.choose(theme);
      await workbench.photograph(`builder ${name}`);
    });
});
