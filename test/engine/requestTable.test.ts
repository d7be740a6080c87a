// The table of requests: each row's shape takes what the engine answers, and names every cluster that the engine reaches for it.
import assert from 'node:assert/strict';
import { startEngine, type Engine } from '../../engine/engine';
import { WatchError } from '../../engine/errors';
import { answer, checkRequest, findReached } from '../../engine/host/requests';
import type { ClusterDirectory, OpenedCluster } from '../../engine/ports';
import type { EngineMethod, EngineRequests } from '../../engine/protocol';
import { isReading, requestTable, type Caller } from '../../engine/requestTable';
import { createFakeClock } from './fakeClock';
import { FakeCluster } from './fakeCluster';
import { inThreadMatcher } from './inThreadMatcher';
import { MemoryStore } from './memoryStore';
import { ownActions } from './ownActions';

const script = '#!/bin/bash\n#WATCHER name=seen pattern="n=\\d+" interval=10s action=log_event\nsleep 1000\n';

/** Notes each time something is asked of the cluster, and by what name it was opened. */
class World implements ClusterDirectory {
  readonly clock = createFakeClock();
  readonly cluster = new FakeCluster(this.clock);
  readonly store = new MemoryStore();
  readonly opened: string[] = [];
  engine!: Engine;

  list(): ReturnType<ClusterDirectory['list']> {
    return Promise.resolve([{ name: 'fake', kind: 'ssh' }]);
  }

  open(name: string): Promise<OpenedCluster> {
    this.opened.push(name);
    const findWorkdir = (path: string | null): Promise<string> => {
      this.cluster.commands += 1;
      return Promise.resolve(path ?? '/home/me');
    };
    return Promise.resolve({ cluster: this.cluster, findWorkdir, allowSignIn: () => undefined });
  }

  /** An engine that has opened nothing yet, on what one before it left. */
  async start(): Promise<void> {
    const ids = { next: () => `id${++this.count}` };
    this.engine = await startEngine({
      ...{ clusters: this, store: this.store, matcher: inThreadMatcher, clock: this.clock, ids },
      random: () => 0.5,
      actions: ownActions,
    });
  }
  private count = 0;

  get touches(): number {
    return this.opened.length + this.cluster.commands + this.cluster.reads;
  }
}

