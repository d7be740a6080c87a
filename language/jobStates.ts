// The table of Slurm's job states: long and short names, whether they end a job, and the word that conditions see.

/** The word for a finished job's state in `trigger_job_states` and `job_end_state`. */
export type JobEndState =
  | 'completed'
  | 'failed'
  | 'timeout'
  | 'cancelled'
  | 'out_of_memory'
  | 'node_fail'
  | 'preempted'
  | 'boot_fail'
  | 'deadline'
  | 'revoked'
  | 'unknown';

interface JobStateRow {
  /** Slurm's compact code; squeue(1), "JOB STATE CODES". */
  readonly short: string;
  /** The word of a finished job, or null while the job is not finished. */
  readonly end: JobEndState | null;
  /** Further spellings that people write, in lower case. */
  readonly aliases: readonly string[];
}

/** Source: squeue(1) and sacct(1), "JOB STATE CODES"; UNKNOWN is ours, for a job that Slurm has forgotten. */
export const jobStateTable = {
  PENDING: { short: 'PD', end: null, aliases: [] },
  RUNNING: { short: 'R', end: null, aliases: [] },
  SUSPENDED: { short: 'S', end: null, aliases: [] },
  STOPPED: { short: 'ST', end: null, aliases: [] },
  COMPLETING: { short: 'CG', end: null, aliases: [] },
  CONFIGURING: { short: 'CF', end: null, aliases: [] },
  REQUEUED: { short: 'RQ', end: null, aliases: [] },
  REQUEUE_HOLD: { short: 'RH', end: null, aliases: [] },
  REQUEUE_FED: { short: 'RF', end: null, aliases: [] },
  RESIZING: { short: 'RS', end: null, aliases: [] },
  RESV_DEL_HOLD: { short: 'RD', end: null, aliases: [] },
  SIGNALING: { short: 'SI', end: null, aliases: [] },
  SPECIAL_EXIT: { short: 'SE', end: null, aliases: [] },
  STAGE_OUT: { short: 'SO', end: null, aliases: [] },
  COMPLETED: { short: 'CD', end: 'completed', aliases: ['complete', 'success', 'done'] },
  FAILED: { short: 'F', end: 'failed', aliases: ['fail', 'failure'] },
  TIMEOUT: { short: 'TO', end: 'timeout', aliases: ['timed_out', 'timelimit'] },
  CANCELLED: { short: 'CA', end: 'cancelled', aliases: ['canceled', 'cancel'] },
  OUT_OF_MEMORY: { short: 'OOM', end: 'out_of_memory', aliases: ['oom', 'outofmemory'] },
  NODE_FAIL: { short: 'NF', end: 'node_fail', aliases: ['nodefail', 'node_failure'] },
  PREEMPTED: { short: 'PR', end: 'preempted', aliases: ['preempt'] },
  BOOT_FAIL: { short: 'BF', end: 'boot_fail', aliases: ['bootfail'] },
  DEADLINE: { short: 'DL', end: 'deadline', aliases: [] },
  REVOKED: { short: 'RV', end: 'revoked', aliases: [] },
  UNKNOWN: { short: '??', end: 'unknown', aliases: [] },
} as const satisfies Record<string, JobStateRow>;

/** Slurm's long name of a job state. */
export type JobState = keyof typeof jobStateTable;

const bySpelling = new Map<string, JobState>();
for (const [long, row] of Object.entries(jobStateTable) as [JobState, JobStateRow][]) {
  for (const spelling of [long, row.short, ...row.aliases]) bySpelling.set(spelling.toLowerCase(), long);
}

/** Slurm's state for any of its spellings, in any case; also `CANCELLED by 1000` and `CANCELLED+` as sacct prints them. */
export function findJobState(spelling: string): JobState | undefined {
  const word = /^[^\s+]*/.exec(spelling.trim())?.[0] ?? '';
  return bySpelling.get(word.toLowerCase().replaceAll('-', '_'));
}

/** The end word of a state, or null while the job lives. */
export function toJobEndState(state: JobState): JobEndState | null {
  return jobStateTable[state].end;
}
