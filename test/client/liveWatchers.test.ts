// What a submitted script shows of its watchers.
import assert from 'node:assert/strict';
import { describeLive, findLiveDirectives } from '../../client/liveWatchers';
import type { Job } from '../../engine/model';
import { toJob, toWatcher } from '../records';

const script = '#!/bin/bash\n#WATCHER pattern="a"\n';
const submission = {
  token: 't',
  scriptName: 'a.sh',
  script,
  cleanScript: '#!/bin/bash\n\n',
  workdir: '/',
  options: [],
};
const watcher = { ...toWatcher(), lines: { first: 2, last: 2 } };
const find = (...jobs: readonly Partial<Job>[]): readonly (readonly [number, number])[] =>
  findLiveDirectives(
    script,
    jobs.map((job, index) => toJob({ key: `sandbox ${index}`, submission, ...job })),
    () => [watcher],
  ).map(({ line, watchers }) => [line, watchers.length]);

describe('a submitted script', () => {
  it('shows at each directive the watchers of the jobs that live of it', () => {
    assert.deepEqual(find({}, {}), [[2, 2]]);
  });

  it('shows nothing of jobs that are over, of arrays themselves, and of other texts', () => {
    assert.deepEqual(find({ phase: 'ended' }, { isArray: true }, { submission: null }), []);
    assert.deepEqual(find({ submission: { ...submission, script: `${script}\n` } }), []);
  });

  it('says of one watcher what it has seen, and of several how many are how', () => {
    const seen = toWatcher({ captures: ['loss'] }, { triggerCount: 3, variables: { loss: '0.31' } });
    assert.equal(describeLive([seen], 0), 'active · 3 triggers · loss=0.31');
    const paused = toWatcher({}, { state: 'paused', triggerCount: 1 });
    assert.equal(describeLive([paused], 0), 'paused · 1 trigger');
    assert.equal(describeLive([seen, seen, paused], 0), '2 active, 1 paused · 7 triggers');
  });
});