describe('the table of requests', () => {
  let world: World;
  let watchers: readonly string[];
  let job: string;

  beforeEach(async () => {
    world = new World();
    await world.start();
    const submitted = await world.engine.submit({
      ...{ cluster: 'fake', scriptName: 'a.sh', script, workdir: null, options: [] },
    });
    job = submitted.job.id;
    watchers = submitted.watchers.map(({ id }) => id);
    assert.equal(watchers.length, 1);
  });
  afterEach(() => world.engine.close());

  const watcherFile = JSON.stringify([{ pattern: 'ERROR' }]);
  const output = { cluster: 'fake', job: '1', stream: 'stdout' } as const;
  const caller: Caller = {
    by: 'a test',
    follows: { take: () => true, keep: () => undefined, end: () => undefined },
    tell: () => undefined,
  };
  const samples = (): { readonly [M in EngineMethod]?: EngineRequests[M][0] } => ({
    'engine/surroundings': { settings: null, environment: {} },
    'engine/status': {},
    'engine/stop': {},
    'engine/submit': { cluster: 'fake', scriptName: 'b.sh', script, workdir: null, options: [] },
    'engine/attach': { cluster: 'fake', job, watchers: watcherFile, from: 'end' },
    'engine/edit': { watcher: watchers[0] ?? '', definition: watcherFile },
    'engine/dryRun': { cluster: 'fake', job, watchers: watcherFile, tickMs: 1000 },
    'engine/jobs': {},
    'engine/watchers': {},
    'engine/events': {},
    'engine/pendingActions': { job },
    'engine/metrics': {},
    'engine/metricSeries': { series: [], axis: 'step', from: null, to: null, buckets: 100 },
    'engine/metricNames': { jobs: [job], recent: 10 },
    'engine/pause': { watchers },
    'engine/resume': { watchers, missed: 'skip' },
    'engine/rearm': { watchers, missed: 'skip' },
    'engine/planTrigger': { watchers },
    'engine/trigger': { watchers },
    'engine/remove': { watchers },
    'engine/cancelJob': { cluster: 'fake', job },
    'engine/clusters': {},
    'engine/signIn': { cluster: 'fake' },
    'engine/clusterJobs': { cluster: 'fake', background: false },
    'engine/readOutput': { cluster: 'fake', job, stream: 'stdout', from: null, maxBytes: 100 },
    'engine/follow': { ...output, follow: 'f', from: null, context: 100 },
    'engine/unfollow': { follow: 'f' },
    'engine/searchOutput': { ...output, pattern: 'n', from: 0, limit: 10 },
    'engine/countLines': { ...output, from: 0, to: null, lines: null },
    'engine/findWorkdir': { cluster: 'fake', path: null },
    'engine/setSecret': { name: 'mail', value: 'secret' },
    'engine/agreements': {},
    'engine/withdrawConsent': { agreements: [] },
  });

  for (const method of Object.keys(requestTable) as EngineMethod[]) {
    const row = requestTable[method];
    if (!row.answer) continue;

    it(`${method} names every cluster that it reaches`, async () => {
      const params = samples()[method];
      assert.ok(params, `write a sample of ${method}`);
      assert.doesNotThrow(() => {
        checkRequest(method, params);
      });
      const reached = await findReached(world.engine, method, params);
      const before = world.touches;
      // A refusal comes after the cluster was reached, or without it.
      await answer(world.engine, method, params, caller).catch((error: unknown) => {
        assert.ok(error instanceof WatchError, String(error));
      });
      if (world.touches > before) assert.deepEqual(reached, ['fake'], `${method} reached a cluster unasked`);
    });
  }

  it('asks nobody about what nobody waits for', async () => {
    assert.deepEqual(
      await findReached(world.engine, 'engine/clusterJobs', { cluster: 'fake', background: true }),
      [],
    );
  });

  it('reaches no cluster for watchers that are not known', async () => {
    assert.deepEqual(await findReached(world.engine, 'engine/trigger', { watchers: ['nobody'] }), []);
  });

  it('has a row that reads for whatever changes nothing', () => {
    const reading = (Object.keys(requestTable) as EngineMethod[]).filter(isReading).sort();
    assert.deepEqual(reading, [
      ...[
        'engine/agreements',
        'engine/clusterJobs',
        'engine/clusters',
        'engine/countLines',
        'engine/dryRun',
        'engine/events',
      ],
      ...['engine/findWorkdir', 'engine/follow', 'engine/jobs', 'engine/metricNames', 'engine/metricSeries'],
      ...['engine/metrics', 'engine/pendingActions', 'engine/planTrigger', 'engine/readOutput'],
      ...['engine/searchOutput', 'engine/status', 'engine/unfollow', 'engine/watchers'],
    ]);
  });

  it('refuses what does not look like a request, and says what it should be', () => {
    const wrong = (method: string, params: unknown, message: RegExp): void => {
      assert.throws(() => {
        checkRequest(method, params);
      }, message);
    };
    wrong('engine/events', { limit: -1 }, /"limit" of engine\/events is not a whole number, 0 or more\./);
    wrong(
      'engine/cancelJob',
      { cluster: 'fake', job: '--me' },
      /"job" of engine\/cancelJob is not a job's id/,
    );
    wrong('engine/submit', [], /The parameters of engine\/submit are not an object\./);
    wrong(
      'engine/surroundings',
      { settings: { clusters: 7 }, environment: {} },
      /"settings" of .* is not what/,
    );
  });
});
