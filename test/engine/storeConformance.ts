// What every store promises, whatever it is made of: run on the fake and on the real one.
import assert from 'node:assert/strict';
import type { Job } from '../../engine/model';
import type { Change, Store, StoredState } from '../../engine/ports';
import {
  eventChange,
  jobChange,
  metricChange,
  sampleEntry,
  sampleEvent,
  sampleJob,
  sampleMetric,
  sampleProgress,
  sampleWatcher,
  watcherChange,
} from './storeSamples';

/** A place that stores are opened on, one after another; `open` closes the one before. */
export interface StoreBench {
  open(): Promise<Store>;
  close(): Promise<void>;
}

const nothing: StoredState = {
  jobs: [],
  watchers: [],
  outbox: [],
  lastEventId: 0,
  lastMetricId: 0,
  metricSteps: [],
  trouble: [],
};

const ids = (rows: readonly { readonly id: number | string }[]): (number | string)[] =>
  rows.map(({ id }) => id);

export function storeConformance(name: string, makeBench: () => Promise<StoreBench>): void {
  describe(`store conformance: ${name}`, () => {
    let bench: StoreBench;
    let store: Store;
    beforeEach(async () => {
      bench = await makeBench();
      store = await bench.open();
    });
    afterEach(() => bench.close());

    /** Asks the store itself, and then the next one that is opened on the same place. */
    const both = async (ask: (store: Store) => Promise<void>): Promise<void> => {
      await ask(store);
      store = await bench.open();
      await ask(store);
    };
    const commitAll = async (...changes: Change[]): Promise<void> => {
      for (const change of changes) await store.commit([change]);
    };

    it('is empty at first', () =>
      both(async (asked) => {
        assert.deepEqual(await asked.load(), nothing);
        assert.deepEqual(await asked.jobs({}), []);
        assert.deepEqual(await asked.watchers({}), []);
        assert.deepEqual(await asked.events({}), []);
        assert.deepEqual(await asked.metrics({}), []);
      }));

    it('gives back what was committed, as it was', async () => {
      const entry = sampleEntry('o1');
      const changes: Change[] = [
        jobChange(),
        watcherChange(),
        eventChange(1),
        metricChange(1),
        { kind: 'outbox', entry },
      ];
      await store.commit(changes);
      await both(async (asked) => {
        assert.deepEqual(await asked.load(), {
          jobs: [sampleJob()],
          watchers: [sampleWatcher()],
          outbox: [entry],
          lastEventId: 1,
          lastMetricId: 1,
          metricSteps: [{ job: sampleJob().key, name: 'loss', next: 1 }],
          trouble: [],
        });
        assert.deepEqual(await asked.jobs({}), [sampleJob()]);
        assert.deepEqual(await asked.watchers({}), [sampleWatcher()]);
        assert.deepEqual(await asked.events({}), [sampleEvent(1)]);
        assert.deepEqual(await asked.metrics({}), [sampleMetric(1)]);
      });
    });

    it('keeps every field that may be null, and every character', async () => {
      const odd = 'a"b\\c\n\r\t\u0000\u001b[31m\u2028🙂\ufffdé';
      const event = sampleEvent(1, {
        watcherId: null,
        watcher: null,
        action: null,
        success: null,
        matchedText: null,
        captures: { [odd]: odd },
        params: { deep: [1, null, { x: true, y: odd }] },
        result: odd,
      });
      const failed = sampleEvent(2, { success: false, matchedText: odd, output: odd.replace('\0', '') });
      const metric = sampleMetric(1, { name: 'größe 🙂', unit: odd });
      const watcher = sampleWatcher({ lines: null, progress: sampleProgress({ lastGroups: null }) });
      await store.commit([
        { kind: 'event', event },
        { kind: 'event', event: failed },
        { kind: 'metric', metric },
        jobChange({ submission: null }),
        { kind: 'watcher', watcher },
      ]);
      await both(async (asked) => {
        assert.deepEqual(await asked.events({}), [event, failed]);
        assert.deepEqual(await asked.metrics({}), [metric]);
        assert.deepEqual(await asked.jobs({}), [sampleJob({ submission: null })]);
        assert.deepEqual(await asked.watchers({}), [watcher]);
      });
    });

    it('keeps the exact value of every metric', async () => {
      const values = [
        NaN,
        Infinity,
        -Infinity,
        0,
        5e-324,
        1.7976931348623157e308,
        0.1 + 0.2,
        -1e21,
        1 / 3,
        2 ** 53,
      ];
      await store.commit(values.map((value, index) => metricChange(index + 1, { value })));
      await both(async (asked) => {
        assert.deepEqual(
          (await asked.metrics({})).map(({ value }) => value),
          values,
        );
      });
    });

    it('replaces jobs, watchers, progress and outbox entries, and keeps their order', async () => {
      const progress = sampleProgress({
        state: 'triggered',
        triggerCount: 3,
        position: { stdout: 99, stderr: 7 },
      });
      const started = sampleEntry('o1', { started: true, attempts: 1 });
      await commitAll(
        jobChange(),
        jobChange({ id: '4243' }),
        watcherChange(),
        watcherChange({ id: 'w2' }),
        { kind: 'outbox', entry: sampleEntry('o1') },
        { kind: 'outbox', entry: sampleEntry('o2') },
        jobChange({ restarts: 1 }),
        { kind: 'progress', id: 'w1', progress },
        { kind: 'outbox', entry: started },
      );
      await both(async (asked) => {
        assert.deepEqual(await asked.jobs({}), [sampleJob({ restarts: 1 }), sampleJob({ id: '4243' })]);
        assert.deepEqual(await asked.watchers({}), [
          sampleWatcher({ progress }),
          sampleWatcher({ id: 'w2' }),
        ]);
        assert.deepEqual((await asked.load()).outbox, [started, sampleEntry('o2')]);
      });
    });

    it('forgets removed watchers and finished outbox entries, but not their events', async () => {
      await commitAll(
        jobChange(),
        watcherChange(),
        eventChange(1),
        { kind: 'outbox', entry: sampleEntry('o1') },
        { kind: 'outbox', entry: sampleEntry('o2') },
        { kind: 'removeWatcher', id: 'w1' },
        { kind: 'outboxDone', id: 'o1' },
        { kind: 'progress', id: 'w1', progress: sampleProgress() },
      );
      await both(async (asked) => {
        assert.deepEqual(await asked.watchers({}), []);
        assert.deepEqual(await asked.events({}), [sampleEvent(1)]);
        assert.deepEqual((await asked.load()).outbox, [sampleEntry('o2')]);
      });
    });

    it('counts what is committed twice once', async () => {
      await commitAll(eventChange(1), metricChange(1), eventChange(1), metricChange(1));
      await both(async (asked) => {
        assert.deepEqual(await asked.events({}), [sampleEvent(1)]);
        assert.deepEqual(await asked.metrics({}), [sampleMetric(1)]);
      });
    });

    it('takes many commits at once, in their order', async () => {
      const count = 300;
      const commits = Array.from({ length: count }, (_, index) =>
        store.commit([
          eventChange(index + 1),
          { kind: 'watcher', watcher: sampleWatcher({ progress: sampleProgress({ triggerCount: index }) }) },
        ]),
      );
      await Promise.all(commits);
      await store.commit([jobChange()]);
      await both(async (asked) => {
        assert.deepEqual(
          ids(await asked.events({})),
          Array.from({ length: count }, (_, index) => index + 1),
        );
        assert.equal((await asked.watchers({}))[0]?.progress.triggerCount, count - 1);
      });
    });

    it('is not changed by what becomes of an object after its commit', async () => {
      const job = { ...sampleJob(), name: 'before' };
      await store.commit([{ kind: 'job', job }]);
      job.name = 'after';
      assert.equal((await store.jobs({}))[0]?.name, 'before');
    });

    describe('load', () => {
      it('knows the jobs that have not ended, with their watchers', async () => {
        const phases: Job['phase'][] = ['submitting', 'queued', 'running', 'draining', 'ended', 'refused'];
        for (const phase of phases)
          await commitAll(
            jobChange({ id: phase, phase }),
            watcherChange({ id: `of ${phase}`, job: sampleJob({ id: phase }).key }),
          );
        await both(async (asked) => {
          const { jobs, watchers } = await asked.load();
          assert.deepEqual(ids(jobs), ['submitting', 'queued', 'running', 'draining']);
          assert.deepEqual(ids(watchers), ['of submitting', 'of queued', 'of running', 'of draining']);
        });
      });

      it('knows an ended array while one of its tasks lives', async () => {
        const array = sampleJob({ id: '50', isArray: true, phase: 'ended' });
        await commitAll(
          { kind: 'job', job: array },
          jobChange({ id: '50_1', parent: array.key, phase: 'ended' }),
          jobChange({ id: '50_2', parent: array.key }),
          watcherChange({ id: 'template', job: array.key }),
        );
        await both(async (asked) => {
          const { jobs, watchers } = await asked.load();
          assert.deepEqual(ids(jobs), ['50', '50_2']);
          assert.deepEqual(ids(watchers), ['template']);
        });
      });

      it('knows an ended job that still has something in the outbox', async () => {
        await commitAll(jobChange({ phase: 'ended' }), watcherChange(), {
          kind: 'outbox',
          entry: sampleEntry('o1'),
        });
        await both(async (asked) => {
          assert.deepEqual(ids((await asked.load()).jobs), ['4242']);
          assert.deepEqual(ids((await asked.load()).watchers), ['w1']);
        });
        await store.commit([{ kind: 'outboxDone', id: 'o1' }]);
        assert.deepEqual((await store.load()).jobs, []);
      });

      it('knows where ids and steps go on', async () => {
        await commitAll(
          jobChange(),
          jobChange({ id: '1', phase: 'ended' }),
          eventChange(7),
          eventChange(6),
          metricChange(3, { step: 0 }),
          metricChange(4, { step: 1 }),
          metricChange(5, { step: 0, name: 'accuracy' }),
          metricChange(6, { step: 9, job: sampleJob({ id: '1' }).key }),
        );
        await both(async (asked) => {
          const { lastEventId, lastMetricId, metricSteps } = await asked.load();
          assert.equal(lastEventId, 7);
          assert.equal(lastMetricId, 6);
          assert.deepEqual(
            metricSteps.toSorted((a, b) => a.next - b.next),
            [
              { job: sampleJob().key, name: 'accuracy', next: 1 },
              { job: sampleJob().key, name: 'loss', next: 2 },
            ],
          );
        });
      });
    });

    it('answers with many rows in their order', async () => {
      const count = 1700;
      await store.commit(Array.from({ length: count }, (_, index) => eventChange(index + 1)));
      const all = Array.from({ length: count }, (_, index) => index + 1);
      await both(async (asked) => {
        assert.deepEqual(ids(await asked.events({})), all);
        assert.deepEqual(ids(await asked.events({ limit: 1001 })), all.slice(-1001));
      });
    });

    describe('series of metrics', () => {
      const job = sampleJob().key;
      const request = {
        series: [{ job, name: 'loss' }],
        axis: 'step',
        from: null,
        to: null,
        buckets: 10,
      } as const;
      const pointsOf = async (
        asked: Store,
        given: Partial<Parameters<Store['metricSeries']>[0]> = {},
      ): Promise<number[][]> =>
        (await asked.metricSeries({ ...request, ...given })).flatMap(({ buckets }) =>
          buckets.map(({ from, first }) => [from, first]),
        );

      it('are empty if nothing was stored', () =>
        both(async (asked) => {
          const [series] = await asked.metricSeries(request);
          assert.deepEqual([series?.isExact, series?.buckets, series?.summary.count], [true, [], 0]);
          assert.deepEqual(await asked.metricNames({ jobs: [job], recent: 3 }), []);
        }));

      it('are over steps, over time and over another metric', async () => {
        for (const id of [1, 2, 3])
          await store.commit([
            metricChange(2 * id, { step: id - 1, value: 10 / id }),
            metricChange(2 * id + 1, { name: 'epoch', step: id - 1, value: 100 * id }),
          ]);
        await store.commit([metricChange(8, { job: 'another' }), metricChange(9, { step: 3, value: NaN })]);
        const { time } = sampleMetric(2);
        await both(async (asked) => {
          const [series] = await asked.metricSeries(request);
          assert.deepEqual(
            series?.buckets.map(({ from, first }) => [from, first]),
            [
              [0, 10],
              [1, 5],
              [2, 10 / 3],
            ],
          );
          assert.deepEqual(series.marks, [{ x: 3, kind: 'nan', count: 1 }]);
          assert.deepEqual(series.summary.last, { x: 3, value: 'nan' });
          assert.deepEqual(await pointsOf(asked, { axis: 'time', from: time + 1, to: time + 2000 }), [
            [time + 2000, 5],
          ]);
          assert.deepEqual(await pointsOf(asked, { by: 'epoch' }), [
            [100, 5],
            [200, 10 / 3],
          ]);
        });
        await store.commit([metricChange(10, { name: 'epoch', step: 3, value: 400 })]);
        await both(async (asked) => {
          assert.deepEqual(await pointsOf(asked, { by: 'epoch' }), [
            [100, 10],
            [200, 5],
            [300, 10 / 3],
          ]);
        });
      });

      it('are as many buckets as are asked for, of any number of values', async () => {
        const values = Array.from({ length: 1000 }, (_, index) => Math.sin(index));
        await store.commit(values.map((value, index) => metricChange(index + 1, { value })));
        await both(async (asked) => {
          const [series] = await asked.metricSeries(request);
          assert.ok(series && !series.isExact && series.buckets.length > 4 && series.buckets.length <= 10);
          assert.equal(series.summary.count, 1000);
          assert.equal(Math.max(...series.buckets.map(({ max }) => max)), Math.max(...values));
        });
      });

      it('have names with what a list shows', async () => {
        await store.commit([
          metricChange(1, { value: 3, unit: 's' }),
          metricChange(2, { name: 'accuracy', step: 0, value: 0.5 }),
          metricChange(3, { value: NaN, step: 1, watcherId: 'w2', watcher: 'other' }),
          metricChange(4, { value: 1, step: 2 }),
          metricChange(5, { job: 'another' }),
        ]);
        await both(async (asked) => {
          assert.deepEqual(await asked.metricNames({ jobs: [job], recent: 2 }), [
            {
              ...{ job, name: 'loss', unit: null, time: sampleMetric(4).time, recent: ['nan', 1] },
              watchers: [
                { id: 'w1', name: 'loss' },
                { id: 'w2', name: 'other' },
              ],
              summary: {
                ...{ count: 3, min: 1, max: 3, mean: 2, notFinite: { nan: 1, inf: 0, '-inf': 0 } },
                last: { x: 2, value: 1 },
              },
            },
            {
              ...{ job, name: 'accuracy', unit: null, time: sampleMetric(2).time, recent: [0.5] },
              watchers: [{ id: 'w1', name: 'loss' }],
              summary: {
                ...{ count: 1, min: 0.5, max: 0.5, mean: 0.5, notFinite: { nan: 0, inf: 0, '-inf': 0 } },
                last: { x: 0, value: 0.5 },
              },
            },
          ]);
        });
      });
    });

    it('closes twice', async () => {
      await store.close();
      await store.close();
    });
  });

  filterConformance(name, makeBench);
}

