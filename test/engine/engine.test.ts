// The engine as its clients see it: submissions, arrays, pauses, lost connections, full disks, replaced outputs.
import assert from 'node:assert/strict';
import { WatchError } from '../../engine/errors';
import type { Job, Submission } from '../../engine/model';
import { initialProgress } from '../../engine/progress';
import { toJob } from '../records';
import { setStage, type Stage } from './play';

const logging = (pattern: string, message = '$0'): string =>
  `#WATCHER pattern="${pattern}" interval=10s action=log_event(message="${message}")`;

describe('the engine', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(() => stage.engine.close());

  const refuses = async (script: string, code: string, message: RegExp): Promise<void> => {
    await assert.rejects(
      stage.submit(script),
      (error) => error instanceof WatchError && error.code === code && message.test(error.message),
    );
    assert.deepEqual(await stage.engine.jobs({ live: true }), []);
    assert.equal(stage.cluster.commands, 0, 'the cluster was asked for nothing');
  };

  describe('refuses', () => {
    it('a script with an error, and says where', () =>
      refuses(
        '#WATCHER pattern="("',
        'script-problems',
        /^play\.sh:2: .*missing \), unterminated subpattern/,
      ));
    it('a script with Windows line ends', () =>
      refuses('#WATCHER pattern="x"\r\necho\r\n', 'script-problems', /Windows line ends/));
    it('an action that it cannot run', async () => {
      await stage.engine.close();
      stage = await setStage({ actions: {} });
      await refuses(
        '#WATCHER pattern="x" action=notify_slack(message="hi")',
        'unsupported',
        /^play\.sh:2: .*notify_slack/,
      );
    });
    it('a cluster that nobody knows', async () => {
      const request = {
        cluster: 'nowhere',
        scriptName: 's',
        script: '#!/bin/bash\n',
        workdir: '/',
        options: [],
      };
      await assert.rejects(stage.engine.submit(request), /There is no cluster called "nowhere"/);
    });
  });

  it('tells what the cluster says when it refuses, and keeps nothing live', async () => {
    const request = {
      cluster: 'fake',
      scriptName: 's.sh',
      script: 'echo no interpreter\n',
      workdir: '/',
      options: [],
    };
    await assert.rejects(
      stage.engine.submit(request),
      (error) => error instanceof WatchError && error.code === 'submission-refused',
    );
    assert.deepEqual(
      (await stage.engine.jobs({})).map(({ phase }) => phase),
      ['refused'],
    );
    assert.deepEqual(await stage.engine.jobs({ live: true }), []);
  });

  it('reads one file once, however many watch it', async () => {
    const id = await stage.submit(Array.from({ length: 50 }, (_, n) => logging(`w${n} `)).join('\n'));
    await stage.clock.advanceTo(10_000);
    stage.cluster.print(id, 'w7 here\n');
    const [commands, reads] = [stage.cluster.commands, stage.cluster.reads];
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(await stage.lines(), ['log_event w7']);
    assert.ok(stage.cluster.reads - reads <= 8, `${stage.cluster.reads - reads} reads in 50 s`);
    assert.ok(
      stage.cluster.commands - commands <= 51,
      `${stage.cluster.commands - commands} commands in 50 s`,
    );
  });

  it('watches each task of an array by itself', async () => {
    const id = await stage.submit(`#SBATCH --array=1-3\n${logging('n=\\d+', '$JOB_ID $ARRAY_TASK_ID $0')}`);
    await stage.clock.advanceTo(5000);
    for (const task of [1, 2, 3]) stage.cluster.print(`${id}_${task}`, `n=${task}\n`);
    await stage.clock.advanceTo(60_000);
    const logged = (await stage.lines()).filter((line) => line.startsWith('log_event'));
    assert.deepEqual(
      [...logged].sort(),
      [1, 2, 3].map((task) => `log_event 1_${task} ${task} n=${task}`),
    );
    const watchers = await stage.engine.watchers({ job: id });
    assert.deepEqual(watchers.map(({ progress }) => progress.state).sort(), [
      'active',
      'active',
      'active',
      'static',
    ]);
  });

  it('cancels one task alone, and ends the array when all tasks have ended', async () => {
    const id = await stage.submit(
      '#SBATCH --array=1-2\n#WATCHER pattern="bad" interval=10s action=cancel_job',
    );
    await stage.clock.advanceTo(5000);
    stage.cluster.print(`${id}_2`, 'bad\n');
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(
      (await stage.engine.jobs({ job: id })).map((job) => [job.id, job.state]),
      [
        ['1', 'RUNNING'],
        ['1_1', 'RUNNING'],
        ['1_2', 'CANCELLED'],
      ],
    );
    stage.cluster.end(`${id}_1`, 'COMPLETED');
    await stage.clock.advanceTo(120_000);
    assert.deepEqual(await stage.engine.jobs({ live: true }), []);
  });

  it('acts at the end of each task, and not by the template of their watchers', async () => {
    const id = await stage.submit(
      '#SBATCH --array=1-2\n#WATCHER trigger_on_job_end=true action=log_event(message="$JOB_ID $job_end_state")',
    );
    await stage.clock.advanceTo(5000);
    for (const task of [1, 2]) stage.cluster.end(`${id}_${task}`, 'COMPLETED');
    await stage.clock.advanceTo(120_000);
    const lines = await stage.lines();
    assert.deepEqual(
      lines.filter((line) => /^(log_event|skip)/.test(line)),
      ['log_event 1_1 completed', 'log_event 1_2 completed'],
    );
  });

  it('skips what was printed during a pause, with a gap, or matches it if asked', async () => {
    for (const [missed, expected] of [
      ['skip', ['log_event n=3']],
      ['match', ['log_event n=2', 'log_event n=3']],
    ] as const) {
      const own = await setStage();
      const id = await own.submit(logging('n=\\d+'));
      await own.clock.advanceTo(5000);
      const ids = (await own.engine.watchers({})).map((watcher) => watcher.id);
      await own.engine.pause(ids);
      own.cluster.print(id, 'n=2\nn=');
      await own.clock.advanceTo(60_000);
      await own.engine.resume(ids, missed);
      own.cluster.print(id, '3\n');
      await own.clock.advanceTo(120_000);
      const lines = await own.lines();
      assert.deepEqual(
        lines.filter((line) => line.startsWith('log_event')),
        expected,
      );
      assert.equal(lines.filter((line) => line.startsWith('gap')).length, missed === 'skip' ? 1 : 0);
      await own.engine.close();
    }
  });

  it('removes a watcher: it never acts again', async () => {
    const id = await stage.submit(`${logging('a')}\n${logging('b')}`);
    const [first] = await stage.engine.watchers({});
    await stage.engine.remove([first?.id ?? '']);
    stage.cluster.print(id, 'a\nb\n');
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(await stage.lines(), ['watcher "watcher 1" removed (active)', 'log_event b']);
  });

  it('says so where a watcher is not known', async () => {
    await assert.rejects(stage.engine.pause(['nobody']), /No live job has a watcher nobody/);
  });

  it('starts again where an output was replaced or cut, with a gap', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    stage.cluster.print(id, 'n=1\nn=2\n');
    await stage.clock.advanceTo(30_000);
    stage.cluster.replace(id, 'other first line\nn=3\nn=4\n');
    await stage.clock.advanceTo(90_000);
    stage.cluster.replace(id, 'n=5\n');
    await stage.clock.advanceTo(150_000);
    const lines = await stage.lines();
    assert.deepEqual(
      lines.filter((line) => line.startsWith('log_event')),
      [1, 2, 3, 4, 5].map((n) => `log_event n=${n}`),
    );
    assert.equal(lines.filter((line) => line.startsWith('gap')).length, 2);
  });

  it('goes on after the cluster was out of reach, from where it was', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(30_000);
    stage.cluster.unreachable = true;
    await stage.clock.advanceTo(60_000);
    assert.equal(stage.engine.clusters[0]?.state, 'disconnected');
    stage.cluster.print(id, 'n=2\n');
    stage.cluster.unreachable = false;
    await stage.clock.advanceTo(240_000);
    assert.equal(stage.engine.clusters[0].state, 'connected');
    const [first, lost, second, back, ...more] = await stage.lines();
    assert.deepEqual([first, second, more], ['log_event n=1', 'log_event n=2', []]);
    assert.match(lost ?? '', /^error fake: The cluster cannot be reached\. It is tried again\.$/);
    assert.match(back ?? '', /^watching goes on after \d+ s;/);
  });

  it('reads on while the scheduler does not answer, and takes no job for ended', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    await stage.clock.advanceTo(5000);
    stage.cluster.silent = true;
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(300_000);
    assert.deepEqual(await stage.lines(), [
      'error fake: The controller is away. The cluster is asked again.',
      'log_event n=1',
    ]);
    assert.equal(stage.engine.clusters[0]?.state, 'disconnected');
    stage.cluster.silent = false;
    await stage.clock.advanceTo(400_000);
    assert.match((await stage.lines()).at(-1) ?? '', /^watching goes on/);
  });

  it('goes on matching while nothing can be stored, says so, and stores it all afterwards, once', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    await stage.clock.advanceTo(5000);
    stage.store.failing = true;
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(await stage.lines(), []);
    assert.match(stage.engine.clusters[0]?.trouble ?? '', /The disk is full\. Make room\./);
    assert.equal(stage.engine.clusters[0]?.state, 'connected');
    stage.store.failing = false;
    stage.cluster.print(id, 'n=2\n');
    await stage.clock.advanceTo(240_000);
    const lines = await stage.lines();
    assert.deepEqual(
      lines.filter((line) => line.startsWith('log_event')),
      ['log_event n=1', 'log_event n=2'],
    );
    assert.equal(lines.filter((line) => /^error nothing could be stored for \d+ s;/.test(line)).length, 1);
    assert.equal(stage.engine.clusters[0].trouble, null);
  });

  it('says that nothing could be stored, though the cluster was in trouble all the while', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    await stage.clock.advanceTo(5000);
    stage.cluster.silent = true;
    await stage.clock.advanceTo(60_000);
    stage.store.failing = true;
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(360_000);
    stage.store.failing = false;
    stage.cluster.silent = false;
    await stage.clock.advanceTo(720_000);
    const lines = await stage.lines();
    assert.equal(lines.filter((line) => line === 'log_event n=1').length, 1);
    assert.equal(lines.filter((line) => /^error nothing could be stored for \d+ s;/.test(line)).length, 1);
    assert.equal(lines.filter((line) => /^watching goes on after/.test(line)).length, 1);
  });

  it('says so to a job before its end, whenever something can be stored again', async () => {
    let refused = 0;
    for (let wellAt = 9000; wellAt < 20_000; wellAt += 100) {
      const other = await setStage();
      const id = await other.submit(logging('n=\\d+'));
      await other.clock.advanceTo(5000);
      other.store.failing = true;
      other.cluster.print(id, 'n=1\n');
      await other.clock.advanceTo(9000);
      other.cluster.end(id, 'COMPLETED');
      await other.clock.advanceTo(wellAt);
      const isRefused = other.engine.clusters[0]?.trouble !== null;
      other.store.failing = false;
      await other.clock.advanceTo(60_000);
      if (isRefused) refused += 1;
      const events = await other.store.events({});
      const told = events.findIndex(({ result }) => result.startsWith('nothing could be stored'));
      const end = events.findIndex(({ result }) => result === 'job 1 ended: COMPLETED');
      const isOver = (events[end]?.time ?? Infinity) <= wellAt;
      const isTold = told !== -1 && told < end;
      assert.equal(isTold, isRefused && !isOver, `well at ${wellAt}: told ${told}, ended ${end}`);
      await other.engine.close();
    }
    assert.ok(refused > 10, 'it was refused for a while');
  });

  it('observes again what a crash took while nothing could be stored', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    await stage.clock.advanceTo(5000);
    stage.store.failing = true;
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(60_000);
    stage.store.failing = false;
    await stage.restart();
    await stage.clock.advanceTo(120_000);
    const lines = await stage.lines();
    assert.equal(lines.filter((line) => line === 'log_event n=1').length, 1);
  });

  it('cancels a job though nothing can be stored', async () => {
    const id = await stage.submit('#WATCHER pattern="NaN" interval=10s action=cancel_job');
    await stage.clock.advanceTo(5000);
    stage.store.failing = true;
    stage.cluster.print(id, 'NaN\n');
    await stage.clock.advanceTo(60_000);
    assert.equal((await stage.cluster.query([id]))[0]?.state, 'CANCELLED');
    await assert.rejects(stage.submit(logging('x')), /The disk is full/);
    stage.store.failing = false;
    await stage.clock.advanceTo(120_000);
    const lines = await stage.lines();
    assert.equal(lines.filter((line) => line.startsWith('cancel_job')).length, 1);
  });

  it('completes a job that the cluster has forgotten as unknown, and says so', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    await stage.clock.advanceTo(5000);
    stage.cluster.print(id, 'n=1');
    stage.cluster.forget(id);
    await stage.clock.advanceTo(120_000);
    assert.deepEqual(await stage.lines(), [
      'error the cluster no longer knows job 1; how it ended is unknown',
      'log_event n=1',
      'job 1 ended: UNKNOWN',
    ]);
  });

  it('goes on with a job that is queued again', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    await stage.clock.advanceTo(5000);
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(60_000);
    stage.cluster.print(id, 'n=2\n');
    stage.cluster.requeue(id);
    await stage.clock.advanceTo(120_000);
    stage.cluster.begin(id);
    stage.cluster.print(id, 'n=3\n');
    await stage.clock.advanceTo(180_000);
    stage.cluster.end(id, 'COMPLETED');
    await stage.clock.advanceTo(240_000);
    assert.deepEqual(await stage.lines(), [
      'log_event n=1',
      'job 1 was queued again (1)',
      'log_event n=2',
      'gap stdout: what followed byte 8 was not matched: the job was started again, and its output begins anew',
      'log_event n=3',
      'job 1 ended: COMPLETED',
    ]);
    const [job] = await stage.engine.jobs({});
    assert.equal(job?.restarts, 1);
  });

  it('takes a job that may be queued again for ended only when the next answer says so too', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    stage.cluster.setRequeueable(id);
    await stage.clock.advanceTo(5000);
    stage.cluster.end(id, 'NODE_FAIL');
    await stage.clock.advanceTo(5900);
    stage.cluster.requeue(id);
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(await stage.lines(), ['job 1 was queued again (1)']);
    stage.cluster.begin(id);
    stage.cluster.print(id, 'n=1\n');
    stage.cluster.end(id, 'COMPLETED');
    await stage.clock.advanceTo(120_000);
    assert.deepEqual((await stage.lines()).slice(1), ['log_event n=1', 'job 1 ended: COMPLETED']);
  });

  it('does not take another job for its own because the number is the same', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    await stage.clock.advanceTo(5000);
    stage.cluster.reuse(id);
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(await stage.lines(), [
      'error the cluster has another job 1 now; how this one ended is unknown',
      'job 1 ended: UNKNOWN',
    ]);
    assert.equal((await stage.engine.jobs({}))[0]?.name, 'play.sh');
  });

  it('watches the tasks of an array once, however long the cluster shows those that ended', async () => {
    const id = await stage.submit(`#SBATCH --array=1-2\n${logging('n=\\d+', '$ARRAY_TASK_ID $0')}`);
    await stage.clock.advanceTo(5000);
    stage.cluster.print(`${id}_1`, 'n=1\n');
    stage.cluster.end(`${id}_1`, 'COMPLETED');
    await stage.clock.advanceTo(60_000);
    await stage.restart();
    await stage.clock.advanceTo(120_000);
    stage.cluster.end(`${id}_2`, 'COMPLETED');
    await stage.clock.advanceTo(180_000);
    const lines = await stage.lines();
    assert.deepEqual(
      lines.filter((line) => line.startsWith('log_event')),
      ['log_event 1 n=1'],
    );
    assert.equal(lines.filter((line) => line === 'job 1_1 ended: COMPLETED').length, 1);
    assert.deepEqual(await stage.engine.jobs({ live: true }), []);
  });

  it('watches on while nobody can tell what became of a submission', async () => {
    const id = await stage.submit(logging('n=\\d+'));
    const lost: Submission = {
      ...{ token: 'lost', scriptName: 'lost.sh', workdir: '/jobs', options: [] },
      ...{ script: '#!/bin/bash\n', cleanScript: '#!/bin/bash\n' },
    };
    await stage.store.commit([{ kind: 'job', job: toSubmitting('fake/lost', lost) }]);
    stage.cluster.undecided = true;
    await stage.restart();
    await stage.clock.advanceTo(5000);
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(await stage.lines(), ['error It is not known yet.', 'log_event n=1']);
    stage.cluster.undecided = false;
    await stage.clock.advanceTo(120_000);
    assert.match((await stage.lines()).at(-1) ?? '', /^error not submitted/);
  });

  it('finds by its token what an interrupted submission became', async () => {
    const script = `#!/bin/bash\n${logging('n=\\d+')}\nsleep 1000\n`;
    const submission = {
      token: 'lost',
      scriptName: 's.sh',
      script,
      cleanScript: '#!/bin/bash\n\nsleep 1000\n',
      workdir: '/jobs',
      options: [],
    };
    const { id } = await stage.cluster.submit(submission);
    const [template] = [await stage.store.jobs({})];
    assert.deepEqual(template, []);
    await stage.store.commit([
      { kind: 'job', job: toSubmitting('fake/lost', submission) },
      { kind: 'job', job: toSubmitting('fake/never', { ...submission, token: 'never' }) },
    ]);
    await stage.restart();
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(
      (await stage.engine.jobs({})).map(({ key, phase }) => [key, phase]),
      [
        ['fake/lost', 'running'],
        ['fake/never', 'refused'],
      ],
    );
    assert.ok((await stage.lines()).includes('log_event n=1'));
  });

  it('watches a job whose submission got no answer, as soon as it is found', async () => {
    await stage.clock.advanceTo(1000);
    stage.cluster.losesAnswers = true;
    stage.cluster.undecided = true;
    const submitted = assert.rejects(stage.submit(logging('n=\\d+')), /is not known yet/);
    await stage.clock.advanceTo(90_000);
    await submitted;
    stage.cluster.undecided = false;
    await stage.clock.advanceTo(100_000);
    stage.cluster.print('1', 'n=1\n');
    await stage.clock.advanceTo(160_000);
    assert.deepEqual(await stage.lines(), ['error It is not known yet.', 'log_event n=1']);
  });

  it('reads a file that grows by many megabytes to its last line', async () => {
    const id = await stage.submit(logging('last=\\d+'));
    await stage.clock.advanceTo(5000);
    stage.cluster.print(id, `${'x'.repeat(99)}\n`.repeat(200_000));
    stage.cluster.print(id, 'last=1');
    stage.cluster.end(id, 'COMPLETED');
    await stage.clock.advanceTo(120_000);
    assert.deepEqual(await stage.lines(), ['log_event last=1', 'job 1 ended: COMPLETED']);
  });

  it('cuts a line without end, and says so', async () => {
    const id = await stage.submit(logging('needle'));
    await stage.clock.advanceTo(5000);
    stage.cluster.print(id, `${'x'.repeat(1 << 20)}needle\n`);
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(await stage.lines(), [
      'error /jobs/slurm-1.out: a line longer than 1048576 bytes was cut at byte 1048576',
      'log_event needle',
    ]);
  });

  it('tells only what has been stored', async () => {
    const told: string[] = [];
    stage.engine.onChange(({ events }) => told.push(...events.map(({ result }) => result)));
    const id = await stage.submit(logging('n=\\d+'));
    stage.store.failing = true;
    stage.cluster.print(id, 'n=1\n');
    await stage.clock.advanceTo(60_000);
    assert.deepEqual(told, ['submitted play.sh as job 1 with 1 watcher']);
  });

  it('tells of a submission and of a cancellation by hand who asked for it', async () => {
    const script = `#!/bin/bash\n${logging('x')}\n`;
    const by = 'VS Code (process 7, by its own account)';
    const request = { cluster: 'fake', scriptName: 's.sh', script, workdir: '/', options: [] };
    const { job } = await stage.engine.submit(request, by);
    await stage.engine.cancelJob('fake', job.id, by);
    await stage.engine.cancelJob('fake', job.id);
    await assert.rejects(
      stage.engine.submit({ ...request, script: 'echo no interpreter\n' }, by),
      (error) => error instanceof WatchError && error.code === 'submission-refused',
    );
    const results = (await stage.engine.events({})).map(({ result }) => result);
    assert.deepEqual(results.slice(0, 3), [
      `submitted s.sh as job 1 with 1 watcher, by ${by}`,
      `cancelled by hand, by ${by}`,
      'cancelled by hand',
    ]);
    assert.match(results[3] ?? '', /^not submitted: .*, by VS Code/s);
  });

  it('begins at byte 0, active, with nothing seen', () => {
    assert.deepEqual(
      [initialProgress.position, initialProgress.state, initialProgress.variables],
      [{ stdout: 0, stderr: 0 }, 'active', {}],
    );
  });
});

const toSubmitting = (key: string, submission: Submission): Job =>
  toJob({
    key,
    cluster: 'fake',
    id: '',
    name: submission.scriptName,
    phase: 'submitting',
    state: 'PENDING',
    submission,
  });
