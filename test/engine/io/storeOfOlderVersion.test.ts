// A store written by version 0.1.0, kept as it was: it is read, completed with what has come since, and goes on.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initSqlJs, { type SqlJsStatic } from 'sql.js';
import { defaultDefinition } from '../../../language/schema';
import { newJob } from '../../../engine/job';
import { DurableStore } from '../../../engine/io/durableStore';
import { usualLimits } from '../../../engine/io/history';
import { printChanges } from '../../../engine/io/changeText';
import { initialProgress } from '../../../engine/progress';
import {
  completeEntry,
  completeEvent,
  completeJob,
  completeProgress,
  completeWatcher,
  type StoredProgress,
} from '../../../engine/stored';
import { fixtureHome } from '../../fixtures/home';
import { sampleEntry, sampleEvent, sampleJob, sampleWatcher } from '../storeSamples';

describe('a store of version 0.1.0', () => {
  let sql: SqlJsStatic;
  let home: string;
  let generation: number;

  before(async () => {
    const wasm = readFileSync(require.resolve('sql.js/dist/sql-wasm.wasm'));
    sql = await initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer });
  });
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'slurm-watchers-older-'));
    cpSync(fixtureHome('0.1.0'), home, { recursive: true });
    generation = 3;
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const open = (): Promise<DurableStore> =>
    DurableStore.open({
      ...{ directory: join(home, 'store'), home, generation: generation++, snapshotBytes: 1, sql },
      limits: { ...usualLimits, recentMs: Infinity },
      onTrouble: (message) => {
        throw new Error(message);
      },
    });

  it('gives its live job and all watchers, complete', async () => {
    const store = await open();
    const { jobs, watchers, trouble } = store.load();
    assert.deepEqual(trouble, []);
    assert.deepEqual(
      jobs.map(({ id, name, phase }) => ({ id, name, phase })),
      [{ id: '2', name: 'train', phase: 'running' }],
    );
    assert.deepEqual(
      watchers.map(({ definition: { name }, progress: { state, triggerCount } }) => [
        name,
        state,
        triggerCount,
      ]),
      [
        ['loss', 'active', 5],
        ['first', 'triggered', 1],
        ['diverged', 'active', 0],
        ['end', 'paused', 0],
        ['beat', 'active', 1],
      ],
    );
    const beat = watchers.find(({ definition: { name } }) => name === 'beat');
    assert.equal(typeof beat?.progress.deadlines.timer, 'number');
    for (const job of jobs) assertHasAll(job, newJob({ key: '', cluster: '' }));
    for (const { definition, progress } of watchers) {
      assertHasAll(definition, defaultDefinition);
      assertHasAll(progress, initialProgress);
    }
    await store.close();
  });

  it('gives its history', async () => {
    const store = await open();
    const read = (table: 'jobs' | 'events' | 'metrics'): readonly Readonly<Record<string, unknown>>[] =>
      store
        .page({ table, filter: {} }, null, 1000)
        .rows.map(({ json }) => JSON.parse(json) as Readonly<Record<string, unknown>>);
    assert.deepEqual(
      read('jobs').map(({ id }) => id),
      ['2', '1_1', '1_0', '1'],
    );
    assert.equal(read('metrics').length, 5);
    assert.ok(read('events').some(({ result }) => result === 'job 1_1 ended: COMPLETED'));
    assert.ok(read('events').every(({ cause }) => cause === null));
    await store.close();
  });

  it('goes on: what is written now and a snapshot of it stand beside what was there', async () => {
    const first = await open();
    const [job] = first.load().jobs;
    assert.ok(job);
    first.write([printChanges([{ kind: 'job', job: { ...job, reason: 'written now' } }])]);
    await first.close();
    const second = await open();
    const state = second.load();
    assert.equal(state.jobs[0]?.reason, 'written now');
    assert.equal(state.watchers.length, 5);
    await second.close();
  });
});

describe('stored shapes', () => {
  it('a timer of before there were other deadlines', () => {
    const older = { ...sampleWatcher().progress, deadlines: undefined, held: undefined, nextTimer: 5 };
    const stored = JSON.parse(JSON.stringify(older)) as StoredProgress;
    const progress = completeProgress(stored);
    assert.deepEqual(progress.deadlines, { timer: 5 });
    assert.ok(!('nextTimer' in progress));
    assert.deepEqual(progress.held?.groups, progress.lastGroups);
    assert.deepEqual(completeProgress({ ...stored, nextTimer: null }).deadlines, {});
  });

  /** Without each of its properties in turn that not every version has written. */
  const without = <Shape extends object>(shape: Shape, always: readonly (keyof Shape)[]): [string, Shape][] =>
    Object.keys(shape)
      .filter((name) => !always.includes(name as keyof Shape))
      .map((name) => [
        name,
        Object.fromEntries(Object.entries(shape).filter(([other]) => other !== name)) as Shape,
      ]);

  for (const [name, stored] of without(sampleJob(), ['key', 'cluster']))
    it(`a job without ${name}`, () => {
      assertHasAll(completeJob(stored), sampleJob());
    });
  for (const [name, definition] of without(sampleWatcher().definition, []))
    it(`a definition without ${name}`, () => {
      assertHasAll(
        completeWatcher({ ...sampleWatcher(), definition }).definition,
        sampleWatcher().definition,
      );
    });
  for (const [name, progress] of without(sampleWatcher().progress, []))
    it(`progress without ${name}`, () => {
      assertHasAll(completeWatcher({ ...sampleWatcher(), progress }).progress, sampleWatcher().progress);
    });
  for (const [name, entry] of without(sampleEntry('e1'), ['id', 'job', 'watcherId', 'time', 'actions']))
    it(`an entry of the outbox without ${name}`, () => {
      assertHasAll(completeEntry(entry), sampleEntry('e1'));
    });
  for (const [name, event] of without(sampleEvent(1), [
    ...(['id', 'time', 'cluster', 'job', 'jobId', 'kind', 'result'] as const),
  ]))
    it(`an event without ${name}`, () => {
      assertHasAll(completeEvent(event), sampleEvent(1));
    });
});

function assertHasAll(value: object, like: object): void {
  const missing = Object.keys(like).filter(
    (name) => (value as Readonly<Record<string, unknown>>)[name] === undefined,
  );
  assert.deepEqual(missing, [], 'properties that were not completed');
}
