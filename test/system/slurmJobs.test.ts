// What becomes of watched jobs on a real Slurm behind ssh: arrays, requeues, time limits, jobs that nobody remembers.
import assert from 'node:assert/strict';
import { startClusterWorld } from '../slurm/clusterWorld';
import { findObstacle } from '../slurm/packages';
import { waitFor } from '../waitFor';
import { longestMs, Observer, patienceMs } from './observer';
import type { JobRow, MetricRow, WatcherRow } from './rows';

const obstacle = findObstacle();
const numbersUpTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

if (obstacle !== undefined) console.log(`Absent here: jobs on a real Slurm (${obstacle}).`);
else {
  describe('jobs on a real Slurm behind ssh', function () {
    this.timeout(longestMs);
    let observer: Observer;
    before(async () => {
      observer = new Observer(await startClusterWorld({ accounting: true }));
    });
    after(() => observer.world.close());

    it('of an array are watched task by task, and cancelled one by one', async () => {
      const count = 100;
      const array = await observer.submit(
        'array.sh',
        `#!/bin/bash
#SBATCH --array=0-${count - 1}%20 --output=array-%A_%a.out
#WATCHER name=numbers pattern="line (\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
#WATCHER name=stop pattern="please stop" interval=1s action=cancel_job
for n in 1 2 3; do echo "task $SLURM_ARRAY_TASK_ID line $n"; done
if [ "$SLURM_ARRAY_TASK_ID" = 3 ]; then echo "please stop"; sleep 600; fi
`,
      );
      const tasks = Array.from({ length: count }, (_, task) => `${array}_${task}`);
      await waitFor(
        'the end of all tasks',
        async () => {
          const ends = (await observer.events(array)).filter(({ result }) => / ended: /.test(result));
          return new Set(ends.map(({ job }) => job)).size >= count && ends;
        },
        4 * patienceMs,
      );
      const metrics = await observer.world.cli.json<MetricRow[]>('metrics', '--job', array, '--json');
      for (const task of tasks)
        assert.deepEqual(
          metrics.filter(({ job }) => job === task).map(({ value }) => value),
          [1, 2, 3],
          task,
        );
      const events = await observer.events(array);
      assert.deepEqual(
        events.filter(({ action }) => action === 'cancel_job').map(({ job, success }) => [job, success]),
        [[`${array}_3`, true]],
      );
      assert.equal(await observer.accounted(`${array}_3`), 'CANCELLED');
      const rows = await observer.world.cli.json<JobRow[]>('jobs', '--job', array, '--json');
      assert.deepEqual(
        rows
          .filter(({ job, state }) => job !== array && state !== 'COMPLETED')
          .map(({ job, state }) => [job, state]),
        [[`${array}_3`, 'CANCELLED']],
      );
    });

    for (const [mode, first] of [
      ['append', [1, 2, 3]],
      ['truncate', [1, 2, 3]],
    ] as const)
      it(`go on as the same job when they are queued again (${mode})`, async () => {
        const job = await observer.submit(
          `requeue-${mode}.sh`,
          `#!/bin/bash
#SBATCH --requeue --open-mode=${mode} --output=requeue-%j.out
#WATCHER name=numbers pattern="line (\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
base=$((\${SLURM_RESTART_COUNT:-0} * 3))
for n in 1 2 3; do echo "line $((base + n))"; done
until [ -e "$SLURM_JOB_ID-$base" ]; do sleep 0.2; done
`,
        );
        await waitFor(
          'its first lines',
          async () => (await observer.numbers(job)).length === first.length,
          patienceMs,
        );
        await observer.world.slurm.run('scontrol', 'requeue', job);
        await waitFor('its next lines', async () => (await observer.numbers(job)).length === 6, patienceMs);
        observer.signal(`${job}-3`);
        await observer.see(job, / ended: COMPLETED/);
        assert.deepEqual(await observer.numbers(job), numbersUpTo(6));
        const rows = await observer.world.cli.json<JobRow[]>('jobs', '--job', job, '--json');
        assert.deepEqual(
          rows.map(({ state }) => state),
          ['COMPLETED'],
        );
      });

    it('fire their job-end watchers with the word for a time limit', async () => {
      const job = await observer.submit(
        'timeout.sh',
        `#!/bin/bash
#WATCHER name=end trigger_on_job_end=true action=log_event(message="it was a $job_end_state")
#WATCHER name=other trigger_on_job_end=true trigger_job_states=[completed] action=log_event(message="never")
echo begun
sleep 600
`,
      );
      await waitFor(
        'it runs',
        async () =>
          (await observer.world.cli.json<JobRow[]>('jobs', '--job', job, '--json'))[0]?.state === 'RUNNING',
        patienceMs,
      );
      await observer.world.slurm.run('scontrol', 'update', `JobId=${job}`, 'EndTime=now+2');
      await observer.see(job, /^it was a timeout$/);
      await observer.see(job, / ended: TIMEOUT/);
      assert.equal(await observer.accounted(job), 'TIMEOUT');
      assert.ok((await observer.events(job)).every(({ result }) => result !== 'never'));
    });
  });

  describe('a Slurm that forgets, without accounting', function () {
    this.timeout(longestMs);
    let observer: Observer;
    before(async () => {
      observer = new Observer(await startClusterWorld({ accounting: false, minJobAge: 3 }));
    });
    after(() => observer.world.close());

    it('leaves a job whose output is read to its end, and whose end is unknown', async () => {
      const job = await observer.submit(
        'forgotten.sh',
        `#!/bin/bash
#SBATCH --output=forgotten-%j.out
#WATCHER name=numbers pattern="line (\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
#WATCHER name=guess trigger_on_job_end=true action=log_event(message="never")
#WATCHER name=end trigger_on_job_end=true trigger_job_states=[unknown] action=log_event(message="it is $job_end_state")
echo "line 1"
until [ -e forget ]; do sleep 0.2; done
for n in 2 3 4 5; do echo "line $n"; done
`,
      );
      await waitFor('its first line', async () => (await observer.numbers(job)).length === 1, patienceMs);
      process.kill(await waitFor('an engine', () => observer.world.cli.enginePid()), 'SIGKILL');
      observer.signal('forget');
      await waitFor(
        'that it is forgotten',
        () =>
          observer.world.slurm.run('scontrol', 'show', 'job', job).then(
            () => false,
            () => true,
          ),
        patienceMs,
      );
      await observer.world.cli.run('engine', 'start');
      await observer.see(job, / ended: UNKNOWN/);
      assert.deepEqual(await observer.numbers(job), numbersUpTo(5));
      const results = (await observer.events(job)).map(({ result }) => result);
      assert.ok(
        results.some((result) => /no longer knows/.test(result)),
        results.join('\n'),
      );
      assert.ok(results.includes('it is unknown'));
      assert.ok(!results.includes('never'));
      const watchers = await observer.world.cli.json<WatcherRow[]>('list', '--all', '--json');
      assert.ok(watchers.every(({ state }) => state === 'completed'));
    });
  });
}
