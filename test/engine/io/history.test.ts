// History: what is old leaves the main store for archives, is found there all the same, and goes when its time is over.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { printChanges } from '../../../engine/io/changeText';
import { DurableStore } from '../../../engine/io/durableStore';
import { usualLimits, type HistoryLimits, type PageCursor } from '../../../engine/io/history';
import { readHistorySettings } from '../../../engine/io/historySettings';
import { migrations } from '../../../engine/io/schema';
import { writeSnapshot } from '../../../engine/io/snapshot';
import type { StoreQuery } from '../../../engine/io/storeQueries';
import type { SeriesRequest } from '../../../engine/metricSeries';
import type { Progress } from '../../../engine/model';
import type { Change } from '../../../engine/ports';
import { initialProgress } from '../../../engine/progress';
import {
  eventChange,
  jobChange,
  metricChange,
  sampleJob,
  sampleProgress,
  sampleWatcher,
} from '../storeSamples';

const day = 86_400_000;

const without = (keys: readonly (keyof Progress)[], progress: Progress): Partial<Progress> =>
  Object.fromEntries(Object.entries(progress).filter(([key]) => !keys.some((known) => known === key)));

describe('history', () => {
  let sql: SqlJsStatic;
  let directory: string;
  let troubles: string[];
  let store: DurableStore | undefined;
  let generation: number;
  before(async () => {
    sql = await initSqlJs();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-history-'));
    troubles = [];
    generation = 0;
  });
  afterEach(async () => {
    await close();
    rmSync(directory, { recursive: true, force: true });
  });

  const open = async (limits: Partial<HistoryLimits> = {}): Promise<DurableStore> => {
    await close();
    generation++;
    store = await DurableStore.open({
      directory,
      home: directory,
      generation,
      snapshotBytes: 1,
      sql,
      limits: { ...usualLimits, recentMs: 1e15, ...limits },
      onTrouble: (message) => troubles.push(message),
    });
    return store;
  };
  const close = async (): Promise<void> => {
    await store?.close();
    store = undefined;
  };
  const write = async (into: DurableStore, changes: readonly Change[]): Promise<void> => {
    into.write([printChanges(changes)]);
    into.absorb();
    await into.settle();
  };
  const all = <Row>(from: DurableStore, query: StoreQuery, count = 3): Row[] => {
    const rows: Row[] = [];
    let cursor: PageCursor | null = null;
    do {
      const page = from.page(query, cursor, count);
      rows.push(...page.rows.map(({ json }) => JSON.parse(json) as Row));
      cursor = page.next;
    } while (cursor !== null);
    return rows.reverse();
  };
  const ids = (from: DurableStore, query: StoreQuery): number[] =>
    all<{ id: number }>(from, query).map(({ id }) => id);
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
  const archives = (): string[] =>
    readdirSync(directory)
      .filter((name) => name.startsWith('archive-'))
      .sort();
  const monthly = (id: number): number => Date.UTC(2026, Math.floor((id - 1) / 4), 1 + ((id - 1) % 4));
  const records = (id: number): Change[] => [
    eventChange(id, { time: monthly(id) }),
    metricChange(id, { time: monthly(id) }),
  ];

  it('beyond the newest rows lies in archives, one a month, and is found in order', async () => {
    const opened = await open({ recentRows: 3 });
    for (const id of upTo(12)) await write(opened, [jobChange(), ...records(id)]);
    assert.deepEqual(archives(), [
      'archive-2026-01.sqlite',
      'archive-2026-02.sqlite',
      'archive-2026-03.sqlite',
    ]);
    const reopened = await open({ recentRows: 3 });
    for (const table of ['events', 'metrics'] as const) {
      assert.deepEqual(ids(reopened, { table, filter: {} }), upTo(12));
      assert.deepEqual(ids(reopened, { table, filter: { afterId: 7 } }), [8, 9, 10, 11, 12]);
      assert.deepEqual(ids(reopened, { table, filter: { since: monthly(6) } }), upTo(12).slice(5));
      assert.deepEqual(ids(reopened, { table, filter: { job: sampleJob().id } }), upTo(12));
      assert.deepEqual(ids(reopened, { table, filter: { job: 'another' } }), []);
    }
    const state = reopened.load();
    assert.deepEqual([state.lastEventId, state.lastMetricId], [12, 12]);
    assert.deepEqual(state.metricSteps, [{ job: sampleJob().key, name: 'loss', next: 12 }]);
    assert.deepEqual(troubles, []);
  });

  it('is in series of metrics, over archives and the main store alike', async () => {
    const opened = await open({ recentRows: 3 });
    const job = sampleJob().key;
    for (const id of upTo(12))
      await write(opened, [
        jobChange(),
        metricChange(2 * id, { time: monthly(id), step: id - 1, value: 1 / id }),
        metricChange(2 * id + 1, { time: monthly(id), name: 'epoch', step: id - 1, value: 10 * id }),
      ]);
    assert.equal(archives().length, 3);
    const reopened = await open({ recentRows: 3 });
    const request = {
      series: [{ job, name: 'loss' }],
      axis: 'step',
      from: null,
      to: null,
      buckets: 100,
    } as const;
    const pointsOf = async (given: Partial<SeriesRequest>): Promise<number[][]> =>
      (await reopened.metricSeries({ ...request, ...given })).flatMap(({ buckets }) =>
        buckets.map(({ from, first }) => [from, first]),
      );
    assert.deepEqual(
      await pointsOf({}),
      upTo(12).map((id) => [id - 1, 1 / id]),
    );
    assert.deepEqual(
      await pointsOf({ axis: 'time', from: monthly(3), to: monthly(10) }),
      upTo(12)
        .slice(2, 10)
        .map((id) => [monthly(id), 1 / id]),
    );
    assert.deepEqual(
      await pointsOf({ by: 'epoch' }),
      upTo(12).map((id) => [10 * id, 1 / id]),
    );
    const [loss, epoch] = await reopened.metricNames({ jobs: [job], recent: 2 });
    assert.deepEqual([loss?.name, loss?.summary.count, loss?.recent], ['loss', 12, [1 / 11, 1 / 12]]);
    assert.deepEqual([epoch?.name, epoch?.summary.mean], ['epoch', 65]);
  });

  it('opens no archive for a metric that is in none, or that begins in a newer one', async () => {
    const opened = await open({ recentRows: 3 });
    const later = { job: 'later' };
    for (const id of upTo(8)) await write(opened, records(id));
    for (const id of [9, 10, 11, 12])
      await write(opened, [metricChange(id, { ...later, time: monthly(id), step: id - 9 })]);
    await write(opened, [metricChange(13, { job: 'newest', time: monthly(13), step: 0 })]);
    // The older ones cannot be read.
    const [first = '', second = ''] = archives();
    for (const name of [first, second]) writeFileSync(join(directory, name), 'damaged');
    const countOf = async (job: string): Promise<number | undefined> => {
      const series = [{ job, name: 'loss' }];
      const request = { series, axis: 'step', from: null, to: null, buckets: 100 } as const;
      return (await opened.metricSeries(request))[0]?.summary.count;
    };
    assert.deepEqual([await countOf('newest'), await countOf('later')], [1, 4]);
    assert.deepEqual(troubles, []);
    await countOf(sampleJob().key);
    assert.equal(troubles.length, 2);
  });

  it('keeps the newest long outputs of commands whole, and of older ones the end', async () => {
    const opened = await open();
    const long = `${'x'.repeat(3000)}end`;
    await write(opened, [jobChange(), ...upTo(510).map((id) => eventChange(id, { output: long }))]);
    await write(opened, [eventChange(511, { output: 'short' })]);
    const outputs = all<{ output: string }>(opened, { table: 'events', filter: {} }, 100);
    const whole = outputs.map(({ output }) => output.length);
    assert.deepEqual(
      [whole.slice(0, 11), whole.slice(-2), outputs[0]?.output.endsWith('xxend')],
      [[...Array<number>(10).fill(2000), long.length], [long.length, 5], true],
    );
  });

  it('goes on with ids and steps where everything was archived', async () => {
    const opened = await open({ recentRows: 0 });
    await write(opened, [jobChange(), ...records(1), ...records(2)]);
    const state = (await open({ recentRows: 0 })).load();
    assert.deepEqual([state.lastEventId, state.lastMetricId], [2, 2]);
    assert.equal(state.metricSteps[0]?.next, 2);
  });

  it('takes ended jobs along, which are listed, recalled, and come back when something is done with them', async () => {
    const ended = jobChange({ phase: 'ended', ended: monthly(1) });
    const opened = await open({ recentMs: 30 * day });
    const watcher = sampleWatcher({ progress: sampleProgress({ state: 'static' }) });
    await write(opened, [ended, { kind: 'watcher', watcher }, ...records(1)]);
    const reopened = await open({ recentMs: 30 * day });
    const image = readFileSync(join(directory, newestSnapshot()));
    const main = new sql.Database(image);
    assert.deepEqual(main.exec('SELECT key FROM jobs'), [], 'it is no longer in the main store');
    main.close();
    assert.equal(all(reopened, { table: 'jobs', filter: {} }).length, 1);
    assert.equal(all(reopened, { table: 'jobs', filter: { job: sampleJob().id } }).length, 1);
    assert.deepEqual(all(reopened, { table: 'jobs', filter: { live: true } }), []);
    assert.deepEqual(ids(reopened, { table: 'watchers', filter: { watcher: watcher.id } }), [watcher.id]);
    const recalled = reopened.recall(sampleJob().key);
    assert.deepEqual(
      [recalled.jobs.length, recalled.watchers[0]?.progress.state, recalled.metricSteps[0]?.next],
      [1, 'static', 1],
    );
    await write(reopened, [
      ended,
      {
        kind: 'watcher',
        watcher: { ...watcher, progress: sampleProgress({ state: 'static', triggerCount: 7 }) },
      },
      eventChange(2, { time: Date.now() }),
    ]);
    assert.equal(all(reopened, { table: 'jobs', filter: {} }).length, 1);
    const [again] = all<typeof watcher>(reopened, { table: 'watchers', filter: {} });
    assert.equal(again?.progress.triggerCount, 7);
    assert.deepEqual(ids(reopened, { table: 'events', filter: { job: sampleJob().id } }), [1, 2]);
  });

  it('counts once where a crash came between the archive and the snapshot', async () => {
    const opened = await open({ recentRows: 1e6 });
    for (const id of upTo(6)) await write(opened, [jobChange(), ...records(id)]);
    await close();
    const before = new Map(files().map((name) => [name, readFileSync(join(directory, name))]));
    await write(await open({ recentRows: 2 }), records(7));
    await close();
    // As if only the archives had become durable.
    for (const name of files())
      if (!name.startsWith('archive-') && !before.has(name)) rmSync(join(directory, name));
    for (const [name, bytes] of before) writeFileSync(join(directory, name), bytes);
    generation = 10;
    const reopened = await open({ recentRows: 1e6 });
    assert.deepEqual(ids(reopened, { table: 'events', filter: {} }), upTo(6));
    await write(reopened, [eventChange(7, { result: 'another seventh', time: monthly(7) })]);
    const archiving = await open({ recentRows: 2 });
    await write(archiving, records(8));
    assert.deepEqual(ids(archiving, { table: 'events', filter: {} }), upTo(8));
  });

  it('is kept aside where an archive is damaged, which is told, and the rest is found', async () => {
    const opened = await open({ recentRows: 1 });
    for (const id of upTo(9)) await write(opened, [jobChange(), ...records(id)]);
    await close();
    const path = join(directory, 'archive-2026-01.sqlite');
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000);
    writeFileSync(path, bytes);
    const reopened = await open({ recentRows: 1e6 });
    assert.deepEqual(ids(reopened, { table: 'events', filter: {} }), [5, 6, 7, 8, 9]);
    assert.deepEqual(troubles, [
      'archive-2026-01.sqlite is damaged; it was kept as damaged-archive-2026-01.sqlite, and what it held is missing.',
    ]);
  });

  it('ends when it is to be kept no longer', async () => {
    const opened = await open({ recentRows: 1 });
    for (const id of upTo(9)) await write(opened, [jobChange(), ...records(id)]);
    assert.ok(archives().includes('archive-2026-01.sqlite'));
    const far = await open({ recentRows: 1, keepMonths: 0 });
    await write(far, records(10));
    assert.deepEqual(
      archives().filter((name) => name < `archive-${new Date().toISOString().slice(0, 7)}`),
      [],
    );
    assert.ok(!ids(far, { table: 'events', filter: {} }).includes(1));
    assert.equal(far.load().lastEventId, 10);
  });

  it('opens with any sqlite3: an archive has the tables of the store', async () => {
    const opened = await open({ recentRows: 0 });
    await write(opened, [jobChange(), ...records(1)]);
    const database = new sql.Database(readFileSync(join(directory, 'archive-2026-01.sqlite')));
    assert.deepEqual(database.exec('SELECT id, result FROM events')[0]?.values, [[1, 'low 0.1']]);
    assert.deepEqual(database.exec('SELECT count(*) FROM jobs')[0]?.values, [[1]]);
    database.close();
  });

  it('is kept as config.json says, and as usual where that is wrong', () => {
    const told: string[] = [];
    const read = (text: string | null): Partial<HistoryLimits> => {
      if (text !== null) writeFileSync(join(directory, 'config.json'), text);
      return readHistorySettings(directory, (message) => told.push(message));
    };
    assert.deepEqual(read(null), {});
    assert.deepEqual(read('{"history": {"recentDays": 7, "keepMonths": 12}}'), {
      recentMs: 7 * day,
      keepMonths: 12,
    });
    assert.deepEqual(told, []);
    assert.deepEqual(read('{"history": {"recentDays": "a week"}}'), {});
    assert.deepEqual(read('{'), {});
    assert.match(told.join(' '), /history\.recentDays is "a week"; .*config\.json cannot be read/);
  });

  it('is given once though it leaves the main store while it is asked for', async () => {
    const opened = await open({ recentRows: 5 });
    for (const id of upTo(12)) await write(opened, [jobChange(), ...records(id)]);
    for (const table of ['events', 'metrics'] as const) {
      const given: number[] = [];
      let cursor: PageCursor | null = null;
      do {
        const page = opened.page({ table, filter: {} }, cursor, 3);
        given.push(...page.rows.map(({ key }) => key));
        cursor = page.next;
        const newest = ids(opened, { table: 'events', filter: {} }).at(-1) ?? 0;
        for (const id of [1, 2, 3]) await write(opened, records(newest + id));
      } while (cursor !== null);
      assert.deepEqual(given, upTo(given[0] ?? 0).reverse());
    }
  });

  describe('of an older version', () => {
    /** The first tables that shipped, with a watcher as it was written then. */
    const writeOld = async (): Promise<void> => {
      const database = new sql.Database();
      database.run(migrations[0] ?? '');
      database.run(`INSERT INTO meta VALUES ('schema', '1')`);
      const old: Partial<Progress> = without(['seen', 'readTrouble', 'recentActions'], sampleProgress());
      const { stdout } = sampleProgress().mark;
      const progress = { ...old, mark: { stdout: { ...stdout, restarts: undefined }, stderr: null } };
      const watcher = sampleWatcher();
      const job = sampleJob();
      database.run('INSERT INTO jobs VALUES (1, ?, ?, ?, NULL, ?, ?, ?, ?)', [
        ...[job.key, job.cluster, job.id, job.name, job.phase, job.state, JSON.stringify(job)],
      ]);
      database.run('INSERT INTO watchers VALUES (1, ?, ?, ?, ?, ?, ?, ?)', [
        ...[watcher.id, watcher.job, 'loss', 'active', JSON.stringify(watcher.lines)],
        ...[JSON.stringify(watcher.definition), JSON.stringify(progress)],
      ]);
      await writeSnapshot(directory, { generation: 1, part: 0 }, database.export());
      database.close();
      generation = 1;
    };

    it('is brought up to date, with what has come since', async () => {
      await writeOld();
      const opened = await open();
      const [watcher] = opened.load().watchers;
      assert.deepEqual(watcher?.progress, {
        ...sampleProgress(),
        seen: initialProgress.seen,
        mark: { stdout: { ...sampleProgress().mark.stdout, restarts: 0 }, stderr: null },
      });
      const [listed] = all<typeof watcher>(opened, { table: 'watchers', filter: {} });
      assert.deepEqual(listed?.progress, watcher.progress);
      await write(opened, records(1));
      assert.deepEqual(ids(await open(), { table: 'events', filter: {} }), [1]);
    });

    it('keeps what was told of an output that could not be read, for either output', async () => {
      const told = 'slurm-1.out cannot be read: it is gone';
      const database = new sql.Database();
      for (const step of migrations.slice(0, 3)) database.run(step);
      database.run(`INSERT INTO meta VALUES ('schema', '3')`);
      const job = sampleJob();
      database.run('INSERT INTO jobs VALUES (1, ?, ?, ?, NULL, ?, ?, ?, ?)', [
        ...[job.key, job.cluster, job.id, job.name, job.phase, job.state, JSON.stringify(job)],
      ]);
      for (const [id, readTrouble] of [
        ['w1', told],
        ['w2', null],
      ] as const) {
        const watcher = sampleWatcher({ id });
        database.run('INSERT INTO watchers VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)', [
          ...[id, watcher.job, 'loss', 'active', JSON.stringify(watcher.lines)],
          ...[JSON.stringify(watcher.definition), JSON.stringify({ ...sampleProgress(), readTrouble })],
        ]);
      }
      await writeSnapshot(directory, { generation: 1, part: 0 }, database.export());
      database.close();
      generation = 1;
      const opened = await open();
      const troubles = (store: typeof opened): unknown =>
        store.load().watchers.map(({ progress }) => progress.readTrouble);
      const expected = [
        { stdout: told, stderr: told },
        { stdout: null, stderr: null },
      ];
      assert.deepEqual(troubles(opened), expected);
      // A journal that the version before has gone on writing.
      const progress = { ...sampleProgress(), readTrouble: told };
      opened.write([JSON.stringify([{ kind: 'progress', id: 'w2', progress }])]);
      assert.deepEqual(troubles(await open()), [expected[0], expected[0]]);
    });

    it('has its journal read as well', async () => {
      const opened = await open();
      await write(opened, [jobChange(), { kind: 'watcher', watcher: sampleWatcher() }]);
      const old = without(['seen', 'recentActions'], sampleProgress({ triggerCount: 3 }));
      opened.write([JSON.stringify([{ kind: 'progress', id: 'w1', progress: old }])]);
      const [watcher] = (await open()).load().watchers;
      assert.deepEqual(
        [watcher?.progress.triggerCount, watcher?.progress.recentActions, watcher?.progress.seen],
        [3, [], initialProgress.seen],
      );
    });
  });

  const files = (): string[] => readdirSync(directory);
  const newestSnapshot = (): string =>
    files()
      .filter((name) => name.startsWith('snapshot-'))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .at(-1) ?? '';
});
