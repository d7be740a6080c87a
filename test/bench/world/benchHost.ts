// The engine's process as it ships, but for its cluster: the jobs of a benchmark cost nothing.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../../engine/engine';
import { runProcess } from '../../../engine/host/process';
import { systemClock } from '../../../engine/io/clock';
import { randomIds } from '../../../engine/io/ids';
import { createSqliteStore } from '../../../engine/io/sqliteStore';
import { createWorkerMatcher } from '../../../engine/io/workerMatcher';
import { createBenchCluster, type BenchJob } from './benchCluster';
import { ownActions } from '../../engine/ownActions';

/** JSON, for want of another way to a process that its client starts. */
const jobs = JSON.parse(process.env['BENCH_JOBS'] ?? '[]') as readonly BenchJob[];

void runProcess(__filename, {
  createEngine: ({ home, generation, bundleDirectory, log }) => {
    const directory = join(home, 'store');
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return startEngine({
      clock: systemClock,
      ids: randomIds,
      random: Math.random,
      actions: ownActions,
      store: createSqliteStore({
        ...{ home, directory, generation, onTrouble: log },
        workerPath: join(bundleDirectory, 'storeWorker.js'),
        wasmPath: join(bundleDirectory, 'sql-wasm.wasm'),
      }),
      matcher: createWorkerMatcher({ workerPath: join(bundleDirectory, 'matchWorker.js'), budgetMs: 50 }),
      clusters: createBenchCluster(jobs),
    });
  },
});
