// What a job is in each phase of its life, and how one begins.
import type { Job, JobKey, JobPhase, OwnBytes } from './model';

/** What holds of a job in a phase. */
export interface PhaseTraits {
  /** It may still change, and the engine goes on with it at the next start. */
  readonly isLive: boolean;
  /** The cluster knows it by its id and is asked for its state. */
  readonly isQueried: boolean;
}

/** Source: `JobPhase`, which says what each phase means. */
export const jobPhases: Readonly<Record<JobPhase, PhaseTraits>> = {
  submitting: { isLive: true, isQueried: false },
  queued: { isLive: true, isQueried: true },
  running: { isLive: true, isQueried: true },
  draining: { isLive: true, isQueried: true },
  ended: { isLive: false, isQueried: false },
  refused: { isLive: false, isQueried: false },
};

export const isLive = ({ phase }: Pick<Job, 'phase'>): boolean => jobPhases[phase].isLive;
export const isQueried = ({ phase }: Pick<Job, 'phase'>): boolean => jobPhases[phase].isQueried;

/** One that never ran has no output, whatever stands in its file. How one that nobody knows any more ended, nobody can say. */
export const hasRun = ({ started, restarts, endState }: Job): boolean =>
  started !== null || restarts > 0 || endState === 'unknown';

/** Every byte of its outputs is its own: as older versions took it, and where nothing else can have written. */
export const ownsAll: OwnBytes = { files: {}, unlisted: 'own', appends: null, isShared: false };

/** What holds of a job if nothing else is known of it. */
const initialJob: Omit<Job, 'key' | 'cluster'> = {
  id: '',
  parent: null,
  isArray: false,
  name: '',
  phase: 'submitting',
  state: 'PENDING',
  endState: null,
  reason: '',
  submitted: 0,
  started: null,
  ended: null,
  exitCode: null,
  restarts: 0,
  taskEnds: null,
  outputs: { stdout: null, stderr: null },
  own: ownsAll,
  submission: null,
  cancelledBy: null,
  chain: null,
  successor: null,
};

/** A job with what is known of it; the rest is as `initialJob` says. */
export const newJob = (known: { readonly key: JobKey; readonly cluster: string } & Partial<Job>): Job => ({
  ...initialJob,
  ...known,
});
