// Completes stored shapes of any version with what has come since: tables, journal and other engines' answers come in here.
import { defaultDefinition } from '../language/schema';
import { plainEvent } from './effect';
import { newJob } from './job';
import type { FileMark, Job, Metric, OutboxEntry, Progress, Time, Watcher, WatchEvent } from './model';
import type { Change } from './ports';
import { initialProgress } from './progress';

/** What every version has written of a shape; the rest may be absent. */
type Stored<Shape, Always extends keyof Shape> = Pick<Shape, Always> & Partial<Omit<Shape, Always>>;

export type StoredJob = Stored<Job, 'key' | 'cluster'>;

export const completeJob = (stored: StoredJob): Job => newJob(stored);

/** Progress before there were two outputs to have trouble with, and deadlines of other kinds than timers. */
export type StoredProgress = Partial<Omit<Progress, 'readTrouble'>> & {
  readonly readTrouble?: Progress['readTrouble'] | string | null;
  readonly nextTimer?: Time | null;
};

export function completeProgress({ nextTimer, ...stored }: StoredProgress): Progress {
  const timer = typeof nextTimer === 'number' ? { timer: nextTimer } : {};
  const progress = { ...initialProgress, deadlines: timer, ...stored };
  const { readTrouble, deadlines, lastGroups, variables } = progress;
  const { stdout, stderr } = progress.mark;
  // A timer that ran before `held` was kept acts on what it acted on then.
  const running =
    deadlines.timer !== undefined && lastGroups !== null ? { groups: lastGroups, variables } : null;
  return {
    ...progress,
    held: stored.held === undefined ? running : stored.held,
    readTrouble:
      typeof readTrouble === 'object' && readTrouble !== null
        ? readTrouble
        : { stdout: readTrouble, stderr: readTrouble },
    mark: { stdout: completeMark(stdout), stderr: completeMark(stderr) },
  };
}

const completeMark = (mark: FileMark | null): FileMark | null => mark && { ...{ restarts: 0 }, ...mark };

export interface StoredWatcher extends Omit<Stored<Watcher, 'id' | 'job'>, 'definition' | 'progress'> {
  readonly definition: Partial<Watcher['definition']>;
  readonly progress: StoredProgress;
}

export const completeWatcher = ({ id, job, lines = null, ...stored }: StoredWatcher): Watcher => ({
  id,
  job,
  lines,
  definition: { ...defaultDefinition, ...stored.definition },
  progress: completeProgress(stored.progress),
});

export type StoredEntry = Stored<OutboxEntry, 'id' | 'job' | 'watcherId' | 'time' | 'actions'>;

export const completeEntry = (stored: StoredEntry): OutboxEntry => ({
  cause: null,
  matchedText: null,
  place: null,
  captures: {},
  started: false,
  attempts: 0,
  notBefore: 0,
  standsFor: null,
  successor: null,
  ...stored,
});

export type StoredEvent = Stored<WatchEvent, 'id' | 'time' | 'cluster' | 'job' | 'jobId' | 'kind' | 'result'>;

export const completeEvent = (stored: StoredEvent): WatchEvent => ({
  watcherId: null,
  watcher: null,
  ...plainEvent,
  ...stored,
});

/** JSON has no word for what is not a finite number: the journal writes words there, the tables null. */
export type StoredMetric = Omit<Metric, 'value'> & { readonly value: number | string | null };

export const completeMetric = (stored: StoredMetric): Metric => ({
  ...stored,
  value: stored.value === null ? NaN : Number(stored.value),
});

export function completeChange(change: Change): Change {
  switch (change.kind) {
    case 'job':
      return { kind: 'job', job: completeJob(change.job) };
    case 'watcher':
      return { kind: 'watcher', watcher: completeWatcher(change.watcher) };
    case 'progress':
      return { ...change, progress: completeProgress(change.progress) };
    case 'event':
      return { kind: 'event', event: completeEvent(change.event) };
    case 'metric':
      return { kind: 'metric', metric: completeMetric(change.metric) };
    case 'outbox':
      return { kind: 'outbox', entry: completeEntry(change.entry) };
    case 'removeWatcher':
    case 'outboxDone':
      return change;
  }
}
