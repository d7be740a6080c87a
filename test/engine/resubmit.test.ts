// Chains of resubmissions on a fake cluster: what the new job is, when there is none, and a crash at every point.
import assert from 'node:assert/strict';
import { createConsentMemory } from '../../engine/consent';
import { startEngine, type Engine } from '../../engine/engine';
import { WatchError } from '../../engine/errors';
import type { Job } from '../../engine/model';
import type { Change } from '../../engine/ports';
import { completeJob } from '../../engine/stored';
import { describeChain } from '../../engine/words';
import { createFakeClock, settle } from './fakeClock';
import { FakeCluster, toDirectory } from './fakeCluster';
import { inThreadMatcher } from './inThreadMatcher';
import { MemoryStore } from './memoryStore';
import { ownActions } from './ownActions';
import { askAgreed, setStage, submitAgreed, toPlaySubmission, type Stage } from './play';

const oom = (extra = '', params = 'modifications={"mem": "8G"}'): string =>
  `#WATCHER name=oom pattern="out of memory" interval=1s ${extra} action=resubmit(${params})`;

describe('resubmit', () => {
  let stage: Stage;
  let id: string;
  const begin = async (script: string, options: readonly string[] = []): Promise<void> => {
    stage = await setStage();
    const text = `#!/bin/bash\n${script}\nsleep 1000000\n`;
    id = (await submitAgreed(stage.engine, { ...toPlaySubmission(text), options })).job.id;
    await pass(5000);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const print = async (text: string, job = id): Promise<void> => {
    stage.cluster.print(job, `${text}\n`);
    await pass(30_000);
  };
  const jobNow = async (wanted: string): Promise<Job> =>
    (await stage.engine.jobs({ job: wanted }))[0] ?? assert.fail(`no job ${wanted}`);
  const results = async (): Promise<readonly string[]> =>
    (await stage.engine.events({}))
      .filter(({ action, kind }) => action === 'resubmit' && kind === 'action')
      .map(({ result, success }) => `${success === true ? '' : 'FAILED '}${result}`);
  const last = () => stage.cluster.submissions.at(-1) ?? assert.fail();
  const count = (): number => stage.cluster.submissions.length;

  it('submits first, cancels after, and goes on watching', async () => {
    await begin(`#SBATCH --mem=4G\n${oom()}`);
    const order: string[] = [];
    const submit = stage.cluster.submit.bind(stage.cluster);
    const cancel = stage.cluster.cancel.bind(stage.cluster);
    stage.cluster.submit = (submission) => (order.push('submit'), submit(submission));
    stage.cluster.cancel = (job) => (order.push(`cancel ${job}`), cancel(job));
    await print('out of memory');
    assert.deepEqual(order, ['submit', 'cancel 1']);
    assert.deepEqual(await results(), [
      'submitted again as job 2 (job 2 of 4, from job 1, by watcher "oom"); job 1 is being cancelled',
    ]);
    assert.deepEqual(last().options, ['--dependency=afterany:1']);
    assert.match(last().cleanScript, /^#!\/bin\/bash\n#SBATCH --mem=8G\n\nsleep/);
    assert.match(last().script, /#WATCHER name=oom/);
    const [old, next] = [await jobNow('1'), await jobNow('2')];
    assert.equal(old.endState, 'cancelled');
    assert.deepEqual(old.cancelledBy, { watcher: 'oom', reason: 'submitted again as job 2' });
    assert.equal(old.successor, next.key);
    assert.deepEqual(next.chain, { number: 2, of: 4, from: '1', watcher: 'oom' });
    assert.ok(
      (await stage.engine.events({ job: '2' })).some(
        ({ result }) =>
          result === 'submitted play.sh as job 2 with 1 watcher (job 2 of 4, from job 1, by watcher "oom")',
      ),
    );
    const [watcher] = await stage.engine.watchers({ job: '2' });
    assert.equal(watcher?.definition.remainingResubmits, 2);
    assert.deepEqual([watcher.progress.triggerCount, watcher.progress.variables], [0, {}]);
    await print('out of memory', '2');
    assert.equal(count(), 3);
    // What only the job before it needed is gone.
    assert.deepEqual(last().options, ['--dependency=afterany:2']);
  });

  it('comes to an end with the cap of its chain, and the last job goes on', async () => {
    await begin(oom('remaining_resubmits=2'));
    for (const job of ['1', '2', '3']) await print('out of memory', job);
    assert.equal(count(), 3);
    assert.deepEqual((await jobNow('3')).chain, { number: 3, of: 3, from: '2', watcher: 'oom' });
    assert.equal(
      (await results()).at(-1),
      'FAILED not submitted again: the chain has reached its limit (job 3 of 3)',
    );
    assert.equal((await jobNow('3')).state, 'RUNNING');
  });

  it('counts for watchers in blocks and for attached ones, whose definitions are copied', async () => {
    await begin(
      `#WATCHER_BEGIN\n# name: block\n# pattern: never\n# remaining_resubmits: 1\n# action: resubmit\n#WATCHER_END`,
    );
    const watchers = JSON.stringify([
      {
        name: 'late',
        pattern: 'oom (\\d+)',
        captures: ['n'],
        interval_seconds: 1,
        actions: [{ type: 'resubmit' }],
      },
    ]);
    await askAgreed((agreed) =>
      stage.engine.attach({ cluster: 'fake', job: id, watchers, from: 'start', ...agreed }),
    );
    await print('oom 7');
    const left = (await stage.engine.watchers({ job: '2' })).map(({ definition, lines }) => [
      ...[definition.name, definition.remainingResubmits, lines],
    ]);
    assert.deepEqual(left, [
      ['block', 0, { first: 2, last: 7 }],
      ['late', 2, null],
    ]);
    await print('oom 8', '2');
    const again = (await stage.engine.watchers({ job: '3' })).map(({ definition }) => [
      ...[definition.name, definition.remainingResubmits],
    ]);
    assert.deepEqual(again, [
      ['block', 0],
      ['late', 1],
    ]);
  });

  it('happens once for a job, over lines, looks, watchers and a restart', async () => {
    await begin(
      `${oom('', 'cancel_previous=false')}\n${oom('', 'cancel_previous=false').replace('=oom', '=other')}`,
    );
    await print('out of memory\nout of memory\nout of memory');
    await stage.restart();
    await print('out of memory');
    assert.equal(count(), 2);
    assert.equal((await jobNow('1')).state, 'RUNNING');
    assert.deepEqual(last().options, []);
    const leftOut = (await stage.engine.events({ kind: 'trigger' })).flatMap(
      ({ result }) => /left out: (.*)/.exec(result)?.[1] ?? [],
    );
    assert.equal(leftOut[0], 'resubmit (job 1 is being submitted again already, by the watcher "oom")');
    assert.equal(leftOut.at(-1), 'resubmit (job 1 has been submitted again already)');
    assert.equal(leftOut.length, 7);
  });

  it('stands for the cancel_job before it over all lines of one look', async () => {
    const watcher = `${oom().split(' action=')[0] ?? ''} actions=[cancel_job, resubmit]`;
    await begin(watcher);
    stage.cluster.refusal = 'sbatch: error: AssocMaxSubmitJobLimit';
    await print('out of memory\nout of memory\nout of memory');
    assert.equal((await jobNow('1')).state, 'RUNNING');
    stage.cluster.refusal = null;
    let cancellations = 0;
    const cancel = stage.cluster.cancel.bind(stage.cluster);
    stage.cluster.cancel = (job) => ((cancellations += 1), cancel(job));
    await print('out of memory\nout of memory\nout of memory');
    assert.deepEqual([count(), cancellations], [2, 1]);
    assert.deepEqual((await jobNow('1')).cancelledBy?.reason, 'submitted again as job 2');
    const leftOut = (await stage.engine.events({ kind: 'trigger' })).map(
      ({ result }) => /cancel_job \((.*?)\)/.exec(result)?.[1],
    );
    assert.deepEqual(new Set(leftOut), new Set(['resubmit cancels the job once the new one is there']));
  });

  it('leaves the old job alone if the scheduler refuses the new one, and may try again', async () => {
    await begin(oom());
    stage.cluster.refusal = 'sbatch: error: AssocMaxSubmitJobLimit';
    await print('out of memory');
    assert.deepEqual(await results(), [
      'FAILED not submitted again: sbatch: error: AssocMaxSubmitJobLimit; job 1 goes on',
    ]);
    assert.deepEqual([(await jobNow('1')).state, (await jobNow('1')).successor], ['RUNNING', null]);
    stage.cluster.refusal = null;
    await print('out of memory');
    assert.equal(count(), 2);
    assert.equal((await jobNow('1')).endState, 'cancelled');
  });

  it('puts captures into the body, and keeps those of the chain until there are newer ones', async () => {
    await begin(
      '#WATCHER name=save pattern="saved (\\S+)" captures=[ckpt] interval=1s action=log_event\n' +
        '#WATCHER name=chain pattern="saved (\\S+)|end" captures=[ckpt] interval=1s condition="ckpt is None or \'go\' in ckpt" action=resubmit(delay=90)\n' +
        'python train.py ${ckpt:+--resume ${ckpt}}',
    );
    await print('saved a/go.pt');
    assert.match(last().cleanScript, /\npython train\.py --resume a\/go\.pt\n/);
    assert.match(last().script, /\npython train\.py \$\{ckpt:\+--resume \$\{ckpt\}\}\n/);
    assert.deepEqual(last().options, ['--dependency=afterany:1', '--begin=now+90']);
    assert.equal((await jobNow('2')).state, 'PENDING');
    await pass(90_000);
    await print('end', '2');
    assert.match(last().cleanScript, /\npython train\.py --resume a\/go\.pt\n/);
  });

  const refusals: Readonly<Record<string, readonly [script: string, output: string, why: RegExp]>> = {
    'a capture that the script needs is missing': [
      '#WATCHER name=w pattern="(?:ckpt (\\S+)|oom)" captures=[ckpt] interval=1s action=resubmit\npython a.py ${ckpt}',
      'oom',
      /the script needs \$\{ckpt\}, and nothing was captured/,
    ],
    'a value cannot be data where it stands': [
      '#WATCHER name=w pattern="n=(.*)" captures=[n] interval=1s action=resubmit\nN=${n}\n((N > 5))',
      'n=a[$(touch x)]',
      /the value of "n" cannot be put into the script: the script computes/,
    ],
    'a value in an #SBATCH line is not a plain word': [
      '#SBATCH --comment=${n}\n#WATCHER name=w pattern="n=(.*)" captures=[n] interval=1s action=resubmit',
      'n=a --uid=0',
      /it stands in an #SBATCH line/,
    ],
    'a value in the modifications is not a plain word': [
      '#WATCHER name=w pattern="n=(.*)" captures=[n] interval=1s action=resubmit(modifications={"comment": "$n"})',
      'n=a b',
      /--comment cannot be changed: a variable in its value/,
    ],
    'a modification is no option of sbatch': [
      '#WATCHER name=w pattern="oom" interval=1s action=resubmit(modifications={"memory": "8G"})',
      'oom',
      /--memory cannot be changed: sbatch has no such option/,
    ],
  };
  for (const [title, [script, output, why]] of Object.entries(refusals)) {
    it(`is refused if ${title}; the old job goes on`, async () => {
      await begin(script);
      await print(output);
      assert.match((await results()).join('\n'), why);
      assert.equal(count(), 1);
      assert.equal((await jobNow('1')).state, 'RUNNING');
    });
  }

  it('puts captures into modifications', async () => {
    await begin(
      '#WATCHER name=w pattern="needs (\\d+)" captures=[n] interval=1s action=resubmit(modifications={"mem": "${n}G", "time": null, "hold": true})',
      ['--time=5'],
    );
    await print('needs 16');
    assert.deepEqual(last().options, ['--mem=16G', '--hold', '--dependency=afterany:1']);
  });

  it('joins the dependencies of the script with its own', async () => {
    await begin(`#SBATCH -d afterok:77\n${oom()}`);
    await print('out of memory');
    assert.ok(last().options.includes('--dependency=afterok:77,afterany:1'));
    await print('out of memory', '2');
    assert.ok(last().options.includes('--dependency=afterok:77,afterany:2'));
  });

  it('takes a cancel_job before it for its own, with its reason', async () => {
    await begin(
      '#WATCHER name=w pattern="nan" interval=1s actions=[cancel_job(reason="nan"), resubmit(cancel_previous=false)]',
    );
    await print('nan');
    assert.equal(count(), 2);
    assert.deepEqual(last().options, ['--dependency=afterany:1']);
    const old = await jobNow('1');
    assert.deepEqual([old.endState, old.cancelledBy?.reason], ['cancelled', 'nan']);
    const [event] = await stage.engine.events({ kind: 'trigger' });
    assert.match(
      event?.result ?? '',
      /left out: cancel_job \(resubmit cancels the job once the new one is there\)/,
    );
  });

  const atEnd = (states: string): string =>
    `#WATCHER name=end trigger_on_job_end=true trigger_job_states=[${states}] action=resubmit\n` +
    '#WATCHER name=stop pattern="stop" interval=1s action=cancel_job';

  it('at the end of a job depends on nothing, and cancels nothing', async () => {
    await begin(atEnd('out_of_memory'));
    stage.cluster.end(id, 'OUT_OF_MEMORY', '0:125');
    await pass(30_000);
    assert.deepEqual(await results(), [
      'submitted again as job 2 (job 2 of 4, from job 1, by watcher "end")',
    ]);
    assert.deepEqual(last().options, []);
    assert.equal((await jobNow('1')).cancelledBy, null);
  });

  it('follows a cancellation by a watcher, and never one by a person', async () => {
    await begin(atEnd('cancelled'));
    await print('stop');
    assert.equal(count(), 2);
    stage.cluster.end('2', 'CANCELLED', '0:15');
    await pass(30_000);
    assert.equal(count(), 2);
    assert.equal((await results()).at(-1), 'FAILED not submitted again: job 2 was cancelled by hand');
  });

  it('never follows a cancellation by a watcher that a person has triggered by hand', async () => {
    await begin(atEnd('cancelled'));
    stage.cluster.print(id, 'stop\n');
    const watchers = (await stage.engine.watchers({}))
      .filter(({ definition }) => definition.name === 'stop')
      .map((watcher) => watcher.id);
    await stage.engine.trigger(watchers, await stage.engine.planTrigger(watchers));
    await stage.clock.advanceTo(stage.clock.now() + 30_000);
    assert.equal(count(), 1);
    assert.deepEqual(await results(), ['FAILED not submitted again: job 1 was cancelled by hand']);
    assert.ok((await stage.lines()).includes('job 1 ended: CANCELLED by you'));
  });

  it('never follows a cancellation that a person has just asked for', async () => {
    await begin(`${oom()}\n${atEnd('cancelled')}`);
    stage.cluster.cancel = () => Promise.resolve();
    await stage.engine.cancelJob('fake', id);
    await print('out of memory');
    assert.deepEqual(await results(), ['FAILED not submitted again: job 1 was cancelled by hand']);
    // The scheduler alone knows of this one yet.
    await stage.engine.close();
    await begin(oom());
    const query = stage.cluster.query.bind(stage.cluster);
    stage.cluster.query = async (ids, onSilence) =>
      (await query(ids, onSilence)).map((report) => ({ ...report, state: 'CANCELLED' }));
    stage.cluster.print(id, 'out of memory\n');
    await pass(30_000);
    assert.equal(count(), 1);
  });

  it('is left alone if its watcher is removed, or its job cancelled by hand, before it is handed over', async () => {
    for (const stop of [
      async () => stage.engine.remove((await stage.engine.watchers({})).map((watcher) => watcher.id)),
      () => stage.engine.cancelJob('fake', id),
    ]) {
      await begin(oom());
      stage.cluster.cancel = () => Promise.resolve();
      const find = stage.cluster.findPrivateFolder.bind(stage.cluster);
      stage.cluster.findPrivateFolder = async () => {
        await stop();
        return find();
      };
      await print('out of memory');
      assert.equal(count(), 1);
      assert.equal((await jobNow('1')).successor, null);
      await stage.engine.close();
    }
    await begin(oom());
  });

  it('has a chain for each task of an array', async () => {
    await begin(`#SBATCH --array=1-3\n#SBATCH --output=log.%a\n${oom()}`);
    await print('out of memory', '1_2');
    assert.deepEqual(last().options, [
      '--mem=8G',
      '--array=2',
      '--dependency=afterany:1_2',
      '--open-mode=append',
    ]);
    assert.equal((await jobNow('1_2')).endState, 'cancelled');
    assert.equal((await jobNow('1_1')).state, 'RUNNING');
    assert.deepEqual((await jobNow('2_2')).chain, { number: 2, of: 4, from: '1_2', watcher: 'oom' });
    await print('out of memory', '2_2');
    assert.deepEqual((await jobNow('3_2')).chain, { number: 3, of: 4, from: '2_2', watcher: 'oom' });
    await print('out of memory', '1_1');
    assert.deepEqual((await jobNow('4_1')).chain, { number: 2, of: 4, from: '1_1', watcher: 'oom' });
  });

  it('goes on in an output that has no number, and reads what is its own', async () => {
    await begin(
      `#SBATCH -o train.log\n${oom()}\n#WATCHER name=all pattern="step \\d+" interval=1s action=log_event`,
    );
    await print('step 1\nout of memory');
    assert.ok(last().options.includes('--open-mode=append'));
    await print('step 2', '2');
    const told = (await stage.engine.events({}))
      .filter(({ action }) => action === 'log_event')
      .map(({ jobId, result }) => `${jobId}: ${result}`);
    assert.deepEqual(told, ['1: step 1', '2: step 2']);
    assert.equal(count(), 2);
  });

  it('loses nothing of an output that the job before has left', async () => {
    await begin(
      `#SBATCH -o train.log\n${atEnd('failed')}\n#WATCHER name=all pattern="step" interval=1s action=log_event\necho step`,
    );
    stage.cluster.end(id, 'FAILED', '1:0');
    // Slurm shows ended jobs for a while.
    stage.cluster.strangers = await stage.cluster.query([id]);
    await pass(10_000);
    stage.cluster.end('2', 'FAILED', '1:0');
    stage.cluster.strangers = await stage.cluster.query([id, '2']);
    await pass(30_000);
    const told = (await stage.engine.events({}))
      .filter(({ action }) => action === 'log_event')
      .map(({ jobId, result }) => `${jobId}: ${result}`);
    assert.deepEqual(told, ['1: step', '2: step', '3: step']);
    assert.ok((await stage.engine.events({})).every(({ result }) => !result.includes('is not known')));
  });

  it('keeps the mode that the script asks for', async () => {
    await begin(`#SBATCH -o train.log --open-mode=truncate\n${oom()}`);
    await print('out of memory');
    assert.deepEqual(last().options, ['--mem=8G', '--dependency=afterany:1']);
  });

  it('is not for jobs whose script is not known', async () => {
    await begin('sleep 1');
    const stranger = await stage.cluster.submit({
      ...{ token: 't', scriptName: 'a.sh', script: '', cleanScript: '#!/bin/sh\nsleep 10000\n' },
      ...{ workdir: '/jobs', options: [] },
    });
    const watchers = JSON.stringify([{ pattern: 'oom', actions: [{ type: 'resubmit' }] }]);
    await assert.rejects(
      stage.engine.attach({ cluster: 'fake', job: stranger.id, watchers, from: 'end' }),
      /its script is not known/,
    );
  });

  it('waits for a cluster that cannot be reached, and finds out what it became', async () => {
    await begin(oom());
    stage.cluster.losesAnswers = true;
    stage.cluster.undecided = true;
    stage.cluster.print(id, 'out of memory\n');
    await pass(120_000);
    assert.deepEqual(await results(), []);
    stage.cluster.undecided = false;
    stage.cluster.losesAnswers = false;
    await pass(120_000);
    assert.equal(count(), 2);
    assert.match((await results()).join('\n'), /^submitted again as job 2 .*job 1 is being cancelled$/);
    assert.equal((await stage.engine.watchers({ job: '2' })).length, 1);
  });

  it('tries the cancellation again, not the submission', async () => {
    await begin(oom());
    const cancel = stage.cluster.cancel.bind(stage.cluster);
    let tries = 0;
    stage.cluster.cancel = (job) =>
      ++tries < 3
        ? Promise.reject(new WatchError('timed-out', 'scancel took too long.', 'It is tried again.'))
        : cancel(job);
    await print('out of memory');
    await pass(30_000);
    assert.deepEqual([tries, count()], [3, 2]);
    assert.equal((await jobNow('1')).endState, 'cancelled');
  });

  for (const when of ['before', 'after'] as const)
    it(`waits for a disk that is full ${when} the new job is handed over`, async () => {
      await begin(oom());
      const { store, cluster } = stage;
      const fill = (): void => {
        store.failing = true;
        stage.clock.after(20_000, () => (store.failing = false));
      };
      if (when === 'before') cluster.findPrivateFolder = () => (fill(), Promise.resolve(null));
      else {
        const submit = cluster.submit.bind(cluster);
        cluster.submit = (submission) => submit(submission).finally(fill);
      }
      stage.cluster.print(id, 'out of memory\n');
      await pass(10_000);
      cluster.findPrivateFolder = () => Promise.resolve(null);
      await pass(300_000);
      assert.deepEqual(await results(), [
        'submitted again as job 2 (job 2 of 4, from job 1, by watcher "oom"); job 1 is being cancelled',
      ]);
      assert.equal(count(), 2);
      assert.deepEqual(
        (await stage.engine.jobs({ live: true })).map((job) => job.id),
        ['2'],
      );
    });

  it('is completed for jobs that older versions have stored', () => {
    const job = completeJob({ key: 'fake/1', cluster: 'fake' });
    assert.deepEqual([job.chain, job.successor, describeChain(job)], [null, null, undefined]);
  });
});

describe('a crash during a resubmission', () => {
  /** Stops everything at the call number `point` of the store's commits and the cluster's commands, before or after it. */
  async function crash(point: number, when: 'before' | 'after'): Promise<boolean> {
    const clock = createFakeClock();
    const cluster = new FakeCluster(clock);
    const disk: Change[] = [];
    const consentRecord = createConsentMemory();
    let count = 0;
    const ids = { next: () => `id${++count}` };
    const start = (store: MemoryStore): Promise<Engine> =>
      startEngine({
        ...{ clusters: toDirectory(cluster), store, matcher: inThreadMatcher, clock, ids },
        ...{ random: () => 0.5, actions: ownActions, consentRecord },
      });
    let calls = -Infinity;
    let isCrashed = false as boolean;
    const guard = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      const isHere = ++calls === point;
      isCrashed ||= isHere;
      if (isHere && when === 'before') return new Promise(() => undefined);
      const result = await work();
      return isHere ? new Promise(() => undefined) : result;
    };
    const store = new MemoryStore(disk);
    const commit = store.commit.bind(store);
    store.commit = (changes) => guard(() => commit(changes));
    const submit = cluster.submit.bind(cluster);
    const cancel = cluster.cancel.bind(cluster);
    cluster.submit = (submission) => guard(() => submit(submission));
    cluster.cancel = (job) => guard(() => cancel(job));
    const dead = await start(store);
    const script = `#!/bin/bash\n${oom()}\nsleep 1000000\n`;
    await submitAgreed(dead, toPlaySubmission(script));
    await clock.advanceTo(clock.now() + 5000);
    calls = 0;
    cluster.print('1', 'out of memory\n');
    await clock.advanceTo(clock.now() + 30_000);
    if (!isCrashed) {
      await dead.close();
      return false;
    }
    calls = -Infinity;
    const engine = await start(new MemoryStore([...disk]));
    await settle();
    await clock.advanceTo(clock.now() + 300_000);
    const jobs = await engine.jobs({});
    const actions = (await engine.events({})).filter(
      ({ kind, action }) => kind === 'action' && action === 'resubmit',
    );
    const title = `${when} call ${point}`;
    assert.equal(actions.length, 1, title);
    const isThere = cluster.submissions.length === 2;
    assert.ok(isThere || cluster.submissions.length === 1, title);
    const action = actions[0] ?? assert.fail(title);
    assert.equal(action.success, isThere, title);
    const old = jobs.find((job) => job.id === '1') ?? assert.fail(title);
    assert.equal(old.endState ?? 'alive', isThere ? 'cancelled' : 'alive', title);
    if (isThere) {
      const next = jobs.find((job) => job.id === '2');
      assert.deepEqual([next?.chain?.number, next?.state, next?.key], [2, 'RUNNING', old.successor], title);
      assert.equal((await engine.watchers({ job: '2' })).length, 1, title);
    } else assert.match(action.result, /interrupted before the cluster had it; job 1 goes on/);
    await engine.close();
    return true;
  }

  for (const when of ['before', 'after'] as const)
    it(`leaves one new job at most, and tells what became of it: ${when} each call`, async () => {
      let points = 0;
      while (await crash(points + 1, when)) points += 1;
      assert.ok(points >= 6, `${points} points`);
    });
});
