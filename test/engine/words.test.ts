// Jobs, watchers and events in words.
import assert from 'node:assert/strict';
import {
  count,
  describeChain,
  describeNext,
  describeJob,
  describeTask,
  describeWait,
  describeWatcher,
  findWait,
  toAge,
  toDuration,
  toLevel,
  toOneLine,
  toSlurmDuration,
} from '../../engine/words';
import { toEvent, toJob, toWatcher } from '../records';

const now = 1_000_000_000;

describe('words', () => {
  it('for a chain say which job of how many it is, and whose watcher went on with it', () => {
    const chain = { number: 3, of: 5, from: '41', watcher: 'oom' };
    assert.equal(describeChain(toJob({ chain })), 'job 3 of 5, from job 41, by watcher "oom"');
    assert.equal(describeChain(toJob()), undefined);
    assert.equal(
      describeNext(toJob({ id: '43', chain })),
      'Job 43 continues it (resubmit by "oom", job 3 of at most 5).',
    );
    assert.equal(describeNext(toJob()), undefined);
    const first = toJob({ successor: 'next' });
    assert.equal(describeChain(first), 'job 1');
    const jobs = new Map([['next', toJob({ chain })]]);
    assert.equal(
      describeChain(first, (key) => jobs.get(key)),
      'job 1 of 5',
    );
  });

  it('for durations take the largest unit that fits', () => {
    assert.deepEqual([0, 59_999, 60_000, 3_600_000, 200_000_000].map(toDuration), [
      '0 s',
      '59 s',
      '1 min',
      '1 h',
      '2 d',
    ]);
    assert.equal(toDuration(-5), '0 s');
  });

  it('for durations as Slurm prints them have days if there are any', () => {
    assert.deepEqual([0, 61_000, 3_600_000, 90_061_000, -5].map(toSlurmDuration), [
      '00:00:00',
      '00:01:01',
      '01:00:00',
      '1-01:01:01',
      '00:00:00',
    ]);
  });

  it('for an action that waits are found again, and no others', () => {
    const result = describeWait('notify_slack', 'There is no webhook.');
    const waits = toEvent({ kind: 'error', action: 'notify_slack', result });
    assert.equal(findWait(waits), 'There is no webhook.');
    assert.equal(findWait({ ...waits, kind: 'action' }), undefined);
    assert.equal(findWait({ ...waits, action: null }), undefined);
    assert.equal(findWait({ ...waits, result: 'x is not a number' }), undefined);
  });

  it('count with the noun in its number', () => {
    assert.deepEqual(
      [count(0, 'task'), count(1, 'task'), count(1, 'match', 'matches'), count(2, 'match', 'matches')],
      ['0 tasks', '1 task', '1 match', '2 matches'],
    );
  });

  it('for ages begin with just now', () => {
    assert.equal(toAge(now - 4000, now), 'just now');
    assert.equal(toAge(now - 130_000, now), '2 min ago');
  });

  it('for a watcher say triggers, last values and age', () => {
    const watcher = toWatcher(
      { captures: ['loss', null, 'epoch'] },
      { triggerCount: 3, variables: { epoch: '7', loss: '0.31' }, lastMatch: now - 120_000 },
    );
    assert.equal(describeWatcher(watcher, now), '3 triggers · loss=0.31 epoch=7 · 2 min ago');
  });

  it('for a watcher that is not watching begin with its state', () => {
    assert.equal(
      describeWatcher(toWatcher({}, { state: 'paused', triggerCount: 1 }), now),
      'paused · 1 trigger',
    );
    assert.equal(
      describeWatcher(toWatcher({}, { state: 'disabled', failureCount: 5 }), now),
      'disabled · 0 triggers · 5 failures',
    );
  });

  it('never carry control characters of the output, and say where they were', () => {
    assert.equal(toOneLine('a\u001b[31mred\r\n\tb\u202e'), 'a\\x1b[31mred b\\u202e');
    assert.equal(toOneLine('x\u{1f600}y', 3), 'x…');
    assert.equal(toOneLine('x'.repeat(300)).length, 200);
  });

  it('for a job say its id, state and time', () => {
    assert.equal(
      describeJob(toJob({ state: 'PENDING', phase: 'queued', reason: 'Resources' }), now),
      'job 12 · pending · Resources',
    );
    assert.equal(describeJob(toJob({ started: now - 60_000 }), now), 'job 12 · running · 1 min');
    assert.equal(describeJob(toJob({ started: now - 59_000 }), now), 'job 12 · running');
    assert.equal(
      describeJob(
        toJob({ state: 'OUT_OF_MEMORY', endState: 'out_of_memory', phase: 'ended', ended: now - 3_600_000 }),
        now,
      ),
      'job 12 · out of memory · 1 h ago',
    );
    const cancelledBy = { watcher: 'out of memory', reason: null };
    assert.equal(
      describeJob(
        toJob({ state: 'CANCELLED', endState: 'cancelled', phase: 'ended', ended: now, cancelledBy }),
        now,
      ),
      'job 12 · cancelled by "out of memory" · just now',
    );
    assert.equal(describeJob(toJob({ id: '', phase: 'submitting' }), now), 'submitting');
  });

  it('for a task of an array say its state, and what its watchers did together', () => {
    const task = toJob({ id: '12_3', started: now - 60_000 });
    const watchers = [toWatcher({}, { triggerCount: 2 }), toWatcher({}, { triggerCount: 1 })];
    assert.equal(describeTask(task, watchers, now), 'running · 1 min · 3 triggers');
    assert.equal(describeTask(task, [], now), 'running · 1 min');
  });

  it('rank events', () => {
    assert.equal(toLevel(toEvent({ params: { level: 'error' } })), 'error');
    assert.equal(toLevel(toEvent({ success: false })), 'error');
    assert.equal(toLevel(toEvent({ kind: 'error' })), 'error');
    assert.equal(toLevel(toEvent({ kind: 'gap' })), 'warning');
    assert.equal(toLevel(toEvent({ params: { level: 'debug' } })), 'info');
  });
});
