// A loss that falls, watched live beside an earlier run's: from the list to the chart, closer, over a reload, into files.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { waitFor } from '../../waitFor';
import { themes, Workbench } from '../bed/workbench';

const watcher = `#WATCHER name=loss pattern="loss=(\\S+)" captures=[loss] interval=1s action=store_metric(name=loss, value=$loss)`;

const earlier = `#!/bin/bash
#SBATCH --job-name=earlier
${watcher}
for step in $(seq 1 40); do echo "loss=$((60 - step))"; sleep 0.05; done
`;

/** Prints when the test says so, and ends then. */
const current = `#!/bin/bash
#SBATCH --job-name=current
${watcher}
#WATCHER name=low pattern="almost there" interval=1s action=log_event(message="almost there")
for step in $(seq 1 20); do echo "loss=$((41 - step))"; sleep 0.05; done
until [ -e more ]; do sleep 0.1; done
echo "loss=0.25"
echo "almost there"
until [ -e bad ]; do sleep 0.1; done
echo "loss=nan"
until [ -e stop ]; do sleep 0.1; done
`;

describe('metrics in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  const write = (name: string, text: string): void => {
    writeFileSync(join(workbench.profile.workspace, name), text);
  };
  before(async () => {
    workbench = await Workbench.open({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    write('earlier.sh', earlier);
    write('current.sh', current);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  const page = (): FrameLocator => workbench.page.frameLocator('iframe.webview').frameLocator('iframe');
  const line = (name: string | RegExp): Locator => page().locator('.legend tbody tr', { hasText: name });
  /** What the chart says for ears. */
  const says = (words: string | RegExp): Promise<void> =>
    page().locator('#summary', { hasText: words }).waitFor({ state: 'attached' });
  /** VS Code writes down what its window shows every few seconds: a part of that, as JSON. */
  const isStored = (part: string): Promise<boolean> =>
    workbench.page.evaluate(async (wanted) => {
      for (const { name } of await indexedDB.databases()) {
        const opening = indexedDB.open(name ?? '');
        await new Promise((resolve) => {
          opening.onsuccess = resolve;
        });
        for (const store of opening.result.objectStoreNames) {
          const reading = opening.result.transaction(store).objectStore(store).getAll();
          await new Promise((resolve) => {
            reading.onsuccess = resolve;
          });
          if (JSON.stringify(reading.result).replaceAll('\\', '').includes(wanted)) return true;
        }
        opening.result.close();
      }
      return false;
    }, part);
  const submit = async (name: string): Promise<void> => {
    await workbench.openFile(name);
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
    await workbench.notification(`${name} was submitted to sandbox`).waitFor();
  };
  const closeNotifications = (): Promise<void> => workbench.run('Notifications: Clear All Notifications');
  /** The dialog of a browser's VS Code is a box with a path, which is right. */
  const save = async (name: string): Promise<string> => {
    const path = join(workbench.profile.workspace, name);
    await waitFor('the place to save to', async () => (await workbench.input.inputValue()) === path);
    await workbench.page.keyboard.press('Enter');
    await waitFor(name, () => existsSync(path) && readFileSync(path).length > 0);
    return path;
  };

  it('lists what jobs have stored, with the last value and where it goes', async () => {
    await workbench.showWatchers();
    await workbench.pane('Metrics').getByRole('button', { name: 'Metrics Section' }).click();
    await workbench.view.getByText('Numbers that watchers keep').waitFor();
    await submit('earlier.sh');
    await workbench
      .notification(/earlier \(job \d+\) has ended|earlier\.sh was submitted/)
      .first()
      .waitFor();
    await submit('current.sh');
    await closeNotifications();
    await workbench
      .pane('Metrics')
      .locator('.monaco-list-row', { hasText: /^loss21 ↓ █/ })
      .waitFor();
    await workbench.photograph('list of metrics');
  });

  it('opens the chart of the job', async () => {
    await workbench
      .pane('Metrics')
      .locator('.monaco-list-row', { hasText: /^loss21/ })
      .click();
    await workbench.activeTab(/current \(job \d+\) · metrics/).waitFor();
    await says('loss: 21, falling, between 21 and 40, 20 values.');
    await workbench.photograph('chart of one job');
  });

  it('compares it with an earlier one', async () => {
    const row = workbench.pane('Metrics').locator('.monaco-list-row', { hasText: /^loss21/ });
    await workbench.chooseFromMenu(row, 'Compare with…');
    await workbench.pick('loss');
    await workbench.page.keyboard.press('Enter');
    await line(/earlier \(job \d+\)/).waitFor();
    await workbench.activeTab(/current \(job \d+\) and 1 more job · metrics/).waitFor();
    await says(/earlier \(job \d+\): 20, falling, between 20 and 59, 40 values/);
  });

  it('draws what comes, in the list too', async () => {
    write('more', '');
    await line(/current/)
      .getByText('0.25', { exact: true })
      .first()
      .waitFor();
    await page().locator('.flag[aria-label*="almost there"]').waitFor();
    await workbench
      .pane('Metrics')
      .locator('.monaco-list-row', { hasText: /^loss0\.25 ↓/ })
      .waitFor();
  });

  it('leads from an event to the list of events', async () => {
    await page().locator('.flag[aria-label*="almost there"]').click();
    await workbench.view.locator('.monaco-list-row.selected', { hasText: 'almost there' }).waitFor();
  });

  it('comes closer, and shows the same after the window was loaded again', async () => {
    await page().getByRole('button', { name: 'Zoom In' }).click();
    const all = page().locator('button[title="Show All"]:not([disabled])');
    await all.waitFor();
    await page().locator('button[title="Logarithmic Scale"]').click();
    await page().locator('button[title="Logarithmic Scale"][aria-pressed=true]').waitFor();
    await waitFor('what is kept', () => isStored('"scale":"log"'));
    await workbench.load();
    await page().locator('button[title="Logarithmic Scale"][aria-pressed=true]').waitFor();
    await all.click();
    await says(/current \(job \d+\): 0\.25, .* 21 values.*earlier.* 40 values/);
    await page().locator('button[title="Logarithmic Scale"]').click();
  });

  it('goes on live, and marks what is not a number', async () => {
    write('bad', '');
    await says(/current \(job \d+\): nan, .*1 time nan/);
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.choose(theme);
      await workbench.photograph(`metrics ${name}`);
    }
    await workbench.choose(themes.dark);
  });

  it('is exported as values and as a picture', async () => {
    await page().getByRole('button', { name: 'Export Values as CSV…' }).click();
    const rows = readFileSync(await save('metrics.csv'), 'utf8').split('\r\n');
    assert.equal(rows[0], 'time,cluster,job,watcher_id,watcher,name,value,unit,step');
    assert.equal(rows.length, 1 + 22 + 40 + 1);
    assert.equal(rows.filter((row) => row.includes('"loss",nan,')).length, 1);
    assert.equal(rows.filter((row) => row.includes('"loss",0.25,')).length, 1);
    await page().getByRole('button', { name: 'Export as PNG…' }).click();
    const picture = readFileSync(await save('metrics.png'));
    assert.equal(picture.subarray(1, 4).toString(), 'PNG');
  });

  it('is exported from the list, too', async () => {
    await workbench.showWatchers();
    rmSync(join(workbench.profile.workspace, 'metrics.csv'));
    const row = workbench.pane('Metrics').locator('.monaco-list-row', { hasText: /^earlier/ });
    await workbench.chooseFromMenu(row, 'Export Metrics…');
    const rows = readFileSync(await save('metrics.csv'), 'utf8').split('\r\n');
    assert.equal(rows.length, 1 + 40 + 1);
  });

  it('is shown by its name, and takes lines of other jobs', async () => {
    await workbench.run('Slurm Watchers: Show Metrics');
    await workbench.pick('earlier');
    await workbench.activeTab(/earlier \(job \d+\) · metrics/).waitFor();
    await says('loss: 20, falling, between 20 and 59, 40 values.');
    const row = workbench.pane('Metrics').locator('.monaco-list-row', { hasText: /^lossnan/ });
    await workbench.chooseFromMenu(row, 'Add to Chart');
    await workbench.activeTab(/earlier \(job \d+\) and 1 more job · metrics/).waitFor();
    await says(/current \(job \d+\): nan/);
  });

  it('is shown from the row of a watcher', async () => {
    const row = workbench.pane('Watchers').locator('.monaco-list-row', { hasText: /^loss22 triggers/ });
    await workbench.chooseFromMenu(row, 'Show Metrics');
    await workbench.activeTab(/current \(job \d+\) and 1 more job · metrics/).waitFor();
  });
});
