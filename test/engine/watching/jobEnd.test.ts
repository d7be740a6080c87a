// The end of jobs: what an array ends in, and when jobs leave the books.
import assert from 'node:assert/strict';
import type { Job } from '../../../engine/model';
import { findForgettable, toEndedArray } from '../../../engine/watching/jobEnd';
import { toJob } from '../../records';

const end = (id: string, part: Partial<Job> = {}): Job => toJob({ key: id, id, phase: 'ended', ...part });

describe('the end of a job', () => {
  describe('of an array', () => {
    const array = toJob({ key: '7', id: '7', isArray: true, state: 'COMPLETED', phase: 'draining' });
    const task = (state: Job['state'], endState: Job['endState']): Job => toJob({ state, endState });

    it('is the worst of its tasks, counted', () => {
      const ended = toEndedArray(array, [
        task('COMPLETED', 'completed'),
        task('FAILED', 'failed'),
        task('COMPLETED', 'completed'),
      ]);
      assert.equal(ended.phase, 'ended');
      assert.equal(ended.state, 'FAILED');
      assert.equal(ended.endState, 'failed');
      assert.deepEqual(ended.taskEnds, { FAILED: 1, COMPLETED: 2 });
    });

    it('counts those that never began as cancelled', () => {
      const ended = toEndedArray({ ...array, taskEnds: { CANCELLED: 3 } }, [task('COMPLETED', 'completed')]);
      assert.equal(ended.endState, 'cancelled');
      assert.deepEqual(ended.taskEnds, { CANCELLED: 3, COMPLETED: 1 });
    });

    it('is its own if no task of it was ever seen to end', () => {
      const ended = toEndedArray({ ...array, state: 'TIMEOUT' }, [task('RUNNING', null)]);
      assert.equal(ended.endState, 'timeout');
    });
  });

  describe('has it leave the books', () => {
    const leaving = (jobs: readonly Job[], ...busy: readonly string[]): readonly string[] =>
      findForgettable(jobs, new Set(busy));

    it('once nothing of it waits in the outbox', () => {
      assert.deepEqual(leaving([end('1'), end('2'), toJob({ key: '3' })], '2'), ['1']);
    });

    it('as a task not before its array has ended', () => {
      const task = end('7_1', { parent: '7' });
      assert.deepEqual(leaving([toJob({ key: '7', isArray: true }), task]), []);
      assert.deepEqual(leaving([task]), ['7_1']);
    });

    it('as an array after its tasks', () => {
      const array = end('7', { isArray: true });
      const tasks = [end('7_1', { parent: '7' }), end('7_2', { parent: '7' })];
      assert.deepEqual(leaving([array, ...tasks]), ['7_1', '7_2']);
      assert.deepEqual(leaving([...tasks, array]), ['7_1', '7_2', '7']);
      assert.deepEqual(leaving([...tasks, array], '7_2'), ['7_1']);
    });
  });
});
