// The real engine for benchmarks: its store and matcher in their threads, on a folder of its own.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEngine, type Engine } from '../../../engine/engine';
import { systemClock } from '../../../engine/io/clock';
import { randomIds } from '../../../engine/io/ids';
import { createSqliteStore } from '../../../engine/io/sqliteStore';
import { createWorkerMatcher } from '../../../engine/io/workerMatcher';
import type { Clock } from '../../../engine/ports';
import { createBenchCluster, type BenchJob } from './benchCluster';
import { ownActions } from '../../engine/ownActions';

/** Benchmarks run in the project's folder, bundled or not. */
export const bundles = resolve('dist/engine');

export interface BenchEngine {
  readonly engine: Engine;
  readonly directory: string;
  close(): Promise<void>;
}

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'slurm-watchers-bench-'));

export async function startBenchEngine(
  jobs: readonly BenchJob[],
  clock: Clock = systemClock,
): Promise<BenchEngine> {
  if (!existsSync(join(bundles, 'storeWorker.js')))
    throw new Error('The bundles are missing: run node scripts/build.mjs');
  const directory = newFolder();
  const engine = await startEngine({
    clock,
    ids: randomIds,
    random: Math.random,
    actions: ownActions,
    store: createSqliteStore({
      directory,
      generation: 1,
      workerPath: join(bundles, 'storeWorker.js'),
      wasmPath: join(bundles, 'sql-wasm.wasm'),
    }),
    matcher: createWorkerMatcher({ workerPath: join(bundles, 'matchWorker.js'), budgetMs: 50 }),
    clusters: createBenchCluster(jobs),
  });
  return {
    engine,
    directory,
    close: async () => {
      await engine.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
