// Retention: what is old leaves the store when an engine begins and then daily, however little is written meanwhile.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createEngine } from '../../../engine/io/createEngine';
import { startDaily } from '../../../engine/io/daily';
import { createSqliteStore } from '../../../engine/io/sqliteStore';
import { waitFor } from '../../waitFor';
import { createFakeClock } from '../fakeClock';
import { eventChange, jobChange } from '../storeSamples';
import { findBundle } from './storeFolder';

const day = 86_400_000;

describe('retention', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'slurm-watchers-retention-'));
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const archives = (): string[] =>
    readdirSync(join(home, 'store'))
      .filter((name) => name.startsWith('archive-'))
      .map((name) => name.slice('archive-'.length, 'archive-2026-01'.length))
      .sort();
  const monthOf = (time: number): string => new Date(time).toISOString().slice(0, 7);

  it('begins with the engine, though nothing is written', async () => {
    const now = Date.now();
    const times = [now - 400 * day, now - 20 * day, now - day];
    const store = createSqliteStore({
      directory: join(home, 'store'),
      home,
      generation: 1,
      workerPath: findBundle('storeWorker.js'),
      wasmPath: findBundle('sql-wasm.wasm'),
      limits: { recentMs: 1e15 },
    });
    await store.commit([
      jobChange({ phase: 'ended', endState: 'completed', state: 'COMPLETED' }),
      ...times.map((time, index) => eventChange(index + 1, { time })),
    ]);
    await store.close();
    assert.deepEqual(archives(), []);

    writeFileSync(join(home, 'config.json'), '{"history": {"recentDays": 7, "keepMonths": 2}}');
    const engine = await createEngine({
      home,
      generation: 2,
      bundleDirectory: dirname(findBundle('storeWorker.js')),
      log: (line) => assert.fail(line),
      prompter: { ask: () => Promise.resolve(null) },
      settings: () => ({ clusters: {}, sshConfigFile: null }),
      environment: () => ({}),
    });
    try {
      await waitFor('what is old to leave', () =>
        Promise.resolve(archives().join() === monthOf(times[1] ?? 0)),
      );
      assert.deepEqual(
        (await engine.events({})).map(({ id }) => id),
        [2, 3],
      );
    } finally {
      await engine.close();
    }
  });

  it('goes on daily, also on a computer that sleeps or whose clock is set', async () => {
    const clock = createFakeClock(1000 * day);
    let looks = 0;
    const stop = startDaily(() => looks++, clock);
    await clock.advanceTo(clock.now() + 1);
    assert.equal(looks, 1);
    await clock.advanceTo(clock.now() + 3.5 * day);
    assert.equal(looks, 4);
    clock.sleep(day);
    await clock.advanceTo(clock.now() + 2 * 3_600_000);
    assert.equal(looks, 5);
    clock.jumpTo(clock.now() - 100 * day);
    await clock.advanceTo(clock.now() + 2 * 3_600_000);
    assert.equal(looks, 6);
    stop();
    await clock.advanceTo(clock.now() + 10 * day);
    assert.equal(looks, 6);
  });
});
