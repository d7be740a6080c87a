// Deadlines of watchers: which have come, which comes next.
import assert from 'node:assert/strict';
import { findDueDeadlines, findNextDeadline } from '../../engine/deadlines';
import type { Progress } from '../../engine/model';
import { toWatcher } from '../records';

describe('deadlines', () => {
  const due = (progress: Partial<Progress>): readonly string[] =>
    findDueDeadlines(toWatcher({ timerIntervalSeconds: 60 }, progress), 100_000);

  it('come at their time, for active watchers', () => {
    assert.deepEqual(due({ deadlines: { timer: 100_000 } }), ['timer']);
    assert.deepEqual(due({ deadlines: { timer: 100_001 } }), []);
    assert.deepEqual(due({ deadlines: {} }), []);
    assert.deepEqual(due({ deadlines: { timer: 1 }, state: 'paused' }), []);
  });

  it('come if they are further ahead than was ever planned: the clock was set back', () => {
    assert.deepEqual(due({ deadlines: { timer: 160_000 } }), []);
    assert.deepEqual(due({ deadlines: { timer: 160_001 } }), ['timer']);
  });

  it('are none, or the next one', () => {
    assert.equal(findNextDeadline({}), undefined);
    assert.deepEqual(findNextDeadline({ timer: 5 }), { kind: 'timer', time: 5 });
  });
});
