// What comes of actions that reach outside is data: it reaches events, metrics, the watcher and the job as that of any action.
import assert from 'node:assert/strict';
import type { ActionPlace, OutsideActions, Outcome } from '../../engine/actions/action';
import { WatchError } from '../../engine/errors';
import { setStage, type Stage } from './play';
import { ownActions } from './ownActions';

describe('outcomes of actions outside', () => {
  let stage: Stage;
  let id: string;
  let outcome: Outcome;
  let hold: Promise<void> | undefined;
  let places: ActionPlace[];
  const actions: OutsideActions = {
    ...ownActions,
    notify_slack: {
      run: async (_params, place) => {
        places.push(place);
        await hold;
        return outcome;
      },
    },
  };
  const begin = async (rest = ''): Promise<void> => {
    places = [];
    hold = undefined;
    outcome = { success: true, result: 'sent' };
    stage = await setStage({ actions });
    id = await stage.submit(
      `#WATCHER name=w pattern="n=(\\d+)" captures=[n] interval=10s actions=[notify_slack${rest}]`,
    );
    await pass(5000);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const print = async (text: string): Promise<void> => {
    stage.cluster.print(id, text);
    await pass(60_000);
  };
  const watcherNow = async () => (await stage.engine.watchers({}))[0]?.progress ?? assert.fail();
  const jobNow = async () => (await stage.engine.jobs({ job: id }))[0] ?? assert.fail();

  it('may hold a number, which is stored', async () => {
    await begin();
    outcome = { success: true, result: 'sent', metric: { name: 'sent', value: 3, unit: 'KiB' } };
    await print('n=1\n');
    const stored = (await stage.engine.metrics({})).map(({ name, value, unit, step }) => [
      ...[name, value, unit, step],
    ]);
    assert.deepEqual(stored, [['sent', 3, 'KiB', 0]]);
    assert.ok((await stage.lines()).includes('notify_slack sent'));
  });

  it('may move the watcher, once what follows has been done', async () => {
    await begin(', log_event(message="after")');
    outcome = { success: true, result: 'sent', watcher: { move: 'pause', reason: 'Slack says so' } };
    await print('n=1\n');
    const progress = await watcherNow();
    assert.deepEqual([progress.state, progress.stateReason], ['paused', 'Slack says so']);
    assert.deepEqual((await stage.lines()).slice(-3), [
      'notify_slack sent',
      'log_event after',
      'state active to paused: Slack says so',
    ]);
  });

  it('may change the job, also after the watcher was removed', async () => {
    await begin();
    outcome = { success: true, result: 'sent', job: { cancelledBy: { watcher: 'w', reason: 'told' } } };
    await print('n=1\n');
    assert.equal((await jobNow()).cancelledBy?.reason, 'told');
    outcome = { success: true, result: 'sent', job: { cancelledBy: { watcher: 'w', reason: 'told again' } } };
    let release = (): void => undefined;
    hold = new Promise((resolve) => (release = resolve));
    await print('n=2\n');
    await stage.engine.remove((await stage.engine.watchers({})).map((watcher) => watcher.id));
    release();
    await pass(0);
    assert.equal((await jobNow()).cancelledBy?.reason, 'told again');
  });

  it('may be a failure, which counts and is told', async () => {
    await begin(', log_event(message="after")');
    outcome = { success: false, result: 'Slack does not know the channel.' };
    await print('n=1\n');
    const progress = await watcherNow();
    assert.deepEqual([progress.failureCount, progress.consecutiveFailures], [1, 0]);
    assert.deepEqual((await stage.lines()).slice(-2), [
      'notify_slack FAILED Slack does not know the channel.',
      'log_event after',
    ]);
  });

  it('may be of no use: told once, and neither done nor failed', async () => {
    await begin();
    outcome = { success: false, isUnusable: true, result: 'There is nothing to send.' };
    await print('n=1\n');
    await print('n=2\n');
    assert.equal((await watcherNow()).failureCount, 0);
    assert.deepEqual((await stage.lines()).slice(-1), ['error There is nothing to send.']);
  });

  it('come of what the run knows of its job, its watcher and its match', async () => {
    await begin();
    await print('n=7\n');
    const seen = places.map(({ job, cluster, watcher, matchedText, captures, standsFor }) => ({
      ...{ job: job.id, cluster: cluster.name, watcher, matchedText, captures, standsFor },
    }));
    const place = { matchedText: 'n=7', captures: { n: '7' }, standsFor: 1 };
    assert.deepEqual(seen, [{ job: id, cluster: 'fake', watcher: 'w', ...place }]);
  });

  it('of a cancellation name who asked for it at the job, and skip what follows if it failed', async () => {
    stage = await setStage();
    const script = '#WATCHER name=w pattern="n=" interval=10s actions=[cancel_job(reason="$0"), log_event]';
    id = await stage.submit(script);
    await pass(5000);
    const cancel = stage.cluster.cancel.bind(stage.cluster);
    stage.cluster.cancel = () => Promise.reject(new WatchError('command-failed', 'No.', 'Look.'));
    await print('n=1\n');
    assert.equal((await jobNow()).cancelledBy, null);
    assert.deepEqual((await stage.lines()).slice(-2), [
      'cancel_job FAILED No. Look.',
      'skip cancel_job before it failed',
    ]);
    stage.cluster.cancel = cancel;
    await print('n=2\n');
    assert.deepEqual((await jobNow()).cancelledBy, { watcher: 'w', reason: 'n=' });
  });
});
