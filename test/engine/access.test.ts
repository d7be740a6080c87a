// Clusters by name: loops on demand, clusters that wait for a person, clusters that are gone, interrupted submissions.
import assert from 'node:assert/strict';
import { startEngine, type Engine } from '../../engine/engine';
import { WatchError, type WatchErrorCode } from '../../engine/errors';
import type { Submission } from '../../engine/model';
import type { Cluster, ClusterDirectory, JobReport, OpenedCluster } from '../../engine/ports';
import type { Submitted } from '../../engine/protocol';
import { createFakeClock } from './fakeClock';
import { FakeCluster } from './fakeCluster';
import { inThreadMatcher } from './inThreadMatcher';
import { MemoryStore } from './memoryStore';
import { ownActions } from './ownActions';

const script = '#!/bin/bash\n#WATCHER name=seen pattern="n=\\d+" interval=10s action=log_event\nsleep 1000\n';

/** A cluster behind a connection that fails as a test says. */
class FlakyCluster extends FakeCluster {
  /** What every request fails with. */
  failure: WatchErrorCode | null = null;
  /** Submissions are lost on the way. */
  losesSubmissions = false;
  handedOver = 0;

  override async submit(submission: Submission): Promise<{ id: string }> {
    this.fail();
    this.handedOver += 1;
    if (this.losesSubmissions) throw broken();
    return super.submit(submission);
  }

  override async findSubmission(submission: Submission): Promise<{ id: string } | null> {
    this.fail();
    return super.findSubmission(submission);
  }

  override async listJobs(): Promise<readonly JobReport[]> {
    this.fail();
    return super.listJobs();
  }

  override async query(ids: readonly string[]): Promise<readonly JobReport[]> {
    this.commands += 1;
    this.fail();
    return super.query(ids);
  }

  override async read(requests: Parameters<Cluster['read']>[0]): ReturnType<Cluster['read']> {
    this.fail();
    return super.read(requests);
  }

  fail(): void {
    if (this.failure !== null) throw new WatchError(this.failure, 'It is away.', 'Do something.');
  }
}

const broken = (): WatchError =>
  new WatchError('cluster-unreachable', 'The connection broke.', 'It is tried again.');

class World implements ClusterDirectory {
  readonly clock = createFakeClock();
  readonly cluster = new FlakyCluster(this.clock);
  readonly store = new MemoryStore();
  names = ['fake', 'other'];
  opened: string[] = [];
  /** How often a sign-in was allowed again. */
  allowed = 0;
  engine!: Engine;
  private count = 0;

  list(): ReturnType<ClusterDirectory['list']> {
    return Promise.resolve(this.names.map((name) => ({ name, kind: 'ssh' })));
  }

  async open(name: string): Promise<OpenedCluster> {
    await Promise.resolve();
    if (!this.names.includes(name))
      throw new WatchError('not-found', `There is no cluster called "${name}".`, 'Configure it again.');
    this.opened.push(name);
    return {
      cluster: this.cluster,
      findWorkdir: async (path) => {
        this.cluster.commands += 1;
        this.cluster.fail();
        return Promise.resolve(path ?? '/home/me');
      },
      allowSignIn: () => {
        this.allowed += 1;
      },
    };
  }

  async start(): Promise<void> {
    const { clock, store } = this;
    const ids = { next: () => `id${++this.count}` };
    this.engine = await startEngine({
      ...{ clusters: this, store, matcher: inThreadMatcher, clock, ids, random: () => 0.5 },
      actions: ownActions,
    });
    await this.settle();
  }

  /** Lets everything happen that is due now. */
  settle(): Promise<void> {
    return this.clock.advanceTo(this.clock.now());
  }

  submit(): Promise<Submitted> {
    const request = { cluster: 'fake', scriptName: 's.sh', script, workdir: null, options: [] };
    return this.engine.submit(request);
  }

  async states(): Promise<readonly string[]> {
    return (await this.engine.listClusters()).map(({ name, state }) => `${name} ${state}`);
  }

  async errors(): Promise<readonly string[]> {
    return (await this.store.events({ kind: 'error' })).map(({ result }) => result);
  }
}

const isError =
  (code: WatchErrorCode) =>
  (error: unknown): boolean =>
    error instanceof WatchError && error.code === code;

