// Patterns are tested where they are written: from the lens of a directive, on a file, a selection, a line and a job's output.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { themes, Workbench } from '../bed/workbench';

const output = `host node1, job 7
  0%|          | 0/5 [00:00<?, loss=?]\r 40%|####      | 2/5 [00:01<00:02, loss=1.20]\r100%|##########| 5/5 [00:03<00:00, loss=0.84]
epoch 1: loss=1.204
loading the next shard
epoch 2: loss=0.981
${Array.from({ length: 12 }, (_, index) => `step ${index}: nothing to see`).join('\n')}
epoch 3: loss=0.847
RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB
`;

const sizes = {
  narrow: { width: 800, height: 700 },
  usual: { width: 1280, height: 800 },
  wide: { width: 1920, height: 1080 },
};

describe('testing patterns in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  const write = (name: string, text: string): void => {
    writeFileSync(join(workbench.profile.workspace, name), text);
  };
  before(async () => {
    workbench = await Workbench.open({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    // So wide that no line of a result is wrapped.
    await workbench.resize(sizes.wide);
    write('slurm-7.out', output);
    write('short.sh', '#!/bin/bash\n#WATCHER name=ending pattern="done" action=log_event\necho done\n');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  const line = (text: string | RegExp) => workbench.editor.filter({ hasText: text }).first();
  const pressLens = async (at: number): Promise<void> => {
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Test Pattern' }).nth(at).click();
  };
  const closeResult = async (): Promise<void> => {
    await workbench.run('View: Close All Editors in Group');
  };

  it('begins at the lens of a directive, on a file that is chosen', async () => {
    await workbench.openFile('train.sh');
    await pressLens(0);
    await workbench.photograph('choosing what to test on');
    await workbench.pick('Choose a File');
    await workbench.pick('slurm-7.out');
    await workbench.activeTab(/Test of "loss" of train\.sh on slurm-7\.out/).waitFor();
    await line('loss (line 7): 3 matches, 3 triggers → store_metric 3 times').waitFor();
    await line('loss matches "epoch 2: loss=0.981", loss=0.981').waitFor();
    await line('→ store_metric(name="train_loss", value="0.981")').waitFor();
    await line('loading the next shard').waitFor();
  });

  it('offers the output of last time', async () => {
    await closeResult();
    await pressLens(0);
    await workbench.photograph('testing again');
    await workbench.pick('slurm-7.out');
    await workbench.activeTab(/Test of "loss"/).waitFor();
    await closeResult();
  });

  it('tests all watchers of the script that is open', async () => {
    await workbench.openFile('train.sh');
    await workbench.run('Slurm Watchers: Test Patterns on…');
    await workbench.pick('slurm-7.out');
    await workbench.activeTab(/Test of train\.sh on slurm-7\.out/).waitFor();
    await line('Nothing was run').waitFor();
    await line('progress triggers by its timer, after 3 s').waitFor();
    await line('out of memory (line 23): 1 match, 1 trigger → log_event, cancel_job').waitFor();
  });

  for (const [name, theme] of Object.entries(themes))
    it(`has a result that can be read in the theme ${name}`, async () => {
      await workbench.choose(theme);
      await workbench.photograph(`test of patterns ${name}`);
    });

  it('has a result that can be read in a narrow and in a wide window', async () => {
    await workbench.choose(themes.dark);
    for (const [name, size] of Object.entries(sizes)) {
      await workbench.resize(size);
      await line('Nothing was run').waitFor();
      await workbench.photograph(`test of patterns ${name}`);
    }
    await workbench.resize(sizes.wide);
  });

  it('leads from a name to its directive', async () => {
    await workbench.page.keyboard.press('Control+Shift+O');
    await workbench.page.locator('.quick-input-list').getByText('line 3: loss').first().waitFor();
    await workbench.photograph('outline of a test');
    await workbench.page.keyboard.press('Escape');
    await closeResult();
  });

  it('tests a selection with the watchers of a script that is chosen', async () => {
    await workbench.openFile('slurm-7.out');
    await workbench.page.keyboard.press('Control+Home');
    for (let row = 0; row < 5; row++) await workbench.page.keyboard.press('Shift+ArrowDown');
    await workbench.run('Slurm Watchers: Test Patterns on…');
    await workbench.pick('train.sh');
    await workbench.activeTab(/on the selection in slurm-7\.out/).waitFor();
    await line('loss (line 7): 1 match').waitFor();
    await closeResult();
  });

  it('tests a line that is typed, and says where nothing matches', async () => {
    await workbench.openFile('short.sh');
    await pressLens(0);
    await workbench.pick('Type a Line');
    await workbench.input.fill('all is well');
    await workbench.page.keyboard.press('Enter');
    await line('No line of this output matches done').waitFor();
    await closeResult();
  });

  it('tests the watchers of a job on its output', async () => {
    await workbench.showWatchers();
    await workbench.openFile('short.sh');
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
    const watcher = workbench.row(/^ending1 trigger/);
    await watcher.waitFor();
    await workbench.chooseFromMenu(watcher, 'Test Patterns on…');
    await workbench.activeTab(/Test of the watcher "ending"/).waitFor();
    await line('ending: 1 match, 1 trigger → log_event').waitFor();
    await workbench.photograph('test on a job');
  });
});
