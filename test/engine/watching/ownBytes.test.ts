// Whose bytes: what was in a file before a job began, and what others write to it after its end, is not the job's.
import assert from 'node:assert/strict';
import { WatchError } from '../../../engine/errors';
import type { JobReport } from '../../../engine/ports';
import { setStage, type Stage } from '../play';

const numbers = (output: string, more = ''): string => `#SBATCH --output=${output} ${more}
#WATCHER pattern="n=\\d+" interval=1s action=log_event(message="$0")`;

describe('whose bytes', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const linesOf = async (job: string): Promise<readonly string[]> =>
    (await stage.store.events({ job }))
      .filter(({ kind, result }) => kind !== 'trigger' && !result.startsWith('submitted'))
      .map(({ kind, result }) => (kind === 'action' ? result : `${kind}: ${result}`));
  const attach = async (job: string, from: 'start' | 'end'): Promise<void> => {
    const action = { type: 'log_event', params: { message: '$0' } };
    const watchers = JSON.stringify({
      watchers: [{ name: 'w', pattern: 'n=\\d+', interval: '1s', actions: [action] }],
    });
    await stage.engine.attach({ cluster: 'fake', job, watchers, from });
  };

  describe('before a job begins', () => {
    it('are nobody’s if it appends', async () => {
      stage.cluster.write('/jobs/train.log', 'n=1\nn=2\n');
      const id = await stage.submit(numbers('train.log', '--open-mode=append'));
      await pass(5000);
      stage.cluster.print(id, 'n=3\n');
      await pass(5000);
      assert.deepEqual(await linesOf(id), [
        'gap: /jobs/train.log: bytes 0 to 8 were there before the job began, and are not matched',
        'n=3',
      ]);
    });

    it('are nobody’s if the site appends and the job does not say anything', async () => {
      stage.cluster.isAppending = true;
      stage.cluster.write('/jobs/train.log', 'n=1\n');
      const id = await stage.submit(numbers('train.log'));
      await pass(2000);
      stage.cluster.print(id, 'n=2\n');
      await pass(5000);
      assert.deepEqual((await linesOf(id)).slice(1), ['n=2']);
    });

    it('are nobody’s while a prolog runs, before the file is emptied', async () => {
      stage.cluster.keepsWaiting = true;
      stage.cluster.write('/jobs/train.log', 'n=1\nn=2\n');
      const id = await stage.submit(numbers('train.log'));
      await pass(20_000);
      stage.cluster.begin(id, 'prolog');
      await pass(20_000);
      assert.deepEqual(await linesOf(id), []);
      stage.cluster.write('/jobs/train.log', 'n=7\nn=8\nn=9\n');
      await pass(20_000);
      assert.deepEqual(await linesOf(id), ['n=7', 'n=8', 'n=9']);
    });

    it('are its own if it prints what an earlier run printed', async () => {
      stage.cluster.keepsWaiting = true;
      stage.cluster.write('/jobs/train.log', 'n=1\nn=2\n');
      const id = await stage.submit(numbers('train.log'));
      await pass(20_000);
      stage.cluster.begin(id);
      stage.cluster.print(id, 'n=1\nn=2\n');
      stage.cluster.end(id, 'COMPLETED');
      await pass(20_000);
      assert.deepEqual(await linesOf(id), ['n=1', 'n=2', 'state: job 1 ended: COMPLETED']);
    });

    it('are found out from the last look while it waits', async () => {
      stage.cluster.keepsWaiting = true;
      stage.cluster.write('/jobs/train.log', 'n=1\n');
      const id = await stage.submit(numbers('train.log', '--open-mode=append'));
      await pass(20_000);
      stage.cluster.append('/jobs/train.log', 'n=2\n');
      await pass(20_000);
      stage.cluster.begin(id);
      stage.cluster.print(id, 'n=3\n');
      await pass(20_000);
      assert.deepEqual((await linesOf(id)).slice(1), ['n=3']);
    });

    it('stay unmatched when a watcher of it reads all of the output by hand', async () => {
      stage.cluster.write('/jobs/train.log', 'n=1\n');
      const id = await stage.submit(numbers('train.log', '--open-mode=append'));
      stage.cluster.print(id, 'n=2\n');
      await pass(5000);
      await attach(id, 'start');
      await pass(5000);
      assert.deepEqual(
        (await linesOf(id)).filter((line) => line.startsWith('n=')),
        ['n=2', 'n=2'],
      );
    });

    it('stay unmatched after a restart of the engine', async () => {
      stage.cluster.keepsWaiting = true;
      stage.cluster.write('/jobs/train.log', 'n=1\n');
      const id = await stage.submit(numbers('train.log', '--open-mode=append'));
      await stage.restart();
      stage.cluster.begin(id);
      stage.cluster.print(id, 'n=2\n');
      await pass(5000);
      await stage.restart();
      stage.cluster.print(id, 'n=3\n');
      await pass(5000);
      assert.deepEqual(
        (await linesOf(id)).filter((line) => line.startsWith('n=')),
        ['n=2', 'n=3'],
      );
    });

    it('are told as not known if another job may have written beside its beginning', async () => {
      const first = await stage.submit(numbers('train.log', '--open-mode=append'));
      stage.cluster.print(first, 'n=1\n');
      await pass(5000);
      stage.cluster.keepsWaiting = true;
      const second = await stage.submit(numbers('train.log', '--open-mode=append'));
      await pass(5000);
      stage.cluster.print(first, 'n=2\n');
      stage.cluster.end(first, 'FAILED');
      stage.cluster.begin(second);
      stage.cluster.print(second, 'n=3\n');
      await pass(5000);
      stage.cluster.print(second, 'n=4\n');
      await pass(5000);
      assert.deepEqual(await linesOf(second), [
        'gap: /jobs/train.log: bytes 0 to 4 were there before the job began, and are not matched',
        'gap: /jobs/train.log: bytes 4 to 12 are not matched: which of them are this job’s is not known'.replace(
          '’',
          "'",
        ),
        'n=4',
      ]);
      assert.deepEqual(
        (await linesOf(first)).filter((line) => line.startsWith('n=')),
        ['n=1', 'n=2', 'n=3'],
      );
    });

    it('are its own in a file that is new, and after one that was there was taken away', async () => {
      stage.cluster.keepsWaiting = true;
      stage.cluster.write('/jobs/old.log', 'n=1\n');
      const [fresh, old] = [
        await stage.submit(numbers('new.log', '--open-mode=append')),
        await stage.submit(numbers('old.log', '--open-mode=append')),
      ];
      await pass(5000);
      stage.cluster.write('/jobs/old.log', null);
      await pass(5000);
      for (const id of [fresh, old]) {
        stage.cluster.begin(id);
        stage.cluster.print(id, 'n=5\n');
      }
      await pass(5000);
      for (const id of [fresh, old]) assert.deepEqual(await linesOf(id), ['n=5']);
    });

    it('are nobody’s, task by task, where tasks have files of their own that are there already', async () => {
      stage.cluster.keepsWaiting = true;
      stage.cluster.write('/jobs/out_1', 'n=1\n');
      const array = await stage.submit(numbers('out_%a', '--array=1-2 --open-mode=append'));
      await pass(5000);
      for (const task of [1, 2]) {
        stage.cluster.begin(`${array}_${task}`);
        stage.cluster.print(`${array}_${task}`, `n=${task}7\n`);
      }
      await pass(10_000);
      const own = async (task: number): Promise<readonly string[]> =>
        (await linesOf(`${array}_${task}`)).filter((line) => line.startsWith('n='));
      assert.deepEqual([await own(1), await own(2)], [['n=17'], ['n=27']]);
      const [task] = (await stage.store.jobs({})).filter(({ id }) => id === `${array}_2`);
      assert.deepEqual(Object.keys(task?.own.files ?? {}), ['/jobs/out_2']);
    });

    it('stay unmatched when the job is queued again and appends', async () => {
      stage.cluster.write('/jobs/train.log', 'n=1\n');
      const id = await stage.submit(numbers('train.log', '--open-mode=append'));
      stage.cluster.print(id, 'n=2\n');
      await pass(5000);
      stage.cluster.requeue(id);
      await pass(5000);
      stage.cluster.begin(id);
      stage.cluster.print(id, 'n=3\n');
      await pass(5000);
      assert.deepEqual(
        (await linesOf(id)).filter((line) => line.startsWith('n=')),
        ['n=2', 'n=3'],
      );
    });

    it('all count when the job is queued again and its file is emptied', async () => {
      stage.cluster.write('/jobs/train.log', 'n=1\nn=2\nn=3\nn=4\n');
      const id = await stage.submit(numbers('train.log', '--open-mode=append'));
      await pass(5000);
      stage.cluster.restart(id);
      stage.cluster.write('/jobs/train.log', 'n=7\n');
      await pass(20_000);
      assert.deepEqual(
        (await linesOf(id)).filter((line) => line.startsWith('n=')),
        ['n=7'],
      );
    });
  });

  describe('of a job that was submitted elsewhere', () => {
    const begin = async (options: string): Promise<string> => {
      const id = await stage.submit(`#SBATCH --output=train.log ${options}`);
      // The engine forgets that it has submitted it.
      await stage.store.commit(
        (await stage.store.jobs({})).map((job) => ({ kind: 'job', job: { ...job, phase: 'refused' } })),
      );
      await stage.restart();
      return id;
    };

    it('begin at the first one if Slurm has emptied the file', async () => {
      stage.cluster.write('/jobs/train.log', 'n=1\n');
      const id = await begin('');
      stage.cluster.print(id, 'n=2\n');
      await attach(id, 'start');
      await pass(5000);
      assert.deepEqual(
        (await linesOf(id)).filter((line) => line.startsWith('n=')),
        ['n=2'],
      );
    });

    it('are not guessed if it appends: it can be watched from the end', async () => {
      stage.cluster.write('/jobs/train.log', 'n=1\n');
      const id = await begin('--open-mode=append');
      await assert.rejects(
        attach(id, 'start'),
        (error) =>
          error instanceof WatchError && /where its own part begins is not known/.test(error.message),
      );
      await attach(id, 'end');
      await pass(5000);
      stage.cluster.print(id, 'n=2\n');
      await pass(5000);
      assert.deepEqual(
        (await linesOf(id)).filter((line) => line.startsWith('n=')),
        ['n=2'],
      );
    });
  });

  describe('after the end of a job', () => {
    const closed = async (id: string): Promise<readonly string[]> =>
      (await linesOf(id)).filter((line) => line.includes('no longer the output'));

    for (const [how, content] of [
      ['was cut', 'n=9\n'],
      ['was replaced', 'other first line\nn=9\n'],
    ] as const)
      it(`are not its own once the file ${how}`, async () => {
        stage.cluster.traits.settleMs = 60_000;
        const id = await stage.submit(numbers('train.log'));
        stage.cluster.print(id, 'n=1\nn=2\n');
        await pass(5000);
        stage.cluster.end(id, 'COMPLETED');
        await pass(10_000);
        stage.cluster.write('/jobs/train.log', content);
        await pass(5000);
        stage.cluster.append('/jobs/train.log', 'n=10\n');
        await pass(120_000);
        assert.deepEqual(await linesOf(id), [
          'n=1',
          'n=2',
          'gap: /jobs/train.log is no longer the output of job 1: it was cut or replaced after the job had ended. What follows byte 8 is not matched',
          'state: job 1 ended: COMPLETED',
        ]);
      });

    it('are its own where it cut the file itself at its end', async () => {
      stage.cluster.traits.settleMs = 60_000;
      const id = await stage.submit(numbers('train.log'));
      stage.cluster.print(id, 'n=1\nn=2\n');
      await pass(5000);
      stage.cluster.write('/jobs/train.log', 'n=3\n');
      stage.cluster.end(id, 'COMPLETED');
      await pass(120_000);
      assert.deepEqual(
        (await linesOf(id)).filter((line) => line.startsWith('n=')),
        ['n=1', 'n=2', 'n=3'],
      );
    });

    for (const mode of ['truncate', 'append'] as const)
      it(`belong to the next job with the same path (${mode})`, async () => {
        stage.cluster.traits.settleMs = 60_000;
        const script = numbers('train.log', `--open-mode=${mode}`);
        const first = await stage.submit(script);
        stage.cluster.print(first, 'n=1\n');
        await pass(5000);
        stage.cluster.keepsWaiting = true;
        const second = await stage.submit(script);
        await pass(5000);
        stage.cluster.end(first, 'COMPLETED');
        await pass(5000);
        stage.cluster.begin(second);
        await pass(3000);
        for (let n = 2; n < 30; n++) {
          stage.cluster.print(second, `n=${n}\n`);
          await pass(5000);
        }
        assert.deepEqual(
          (await linesOf(first)).filter((line) => line.startsWith('n=')),
          ['n=1'],
        );
        assert.equal((await closed(first)).length, 1);
        assert.ok(
          (await linesOf(first)).includes('state: job 1 ended: COMPLETED'),
          'it ends before the next one',
        );
        assert.deepEqual(
          (await linesOf(second)).filter((line) => line.startsWith('n=')),
          Array.from({ length: 28 }, (_, index) => `n=${index + 2}`),
        );
      });

    it('belong to a job that nobody watches, once the queue shows that it has begun', async () => {
      stage.cluster.traits.settleMs = 60_000;
      const id = await stage.submit(numbers('train.log', '--open-mode=append'));
      stage.cluster.print(id, 'n=1\n');
      await pass(5000);
      stage.cluster.end(id, 'COMPLETED');
      await pass(5000);
      const [report] = await stage.cluster.query([id]);
      assert.ok(report);
      const stranger: JobReport = {
        ...report,
        ...{ id: '77', state: 'RUNNING', ended: null, started: stage.clock.now() },
        outputs: { stdout: '/jobs/./train.log', stderr: '/jobs/./train.log' },
      };
      stage.cluster.strangers = [stranger];
      await pass(2000);
      stage.cluster.append('/jobs/train.log', 'n=2\n');
      await pass(120_000);
      assert.deepEqual(await linesOf(id), [
        'n=1',
        'gap: /jobs/train.log is no longer the output of job 1: job 77 writes to it now. What follows byte 4 is not matched',
        'state: job 1 ended: COMPLETED',
      ]);
    });

    it('are told once of jobs that write to one file at the same time, and end with each of them', async () => {
      stage.cluster.traits.settleMs = 60_000;
      const script = numbers('train.log', '--open-mode=append');
      const first = await stage.submit(script);
      const second = await stage.submit(script);
      await pass(5000);
      stage.cluster.print(first, 'n=1\n');
      await pass(5000);
      stage.cluster.end(first, 'COMPLETED');
      await pass(5000);
      for (let n = 2; n < 30; n++) {
        stage.cluster.print(second, `n=${n}\n`);
        await pass(5000);
      }
      const lines = await linesOf(first);
      assert.equal(lines.filter((line) => /job 2 writes to \/jobs\/train.log too/.test(line)).length, 1);
      assert.equal((await closed(first)).length, 1);
      assert.ok(lines.includes('state: job 1 ended: COMPLETED'));
      assert.ok(!lines.includes('n=29'));
    });

    it('are waited for where the job that changed its file was only queued again', async () => {
      const id = await stage.submit(numbers('train.log'));
      stage.cluster.setRequeueable(id);
      stage.cluster.print(id, 'n=1\nn=2\n');
      await pass(5000);
      stage.cluster.requeue(id);
      stage.cluster.begin(id);
      stage.cluster.print(id, 'n=3\n');
      await pass(10_000);
      assert.deepEqual(
        (await linesOf(id)).filter((line) => line.startsWith('n=')),
        ['n=1', 'n=2', 'n=3'],
      );
      assert.deepEqual(await closed(id), []);
    });
  });

  describe('of a job that never ran', () => {
    for (const state of ['CANCELLED', 'DEADLINE', 'BOOT_FAIL', 'FAILED'] as const)
      it(`are none (${state})`, async () => {
        stage.cluster.keepsWaiting = true;
        stage.cluster.write('/jobs/train.log', 'n=1\nn=2\n');
        const id = await stage.submit(numbers('train.log'));
        await pass(5000);
        stage.cluster.end(id, state);
        await pass(20_000);
        assert.deepEqual(await linesOf(id), [
          `state: job 1 ended: ${state} (exit code 0:0)`.replace(' (exit code 0:0)', ''),
        ]);
      });

    it('are none either where Slurm could not begin to write', async () => {
      stage.cluster.keepsWaiting = true;
      stage.cluster.write('/jobs/train.log', 'n=1\nn=2\n');
      const id = await stage.submit(numbers('train.log'));
      await pass(5000);
      stage.cluster.begin(id, 'prolog');
      stage.cluster.end(id, 'FAILED', '0:53');
      await pass(20_000);
      assert.deepEqual(await linesOf(id), [
        'error: /jobs/train.log was not written by job 1: what is in it was there before, and was not matched',
        'state: job 1 ended: FAILED (exit code 0:53)',
      ]);
    });

    it('are those of its earlier run where it was queued again', async () => {
      const id = await stage.submit(numbers('train.log'));
      await pass(2000);
      stage.cluster.print(id, 'n=1');
      stage.cluster.requeue(id);
      await pass(5000);
      stage.cluster.end(id, 'CANCELLED');
      await pass(20_000);
      assert.ok((await linesOf(id)).includes('n=1'));
    });
  });

  describe('of what is not a file', () => {
    it('are none, and the job ends without waiting for them', async () => {
      const [id, other] = [await stage.submit(numbers('fifo')), await stage.submit(numbers('file'))];
      await pass(2000);
      stage.cluster.irregularPath = '/jobs/fifo';
      stage.cluster.print(other, 'n=1\n');
      await pass(5000);
      stage.cluster.end(id, 'COMPLETED');
      await pass(20_000);
      stage.cluster.print(other, 'n=2\n');
      await pass(5000);
      const message = 'it is not a regular file but a FIFO';
      assert.deepEqual(await linesOf(id), [
        `error: /jobs/fifo cannot be read: ${message}`,
        `gap: stdout: what followed byte 0 was not matched: it could not be read: ${message}`,
        'state: job 1 ended: COMPLETED',
      ]);
      assert.deepEqual(await linesOf(other), ['n=1', 'n=2']);
    });
  });
});
