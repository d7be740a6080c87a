// The main job as a person does it: write, submit, watch, come back after the window was gone, be told, look closer.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../bed/profile';
import { themes, Workbench } from '../bed/workbench';

/** The example's watchers on a job that goes on when the test says so. */
function toGuidedScript(): string {
  const example = readFileSync(join(projectRoot, 'examples/train.sh'), 'utf8');
  const lastEnd = example.lastIndexOf('#WATCHER_END\n');
  return `${example.slice(0, lastEnd)}#WATCHER_END

echo "epoch 1: loss=1.204"
echo "epoch 2: loss=0.981"
until [ -e go-on ]; do sleep 0.1; done
echo "epoch 3: loss=0.847"
until [ -e fail ]; do sleep 0.1; done
echo "RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB"
sleep 240
`;
}

describe('the main job in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  const write = (name: string, text: string): void => {
    writeFileSync(join(workbench.profile.workspace, name), text);
  };
  before(async () => {
    workbench = await Workbench.open({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    write('guided.sh', toGuidedScript());
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  it('says what to do first', async () => {
    await workbench.showWatchers();
    await workbench.view.getByText('No job is watched yet').waitFor();
    await workbench.photograph('welcome');
  });

  it('marks a mistyped key', async () => {
    write('mistyped.sh', '#!/bin/bash\n#WATCHER patern="loss: (\\d+)" captures=[loss]\n');
    await workbench.openFile('mistyped.sh');
    await workbench.squiggle('error').waitFor({ state: 'attached' });
    await workbench.photograph('problem');
  });

  it('stops at an error when such a script is submitted', async () => {
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.notification(/mistyped\.sh was not submitted: line 2/).waitFor();
  });

  it('is submitted with the button in the title of its editor', async () => {
    await workbench.openFile('guided.sh');
    await workbench.page.locator('.editor-actions a[aria-label^="Submit with Watchers"]').click();
    await workbench.pick('sandbox');
    await workbench.notification(/guided\.sh was submitted to sandbox as job \d+, with 3 watchers/).waitFor();
    await workbench.row('progress').waitFor();
  });

  it('shows how often its watchers have triggered, and how many are active', async () => {
    await workbench.row(/loss.*2 triggers · loss=0\.981/).waitFor();
    await workbench.statusBarItem('Slurm Watchers: 3 active watchers').waitFor();
  });

  it('shows in the script how the watcher of each directive is', async () => {
    const lens = workbench.page.locator('.codelens-decoration', { hasText: /2 triggers.*loss=0\.981/ });
    await lens.waitFor();
  });

  it('goes on after the window was loaded again', async () => {
    await workbench.load();
    await workbench.showWatchers();
    await workbench.row(/loss.*2 triggers · loss=0\.981/).waitFor();
    write('go-on', '');
    await workbench.row(/loss.*3 triggers · loss=0\.847/).waitFor();
  });

  for (const [name, theme] of Object.entries(themes))
    it(`can be read in the theme ${name}`, async () => {
      await workbench.openFile('guided.sh');
      await workbench.choose(theme);
      await workbench.photograph(`watching ${name}`);
    });

  it('can be read in a narrow and in a wide window', async () => {
    await workbench.choose(themes.dark);
    await workbench.resize({ width: 720, height: 800 });
    await workbench.row(/loss.*3 triggers/).waitFor();
    await workbench.photograph('watching narrow');
    await workbench.resize({ width: 1920, height: 1080 });
    await workbench.row(/loss.*3 triggers/).waitFor();
    await workbench.photograph('watching wide');
    await workbench.resize({ width: 1280, height: 800 });
  });

  it('tells more of a watcher when one looks closer', async () => {
    await workbench.row('progress').first().hover();
    const hover = workbench.page.locator('.monaco-hover', { hasText: 'is watching' });
    await hover.getByText('float(step_loss) < 0.9').waitFor();
    await workbench.photograph('tooltip');
  });

  it('pauses and resumes a watcher from its row', async () => {
    const progress = workbench.row('progress').first();
    await workbench.press(progress, 'Pause Watcher');
    await workbench.row(/progress.*paused/).waitFor();
    await workbench.press(progress, 'Resume Watcher');
    await workbench.pick('Skip what was printed meanwhile');
    await workbench.row(/progress(?!.*paused).*0 triggers/).waitFor();
  });

  it('tells the error that a watcher was written for', async () => {
    write('fail', '');
    await workbench.notification(/Out of memory: 2\.50 GiB were wanted/).waitFor();
    await workbench.photograph('error');
  });

  it('ends cancelled, and says by whom', async () => {
    await workbench
      .notification(/train \(job \d+\) has ended: its watcher "out of memory" cancelled it/)
      .waitFor();
    await workbench.row(/train.*cancelled/).waitFor();
    await workbench.photograph('ended');
  });

  it('shows the output from the notification', async () => {
    const told = workbench.notification(/has ended/);
    await told.getByRole('button', { name: 'Show Output' }).click();
    await workbench.activeTab(/train · job \d+ · output/).waitFor();
    await workbench.outputLine('CUDA out of memory').waitFor();
  });

  it('lists every event, and reveals the directive of one', async () => {
    // The last event: what is above it moves no more.
    await workbench.row('ended: CANCELLED').waitFor();
    await workbench.row('is being cancelled').click();
    await workbench.activeTab('guided.sh').waitFor();
    await workbench.page.locator('.statusbar-item', { hasText: 'Ln 23, Col 1' }).waitFor();
    await workbench.photograph('revealed');
  });
});
