// Writing a watcher by hand: the editor offers what may come next, without being asked.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workbench } from '../bed/workbench';

describe('writing a watcher', function () {
  this.bail(true);
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    const script = '#!/bin/bash\n#WATCHER patern="a" pattern="b"\n';
    writeFileSync(join(workbench.profile.workspace, 'job.sbatch'), script);
    await workbench.openFile('job.sbatch');
    await workbench.squiggle('warning').waitFor({ state: 'attached' });
    await workbench.page.keyboard.press('Control+End');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  it('begins with the marker', async () => {
    await workbench.page.keyboard.type('#WA');
    await workbench.suggestion('#WATCHER_BEGIN').waitFor();
    await workbench.suggestion('#WATCHER').first().click();
    await workbench.editor.filter({ hasText: '#WATCHER pattern="" action=' }).waitFor();
  });

  it('goes on with an action and its placeholders', async () => {
    await workbench.page.keyboard.type('loss');
    await workbench.page.keyboard.press('Tab');
    await workbench.page.keyboard.type('can');
    await workbench.suggestion('cancel_job').first().waitFor();
    await workbench.photograph('completion');
    await workbench.page.keyboard.press('Enter');
    await workbench.editor.filter({ hasText: 'action=cancel_job(reason="")' }).waitFor();
    await workbench.page.keyboard.type('diverged');
    await workbench.page.keyboard.press('End');
  });

  it('offers the fields that are not written yet', async () => {
    await workbench.page.keyboard.type(' ');
    await workbench.suggestion('condition').waitFor();
    await workbench.page.keyboard.type('coo');
    await workbench.suggestion('cooldown').waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.editor.filter({ hasText: 'action=cancel_job(reason="diverged") cooldown=10m' }).waitFor();
  });
});
