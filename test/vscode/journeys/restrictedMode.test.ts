// A folder that is not trusted: its scripts are checked, and nothing of it runs.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workbench } from '../bed/workbench';

describe('a folder that is not trusted', function () {
  this.bail(true);
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ isTrusting: false });
    const script = '#!/bin/bash\n#WATCHER patern="a" pattern="b"\n';
    writeFileSync(join(workbench.profile.workspace, 'mistyped.sh'), script);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  it('has its scripts checked', async () => {
    await workbench.openFile('mistyped.sh');
    await workbench.page.locator('.monaco-editor .squiggly-warning').first().waitFor({ state: 'attached' });
  });

  it('says why nothing is submitted', async () => {
    await workbench.showWatchers();
    await workbench.view.getByText('in a folder that is not trusted').waitFor();
    await workbench.photograph('restricted');
  });

  it('submits nothing', async () => {
    const title = 'Slurm Watchers: Submit with Watchers';
    await workbench.page.locator('.editor-actions a[aria-label^="Submit with Watchers"]').waitFor({
      state: 'detached',
    });
    await workbench.page.keyboard.press('F1');
    const input = workbench.page.locator('.quick-input-widget input[type=text]').first();
    await input.fill(`>${title}`);
    await workbench.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await workbench.page
      .locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`)
      .waitFor({ state: 'detached' });
  });
});