/** Asking changes nothing: all cases ask the same store. */
function filterConformance(name: string, makeBench: () => Promise<StoreBench>): void {
  describe(`store filters: ${name}`, () => {
    const array = sampleJob({ id: '50', isArray: true });
    const task = sampleJob({ id: '50_1', parent: array.key });
    const other = sampleJob({ id: '4242', cluster: 'other', phase: 'ended' });
    let bench: StoreBench;
    let store: Store;
    before(async () => {
      bench = await makeBench();
      store = await bench.open();
      await store.commit([
        jobChange(),
        { kind: 'job', job: array },
        { kind: 'job', job: task },
        { kind: 'job', job: other },
        watcherChange(),
        watcherChange({ id: 'w50', job: array.key }),
        watcherChange({ id: 'w50_1', job: task.key }),
        watcherChange({ id: 'wOther', job: other.key }),
        eventChange(1),
        eventChange(2, { kind: 'gap', watcherId: null }),
        eventChange(3, { job: task.key, jobId: '50_1', watcherId: 'w50_1' }),
        eventChange(4, {
          job: array.key,
          jobId: '50',
          watcherId: 'w50',
          kind: 'state',
          action: 'cancel_job',
        }),
        eventChange(5, { job: other.key, cluster: 'other', watcherId: 'wOther' }),
        metricChange(1),
        metricChange(2, { name: 'accuracy' }),
        metricChange(3, { job: task.key, jobId: '50_1', watcherId: 'w50_1' }),
        metricChange(4, { job: other.key, cluster: 'other', watcherId: 'wOther' }),
      ]);
    });
    after(() => bench.close());

    const jobCases: [Parameters<Store['jobs']>[0], string[]][] = [
      [{}, ['4242', '50', '50_1', '4242']],
      [{ cluster: 'other' }, ['4242']],
      [{ job: '4242' }, ['4242', '4242']],
      [{ job: '4242', cluster: 'main' }, ['4242']],
      [{ job: sampleJob().key }, ['4242']],
      [{ job: '50' }, ['50', '50_1']],
      [{ job: array.key }, ['50', '50_1']],
      [{ job: '50_1' }, ['50_1']],
      [{ job: '5' }, []],
      [{ live: true }, ['4242', '50', '50_1']],
      [{ live: false }, ['4242']],
      [{ live: false, cluster: 'main' }, []],
    ];
    for (const [filter, expected] of jobCases)
      it(`jobs ${JSON.stringify(filter)}`, async () => {
        assert.deepEqual(ids(await store.jobs(filter)), expected);
      });

    const watcherCases: [Parameters<Store['watchers']>[0], string[]][] = [
      [{}, ['w1', 'w50', 'w50_1', 'wOther']],
      [{ cluster: 'main' }, ['w1', 'w50', 'w50_1']],
      [{ job: '50' }, ['w50', 'w50_1']],
      [{ job: '4242', cluster: 'other' }, ['wOther']],
      [{ watcher: 'w50' }, ['w50']],
      [{ watcher: 'w50', job: '4242' }, []],
      [{ live: true }, ['w1', 'w50', 'w50_1']],
      [{ live: false }, ['wOther']],
    ];
    for (const [filter, expected] of watcherCases)
      it(`watchers ${JSON.stringify(filter)}`, async () => {
        assert.deepEqual(ids(await store.watchers(filter)), expected);
      });

    const eventCases: [Parameters<Store['events']>[0], number[]][] = [
      [{}, [1, 2, 3, 4, 5]],
      [{ cluster: 'main' }, [1, 2, 3, 4]],
      [{ job: '4242' }, [1, 2, 5]],
      [{ job: '50' }, [3, 4]],
      [{ job: task.key }, [3]],
      [{ watcher: 'w1' }, [1]],
      [{ kind: 'gap' }, [2]],
      [{ action: 'cancel_job' }, [4]],
      [{ action: 'cancel_job', kind: 'gap' }, []],
      [{ afterId: 3 }, [4, 5]],
      [{ beforeId: 3 }, [1, 2]],
      [{ beforeId: 4, limit: 1 }, [3]],
      [{ since: sampleEvent(4).time }, [4, 5]],
      [{ limit: 2 }, [4, 5]],
      [{ limit: 0 }, []],
      [{ limit: 100 }, [1, 2, 3, 4, 5]],
      [{ job: '4242', cluster: 'main', afterId: 1, limit: 5 }, [2]],
    ];
    for (const [filter, expected] of eventCases)
      it(`events ${JSON.stringify(filter)}`, async () => {
        assert.deepEqual(ids(await store.events(filter)), expected);
      });

    const metricCases: [Parameters<Store['metrics']>[0], number[]][] = [
      [{}, [1, 2, 3, 4]],
      [{ name: 'accuracy' }, [2]],
      [{ job: '4242', name: 'loss' }, [1, 4]],
      [{ job: '50' }, [3]],
      [{ watcher: 'w50_1' }, [3]],
      [{ limit: 1 }, [4]],
      [{ since: sampleMetric(3).time, cluster: 'main' }, [3]],
    ];
    for (const [filter, expected] of metricCases)
      it(`metrics ${JSON.stringify(filter)}`, async () => {
        assert.deepEqual(ids(await store.metrics(filter)), expected);
      });
  });
}
