// What jobs look like in trees.
import assert from 'node:assert/strict';
import { toJobLook, toWatchedJobLook } from '../../client/jobLook';
import { toJob } from '../records';

describe('a job', () => {
  it('looks over as soon as Slurm says so, while its output is still being read', () => {
    const job = toJob({ phase: 'draining', state: 'CANCELLED', endState: 'cancelled', started: 1 });
    assert.equal(toWatchedJobLook(job), 'cancelled');
  });

  it('looks as if it ran where it is an array whose tasks run', () => {
    assert.equal(toJobLook({ state: 'RUNNING', started: null }), 'running');
  });

  it('looks failed where its script was refused', () => {
    assert.equal(toWatchedJobLook(toJob({ phase: 'refused', started: null })), 'failed');
  });

  it('looks as its state is', () => {
    const looks = (['PENDING', 'RUNNING', 'SUSPENDED', 'COMPLETED', 'TIMEOUT', 'UNKNOWN'] as const).map(
      (state) => toJobLook({ state, started: state === 'PENDING' ? null : 1 }),
    );
    assert.deepEqual(looks, ['waiting', 'running', 'suspended', 'completed', 'failed', 'failed']);
  });
});
