// Chains of resubmissions on a real Slurm behind ssh: what ends them, and that Slurm has exactly the jobs that are expected.
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { startClusterWorld } from '../slurm/clusterWorld';
import { findObstacle } from '../slurm/packages';
import { waitFor } from '../waitFor';
import { longestMs, Observer, patienceMs } from './observer';
import type { EventRow } from './rows';

interface ChainRow {
  readonly job: string;
  readonly state: string;
  readonly chain: { readonly number: number; readonly of: number; readonly from: string } | null;
}

const obstacle = findObstacle();

if (obstacle !== undefined) console.log(`Absent here: resubmissions on a real Slurm (${obstacle}).`);
else {
  describe('resubmissions on a real Slurm behind ssh', function () {
    this.timeout(longestMs);
    let observer: Observer;
    before(async () => {
      observer = new Observer(await startClusterWorld({ accounting: true }));
    });
    after(() => observer.world.close());

    /** Of all jobs of this name that Slurm accounts for, in their order. */
    const accounted = async (
      name: string,
    ): Promise<readonly { id: string; state: string; words: string }[]> => {
      const text = await observer.world.slurm.run(
        ...[
          'sacct',
          '-n',
          '-P',
          '-X',
          '-S',
          'now-1day',
          '--name',
          name,
          '-o',
          'JobID,State,ReqMem,SubmitLine',
        ],
      );
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [id = '', state = '', memory = '', words = ''] = line.split('|');
          return { id, state: state.split(' ')[0] ?? '', words: `${memory} ${words}` };
        });
    };
    /** These, once accounting knows as many, and no other. */
    const expectJobs = async (
      name: string,
      expected: readonly (readonly [id: string, state: string])[],
    ): Promise<readonly { words: string }[]> => {
      const toPairs = (jobs: Awaited<ReturnType<typeof accounted>>) =>
        jobs.map(({ id, state }) => [id, state]);
      const last = { jobs: await accounted(name) };
      const isThere = async (): Promise<boolean> => {
        last.jobs = await accounted(name);
        return isDeepStrictEqual(toPairs(last.jobs), expected);
      };
      await waitFor(`the jobs ${name}`, isThere, patienceMs).catch(() => undefined);
      assert.deepEqual(toPairs(last.jobs), expected);
      return last.jobs;
    };
    const resubmissions = async (job: string): Promise<readonly EventRow[]> =>
      (await observer.events(job)).filter(({ action, kind }) => action === 'resubmit' && kind === 'action');
    const successorOf = async (job: string): Promise<string> => {
      const { result } = await observer.see(job, /^submitted again as job \d+/);
      return /as job (\d+)/.exec(result)?.[1] ?? assert.fail(result);
    };
    const chainOf = async (job: string): Promise<ChainRow> =>
      (await observer.world.cli.json<ChainRow[]>('jobs', '--job', job, '--json'))[0] ?? assert.fail(job);

    it('end with their cap: the last job goes on, and there is no other', async () => {
      const first = await observer.submit(
        'capped.sh',
        `#!/bin/bash
#SBATCH --output=capped-%j.out --mem=10M -J capped
#WATCHER name=oom pattern="out of memory at (\\d+)" captures=[at] interval=1s remaining_resubmits=2 action=resubmit(modifications={"mem": "\${at}M"})
echo "begun at \${at:-nothing}"
echo "out of memory at 2\${at:-0}"
sleep 600
`,
      );
      const second = await successorOf(first);
      const third = await successorOf(second);
      await observer.see(third, /the chain has reached its limit \(job 3 of 3\)/);
      await expectJobs('capped', [
        [first, 'CANCELLED'],
        [second, 'CANCELLED'],
        [third, 'RUNNING'],
      ]);
      const show = await observer.world.slurm.run('scontrol', 'show', 'job', third);
      assert.match(show, /MinMemoryNode=220M/);
      assert.deepEqual((await chainOf(third)).chain, {
        ...{ number: 3, of: 3, from: second, watcher: 'oom' },
      });
      const last = await resubmissions(third);
      assert.deepEqual(
        last.map(({ success }) => success),
        [false],
      );
      const output = await observer.world.slurm.run(
        'cat',
        `${observer.world.slurm.workdir}/capped-${third}.out`,
      );
      assert.match(output, /begun at 220/);
      await observer.world.slurm.run('scancel', third);
      await observer.see(third, / ended: CANCELLED/);
    });

    it('end when the training has finished, and go on in one output', async () => {
      const first = await observer.submit(
        'train.sh',
        `#!/bin/bash
#SBATCH --output=train.log --job-name train -t 5
#WATCHER name=numbers pattern="step (\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
#WATCHER_BEGIN
# name: next
# pattern: saved (\\S+)
# captures: [ckpt]
# interval: 1s
# trigger_on_job_end: true
# trigger_job_states: [failed, timeout]
# actions:
#   - resubmit(modifications={"time": 7})
#WATCHER_END
n=$(cat \${ckpt:-/dev/null} | wc -l)
for step in 1 2; do echo "step $((n * 2 + step))"; done
{ cat \${ckpt:-/dev/null}; echo x; } > ckpt.$SLURM_JOB_ID
echo "saved ckpt.$SLURM_JOB_ID"
sleep 3
[ $n -ge 2 ] || exit 1
`,
      );
      const second = await successorOf(first);
      const third = await successorOf(second);
      await observer.see(third, / ended: COMPLETED/);
      const jobs = await expectJobs('train', [
        [first, 'FAILED'],
        [second, 'FAILED'],
        [third, 'COMPLETED'],
      ]);
      assert.match(jobs[2]?.words ?? '', /--open-mode=append/);
      // Nothing to wait for: the job before had ended.
      assert.doesNotMatch(jobs[2]?.words ?? '', /--dependency/);
      for (const [job, steps] of [
        [first, [1, 2]],
        [second, [3, 4]],
        [third, [5, 6]],
      ] as const)
        assert.deepEqual(await observer.numbers(job), steps, job);
      const ends = (await observer.events(third)).filter(
        ({ kind, watcher }) => kind === 'skip' && watcher === 'next',
      );
      assert.match(ends[0]?.result ?? '', /job ended: COMPLETED/);
    });

    it('end when the person cancels the job', async () => {
      const first = await observer.submit(
        'stopped.sh',
        `#!/bin/bash
#SBATCH --array=3-4 --output=stopped-%A_%a.out -J stopped
#WATCHER name=slow pattern="too slow" interval=1s action=resubmit(delay=1)
#WATCHER name=end trigger_on_job_end=true trigger_job_states=[cancelled] action=resubmit
[ "$SLURM_ARRAY_TASK_ID" = 4 ] || { [ -e "second" ] || echo "too slow"; touch second; }
sleep 600
`,
      );
      const { result } = await observer.see(first, /^submitted again as job \d+/);
      const second = /as job (\d+)/.exec(result)?.[1] ?? assert.fail(result);
      assert.match(result, new RegExp(`from job ${first}_3`));
      await waitFor(
        'the new task',
        async () =>
          (await accounted('stopped')).some(({ id, state }) => id === `${second}_3` && state === 'RUNNING'),
        2 * patienceMs,
      );
      await observer.world.slurm.run('scancel', `${second}_3`);
      await observer.see(second, /not submitted again: job \d+_3 was cancelled by hand/);
      await observer.world.slurm.run('scancel', `${first}_4`);
      await observer.see(first, /not submitted again: job \d+_4 was cancelled by hand/);
      await expectJobs('stopped', [
        [`${first}_3`, 'CANCELLED'],
        [`${first}_4`, 'CANCELLED'],
        [`${second}_3`, 'CANCELLED'],
      ]);
    });
  });
}
