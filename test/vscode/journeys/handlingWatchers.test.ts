// What a person does with watchers that are there: acts by hand, arms again, copies, looks at events, attaches more.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { themes, Workbench } from '../bed/workbench';

/** Prints when the test says so, and ends then. */
const counting = `#!/bin/bash
#SBATCH --job-name=counting
#WATCHER name=each pattern="value=(\\d+)" captures=[value] interval=1s action=store_metric(name=value, value=$value)
#WATCHER name=once pattern="value=(\\d+)" captures=[value] interval=1s max_triggers=1 action=log_event(message="saw $value")
echo value=1
until [ -e more ]; do sleep 0.1; done
echo value=2
until [ -e stop ]; do sleep 0.1; done
`;

const attached = [
  {
    name: 'late',
    pattern: 'value=(\\d+)',
    // One name too many is a warning.
    captures: ['seen', 'missing'],
    interval_seconds: 1,
    condition: 'int(seen) > 100',
    actions: [{ type: 'cancel_job', params: { reason: 'too much' } }],
  },
];

const sweep = `#!/bin/bash
#SBATCH --job-name=sweep
#SBATCH --array=1-3
#WATCHER name=result pattern="result=(\\d+)" captures=[result] interval=1s action=store_metric(name=result, value=$result)
echo result=$SLURM_ARRAY_TASK_ID
sleep 120
`;

const prepared = `#!/bin/bash
#LOGIN_SETUP_BEGIN
module load python
#LOGIN_SETUP_END
#WATCHER name=noted pattern="never" action=log_event
`;

describe('handling watchers in the workbench', function () {
  this.bail(true);
  let workbench: Workbench;
  const write = (name: string, text: string): void => {
    writeFileSync(join(workbench.profile.workspace, name), text);
  };
  before(async () => {
    workbench = await Workbench.open({
      settings: { 'workbench.colorTheme': 'Default Dark Modern', 'slurmWatchers.history.keepMonths': 6 },
    });
    write('counting.sh', counting);
    write('sweep.sh', sweep);
    write('late.watchers.json', JSON.stringify(attached, null, 2));
    write('prepared.sh', prepared);
    write('wrong.watchers.json', JSON.stringify([{ name: 'wrong', pattern: '(' }], null, 2));
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  const submit = async (name: string): Promise<void> => {
    await workbench.openFile(name);
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
    await workbench.notification(`${name} was submitted to sandbox`).waitFor();
  };

  it('begins with a job', async () => {
    await workbench.showWatchers();
    await submit('counting.sh');
    await workbench.row(/each1 trigger · value=1/).waitFor();
    await workbench.row(/oncetriggered · 1 trigger · value=1/).waitFor();
  });

  it('tells the engine what settings say of history', () => {
    const told = readFileSync(join(workbench.profile.home, 'clients.json'), 'utf8');
    assert.match(told, /"keepMonths": 6/);
  });

  it('triggers a watcher by hand', async () => {
    await workbench.press(workbench.row(/^each/).first(), 'Trigger Now');
    await workbench.row(/each2 triggers · value=1/).waitFor();
  });

  it('arms a watcher again that has triggered as often as it may', async () => {
    await workbench.press(workbench.row(/^once/).first(), 'Re-arm Watcher');
    await workbench.pick('Skip what was printed meanwhile');
    await workbench.row(/once0 triggers/).waitFor();
    write('more', '');
    await workbench.row(/oncetriggered · 1 trigger · value=2/).waitFor();
  });

  it('shows the events of one watcher, and of all again', async () => {
    const row = workbench.row(/^once/).first();
    await workbench.chooseFromMenu(row, 'Show Events');
    await workbench.row(/^saw 2/).waitFor();
    await workbench
      .row(/each · job/)
      .first()
      .waitFor({ state: 'detached' });
    await workbench.view.getByText(/once · counting \(job \d+\)/).waitFor();
    await workbench.photograph('events of one watcher');
    await workbench.press(workbench.pane('Events'), 'Show All Events');
    await workbench
      .row(/each · job/)
      .first()
      .waitFor();
  });

  it('says what is wrong with a watcher file, and shows where', async () => {
    const job = workbench.row(/^counting.*running/).first();
    await workbench.chooseFromMenu(job, 'Attach Watchers from File…');
    await workbench.pick('wrong.watchers.json');
    await workbench.notification(/wrong\.watchers\.json was not attached: line 4/).waitFor();
    await workbench.activeTab('wrong.watchers.json').waitFor();
    // The next list begins with other rows than those of this one, which a quick click would still hit.
    await workbench.run('View: Close Editor');
  });

  it('attaches the watchers of a file, once it is agreed to what they may do', async () => {
    const job = workbench.row(/^counting.*running/).first();
    await workbench.chooseFromMenu(job, 'Attach Watchers from File…');
    await workbench.pick('late.watchers.json');
    await workbench.pick('From the beginning of its output');
    // One dialog has the warning and what the watcher may do.
    await workbench.dialog.getByText('"late" cancels the job.').waitFor();
    await workbench.dialog.getByText('Warnings of late.watchers.json:').waitFor();
    await workbench.photograph('attaching');
    await workbench.dialog.getByRole('button', { name: 'Attach' }).click();
    await workbench.notification(/1 watcher of late\.watchers\.json was attached to counting/).waitFor();
    await workbench.row(/late0 triggers · seen=2/).waitFor();
  });

  it('says that the login set-up of a script is not run for a job that is there', async () => {
    await workbench.openFile('prepared.sh');
    const job = workbench.row(/^counting.*running/).first();
    await workbench.chooseFromMenu(job, 'Attach Watchers from File…');
    // The list of files that the script was opened from has a row of the same name.
    await workbench.page.locator('.quick-input-title', { hasText: 'Attach Watchers to' }).waitFor();
    await workbench.pick('prepared.sh');
    await workbench.pick('From the beginning of its output');
    await workbench.dialog.getByText('The login set-up of prepared.sh is not run').waitFor();
    await workbench.dialog.getByRole('button', { name: 'Cancel' }).click();
    await workbench.dialog.waitFor({ state: 'detached' });
    await workbench.run('View: Close Editor');
  });

  it('pauses and resumes all', async () => {
    await workbench.run('Slurm Watchers: Pause All Watchers');
    await workbench.row(/^latepaused/).waitFor();
    await workbench.row(/^eachpaused/).waitFor();
    await workbench.run('Slurm Watchers: Resume All Watchers');
    await workbench.pick('Match what was printed meanwhile');
    await workbench.row(/^late0 triggers/).waitFor();
    await workbench.row(/^each\d triggers/).waitFor();
  });

  it('shows an array with its tasks below', async () => {
    await submit('sweep.sh');
    await workbench.row(/^sweep.*3 tasks/).waitFor();
    const task = workbench.row(/^Task 2running · 1 trigger/);
    await task.waitFor();
    await workbench.expand(task);
    await workbench.row(/^result1 trigger · result=2/).waitFor();
    for (const [name, theme] of Object.entries(themes)) {
      await workbench.choose(theme);
      await workbench.photograph(`array ${name}`);
    }
  });
});
