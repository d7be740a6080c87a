// From nothing to a watched job: the example, its name, a warning that asks, and an end that a person wants.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../waitFor';
import { Workbench } from '../bed/workbench';

describe('the first steps in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  it('begin with the example', async () => {
    await workbench.showWatchers();
    await workbench.view.getByRole('button', { name: 'Open an Example Script' }).click();
    await workbench.activeTab('Untitled-1').waitFor();
    await workbench.editor.filter({ hasText: '#WATCHER name="loss"' }).waitFor();
  });

  it('ask for a name before the example is submitted', async () => {
    await workbench.view.locator('a.monaco-button', { hasText: 'Submit with Watchers' }).click();
    const name = workbench.page.locator('.quick-input-widget input[type=text]').first();
    await waitFor('a name is suggested', async () => (await name.inputValue()).endsWith('Untitled-1.sh'));
    await name.fill(join(workbench.profile.workspace, 'mine.sh'));
    await workbench.page.keyboard.press('Enter');
    await workbench.pick('sandbox');
    await workbench.notification(/mine\.sh was submitted to sandbox as job \d+/).waitFor();
    await workbench.activeTab('mine.sh').waitFor();
  });

  it('remove a watcher that is not wanted', async () => {
    const row = workbench.row('out of memory').first();
    await workbench.press(row, 'Remove Watcher');
    await workbench.dialog.getByRole('button', { name: 'Remove' }).click();
    await workbench.row(/^out of memory/).waitFor({ state: 'detached' });
    await workbench.row('progress').first().waitFor();
  });

  it('cancel the job', async () => {
    const row = workbench.row(/train.*job \d+/).first();
    await workbench.press(row, 'Cancel Job');
    await workbench.dialog.getByRole('button', { name: 'Cancel Job' }).click();
    await workbench.row(/train.*job \d+ · cancelled/).waitFor();
  });

  it('ask before a script with a warning is submitted', async () => {
    const script = '#!/bin/bash\n#WATCHER name=warned pattern="a" colour=red\necho a\n';
    writeFileSync(join(workbench.profile.workspace, 'warned.sh'), script);
    await workbench.openFile('warned.sh');
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.dialog.getByText('line 2: ').waitFor();
    await workbench.photograph('warning');
    await workbench.dialog.getByRole('button', { name: 'Submit Anyway' }).click();
    await workbench.pick('sandbox');
    await workbench.notification(/warned\.sh was submitted/).waitFor();
    await workbench.row(/warned.*1 trigger/).waitFor();
  });
});
