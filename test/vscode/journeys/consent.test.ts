// Consent in the workbench: what a script may do is shown and agreed to once, in a dialog, and in an editor if it is long.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { themes, Workbench } from '../bed/workbench';

const toScript = (setUp: string): string => `#!/bin/bash
#SBATCH --job-name=prepared
#LOGIN_SETUP_BEGIN
${setUp}
#LOGIN_SETUP_END
#WATCHER name=each pattern="value=(\\d+)" captures=[value] interval=1s action=store_metric(name=value, value=$value)
#WATCHER name=deploy pattern="never" action=run_command(command='make "deploy now" > log')
#WATCHER name=note pattern="never" action=run_command(command="echo done")
echo value=1
sleep 60
`;

const short = 'echo "installing for $USER"\necho prepared > ready';
const long = Array.from({ length: 40 }, (_, index) => `echo "step ${index + 1} of the set-up" >> steps`).join(
  '\n',
);

describe('consent in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  const at = (name: string): string => join(workbench.profile.workspace, name);
  before(async () => {
    workbench = await Workbench.open({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
    writeFileSync(at('prepared.sh'), toScript(short));
    writeFileSync(at('long.sh'), toScript(long));
    writeFileSync(at('failing.sh'), toScript('echo resolving\nls /nowhere/at/all'));
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  const submit = async (name: string): Promise<void> => {
    await workbench.openFile(name);
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
  };

  it('is asked for in a dialog with the exact texts, and nothing happens after Cancel', async () => {
    await workbench.showWatchers();
    await submit('prepared.sh');
    await workbench.dialog.getByText('Submit prepared.sh to sandbox?').waitFor();
    await workbench.dialog.getByText('echo "installing for $USER"').waitFor();
    await workbench.dialog.getByText('make "deploy now" > log').waitFor();
    await workbench.dialog.getByText('Commands that are allowed without asking:').waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.choose(theme);
      await workbench.photograph(`consent ${name}`);
    }
    await workbench.choose(themes.dark);
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    await workbench.dialog.waitFor({ state: 'detached' });
    assert.ok(!existsSync(at('ready')));
  });

  it('given, submits the script after its login set-up', async () => {
    await submit('prepared.sh');
    await workbench.dialog.getByRole('button', { name: 'Submit' }).click();
    await workbench.notification('prepared.sh was submitted to sandbox').waitFor();
    assert.ok(existsSync(at('ready')));
    await workbench.row(/each1 trigger · value=1/).waitFor();
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('is remembered', async () => {
    await submit('prepared.sh');
    await workbench.notification('prepared.sh was submitted to sandbox').waitFor();
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('to much is read in an editor, and given beside it', async () => {
    await submit('long.sh');
    await workbench.dialog.getByText(/read it in an editor/).waitFor();
    await workbench.photograph('consent to much');
    await workbench.dialog.getByRole('button', { name: 'Read All of It…' }).click();
    await workbench.activeTab('What it may do').waitFor();
    await workbench.editor.getByText('step 1 of the set-up').first().waitFor();
    await workbench.photograph('consent in an editor');
    await workbench.pick('Submit');
    await workbench.notification('long.sh was submitted to sandbox').waitFor();
    assert.ok(existsSync(at('steps')));
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('is of no use if the login set-up fails, which is shown', async () => {
    await submit('failing.sh');
    await workbench.dialog.getByRole('button', { name: 'Submit' }).click();
    await workbench
      .notification(/failing\.sh was not submitted: its login set-up ended with exit code/)
      .waitFor();
    await workbench.photograph('failed login set-up');
  });
});
