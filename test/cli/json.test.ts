// The shapes that programs read: names, order and units are a promise.
import assert from 'node:assert/strict';
import { toClusterJobJson, toClusterJson, toJobJson, toStatusJson } from '../../cli/json';
import type { ClusterStatus } from '../../engine/model';
import { toJob } from '../records';

const cluster: ClusterStatus = {
  name: 'big',
  kind: 'ssh',
  state: 'connected',
  commands: 7,
  reads: 5,
  lastTickMs: 12,
  lastTickCommands: 1,
  lastTickReads: 2,
  trouble: null,
};

describe('the JSON', () => {
  it('of a job is the same, watched or not', () => {
    const job = toJob({ submitted: 0, started: 1000, outputs: { stdout: '/o', stderr: '/e' } });
    const expected = {
      cluster: 'sandbox',
      job: '12',
      name: 'train',
      state: 'RUNNING',
      submitted: '1970-01-01T00:00:00.000Z',
      started: '1970-01-01T00:00:01.000Z',
      ended: null,
      exit_code: null,
      stdout: '/o',
      stderr: '/e',
    };
    assert.deepEqual(toJobJson(job), { ...expected, chain: null });
    assert.deepEqual(toClusterJobJson(job, 'big'), { ...expected, cluster: 'big' });
  });

  it('of the clusters says how they are connected', () => {
    assert.deepEqual(toClusterJson({ ...cluster, state: 'needs-sign-in', trouble: 'Sign in.' }), {
      name: 'big',
      kind: 'ssh',
      state: 'needs-sign-in',
      trouble: 'Sign in.',
    });
  });

  it('of the engine counts what it asks of clusters', () => {
    const status = {
      pid: 1,
      version: '1.0.0',
      generation: 1,
      uptimeSeconds: 2,
      activeWatchers: 3,
      clients: 1,
    };
    const reason = 'There is no webhook.';
    const waiting = [{ action: 'notify_slack' as const, reason, count: 2, isRetried: false, since: 1000 }];
    assert.deepEqual(toStatusJson({ ...status, clusters: [cluster], waiting }), {
      running: true,
      pid: 1,
      version: '1.0.0',
      uptime_seconds: 2,
      waiting: [
        { action: 'notify_slack', reason, retried: false, count: 2, since: '1970-01-01T00:00:01.000Z' },
      ],
      active_watchers: 3,
      clusters: [
        {
          name: 'big',
          state: 'connected',
          commands: 7,
          reads: 5,
          last_tick_ms: 12,
          last_tick_commands: 1,
          last_tick_reads: 2,
        },
      ],
    });
    assert.deepEqual(toStatusJson(undefined), {
      running: false,
      pid: null,
      version: null,
      uptime_seconds: 0,
      active_watchers: 0,
      clusters: [],
      waiting: [],
    });
  });
});
