// A real cluster behind ssh in the workbench: an unknown host, a locked key, a submission, its jobs, its output, its end.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findObstacle } from '../../slurm/packages';
import { startSlurm, type SlurmTestBed } from '../../slurm/slurmTestBed';
import { startSshd, type Sshd } from '../../slurm/sshd';
import { waitFor } from '../../waitFor';
import { themes, Workbench } from '../bed/workbench';

const obstacle = findObstacle();
const script = `#!/bin/bash
#SBATCH --job-name=count
#SBATCH --output=count-%j.out
#SBATCH --time=10
#WATCHER name=numbers pattern="line (\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
n=0
while [ ! -e stop ]; do n=$((n + 1)); echo "line $n"; sleep 0.5; done
`;
/** The last one is what the other tests want. */
const sizes = {
  narrow: { width: 800, height: 600 },
  wide: { width: 1920, height: 1080 },
  usual: { width: 1280, height: 800 },
};
const arrayScript = `#!/bin/bash
#SBATCH --job-name=sweep
#SBATCH --array=1-3
sleep 300
`;

if (obstacle !== undefined) console.log(`Absent here: clusters in the workbench (${obstacle}).`);
else {
  describe('a cluster in the workbench', function () {
    this.bail(true);
    let slurm: SlurmTestBed;
    let sshd: Sshd;
    let workbench: Workbench;
    let directory: string;
    before(async () => {
      directory = mkdtempSync(join(tmpdir(), 'sw-ssh-'));
      slurm = await startSlurm({ accounting: true });
      sshd = await startSshd({ environment: slurm.environment });
      const config = join(directory, 'ssh_config');
      writeFileSync(
        config,
        `Host login1
  HostName 127.0.0.1
  Port ${sshd.port}
  User ${sshd.researcher.name}
  IdentityFile ${sshd.keys.locked}
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile ${join(directory, 'known_hosts')}
  GlobalKnownHostsFile none
`,
      );
      workbench = await Workbench.open({
        settings: {
          'slurmWatchers.ssh.configFile': config,
          'slurmWatchers.clusters': {
            login1: { rootDirectory: slurm.workdir, queryIntervalSeconds: 1, settleSeconds: 2 },
          },
        },
      });
      writeFileSync(join(workbench.profile.workspace, 'count.sh'), script);
      writeFileSync(join(workbench.profile.workspace, 'sweep.sh'), arrayScript);
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
    });
    after(async () => {
      await workbench.close();
      await sshd.close();
      await slurm.stop();
      rmSync(directory, { recursive: true, force: true });
    });

    const cluster = () => workbench.row(/^login1/).first();

    it('is listed by its name in the SSH configuration', async () => {
      await workbench.showWatchers();
      await cluster().waitFor();
      await workbench
        .row(/^sandbox/)
        .first()
        .waitFor();
      await workbench.photograph('clusters');
    });

    it('shows the fingerprint of its host when it is asked for jobs', async () => {
      await cluster().click();
      await workbench.dialog.getByText(/SHA256:/).waitFor();
      await workbench.photograph('host key');
      await workbench.dialog.getByRole('button', { name: 'Connect' }).click();
    });

    it('asks for the passphrase, and keeps it where that is wanted', async () => {
      await workbench.page.getByText('Sign In to login1').waitFor();
      await workbench.photograph('passphrase');
      await workbench.input.fill(sshd.passphrase);
      await workbench.page.keyboard.press('Enter');
      await workbench.row('You have no jobs here').waitFor();
      const offer = workbench.notification(/Keep the passphrase for login1/);
      await offer.getByRole('button', { name: 'Keep' }).click();
    });

    it('runs a script in the folder that is asked for once', async () => {
      await workbench.openFile('count.sh');
      await workbench.run('Slurm Watchers: Submit with Watchers');
      await workbench.photograph('choosing a cluster');
      await workbench.pick('login1');
      await workbench.page.getByText('Working Directory on login1').waitFor();
      await workbench.input.fill('not-there');
      await workbench.page.keyboard.press('Enter');
      await workbench.page
        .getByText(/Jobs cannot work in not-there on login1/)
        .first()
        .waitFor();
      await workbench.photograph('working directory');
      await workbench.input.fill(slurm.workdir);
      await workbench.page.keyboard.press('Enter');
      await workbench.notification(/count\.sh was submitted to login1 as job \d+, with 1 watcher/).waitFor();
      await workbench.row(/numbers.*\d+ triggers? · n=\d+/).waitFor();
    });

    it('is asked for its jobs, and shows tasks under their array', async () => {
      await workbench.openFile('sweep.sh');
      await workbench.run('Slurm Watchers: Submit with Watchers');
      await workbench.pick('login1');
      await workbench.page.getByText('Working Directory on login1').waitFor();
      await workbench.page.keyboard.press('Enter');
      await workbench
        .notification(/sweep\.sh was submitted to login1 as job \d+, without watchers/)
        .waitFor();
      await workbench.run('Slurm Watchers: Refresh Clusters');
      await workbench
        .row(/^countwatched · \d+ · .* of 10 min · debug · node\d/)
        .first()
        .waitFor();
      await workbench.expand(workbench.row(/^sweep\d+ · 3 tasks/));
      await workbench.row(/^Task 2/).waitFor();
      for (const [name, theme] of Object.entries(themes)) {
        await workbench.choose(theme);
        await workbench.photograph(`clusters and jobs ${name}`);
      }
      await workbench.choose(themes.dark);
      for (const [name, size] of Object.entries(sizes)) {
        await workbench.resize(size);
        // A small window has no room for all tasks.
        await workbench.row(/^sweep\d+ · 3 tasks/).waitFor();
        await workbench.photograph(`clusters and jobs ${name}`);
      }
      await workbench.expand(workbench.row(/^sweep\d+ · /).first(), false);
      await workbench.row(/^Task 2/).waitFor({ state: 'detached' });
    });

    it('goes on with the kept passphrase when its login node was rebooted', async () => {
      sshd.killSessions();
      const numbers = workbench.row(/numbers.*n=\d+/).first();
      const before = Number(/n=(\d+)/.exec(await numbers.innerText())?.[1]);
      await workbench.page.waitForFunction(
        (last) =>
          [...document.querySelectorAll('.monaco-list-row')].some((row) => {
            const value = /numbers.*n=(\d+)/.exec(row.textContent)?.[1];
            return Number(value) > last + 20;
          }),
        before,
      );
    });

    it('shows an output, and as a document', async () => {
      const job = workbench.row(/^countwatched · \d+ · /).first();
      await workbench.press(job, 'Show Job Output');
      await workbench.activeTab(/count · job \d+ · output/).waitFor();
      await workbench
        .outputLine(/line\s\d{2}/)
        .first()
        .waitFor();
      await workbench.photograph('remote output');
      await workbench.panel.getByRole('button', { name: 'Open as Text File' }).click();
      await workbench.activeTab(/job-\d+\.out/).waitFor();
      // The end of it is shown, whatever it is by now.
      await workbench.editor
        .filter({ hasText: /line\s\d{2}/ })
        .first()
        .waitFor();
      await workbench.statusText(/^Ln (?!1,)\d+, Col 1$/).waitFor();
    });

    it('cancels a job from its row', async () => {
      const sweep = workbench.row(/^sweep\d+ · /).first();
      await workbench.press(sweep, 'Cancel Job');
      await workbench.dialog.getByRole('button', { name: 'Cancel Job' }).click();
      await workbench.row(/^Ended/).waitFor();
      writeFileSync(join(slurm.workdir, 'stop'), '');
      await workbench.row(/count.*completed/).waitFor();
      await workbench.photograph('clusters after the end');
    });

    it('runs the example until its watcher cancels it, and Slurm says so too', async () => {
      await workbench.openFile('train.sh');
      await workbench.run('Slurm Watchers: Submit with Watchers');
      await workbench.pick('login1');
      await workbench.page.getByText('Working Directory on login1').waitFor();
      await workbench.page.keyboard.press('Enter');
      await workbench.notification(/train\.sh was submitted to login1 as job \d+, with 3 watchers/).waitFor();
      const ended = workbench.notification(
        /train \(job \d+\) has ended: its watcher "out of memory" cancelled it/,
      );
      await ended.waitFor();
      const id = /job (\d+)/.exec(await ended.innerText())?.[1] ?? '';
      await workbench.row(/^train.*cancelled by/).waitFor();
      await workbench.photograph('example on a cluster');
      await waitFor('its account', async () =>
        (await slurm.run('sacct', '-n', '-P', '-X', '-j', id, '-o', 'State')).startsWith('CANCELLED'),
      );
    });
  });
}
