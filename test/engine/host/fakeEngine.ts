// A small engine for the host's tests: it keeps watchers in a file of the home, and misbehaves on request.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import type { Engine } from '../../../engine/engine';
import type { EngineSeeds } from '../../../engine/host/hostOptions';
import { newJob } from '../../../engine/job';
import type { Metric, Watcher } from '../../../engine/model';
import type { Question } from '../../../engine/ports';
import type { EngineChange } from '../../../engine/protocol';
import { toClusterStatus } from '../../records';

const job = newJob({
  ...{ key: 'sandbox/1', cluster: 'sandbox', id: '1', name: 'job' },
  ...{ phase: 'running', state: 'RUNNING', started: 0 },
});

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

const idle = toClusterStatus({ state: 'idle' });

const question: Question = {
  kind: 'secret',
  host: 'me@big',
  method: 'password',
  safeKey: 'password:me@big:22',
  instructions: '',
  prompts: [{ text: 'Password', echo: false }],
  again: false,
};

/** What fake engines were told by their host. */
export const notes: string[] = [];

/** `submit` adds a watcher named after the script; `cancelJob` takes the name of a misfortune as its cluster. */
export function createFakeEngine({
  home,
  generation,
  prompter,
  settings,
  environment,
}: EngineSeeds): Promise<Engine> {
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
    metricSeries: () => Promise.resolve([]),
    metricNames: () => Promise.resolve([]),
    pause: () => Promise.reject(new Error('nobody foresaw this')),
    planTrigger: () => Promise.resolve([]),
    resume: () => Promise.resolve([]),
    rearm: () => Promise.resolve([]),
    trigger: () => Promise.resolve([]),
    dryRun: () =>
      Promise.resolve({
        ...{ entries: [], tick: 'line', endState: null, isWhole: true },
        outputs: { stdout: 0, stderr: null },
      }),
    attach: ({ cluster }) => Promise.resolve({ cluster, job, watchers: [] }),
    edit: ({ watcher }) => Promise.resolve(fakeWatcher(watcher)),
    remove: (ids) => {
      change([], ids);
      return Promise.resolve();
    },
    cancelJob: (name) => misfortunes[name]?.() ?? Promise.resolve(),
    clusters: [],
    listClusters: () => Promise.resolve([idle]),
    signIn: async (cluster) => {
      const answer = await prompter.ask(cluster, question);
      if (answer === null) throw new WatchError('needs-sign-in', 'Nobody answered.', 'Sign in.');
      return { ...idle, state: answer[0] === 'open-sesame' ? 'connected' : 'disconnected' };
    },
    clusterJobs: async (cluster) => {
      await prompter.ask(cluster, question);
      return [];
    },
    readOutput: ({ from, maxBytes }) => {
      const bytes = Buffer.from('aé€😀z').subarray(from ?? 0, (from ?? 0) + maxBytes);
      return Promise.resolve({ path: '/out', from: from ?? 0, bytes, size: 11 });
    },
    follow: ({ from, job: wanted }, take) => {
      take({ kind: 'piece', from: from ?? 0, bytes: Buffer.from('aé'), size: 3, time: 7 });
      const end = (): void => void notes.push(`no longer followed: ${wanted}`);
      return Promise.resolve({ followed: { path: '/out', from: from ?? 0 }, end });
    },
    searchOutput: () => Promise.resolve({ matches: [], unmatched: [], to: 0, size: 0, isEnd: true }),
    countLines: () => Promise.resolve({ to: 0, lines: 0, size: 0, isDone: true }),
    findWorkdir: (_cluster, path) =>
      Promise.resolve(JSON.stringify([path, settings(), environment()['SSH_AUTH_SOCK'] ?? null])),
    refresh: () => notes.push('refresh'),
    retrySignIns: () => notes.push('retrySignIns'),
    agreements: () => [],
    withdrawConsent: () => Promise.resolve([]),
    setSecret: (name, value) => {
      notes.push(`${name}: ${value ?? 'forgotten'}`);
      return Promise.resolve();
    },
    pendingActions: 0,
    waiting: [],
    pendingOf: () => [],
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
