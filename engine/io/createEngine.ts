// The one place that names the real adapters: a list of parts.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine, type Engine } from '../engine';
import { systemClock } from './clock';
import { randomIds } from './ids';
import { createSandboxCluster } from './sandboxCluster';
import { createSqliteStore } from './sqliteStore';
import { createWorkerMatcher } from './workerMatcher';

export interface EngineSettings {
  readonly home: string;
  /** Fences the store: once `<home>` has a `generation-<n>` of a greater one nothing is written. */
  readonly generation: number;
  /** Where the bundles of the workers and the wasm lie. */
  readonly bundleDirectory: string;
}

/** A pattern gets so long for one stretch of output, ms. */
const matchBudgetMs = 50;

export function createEngine({ home, generation, bundleDirectory }: EngineSettings): Promise<Engine> {
  const bundle = (name: string): string => join(bundleDirectory, name);
  const sandbox = join(home, 'sandbox');
  mkdirSync(sandbox, { recursive: true, mode: 0o700 });
  return startEngine({
    clock: systemClock,
    ids: randomIds,
    random: Math.random,
    store: createSqliteStore({
      home,
      directory: join(home, 'store'),
      generation,
      workerPath: bundle('storeWorker.js'),
      wasmPath: bundle('sql-wasm.wasm'),
    }),
    matcher: createWorkerMatcher({ workerPath: bundle('matchWorker.js'), budgetMs: matchBudgetMs }),
    clusters: [
      createSandboxCluster({
        name: 'sandbox',
        directory: sandbox,
        runnerPath: bundle('sandboxRunner.js'),
        nodePath: process.execPath,
        clock: systemClock,
      }),
    ],
  });
}
