// The table of Slurm's job states: long and short names, whether they end a job, and the word that conditions see.

/** The word for a finished job's exact state, as `trigger_job_states` lists it. */
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

/** What `job_end_state` says: ssync's words. Source: section 6 of the language. */
export type JobEndWord = 'completed' | 'failed' | 'timeout' | 'cancelled' | 'unknown';

interface JobStateRow {
  /** Slurm's compact code; squeue(1), "JOB STATE CODES". */
  readonly short: string;
  /** The word of a finished job, or null while the job is not finished. */
  readonly end: JobEndState | null;
  /** The family of that end; `failed` is one of six. Null while the job is not finished. */
  readonly family: JobEndWord | null;
  /** Further spellings that people write, in lower case. */
  readonly aliases: readonly string[];
}

/** Source: squeue(1) and sacct(1), "JOB STATE CODES"; UNKNOWN is ours, for a job that Slurm has forgotten. */
export const jobStateTable = {
  PENDING: { short: 'PD', end: null, family: null, aliases: [] },
  RUNNING: { short: 'R', end: null, family: null, aliases: [] },
  SUSPENDED: { short: 'S', end: null, family: null, aliases: [] },
  STOPPED: { short: 'ST', end: null, family: null, aliases: [] },
  COMPLETING: { short: 'CG', end: null, family: null, aliases: [] },
  CONFIGURING: { short: 'CF', end: null, family: null, aliases: [] },
  REQUEUED: { short: 'RQ', end: null, family: null, aliases: [] },
  REQUEUE_HOLD: { short: 'RH', end: null, family: null, aliases: [] },
  REQUEUE_FED: { short: 'RF', end: null, family: null, aliases: [] },
  RESIZING: { short: 'RS', end: null, family: null, aliases: [] },
  RESV_DEL_HOLD: { short: 'RD', end: null, family: null, aliases: [] },
  SIGNALING: { short: 'SI', end: null, family: null, aliases: [] },
  SPECIAL_EXIT: { short: 'SE', end: null, family: null, aliases: [] },
  STAGE_OUT: { short: 'SO', end: null, family: null, aliases: [] },
  COMPLETED: { short: 'CD', end: 'completed', family: 'completed', aliases: ['complete', 'success', 'done'] },
  FAILED: { short: 'F', end: 'failed', family: 'failed', aliases: ['fail', 'failure'] },
  TIMEOUT: { short: 'TO', end: 'timeout', family: 'timeout', aliases: ['timed_out', 'timelimit'] },
  CANCELLED: { short: 'CA', end: 'cancelled', family: 'cancelled', aliases: ['canceled', 'cancel'] },
  OUT_OF_MEMORY: { short: 'OOM', end: 'out_of_memory', family: 'failed', aliases: ['oom', 'outofmemory'] },
  NODE_FAIL: { short: 'NF', end: 'node_fail', family: 'failed', aliases: ['nodefail', 'node_failure'] },
  PREEMPTED: { short: 'PR', end: 'preempted', family: 'failed', aliases: ['preempt'] },
  BOOT_FAIL: { short: 'BF', end: 'boot_fail', family: 'failed', aliases: ['bootfail'] },
  DEADLINE: { short: 'DL', end: 'deadline', family: 'failed', aliases: [] },
  REVOKED: { short: 'RV', end: 'revoked', family: 'unknown', aliases: [] },
  UNKNOWN: { short: '??', end: 'unknown', family: 'unknown', aliases: [] },
} as const satisfies Record<string, JobStateRow>;

/** Slurm's long name of a job state. */
export type JobState = keyof typeof jobStateTable;

const bySpelling = new Map<string, JobState>();
for (const [long, row] of Object.entries(jobStateTable) as [JobState, JobStateRow][]) {
  for (const spelling of [long, row.short, ...row.aliases]) bySpelling.set(spelling.toLowerCase(), long);
}

const byEnd = new Map<JobEndState, JobState>();
for (const [long, { end }] of Object.entries(jobStateTable) as [JobState, JobStateRow][])
  if (end !== null) byEnd.set(end, long);

/** Every word that `trigger_job_states` takes, in the order of the table. */
export const jobEndStates: readonly JobEndState[] = [...byEnd.keys()];

/** Slurm's state for any of its spellings, in any case; also `CANCELLED by 1000` and `CANCELLED+` as sacct prints them. */
export function findJobState(spelling: string): JobState | undefined {
  const word = /^[^\s+]*/.exec(spelling.trim())?.[0] ?? '';
  return bySpelling.get(word.toLowerCase().replaceAll('-', '_'));
}

/** The end word of a state, or null while the job lives. */
export function toJobEndState(state: JobState): JobEndState | null {
  return jobStateTable[state].end;
}

/** Slurm's long name of an end. */
export const toJobState = (end: JobEndState): JobState => byEnd.get(end) ?? 'UNKNOWN';

/** What `job_end_state` says of an end. */
export const toJobEndWord = (end: JobEndState): JobEndWord =>
  jobStateTable[toJobState(end)].family ?? 'unknown';

/** Whether a list of `trigger_job_states` names this end, by itself or by its family. */
export const isEndListed = (end: JobEndState, listed: readonly JobEndState[]): boolean =>
  listed.includes(end) || listed.includes(toJobEndWord(end));
