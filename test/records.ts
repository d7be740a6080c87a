// Jobs, reports, clusters, watchers, events and metrics for tests: plain ones, with what a test is about.
import { newJob } from '../engine/job';
import type { ClusterStatus, Job, Metric, Progress, Watcher, WatchEvent } from '../engine/model';
import type { JobReport } from '../engine/ports';
import { initialProgress } from '../engine/progress';
import type { Definition } from '../language/definition';
import { parseScript } from '../language/script';

export const toJob = (part: Partial<Job> = {}): Job =>
  newJob({
    ...{ key: 'sandbox 12', cluster: 'sandbox', id: '12', name: 'train', phase: 'running', state: 'RUNNING' },
    ...part,
  });

/** As a scheduler tells of a job that runs. */
export const toReport = (part: Partial<JobReport> = {}): JobReport => ({
  id: '1',
  arrayTask: null,
  isArray: false,
  name: 'train',
  state: 'RUNNING',
  reason: '',
  submitted: 0,
  started: 0,
  ended: null,
  exitCode: null,
  restarts: 0,
  requeueable: false,
  outputs: { stdout: null, stderr: null },
  partition: '',
  nodes: '',
  timeLimitSeconds: null,
  ...part,
});

export const toClusterStatus = (part: Partial<ClusterStatus> = {}): ClusterStatus => ({
  name: 'big',
  kind: 'ssh',
  state: 'connected',
  commands: 0,
  reads: 0,
  lastTickMs: null,
  lastTickCommands: null,
  lastTickReads: null,
  trouble: null,
  ...part,
});

export function toWatcher(definition: Partial<Definition> = {}, progress: Partial<Progress> = {}): Watcher {
  const [parsed] = parseScript('#WATCHER name=loss pattern="(a)(b)(c)"').watchers;
  if (!parsed) throw new TypeError('no watcher');
  return {
    id: 'w1',
    job: 'sandbox 12',
    definition: { ...parsed.definition, ...definition },
    lines: { first: 1, last: 1 },
    progress: { ...initialProgress, ...progress },
  };
}

export const toEvent = (part: Partial<WatchEvent> = {}): WatchEvent => ({
  id: 1,
  time: 0,
  cluster: 'sandbox',
  job: 'sandbox 12',
  jobId: '12',
  watcherId: 'w1',
  watcher: 'loss',
  kind: 'action',
  cause: null,
  action: 'log_event',
  success: true,
  matchedText: null,
  place: null,
  captures: {},
  params: {},
  result: 'said',
  output: null,
  ...part,
});

export const toMetric = (part: Partial<Metric> = {}): Metric => ({
  ...{ id: 1, time: 0, cluster: 'sandbox', job: 'sandbox 12', jobId: '12', watcherId: 'w1', watcher: 'loss' },
  ...{ name: 'loss', value: 1, unit: null, step: 0 },
  ...part,
});
