// Whose bytes, on a real Slurm behind a real sshd, with SFTP and without: appends, successors, jobs that never ran, FIFOs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterName, startClusterWorld } from '../slurm/clusterWorld';
import { findObstacle } from '../slurm/packages';
import { waitFor } from '../waitFor';
import { longestMs, Observer, patienceMs } from './observer';
import type { JobRow } from './rows';

const obstacle = findObstacle();

/** Counts, and cancels its job at a word. */
const watchers = `#WATCHER name=numbers pattern="n=(\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
#WATCHER name=memory pattern="CUDA out of memory" interval=1s action=cancel_job`;

if (obstacle !== undefined) console.log(`Absent here: whose bytes on a real Slurm (${obstacle}).`);
else
  for (const sftp of [true, false])
    describe(`whose bytes on a real Slurm behind ssh ${sftp ? 'with' : 'without'} SFTP`, function () {
      this.timeout(longestMs);
      let observer: Observer;
      before(async () => {
        observer = new Observer(await startClusterWorld({ accounting: true, sftp }));
      });
      after(() => observer.world.close());

      const path = (name: string): string => join(observer.world.slurm.workdir, name);
      const write = (name: string, text: string): void => {
        writeFileSync(path(name), text);
        const { uid, gid } = observer.world.slurm.researcher;
        chownSync(path(name), uid, gid);
      };
      const results = async (job: string): Promise<string[]> =>
        (await observer.events(job)).map(({ result }) => result);
      const run = (command: string, ...words: string[]): Promise<string> =>
        observer.world.slurm.run(command, ...words);

      it('are not what an earlier run has left in a file that is appended to', async () => {
        write('restart.log', 'n=1\nRuntimeError: CUDA out of memory\n');
        const job = await observer.submit(
          'restart.sh',
          `#!/bin/bash\n#SBATCH --output=restart.log --open-mode=append\n${watchers}\necho n=2\nuntil [ -e restart-go ]; do sleep 0.2; done\necho n=3\n`,
        );
        await waitFor('its first number', async () => (await observer.numbers(job)).includes(2), patienceMs);
        observer.signal('restart-go');
        await observer.see(job, / ended: COMPLETED/);
        assert.deepEqual(await observer.numbers(job), [2, 3]);
        assert.equal(await observer.accounted(job), 'COMPLETED');
        await observer.see(job, /bytes 0 to 37 were there before the job began/);
      });

      it('are not what stands in a file before a job that waits has emptied it', async () => {
        write('held.log', 'n=1\nRuntimeError: CUDA out of memory\n');
        const job = await observer.submit(
          'held.sh',
          `#!/bin/bash\n#SBATCH --output=held.log --hold\n${watchers}\necho n=1\necho n=2\n`,
        );
        await run('scontrol', 'release', job);
        await observer.see(job, / ended: COMPLETED/);
        assert.deepEqual(await observer.numbers(job), [1, 2]);
        assert.equal(await observer.accounted(job), 'COMPLETED');
      });

      it('are none of a job that was cancelled before it ran', async () => {
        write('never.log', 'n=1\nn=2\n');
        const job = await observer.submit(
          'never.sh',
          `#!/bin/bash\n#SBATCH --output=never.log --begin=now+1hour\n${watchers}\necho n=9\n`,
        );
        await run('scancel', job);
        await observer.see(job, / ended: CANCELLED/);
        assert.deepEqual(await observer.numbers(job), []);
        assert.deepEqual(
          (await results(job)).filter((result) => /never\.log/.test(result)),
          [],
        );
      });

      it('are none of a job whose dependency is never satisfied', async () => {
        write('depends.log', 'n=1\nn=2\n');
        const first = await observer.submit('fails.sh', `#!/bin/bash\n${watchers}\nexit 3\n`);
        const job = await observer.submit(
          'depends.sh',
          `#!/bin/bash\n#SBATCH --output=depends.log\n${watchers}\necho n=9\n`,
          `--dependency=afterok:${first}`,
          '--kill-on-invalid-dep=yes',
        );
        await observer.see(job, / ended: CANCELLED/);
        assert.deepEqual(await observer.numbers(job), []);
      });

      for (const mode of ['truncate', 'append'])
        it(`are the next job's where both write to one file (${mode})`, async () => {
          const name = `train-${mode}.log`;
          const script = (from: number): string => `#!/bin/bash
#SBATCH --output=${name} --open-mode=${mode}
${watchers}
for n in 0 1 2; do echo "n=$((${from} + n))"; done
until [ -e ${name}-${from} ]; do sleep 0.2; done
for n in 3 4 5; do echo "n=$((${from} + n))"; sleep 1; done
until [ -e ${name}-${from}-end ]; do sleep 0.2; done
`;
          const first = await observer.submit('first.sh', script(10));
          await waitFor('its lines', async () => (await observer.numbers(first)).length === 3, patienceMs);
          const second = await observer.submit('second.sh', script(20), `--dependency=afterany:${first}`);
          observer.signal(`${name}-10`);
          await waitFor(
            'its last lines',
            async () => (await observer.numbers(first)).length === 6,
            patienceMs,
          );
          observer.signal(`${name}-10-end`);
          observer.signal(`${name}-20`);
          // It ends although the next one goes on.
          await observer.see(first, / ended: COMPLETED/);
          assert.equal(
            (await results(second)).some((result) => / ended: /.test(result)),
            false,
          );
          observer.signal(`${name}-20-end`);
          await observer.see(second, / ended: COMPLETED/);
          const numbers = [await observer.numbers(first), await observer.numbers(second)];
          assert.deepEqual(numbers.flat(), [10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25]);
          // What the second one appends before Slurm is asked again cannot be told from the end of the first one.
          const isDoubtful = numbers[0]?.length !== 6;
          assert.ok(mode === 'append' || !isDoubtful);
          for (const job of isDoubtful ? [first, second] : [])
            assert.ok((await results(job)).some((result) => /is not known/.test(result)));
          assert.equal(
            (await results(first)).filter((result) => /no longer the output/.test(result)).length,
            1,
          );
        });

      it('are not read from a FIFO, which keeps no other job from being watched, and no server on the login node', async () => {
        const other = await observer.submit(
          'other.sh',
          `#!/bin/bash\n#SBATCH --output=other-%j.out\n${watchers}\nfor n in 1 2; do until [ -e other-$n ]; do sleep 0.2; done; echo n=$n; done\n`,
        );
        const job = await observer.submit(
          'fifo.sh',
          `#!/bin/bash\n#SBATCH --output=fifo-%j.out\n${watchers}\necho n=1\nsleep 2\nrm -f fifo-$SLURM_JOB_ID.out; mkfifo fifo-$SLURM_JOB_ID.out\nuntil [ -e fifo-go ]; do sleep 0.2; done\n`,
        );
        await observer.see(job, /not a regular file but a FIFO/);
        observer.signal('other-1');
        await waitFor('the other job', async () => (await observer.numbers(other)).includes(1), patienceMs);
        observer.signal('fifo-go');
        await observer.see(job, / ended: COMPLETED/);
        observer.signal('other-2');
        await observer.see(other, / ended: COMPLETED/);
        assert.deepEqual(await observer.numbers(other), [1, 2]);
        const rows = await observer.world.cli.json<JobRow[]>('jobs', '--job', job, '--json');
        assert.equal(rows[0]?.state, 'COMPLETED');
        const { name } = observer.world.slurm.researcher;
        const servers = spawnSync('ps', ['-u', name, '-o', 'args='], { encoding: 'utf8' }).stdout;
        assert.ok(servers.split('\n').filter((line) => /sftp-server/.test(line)).length <= 1, servers);
      });

      it('are told when watchers are attached to a job that was submitted elsewhere and appends', async () => {
        write('elsewhere.log', 'n=1\nRuntimeError: CUDA out of memory\n');
        const { uid, gid } = observer.world.slurm.researcher;
        const text = spawnSync(
          'setpriv',
          [
            `--reuid=${uid}`,
            `--regid=${gid}`,
            '--init-groups',
            'sbatch',
            '--parsable',
            '--open-mode=append',
            '--output=elsewhere.log',
            '--wrap',
            'echo n=2; until [ -e elsewhere-go ]; do sleep 0.2; done; echo n=3',
          ],
          {
            cwd: observer.world.slurm.workdir,
            env: { ...process.env, ...observer.world.slurm.environment },
            encoding: 'utf8',
          },
        );
        const job = text.stdout.trim();
        assert.match(job, /^\d+$/, text.stderr);
        await waitFor(
          'that it runs',
          async () => /RUNNING/.test(await run('squeue', '-h', '-j', job, '-o', '%T')),
          patienceMs,
        );
        const file = observer.world.write(
          'watchers.json',
          JSON.stringify({
            watchers: [
              {
                name: 'numbers',
                pattern: 'n=(\\d+)',
                captures: ['n'],
                interval: '1s',
                actions: [{ type: 'store_metric', params: { name: 'n', value: '$n' } }],
              },
            ],
          }),
        );
        const words = ['attach', job, '--watcher-file', file, '--on', clusterName];
        const refused = await observer.world.cli.run(...words, '--from', 'start');
        assert.match(refused.stderr, /where its own part begins is not known/);
        assert.equal((await observer.world.cli.run(...words)).status, 0);
        observer.signal('elsewhere-go');
        await observer.see(job, / ended: COMPLETED/);
        assert.deepEqual(await observer.numbers(job), [3]);
      });
    });
