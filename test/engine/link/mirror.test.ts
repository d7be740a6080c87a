// A client's copy of what the engine knows.
import assert from 'node:assert/strict';
import { keptEvents, Mirror, MirrorKeeper, type Snapshot } from '../../../engine/link/mirror';
import type { EngineChange } from '../../../engine/protocol';
import { toEvent, toJob, toWatcher } from '../../records';

const news = { jobs: [], watchers: [], removedWatchers: [], events: [] };

describe('the mirror', () => {
  it('holds the newest state of what changed', () => {
    const mirror = new Mirror();
    mirror.replace({ jobs: [toJob()], watchers: [toWatcher()], events: [] });
    mirror.apply({
      ...news,
      jobs: [toJob({ state: 'COMPLETED' })],
      watchers: [toWatcher({}, { triggerCount: 2 })],
    });
    assert.equal(mirror.findJob('sandbox 12')?.state, 'COMPLETED');
    assert.deepEqual(
      mirror.watchersOf('sandbox 12').map(({ progress }) => progress.triggerCount),
      [2],
    );
  });

  it('keeps newer news over an answer', () => {
    const mirror = new Mirror();
    mirror.apply({ ...news, watchers: [toWatcher({}, { triggerCount: 2 })] });
    mirror.add({ jobs: [toJob()], watchers: [toWatcher()] });
    assert.equal(mirror.findWatcher('w1')?.progress.triggerCount, 2);
    assert.equal(mirror.jobs.length, 1);
  });

  it('forgets removed watchers', () => {
    const mirror = new Mirror();
    mirror.apply({ ...news, watchers: [toWatcher()] });
    mirror.apply({ ...news, removedWatchers: ['w1'] });
    assert.deepEqual(mirror.watchers, []);
    assert.deepEqual(mirror.watchersOf('sandbox 12'), []);
  });

  it('knows the tasks of an array, until it begins anew', () => {
    const mirror = new Mirror();
    const task = toJob({ key: 'task', id: '5_1', parent: 'array' });
    mirror.replace({ jobs: [toJob({ key: 'array', isArray: true }), task], watchers: [], events: [] });
    mirror.apply({ ...news, jobs: [{ ...task, state: 'COMPLETED' }] });
    assert.deepEqual(
      mirror.tasksOf('array').map(({ state }) => state),
      ['COMPLETED'],
    );
    mirror.replace({ jobs: [], watchers: [], events: [] });
    assert.deepEqual(mirror.tasksOf('array'), []);
  });

  it('takes each event once, and keeps the newest', () => {
    const mirror = new Mirror();
    const events = Array.from({ length: keptEvents + 1 }, (_, index) => toEvent({ id: index + 1 }));
    mirror.replace({ jobs: [], watchers: [], events });
    mirror.apply({ ...news, events: [toEvent({ id: keptEvents + 1 }), toEvent({ id: keptEvents + 2 })] });
    assert.equal(mirror.events.length, keptEvents);
    assert.equal(mirror.events[0]?.id, 3);
    assert.equal(mirror.events.at(-1)?.id, keptEvents + 2);
  });
});

describe('the mirror, kept up to date', () => {
  const change = (...ids: number[]): EngineChange => ({
    ...news,
    events: ids.map((id) => toEvent({ id })),
    metrics: [],
    clusters: [],
  });
  const empty: Snapshot = { jobs: [], watchers: [], events: [] };

  interface Asked {
    readonly last: number;
    readonly answer: (...ids: number[]) => Promise<void>;
    readonly fail: () => Promise<void>;
  }

  function keep(): {
    mirror: Mirror;
    keeper: MirrorKeeper;
    told: (number | string)[];
    asked: Asked[];
  } {
    const [mirror, told, asked] = [new Mirror(), [] as (number | string)[], [] as Asked[]];
    const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const keeper = new MirrorKeeper(mirror, {
      fetch: (last) =>
        new Promise((resolve, reject) => {
          asked.push({
            last,
            answer: (...ids) => {
              resolve({ ...empty, events: change(...ids).events });
              return settled();
            },
            fail: () => {
              reject(new Error('no'));
              return settled();
            },
          });
        }),
      onFilled: (missed) => told.push('filled', ...missed.map(({ id }) => id)),
      onChange: ({ events }) => told.push(...events.map(({ id }) => id)),
      onFailed: () => told.push('failed'),
    });
    return { mirror, keeper, told, asked };
  }

  it('has news wait until it is filled, and tells each event once', async () => {
    const { keeper, told, asked } = keep();
    keeper.fill();
    keeper.take(change(2, 3));
    assert.equal(keeper.isFilled, false);
    await asked[0]?.answer(1, 2);
    assert.deepEqual(told, ['filled', 1, 2, 3]);
    assert.equal(keeper.isFilled, true);
    keeper.take(change(3, 4));
    assert.deepEqual(told, ['filled', 1, 2, 3, 4]);
  });

  it('asks after a lost connection for what came after the last event', async () => {
    const { keeper, told, asked } = keep();
    keeper.fill();
    await asked[0]?.answer(1);
    keeper.lose();
    assert.equal(keeper.isFilled, false);
    keeper.fill();
    await asked[1]?.answer(1, 2);
    assert.deepEqual(told, ['filled', 1, 'filled', 2]);
    keeper.lose();
    keeper.fill();
    await asked[2]?.answer();
    keeper.lose();
    keeper.fill();
    assert.deepEqual(
      asked.map(({ last }) => last),
      [0, 1, 2, 2],
      'also if nothing had been missed',
    );
  });

  it('takes no answer for whole that a lost connection has cut off', async () => {
    const { keeper, told, asked } = keep();
    keeper.fill();
    keeper.lose();
    await asked[0]?.fail();
    assert.deepEqual([told, keeper.isFilled], [[], false]);
    keeper.fill();
    await asked[1]?.answer(1);
    assert.deepEqual([told, keeper.isFilled], [['filled', 1], true]);
  });

  it('is filled once more when that is asked for meanwhile', async () => {
    const { keeper, told, asked } = keep();
    keeper.fill();
    keeper.fill();
    keeper.fill();
    await asked[0]?.answer(1);
    assert.deepEqual([asked.length, keeper.isFilled], [2, false]);
    await asked[1]?.answer(2);
    assert.deepEqual(told, ['filled', 1, 'filled', 2]);
    assert.equal(keeper.isFilled, true);
  });

  it('says that it could not be filled, and goes on with the news', async () => {
    const { keeper, told, asked } = keep();
    keeper.fill();
    keeper.take(change(1));
    await asked[0]?.fail();
    assert.deepEqual(told, ['failed', 'filled', 1]);
  });
});
