// Jobs, watchers, events and metrics for tests of stores: complete, and different only in what a test names.
import { newJob } from '../../engine/job';
import type { Job, Metric, OutboxEntry, Progress, Watcher, WatchEvent } from '../../engine/model';
import type { Change } from '../../engine/ports';
import { defaultDefinition } from '../../language/schema';

export const sampleJob = (given: Partial<Job> = {}): Job => {
  const id = given.id ?? '4242';
  const cluster = given.cluster ?? 'main';
  return newJob({
    key: `${cluster}/${id}/1700000000000`,
    cluster,
    id,
    name: 'train',
    phase: 'running',
    state: 'RUNNING',
    submitted: 1_700_000_000_000,
    started: 1_700_000_010_000,
    outputs: { stdout: `/home/ada/slurm-${id}.out`, stderr: null },
    submission: {
      token: 'abc123',
      scriptName: 'train.sh',
      script: '#!/bin/bash\n#WATCHER pattern="loss"\necho "größer 🙂"\n',
      cleanScript: '#!/bin/bash\n\necho "größer 🙂"\n',
      workdir: '/home/ada',
      options: ['--mem=4G'],
    },
    ...given,
  });
};

export const sampleProgress = (given: Partial<Progress> = {}): Progress => ({
  state: 'active',
  stateReason: null,
  position: { stdout: 0, stderr: 0 },
  mark: { stdout: { head: 'aa', headLength: 12, tail: 'bb', tailLength: 12, restarts: 0 }, stderr: null },
  seen: { stdout: 12, stderr: 0 },
  readTrouble: { stdout: null, stderr: null },
  variables: { loss: '0.5' },
  lastGroups: ['loss: 0.5', '0.5', null],
  held: null,
  triggerCount: 0,
  failureCount: 0,
  consecutiveFailures: 0,
  lastCheck: null,
  lastMatch: null,
  lastTrigger: null,
  nextCheck: 1_700_000_030_000,
  deadlines: {},
  backoff: 1.1,
  reportedErrors: [],
  patternOverruns: 0,
  recentActions: [],
  ...given,
});

export const sampleWatcher = (given: Partial<Watcher> = {}): Watcher => ({
  id: 'w1',
  job: sampleJob().key,
  definition: {
    ...defaultDefinition,
    name: 'loss',
    pattern: 'loss: ([\\d.]+)',
    captures: ['loss', null],
    condition: 'float(loss) > 5',
    triggerJobStates: ['completed'],
    actions: [{ type: 'log_event', params: { message: 'low $loss' }, condition: null }],
  },
  lines: { first: 2, last: 2 },
  progress: sampleProgress(),
  ...given,
});

export const sampleEvent = (id: number, given: Partial<WatchEvent> = {}): WatchEvent => ({
  id,
  time: 1_700_000_000_000 + id * 1000,
  cluster: 'main',
  job: sampleJob().key,
  jobId: '4242',
  watcherId: 'w1',
  watcher: 'loss',
  kind: 'action',
  cause: { kind: 'match' },
  action: 'log_event',
  success: true,
  matchedText: `loss: 0.${id}`,
  place: { stream: 'stdout', line: 100 * id, segment: 100 * id },
  captures: { loss: `0.${id}` },
  output: null,
  params: { message: `low 0.${id}`, level: 'info' },
  result: `low 0.${id}`,
  ...given,
});

export const sampleMetric = (id: number, given: Partial<Metric> = {}): Metric => ({
  id,
  time: 1_700_000_000_000 + id * 1000,
  cluster: 'main',
  job: sampleJob().key,
  jobId: '4242',
  watcherId: 'w1',
  watcher: 'loss',
  name: 'loss',
  value: id / 3,
  unit: null,
  step: id - 1,
  ...given,
});

export const sampleEntry = (id: string, given: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id,
  job: sampleJob().key,
  watcherId: 'w1',
  time: 1_700_000_000_000,
  cause: { kind: 'match' },
  matchedText: 'loss: 9',
  place: { stream: 'stderr', line: 7, segment: 9 },
  captures: { loss: '9' },
  actions: [{ type: 'cancel_job', params: { reason: 'too high' } }],
  started: false,
  attempts: 0,
  notBefore: 0,
  standsFor: null,
  successor: null,
  ...given,
});

export const jobChange = (given?: Partial<Job>): Change => ({ kind: 'job', job: sampleJob(given) });
export const watcherChange = (given?: Partial<Watcher>): Change => ({
  kind: 'watcher',
  watcher: sampleWatcher(given),
});
export const eventChange = (id: number, given?: Partial<WatchEvent>): Change => ({
  kind: 'event',
  event: sampleEvent(id, given),
});
export const metricChange = (id: number, given?: Partial<Metric>): Change => ({
  kind: 'metric',
  metric: sampleMetric(id, given),
});
