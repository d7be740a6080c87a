// The schedule of a cluster: what is due at a moment, when the next tick is, and who was overlooked.
import assert from 'node:assert/strict';
import type { Job, Progress, Watcher } from '../../../engine/model';
import {
  findComeDeadlines,
  findDueWatchers,
  findOverlooked,
  findPause,
  findRetryPause,
} from '../../../engine/watching/schedule';
import { toJob, toWatcher } from '../../records';

const now = 1_000_000;
const traits = { queryIntervalMs: 10_000, minIntervalMs: 1000, settleMs: 2000 };

const watcher = (progress: Partial<Progress>, intervalSeconds = 10): Watcher =>
  toWatcher({ intervalSeconds, outputType: 'stdout' }, progress);
const job = (part: Partial<Job> = {}): Job =>
  toJob({ started: 0, outputs: { stdout: '/out', stderr: null }, ...part });

describe('the schedule of a cluster', () => {
  describe('what is due', () => {
    const due = (of: Partial<Job>, ...progress: Partial<Progress>[]): readonly number[] => {
      const watchers = progress.map((each) => watcher(each));
      return findDueWatchers(job(of), watchers, { traits, now }).map((each) => watchers.indexOf(each));
    };

    it('is whose time has come, of active watchers', () => {
      const past = { nextCheck: now - 1, lastCheck: now - 10_000 };
      assert.deepEqual(due({}, past, { ...past, nextCheck: now + 5000 }, { ...past, state: 'paused' }), [0]);
    });

    it('is what was never looked at', () => {
      assert.deepEqual(due({}, {}), [0]);
    });

    it('is what comes within a fiftieth of its interval', () => {
      const checked = { lastCheck: now - 9000 };
      assert.deepEqual(
        due({}, { ...checked, nextCheck: now + 200 }, { ...checked, nextCheck: now + 201 }),
        [0],
      );
    });

    it('is nothing that was looked at sooner than its cluster wants', () => {
      assert.deepEqual(due({}, { nextCheck: now - 1, lastCheck: now - 999 }), []);
    });

    it('is every active watcher while its job drains, if it ever ran', () => {
      const later = { nextCheck: now + 5000, lastCheck: now };
      assert.deepEqual(due({ phase: 'draining' }, later, { ...later, state: 'triggered' }), [0]);
      assert.deepEqual(due({ phase: 'draining', started: null }, later), []);
    });

    it('is nothing of a job that waits, unless it has run before', () => {
      assert.deepEqual(due({ phase: 'queued', started: null }, {}), []);
      assert.deepEqual(due({ phase: 'queued', started: null, restarts: 1 }, {}), [0]);
    });
  });

  describe('timers', () => {
    const timers = (of: Partial<Job>, progress: Partial<Progress>): number =>
      findComeDeadlines({
        jobs: [job(of)],
        watchersOf: () => [toWatcher({ timerIntervalSeconds: 60 }, progress)],
        now,
      }).length;

    it('act when they have come, while the job runs and the watcher is active', () => {
      assert.equal(timers({}, { deadlines: { timer: now } }), 1);
      assert.equal(timers({}, { deadlines: { timer: now + 1 } }), 0);
      assert.equal(timers({}, {}), 0);
      assert.equal(timers({}, { deadlines: { timer: now }, state: 'paused' }), 0);
      assert.equal(timers({ phase: 'queued' }, { deadlines: { timer: now } }), 0);
    });

    it('that were planned by a clock that has been set back since have come', () => {
      assert.equal(timers({}, { deadlines: { timer: now + 60_001 } }), 1);
    });
  });

  describe('the next tick', () => {
    const pause = (
      jobs: readonly Job[],
      watchers: readonly Watcher[] = [],
      others: readonly number[] = [],
    ): number => findPause({ jobs, watchersOf: () => watchers, now }, { traits, others });

    it('comes within a minute', () => {
      assert.equal(pause([]), 60_000);
      assert.equal(pause([], [], [now + 600_000]), 60_000);
    });

    it('comes with the first watcher that is due, or timer', () => {
      const later = watcher({ nextCheck: now + 9000, lastCheck: now - 1000 });
      assert.equal(pause([job()], [later, watcher({ nextCheck: now + 7000, lastCheck: now - 1000 })]), 7000);
      assert.equal(
        pause(
          [job()],
          [
            later,
            watcher({ deadlines: { timer: now + 5000 }, nextCheck: now + 9000, lastCheck: now - 1000 }),
          ],
        ),
        5000,
      );
    });

    it('does not come for the timer of a watcher that is paused', () => {
      assert.equal(pause([job()], [watcher({ state: 'paused', deadlines: { timer: now - 5000 } })]), 60_000);
    });

    it('waits for no timer of a job that does not run, and for no output that is not named', () => {
      const soon = watcher({ nextCheck: now + 500, lastCheck: now - 1000, deadlines: { timer: now + 400 } });
      assert.equal(pause([job({ phase: 'queued' })], [soon]), 60_000);
      const unnamed = job({ phase: 'queued', restarts: 1, outputs: { stdout: null, stderr: null } });
      assert.equal(pause([unnamed], [soon]), 60_000);
    });

    it('comes when a job that drains may be quiet for long enough', () => {
      assert.equal(pause([job({ phase: 'draining' })]), 2000);
    });

    it('comes for other reasons, but never at once', () => {
      assert.equal(pause([], [], [now + 5000, now + 3000]), 3000);
      assert.equal(pause([], [], [-Infinity]), 10);
    });
  });

  describe('who was overlooked', () => {
    const overlooked = (of: Partial<Job>, progress: Partial<Progress>, planned: number): readonly number[] =>
      findOverlooked({ jobs: [job(of)], watchersOf: () => [watcher(progress)], now }, planned).map(
        ({ ms }) => ms,
      );

    it('is a job whose watcher was due long ago, if the tick comes late', () => {
      assert.deepEqual(overlooked({}, { nextCheck: now - 60_000 }, now - 60_000), [60_000]);
      assert.deepEqual(overlooked({}, { nextCheck: now - 60_000 }, now - 10_000), []);
      assert.deepEqual(overlooked({}, { nextCheck: now - 10_000 }, now - 60_000), []);
    });

    it('is none that waits, and none without an active watcher', () => {
      assert.deepEqual(overlooked({ phase: 'queued' }, { nextCheck: now - 60_000 }, -Infinity), []);
      assert.deepEqual(overlooked({}, { state: 'paused', nextCheck: now - 60_000 }, -Infinity), []);
    });
  });

  it('tries again after growing pauses, up to a minute, of which a part is chance', () => {
    assert.deepEqual(
      [0, 1, 5, 6, 60].map((failures) => findRetryPause(failures, 1)),
      [1000, 2000, 32_000, 60_000, 60_000],
    );
    assert.equal(findRetryPause(1, 0), 1000);
  });
});
