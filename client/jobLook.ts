// How a job looks at a glance, the same in every tree: it is over once Slurm says so, also while its output is still read.
import type { Job } from '../engine/model';
import type { JobReport } from '../engine/protocol';
import { toJobEndState } from '../language/jobStates';

export type JobLook = 'waiting' | 'running' | 'suspended' | 'completed' | 'cancelled' | 'failed';

export function toJobLook({ state, started }: Pick<JobReport, 'state' | 'started'>): JobLook {
  const endState = toJobEndState(state);
  if (endState !== null) return endState === 'completed' || endState === 'cancelled' ? endState : 'failed';
  if (state === 'SUSPENDED') return 'suspended';
  return isRunning({ state, started }) ? 'running' : 'waiting';
}

/** An array has no time of its own at which it began. */
export const isRunning = ({ state, started }: Pick<JobReport, 'state' | 'started'>): boolean =>
  state === 'RUNNING' || state === 'COMPLETING' || started !== null;

/** A script that was refused never became a job of its cluster. */
export const toWatchedJobLook = (job: Job): JobLook => (job.phase === 'refused' ? 'failed' : toJobLook(job));
