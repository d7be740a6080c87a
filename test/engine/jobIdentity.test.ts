// Which job it is: what the cluster says of a number, and whether that is the job that was watched.
import assert from 'node:assert/strict';
import { countEnds, findWorst } from '../../engine/arrayEnd';
import { describeCounts } from '../../engine/words';
import { WatchError } from '../../engine/errors';
import type { JobReport } from '../../engine/ports';
import { setStage, type Stage } from './play';

describe('a job', () => {
  let stage: Stage;
  let id: string;
  beforeEach(async () => {
    stage = await setStage();
    id = await stage.submit('#WATCHER trigger_on_job_end=true action=log_event(message="$job_end_state")');
    await stage.clock.advanceTo(5000);
  });
  afterEach(() => stage.engine.close());

  /** What is told after the cluster says this of the number. */
  const hear = async (toChange: (report: JobReport) => Partial<JobReport>): Promise<readonly string[]> => {
    stage.cluster.change(id, toChange);
    await stage.clock.advanceTo(120_000);
    return stage.lines();
  };
  const token = async (): Promise<string> => (await stage.engine.jobs({}))[0]?.submission?.token ?? '';
  const later = {
    submitted: 90_000_000,
    started: 90_000_000,
    ended: 90_001_000,
    state: 'COMPLETED',
  } as const;
  const isSame = ['job 1 was queued again (2)', 'log_event completed', 'job 1 ended: COMPLETED'];
  const isAnother = [
    'error the cluster has another job 1 now; how this one ended is unknown',
    'skip job ended: UNKNOWN; the watcher acts on: completed, failed, timeout',
    'job 1 ended: UNKNOWN',
  ];

  it('is the same if accounting leads to it from the submission that was seen', async () => {
    assert.deepEqual(
      await hear(({ submitted }) => ({ ...later, restarts: 2, earlier: [submitted, submitted + 1000] })),
      isSame,
    );
  });

  it('is the same if Slurm has its script under the token, whatever the times say', async () => {
    const words = `/home/me/.slurm-watchers/here/${await token()}/play.sh`;
    assert.deepEqual(await hear(() => ({ ...later, words })), isSame.slice(1));
  });

  it('is another if Slurm has the script of another submission, though it was queued again', async () => {
    const words = '/home/me/.slurm-watchers/here/another/play.sh';
    assert.deepEqual(await hear(() => ({ ...later, restarts: 2, words })), isAnother);
  });

  it('is another if it was submitted later and nothing leads to it', async () => {
    assert.deepEqual(await hear(() => ({ ...later, earlier: [1, 2] })), isAnother);
  });

  it('is another if it was submitted before', async () => {
    assert.deepEqual(await hear(() => ({ ...later, submitted: -1, restarts: 3 })), isAnother);
  });

  it('has not ended as a run before the one that was seen last, which is all that accounting has yet', async () => {
    let first = 0;
    stage.cluster.change(
      id,
      ({ submitted }) => ((first = submitted), { restarts: 1, submitted: submitted + 1 }),
    );
    await stage.clock.advanceTo(10_000);
    const told = await hear(() => ({ ...later, submitted: first, restarts: 0, state: 'PREEMPTED' }));
    assert.deepEqual(told.at(-1), 'job 1 ended: UNKNOWN');
  });

  it('waits as long as nobody can be asked for it, is told why once, and ends when it is known', async () => {
    const cause = new WatchError('command-failed', 'Accounting does not answer: no', 'It is asked again.');
    stage.cluster.silence = { ids: [id], cause };
    const told = [
      'error what became of job 1 cannot be known yet: Accounting does not answer: no. It is asked again.',
    ];
    assert.deepEqual(await hear(({ submitted }) => ({ ...later, submitted })), told);
    assert.equal((await stage.engine.jobs({}))[0]?.endState, null);
    stage.cluster.silence = undefined;
    await stage.clock.advanceTo(240_000);
    assert.deepEqual(await stage.lines(), [...told, ...isSame.slice(1)]);
  });
});

describe('the end of an array', () => {
  it('is the worst of its tasks', () => {
    assert.equal(
      findWorst(['COMPLETED', 'CANCELLED', 'TIMEOUT', 'OUT_OF_MEMORY', 'CANCELLED']),
      'OUT_OF_MEMORY',
    );
    assert.equal(findWorst(['COMPLETED', 'CANCELLED', 'TIMEOUT']), 'TIMEOUT');
    assert.equal(findWorst(['COMPLETED', 'UNKNOWN', 'CANCELLED']), 'CANCELLED');
    assert.equal(findWorst(['COMPLETED', 'UNKNOWN', 'RUNNING']), 'UNKNOWN');
    assert.equal(findWorst([]), 'COMPLETED');
  });

  it('is told with counts, if they differ', () => {
    const counts = countEnds(['COMPLETED', 'FAILED', 'COMPLETED'], { CANCELLED: 4 });
    assert.deepEqual(counts, { COMPLETED: 2, FAILED: 1, CANCELLED: 4 });
    assert.equal(describeCounts(counts), ' (1 FAILED, 4 CANCELLED, 2 COMPLETED)');
    assert.equal(describeCounts({ FAILED: 3 }), '');
    assert.equal(describeCounts(null), '');
  });
});
