// What Slurm's commands have in common in what they say of a job.
import type { JobState } from '../../language/jobStates';
import type { Time } from '../model';

/** What all of them say; sacct(1) no more than this. */
export interface JobRecord {
  /** As Slurm shows it: `14`, `15_1`, `15_[3,5-9%2]`, `7+0`. */
  readonly shown: string;
  readonly state: JobState;
  /** How often it was queued again before this run of it. */
  readonly restarts: number;
  /** `code:signal`. */
  readonly exitCode: string;
  readonly submitted: Time | null;
  readonly started: Time | null;
  readonly ended: Time | null;
  readonly timeLimitSeconds: number | null;
  readonly partition: string;
  readonly nodes: string;
  readonly name: string;
  /** The script's path with its arguments, or the line that submitted it; empty where that is not known. */
  readonly words: string;
  /** When the runs before this one were submitted, the first one first, as far as accounting was asked. */
  readonly earlier: readonly Time[];
}

/** What squeue(1) and scontrol(1) say of jobs that the controller still knows. */
export interface KnownRecord extends JobRecord {
  readonly requeueable: boolean;
  readonly reason: string;
}