describe('access to clusters', () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    await world.start();
  });
  afterEach(() => world.engine.close());

  it('begins with the first thing that is asked of one, and leaves the others alone', async () => {
    assert.deepEqual(await world.states(), ['fake idle', 'other idle']);
    await world.clock.advanceTo(600_000);
    assert.deepEqual(world.opened, []);
    await world.submit();
    assert.deepEqual(await world.states(), ['fake connected', 'other idle']);
    assert.deepEqual(world.opened, ['fake']);
  });

  it('goes on by itself where jobs are live', async () => {
    await world.submit();
    await world.engine.close();
    world.opened = [];
    await world.start();
    assert.deepEqual(world.opened, ['fake']);
    assert.deepEqual(await world.states(), ['fake connected', 'other idle']);
  });

  it('puts jobs into the root directory where nobody says otherwise', async () => {
    assert.equal((await world.submit()).job.submission?.workdir, '/home/me');
  });

  it('of a cluster that is gone is told with its jobs, and comes back with it', async () => {
    const { job } = await world.submit();
    await world.engine.close();
    world.names = ['other'];
    await world.start();
    assert.deepEqual(await world.errors(), ['fake: There is no cluster called "fake". Configure it again.']);
    assert.deepEqual(await world.states(), ['other idle', 'fake disconnected']);
    world.names = ['fake', 'other'];
    world.engine.refresh();
    world.cluster.print(job.id, 'n=1\n');
    await world.clock.advanceTo(20_000);
    assert.deepEqual(await world.states(), ['fake connected', 'other idle']);
    const logged = (await world.store.events({ kind: 'action' })).map(({ result }) => result);
    assert.deepEqual(logged, ['n=1']);
  });

  it('is not tried again by itself where it waits for a person', async () => {
    await world.submit();
    world.cluster.failure = 'needs-sign-in';
    await world.clock.advanceTo(10_000);
    assert.deepEqual(await world.states(), ['fake needs-sign-in', 'other idle']);
    const { commands } = world.cluster;
    await world.clock.advanceTo(3_600_000);
    assert.equal(world.cluster.commands, commands);
    const { allowed } = world;
    await assert.rejects(world.engine.clusterJobs('fake', true), isError('needs-sign-in'));
    assert.equal(world.allowed, allowed, 'looking is no sign-in');
    world.cluster.failure = null;
    world.engine.retrySignIns();
    assert.equal(world.allowed, allowed + 1);
    await world.clock.advanceTo(3_601_000);
    assert.deepEqual(await world.states(), ['fake connected', 'other idle']);
    assert.equal((await world.errors()).length, 1);
  });

  it('is tried once a minute at most, however many clients come', async () => {
    await world.submit();
    world.cluster.failure = 'needs-sign-in';
    await world.clock.advanceTo(10_000);
    const { allowed } = world;
    for (let seconds = 10; seconds < 130; seconds++) {
      world.engine.retrySignIns();
      world.engine.refresh();
      await world.clock.advanceTo(seconds * 1000);
    }
    assert.equal(world.allowed - allowed, 2);
  });

  it('goes on when somebody has signed in', async () => {
    await world.submit();
    world.cluster.failure = 'needs-sign-in';
    await world.clock.advanceTo(10_000);
    await assert.rejects(world.engine.signIn('fake'), isError('needs-sign-in'));
    world.cluster.failure = null;
    assert.equal((await world.engine.signIn('fake')).state, 'connected');
    await world.clock.advanceTo(11_000);
    assert.deepEqual(await world.states(), ['fake connected', 'other idle']);
  });

  it('that failed is shown also where no job tells of it', async () => {
    world.cluster.failure = 'needs-sign-in';
    await assert.rejects(world.engine.clusterJobs('fake', false), isError('needs-sign-in'));
    const [fake] = await world.engine.listClusters();
    assert.equal(fake?.state, 'needs-sign-in');
    assert.equal(fake.trouble, 'It is away. Do something.');
    world.cluster.failure = null;
    await world.engine.clusterJobs('fake', false);
    await world.settle();
    assert.deepEqual(await world.states(), ['fake connected', 'other idle']);
  });

  it('counts new settings at the next connect alone', async () => {
    await world.submit();
    world.opened = [];
    world.engine.refresh();
    await world.clock.advanceTo(10_000);
    assert.deepEqual(world.opened, [], 'a connection that holds is kept');
  });

  it('lists the jobs of a cluster, and which of them are watched', async () => {
    const { job } = await world.submit();
    const foreign = { token: 't', scriptName: 'x.sh', script: '', workdir: '/', options: [] };
    await world.cluster.submit({ ...foreign, cleanScript: '#!/bin/sh\nsleep 9\n' });
    const jobs = await world.engine.clusterJobs('fake', false);
    assert.deepEqual(
      jobs.map(({ report, key, watched }) => [report.id, key, watched]),
      [
        [job.id, job.key, true],
        ['2', null, false],
      ],
    );
  });

  it('takes no job for watched whose watchers are gone, and one for watched that has ended', async () => {
    const { job } = await world.submit();
    const listed = async (): Promise<unknown> =>
      (await world.engine.clusterJobs('fake', false)).map(({ key, watched }) => [key, watched]);
    assert.deepEqual(await listed(), [[job.key, true]]);
    const watchers = (await world.engine.watchers({})).map(({ id }) => id);
    const [last = '', ...others] = watchers;
    await world.engine.remove(others);
    world.cluster.end(job.id, 'COMPLETED');
    await world.clock.advanceTo(60_000);
    assert.deepEqual(await listed(), [[job.key, true]]);
    await world.engine.trigger([last]);
    await world.engine.remove([last]);
    assert.deepEqual(await listed(), [[job.key, false]]);
  });

  it('does not take a job for its own that has the id of an older one', async () => {
    const { job } = await world.submit();
    world.cluster.end(job.id, 'COMPLETED');
    await world.clock.advanceTo(60_000);
    const report = { ...(await world.cluster.listJobs())[0], submitted: 86_400_000 } as JobReport;
    world.cluster.listJobs = () => Promise.resolve([report]);
    assert.deepEqual(
      (await world.engine.clusterJobs('fake', false)).map(({ key }) => key),
      [null],
    );
  });

  it('reads the output of any job, from its end where nobody says where', async () => {
    const { job } = await world.submit();
    world.cluster.print(job.id, '0123456789');
    const request = { cluster: 'fake', job: job.id, stream: 'stdout', from: null, maxBytes: 4 } as const;
    const piece = await world.engine.readOutput(request);
    assert.deepEqual(
      { ...piece, bytes: Buffer.from(piece.bytes).toString() },
      {
        path: '/home/me/slurm-1.out',
        from: 6,
        bytes: '6789',
        size: 10,
      },
    );
    await assert.rejects(world.engine.readOutput({ ...request, job: '77' }), isError('not-found'));
  });
});

