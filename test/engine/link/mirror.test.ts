// The window's copy of what the engine knows.
import assert from 'node:assert/strict';
import { keptEvents, Mirror } from '../../../engine/link/mirror';
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
