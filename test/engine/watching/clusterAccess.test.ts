// The way to a cluster: opened once and when it is wanted, anew when its settings have changed, with people's help at most once a minute.
import assert from 'node:assert/strict';
import type { WatchErrorCode } from '../../../engine/errors';
import { WatchError } from '../../../engine/errors';
import type { ConnectionState } from '../../../engine/model';
import type { OpenedCluster } from '../../../engine/ports';
import { ClusterAccess } from '../../../engine/watching/clusterAccess';
import { createFakeClock } from '../fakeClock';

describe('the way to a cluster', () => {
  let told: string[];
  let connection: ConnectionState;
  let code: WatchErrorCode | undefined;
  let clock: ReturnType<typeof createFakeClock>;
  let access: ClusterAccess;

  const open = (): Promise<OpenedCluster> => {
    told.push('open');
    const cluster = {
      get connection() {
        return connection;
      },
      close: () => {
        told.push('close');
        return Promise.resolve();
      },
    };
    return Promise.resolve({ cluster, allowSignIn: () => told.push('allow') } as unknown as OpenedCluster);
  };

  beforeEach(() => {
    told = [];
    connection = 'idle';
    code = undefined;
    clock = createFakeClock();
    const troubles = {
      get code() {
        return code;
      },
      note: (error: WatchError) => void told.push(`note ${error.code}`),
      end: () => {
        told.push('end');
        code = undefined;
        return Promise.resolve();
      },
    };
    access = new ClusterAccess({ open, troubles, clock, onRecovery: () => void told.push('recovery') });
  });

  it('is opened once, by whoever wants it first', async () => {
    assert.equal(access.cluster, undefined);
    await Promise.all([access.open(), access.open()]);
    await access.open();
    assert.deepEqual(told, ['open']);
  });

  it('is opened anew after its settings have changed, unless it is connected', async () => {
    await access.open();
    connection = 'connected';
    access.outdate();
    await access.open();
    assert.deepEqual(told, ['open']);
    connection = 'disconnected';
    await access.open();
    assert.deepEqual(told, ['open', 'close', 'open']);
  });

  it('is what its connection is, unless something is wrong', async () => {
    assert.equal(access.state, 'idle');
    await access.open();
    connection = 'connected';
    assert.equal(access.state, 'connected');
    code = 'cluster-unreachable';
    assert.equal(access.state, 'disconnected');
    code = 'needs-sign-in';
    assert.equal(access.state, 'needs-sign-in');
  });

  it('has a sign-in tried again that waits for a person, at most once a minute', async () => {
    await access.open();
    assert.equal(access.allowSignIn(), false);
    code = 'needs-sign-in';
    assert.equal(access.allowSignIn(), true);
    clock.jumpTo(59_999);
    assert.equal(access.allowSignIn(), false);
    clock.jumpTo(60_000);
    assert.equal(access.allowSignIn(), true);
    assert.deepEqual(told, ['open', 'allow', 'allow']);
  });

  it('recovers with an answer, and tells of what failed', async () => {
    code = 'cluster-unreachable';
    assert.equal(await access.ask(() => Promise.resolve(7), true), 7);
    assert.deepEqual(told.splice(0), ['open', 'allow', 'end', 'recovery']);
    code = 'command-failed';
    await access.ask(() => Promise.resolve(7), false);
    assert.deepEqual(told.splice(0), ['recovery']);
    const failure = new WatchError('timed-out', 'No answer.', 'Wait.');
    await assert.rejects(() => access.ask(() => Promise.reject(failure), false));
    assert.deepEqual(told, ['note timed-out']);
  });
});