describe('a submission', () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    await world.start();
  });
  afterEach(() => world.engine.close());

  const submitMeanwhile = async (until: number): Promise<Submitted> => {
    const submitted = world.submit();
    submitted.catch(() => undefined);
    await world.clock.advanceTo(until);
    return submitted;
  };

  it('whose answer was lost is answered with its one job', async () => {
    world.cluster.losesAnswers = true;
    const { job, watchers } = await submitMeanwhile(10_000);
    assert.equal(job.id, '1');
    assert.equal(watchers.length, 1);
    assert.equal(world.cluster.handedOver, 1);
    assert.equal((await world.cluster.listJobs()).length, 1);
    assert.equal((await world.engine.jobs({})).length, 1);
  });

  it('that did not arrive is answered so, and may be made again', async () => {
    world.cluster.losesSubmissions = true;
    await assert.rejects(submitMeanwhile(10_000), isError('submission-refused'));
    assert.equal(world.cluster.handedOver, 1);
    assert.deepEqual(await world.engine.jobs({ live: true }), []);
    world.cluster.losesSubmissions = false;
    await world.submit();
    assert.equal((await world.cluster.listJobs()).length, 1);
  });

  it('that cannot be resolved in time is unknown, and found out later', async () => {
    world.cluster.losesAnswers = true;
    world.cluster.undecided = true;
    await assert.rejects(submitMeanwhile(120_000), isError('submission-unknown'));
    world.cluster.undecided = false;
    await world.clock.advanceTo(200_000);
    const jobs = await world.engine.jobs({});
    assert.deepEqual(
      jobs.map(({ id, phase }) => [id, phase]),
      [['1', 'running']],
    );
    assert.equal((await world.engine.watchers({})).length, 1);
  });

  it('that waits for its answer does not hold up the end of the engine', async () => {
    world.cluster.losesAnswers = true;
    world.cluster.undecided = true;
    const submitted = world.submit();
    submitted.catch(() => undefined);
    await world.settle();
    await world.engine.close();
    await assert.rejects(submitted, isError('submission-unknown'));
    world.cluster.undecided = false;
    await world.start();
    assert.deepEqual(
      (await world.engine.jobs({})).map(({ id }) => id),
      ['1'],
    );
  });

  it('leaves nothing where nobody could sign in', async () => {
    world.cluster.failure = 'needs-sign-in';
    await assert.rejects(world.submit(), isError('needs-sign-in'));
    assert.deepEqual(await world.engine.jobs({}), []);
    assert.equal(world.cluster.handedOver, 0);
  });
});
