// A job that is being cancelled is cancelled once: over lines, watchers, looks, restarts, tasks, and anew after a requeue.
import assert from 'node:assert/strict';
import { WatchError } from '../../engine/errors';
import { setStage, type Stage } from './play';

describe('cancelling a job', () => {
  let stage: Stage;
  let id: string;
  /** Ids that scancel was called with. */
  let cancelled: string[];
  let fail: WatchError | undefined;
  const begin = async (script: string): Promise<void> => {
    cancelled = [];
    fail = undefined;
    stage = await setStage();
    stage.cluster.cancel = (job) => {
      if (fail) return Promise.reject(fail);
      cancelled.push(job);
      return Promise.resolve();
    };
    id = await stage.submit(script);
    await pass(5000);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const print = async (text: string, job = id): Promise<void> => {
    stage.cluster.print(job, text);
    await pass(60_000);
  };
  const leftOut = async (): Promise<string[]> =>
    (await stage.engine.events({ kind: 'trigger' })).flatMap(
      ({ result }) => /left out: (.*)/.exec(result)?.[1] ?? [],
    );
  const reason = async (job = id): Promise<string | null | undefined> =>
    (await stage.engine.jobs({ job }))[0]?.cancelledBy?.reason;
  const watcher = (name: string, pattern: string, extra = ''): string =>
    `#WATCHER name=${name} pattern="${pattern}" interval=10s ${extra} action=cancel_job(reason="${name}: $0")`;
  const already = 'cancel_job (job 1 is being cancelled already, by the watcher "a")';

  it('is done once for all lines of a look, with the first reason', async () => {
    await begin(watcher('a', 'loss \\d+'));
    await print(Array.from({ length: 500 }, (_, n) => `loss ${n}\n`).join(''));
    assert.deepEqual(cancelled, ['1']);
    assert.equal(await reason(), 'a: loss 0');
    assert.deepEqual(await leftOut(), Array<string>(499).fill(already));
  });

  it('is done once over watchers, looks and a restart', async () => {
    await begin(`${watcher('a', 'nan')}\n${watcher('b', 'nan')}`);
    await print('nan\n');
    await print('nan\n');
    await stage.restart();
    await print('nan\n');
    assert.deepEqual(cancelled, ['1']);
    assert.equal(await reason(), 'a: nan');
    assert.equal((await leftOut()).length, 5);
  });

  it('is done once while the cluster cannot be reached, also over a restart', async () => {
    await begin(`${watcher('a', 'nan')}\n${watcher('b', 'inf')}`);
    fail = new WatchError('cluster-unreachable', 'Cut off.', 'Look.');
    await print('nan\n');
    await stage.restart();
    await print('inf\n');
    assert.deepEqual(await leftOut(), [already]);
    fail = undefined;
    await pass(120_000);
    assert.deepEqual(cancelled, ['1']);
    assert.equal(await reason(), 'a: nan');
  });

  it('is done by the next one where the first has failed', async () => {
    await begin(`${watcher('a', 'nan')}\n${watcher('b', 'inf')}`);
    fail = new WatchError('command-failed', 'scancel: no.', 'Look.');
    await print('nan\n');
    fail = undefined;
    await print('inf\n');
    assert.deepEqual(cancelled, ['1']);
    assert.equal(await reason(), 'b: inf');
    assert.deepEqual(await leftOut(), []);
  });

  it('is done by the next one where the watcher of the first was removed before', async () => {
    await begin(`${watcher('a', 'nan')}\n${watcher('b', 'inf')}`);
    fail = new WatchError('cluster-unreachable', 'Cut off.', 'Look.');
    await print('nan\n');
    const [first] = await stage.engine.watchers({});
    await stage.engine.remove([first?.id ?? '']);
    fail = undefined;
    await print('inf\n');
    assert.deepEqual(cancelled, ['1']);
    assert.equal(await reason(), 'b: inf');
  });

  it('is done for each task of an array by itself', async () => {
    await begin(`#SBATCH --array=1-2\n${watcher('a', 'nan')}`);
    await pass(10_000);
    await print('nan\nnan\n', '1_1');
    await print('nan\n', '1_2');
    assert.deepEqual(cancelled, ['1_1', '1_2']);
    assert.equal((await leftOut()).length, 1);
  });

  it('is done again in a new run of a job that was queued again', async () => {
    await begin(watcher('a', 'n=\\d+'));
    await print('n=1\n');
    await print('n=2\n');
    stage.cluster.restart(id);
    await pass(30_000);
    assert.equal(await reason(), undefined);
    await print('n=3\n');
    assert.deepEqual(cancelled, ['1', '1']);
    assert.equal(await reason(), 'a: n=3');
  });

  it('stays by hand if a person cancels while it is under way', async () => {
    await begin(
      `${watcher('a', 'nan')}\n#WATCHER name=r trigger_on_job_end=true trigger_job_states=[cancelled] action=resubmit(modifications={"mem": "8G"})`,
    );
    let runs = 0;
    stage.cluster.cancel = (job) => {
      if (++runs > 1) return Promise.resolve();
      void stage.engine.cancelJob('fake', job);
      return Promise.reject(new WatchError('cluster-unreachable', 'The connection broke.', ''));
    };
    await print('nan\n');
    assert.equal(runs, 3);
    stage.cluster.end(id, 'CANCELLED', '0:15');
    await pass(60_000);
    assert.deepEqual((await stage.engine.jobs({ job: id }))[0]?.cancelledBy, { watcher: null, reason: null });
    assert.equal(stage.cluster.submissions.length, 1);
  });

  for (const answer of ['takes it once more', 'does not answer to another one'] as const)
    it(`is the watcher's if the engine crashed right after it, and the cluster ${answer}`, async () => {
      await begin(
        `${watcher('a', 'nan')}\n#WATCHER name=r trigger_on_job_end=true trigger_job_states=[cancelled] action=resubmit(modifications={"mem": "8G"})`,
      );
      stage.cluster.cancel = (job) => {
        cancelled.push(job);
        stage.cluster.end(job, 'CANCELLED', '0:15');
        return new Promise(() => undefined);
      };
      stage.cluster.print(id, 'nan\n');
      while (cancelled.length === 0) await pass(1000);
      stage.cluster.cancel = () =>
        answer === 'takes it once more'
          ? Promise.resolve()
          : Promise.reject(new WatchError('cluster-unreachable', 'No answer.', 'Wait.'));
      const restarting = stage.restart();
      await pass(10_000);
      await restarting;
      await pass(120_000);
      assert.equal(await reason(), 'a: nan');
      assert.ok((await stage.lines()).includes('job 1 ended: CANCELLED by the watcher "a": a: nan'));
      assert.equal(stage.cluster.submissions.length, 2);
    });

  it('is left out where the job is cancelled already by somebody else', async () => {
    await begin(watcher('a', 'nan'));
    stage.cluster.print(id, 'nan\n');
    stage.cluster.end(id, 'CANCELLED');
    await pass(60_000);
    assert.deepEqual(cancelled, []);
    assert.deepEqual(await leftOut(), ['cancel_job (job 1 has ended)']);
    assert.ok((await stage.lines()).includes('job 1 ended: CANCELLED'));
  });

  it('is left out by a watcher of the end', async () => {
    await begin('#WATCHER trigger_on_job_end=true actions=[log_event, cancel_job]');
    stage.cluster.end(id, 'FAILED');
    await pass(60_000);
    assert.deepEqual(cancelled, []);
    assert.deepEqual(await leftOut(), ['cancel_job (job 1 has ended)']);
  });

  it('tells actions whose conditions do not hold, with the value', async () => {
    await begin(
      '#WATCHER pattern="n=(\\S+)" captures=[n] interval=10s actions=[log_event, log_event(message="big") if int(n) > 5, log_event(message="long") if n]',
    );
    await print('n=1\n');
    await print('n=x\n');
    assert.deepEqual(await leftOut(), [
      'log_event (int(n) > 5 is False)',
      "log_event (int(n) > 5: ValueError: invalid literal for int() with base 10: 'x')",
    ]);
  });

  it('by hand is not said to be stored while the disk is full', async () => {
    await begin('#WATCHER pattern="n=(\\d+)" action=log_event');
    stage.store.failing = true;
    await assert.rejects(
      stage.engine.cancelJob('fake', id),
      (error: unknown) => error instanceof WatchError && error.code === 'store-unavailable',
    );
    assert.deepEqual(cancelled, [id]);
    stage.store.failing = false;
    await stage.engine.cancelJob('fake', id);
    await stage.restart();
    assert.deepEqual((await stage.engine.jobs({ job: id }))[0]?.cancelledBy, { watcher: null, reason: null });
  });
});
