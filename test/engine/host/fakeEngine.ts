// A small engine for the host's tests: it keeps watchers in a file of the home, and misbehaves on request.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import type { Engine } from '../../../engine/engine';
import type { EngineSeeds } from '../../../engine/host/hostOptions';
import type { Job, Metric, Watcher } from '../../../engine/model';
import type { EngineChange } from '../../../engine/protocol';

const job: Job = {
  key: 'sandbox/1',
  cluster: 'sandbox',
  id: '1',
  parent: null,
  isArray: false,
  name: 'job',
  phase: 'running',
  state: 'RUNNING',
  endState: null,
  cancelledBy: null,
  reason: '',
  submitted: 0,
  started: 0,
  ended: null,
  exitCode: null,
  restarts: 0,
  outputs: { stdout: null, stderr: null },
  submission: null,
};

/** What the host looks at of a watcher is that there is one. */
function fakeWatcher(id: string): Watcher {
  return { id, job: job.key } as Watcher;
}

function fakeMetric(value: number): Metric {
  return {
    id: 1,
    time: 0,
    cluster: 'sandbox',
    job: job.key,
    jobId: '1',
    watcherId: 'w',
    watcher: 'w',
    name: 'loss',
    value,
    unit: null,
    step: 0,
  };
}

/** `submit` adds a watcher named after the script; `cancelJob` takes the name of a misfortune as its job. */
export function createFakeEngine({ home, generation }: EngineSeeds): Promise<Engine> {
  if (process.env['FAKE_ENGINE_DAMAGED']) {
    throw new WatchError('store-damaged', 'The store is damaged.', 'Restore it.');
  }
  const file = join(home, 'fake-watchers.json');
  let watchers = read(file);
  const listeners = new Set<(change: EngineChange) => void>();
  const change = (ids: readonly string[], removed: readonly string[] = []): void => {
    watchers = [...watchers.filter((id) => !removed.includes(id)), ...ids];
    writeFileSync(file, JSON.stringify(watchers));
    const news = {
      watchers: ids.map(fakeWatcher),
      removedWatchers: removed,
      metrics: [fakeMetric(-Infinity)],
    };
    for (const listener of listeners) listener({ jobs: [], events: [], clusters: [], ...news });
  };
  const misfortunes: Record<string, () => Promise<void>> = {
    refusal: () => Promise.reject(new WatchError('not-found', 'No such job.', 'Look at the list.')),
    crash: () => {
      setImmediate(() => {
        throw new Error('crash on request');
      });
      return Promise.resolve();
    },
    eternity: () => new Promise(() => undefined),
  };
  return Promise.resolve({
    submit: ({ cluster, scriptName }) => {
      change([scriptName]);
      return Promise.resolve({ cluster, job, watchers: [fakeWatcher(scriptName)] });
    },
    jobs: (filter) =>
      filter.job === 'not-by-the-first' && generation === 1
        ? new Promise(() => undefined)
        : Promise.resolve([job]),
    watchers: () => Promise.resolve(watchers.map(fakeWatcher)),
    events: () => Promise.resolve([]),
    metrics: () => Promise.resolve([NaN, Infinity, -Infinity, 0.5].map(fakeMetric)),
    pause: () => Promise.reject(new Error('nobody foresaw this')),
    resume: () => Promise.resolve([]),
    rearm: () => Promise.resolve([]),
    trigger: () => Promise.resolve([]),
    attach: ({ cluster }) => Promise.resolve({ cluster, job, watchers: [] }),
    remove: (ids) => {
      change([], ids);
      return Promise.resolve();
    },
    cancelJob: (_cluster, name) => misfortunes[name]?.() ?? Promise.resolve(),
    clusters: [],
    get activeWatchers() {
      return watchers.length;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  });
}

function read(file: string): readonly string[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as string[];
  } catch {
    return [];
  }
}
