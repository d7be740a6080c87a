// The engine's nouns: jobs, watchers and what is known of them, events and metrics. Plain data, safe to send and to store.
import type { ActionDefinition, Definition } from '../language/definition';
import type { ActionType } from '../language/actionTable';
import type { EndCounts } from './arrayEnd';
import type { JobEndState, JobEndWord, JobState } from '../language/jobStates';

/** Milliseconds since 1970, UTC. */
export type Time = number;
export type Stream = 'stdout' | 'stderr';
/** Identity of a job for ever: cluster, id and first submit time; opaque outside the engine. */
export type JobKey = string;
export type WatcherId = string;

export type ClusterKind = 'ssh' | 'local' | 'sandbox';
/** idle: nothing was asked of it yet. */
export type ConnectionState = 'idle' | 'connected' | 'connecting' | 'disconnected' | 'needs-sign-in';

/** How a stretch of a file was recognised when it was last read; null where nothing was read yet. */
export interface FileMark {
  /** Hash of the file's first bytes, and how many were hashed. */
  readonly head: string;
  readonly headLength: number;
  /** Hash of the bytes right before the position, and how many were hashed. */
  readonly tail: string;
  readonly tailLength: number;
  /** How often the job had been started again when it was read. */
  readonly restarts: number;
}

/** A file as one look showed it, before it was this job's: enough to tell later whether it is still the same. */
export interface FileLook {
  readonly size: number;
  /** When it was written last, as its file server tells it; null if it is not told. */
  readonly modified: Time | null;
  /** Hashes of its first bytes and of its last ones. */
  readonly mark: FileMark;
  /** When it was looked at, on our clock. */
  readonly time: Time;
}

/** What of one output is the job's own. */
export interface OwnFile {
  /** Its first byte; null: not known yet, and nothing is matched until it is. */
  readonly from: number | null;
  /** The file as it was when it was last looked at before the job began. */
  readonly before: FileLook | 'absent' | 'unknown';
  /** Why nothing more of it is the job's, since the job has ended; null while it may be. */
  readonly closed: string | null;
}

/** Which bytes of its outputs are a job's own: files are shared with earlier and later jobs, with tasks, with people. */
export interface OwnBytes {
  /** By path. */
  readonly files: Readonly<Record<string, OwnFile>>;
  /** Of other paths everything is its own; otherwise that is decided when they are seen. */
  readonly unlisted: 'own' | 'undecided';
  /** Whether Slurm appends to a file that is there, unless the job says otherwise; null: not known. */
  readonly appends: boolean | null;
  /** Ids of jobs whose outputs had been read to their ends before its own were looked at first: they write no more. */
  readonly past?: readonly string[];
  /** People were told that another job writes to one of its outputs at the same time. */
  readonly isShared: boolean;
}

/** What was handed to a cluster: enough to recognise an interrupted submission and to submit again. */
export interface Submission {
  /** Recognises the submission on the cluster after a cut connection. */
  readonly token: string;
  /** The file's name as the person knows it, `train.sh`. */
  readonly scriptName: string;
  /** The original text with its directives. */
  readonly script: string;
  /** What sbatch gets: directives blanked. */
  readonly cleanScript: string;
  /** Absolute path on the cluster. */
  readonly workdir: string;
  /** sbatch options after the script's own, one word each. */
  readonly options: readonly string[];
  /** Who handed it in, in words; absent if nobody said. */
  readonly by?: string;
  /** Absolute path of the private folder that has it on the cluster; absent: in the working directory, by version 0.1.0. */
  readonly folder?: string;
  /**
   * Who watches the job, if its script alone does not say it: of one that continues another. Their variables begin empty.
   */
  readonly watchers?: readonly Pick<Watcher, 'definition' | 'lines'>[];
  /** Captures that were put into `cleanScript`: they hold for later submissions too, until newer ones come. */
  readonly rendered?: Readonly<Record<string, string>>;
  /** Of `options`, what later submissions of the script have too; absent: all. */
  readonly lastingOptions?: readonly string[];
  /** Options that the user's own start-up files set there, one word each: they win over the script's, not over `options`. */
  readonly given?: readonly string[];
}

/**
 * submitting: handed to the cluster, no id yet; queued, running: as Slurm says; draining: ended, its output is still
 * being read; ended: nothing more will come; refused: never became a job.
 */
export type JobPhase = 'submitting' | 'queued' | 'running' | 'draining' | 'ended' | 'refused';

export interface Job {
  readonly key: JobKey;
  readonly cluster: string;
  /** `4242`, or `4242_3` for an array task; empty while submitting. */
  readonly id: string;
  /** The array template that a task belongs to. */
  readonly parent: JobKey | null;
  readonly isArray: boolean;
  readonly name: string;
  readonly phase: JobPhase;
  readonly state: JobState;
  readonly endState: JobEndState | null;
  /** Why it is pending, in Slurm's word; empty otherwise. */
  readonly reason: string;
  readonly submitted: Time;
  readonly started: Time | null;
  readonly ended: Time | null;
  /** Slurm's `code:signal`. */
  readonly exitCode: string | null;
  readonly restarts: number;
  /** Of an array that has ended: how many of its tasks ended in each state; null for any other job. */
  readonly taskEnds: EndCounts | null;
  /** Absolute paths on the cluster; null while unknown. Equal paths are one file. */
  readonly outputs: { readonly stdout: string | null; readonly stderr: string | null };
  readonly own: OwnBytes;
  readonly submission: Submission | null;
  /** The watcher that asked for the job's cancellation, or null for a person; and why. */
  readonly cancelledBy: { readonly watcher: string | null; readonly reason: string | null } | null;
  /** Its place in a chain of resubmissions; null if it continues no other job. */
  readonly chain: Chain | null;
  /** The job that continues it, from before it is handed over; null if there is none. */
  readonly successor: JobKey | null;
}

/** `job 3 of 5, from job 41, by watcher "oom"`: at most `of` if all goes on as it does. */
export interface Chain {
  /** The first job, which continues no other, is number 1. */
  readonly number: number;
  readonly of: number;
  /** Id of the job that it continues. */
  readonly from: string;
  readonly watcher: string;
}

/** What a watcher does at a time of its own. timer: its timer mode acts, from the first match on. */
export type DeadlineKind = 'timer';

export type Deadlines = Readonly<Partial<Record<DeadlineKind, Time>>>;

export type WatcherState = 'active' | 'paused' | 'triggered' | 'disabled' | 'completed' | 'static';

/** Everything about a watcher that changes while it watches; one row of the store, replaced whole. */
export interface Progress {
  readonly state: WatcherState;
  /** Why it is in this state, for people; null where that is plain. */
  readonly stateReason: string | null;
  /** Byte offset of the first byte that was not matched yet: always the start of an unfinished line or segment. */
  readonly position: { readonly stdout: number; readonly stderr: number };
  readonly mark: { readonly stdout: FileMark | null; readonly stderr: FileMark | null };
  /** Sizes of the files when they were last looked at: what is beyond is new. */
  readonly seen: { readonly stdout: number; readonly stderr: number };
  /** Why its outputs cannot be read, as it was told; null while they can. */
  readonly readTrouble: { readonly stdout: string | null; readonly stderr: string | null };
  /** Named captures as last matched, merged. */
  readonly variables: Readonly<Record<string, string>>;
  /** The last match: whole text, then its groups; null before the first. */
  readonly lastGroups: readonly (string | null)[] | null;
  /** Timer mode: the last match for which the condition held, with what was captured then; null before the first. */
  readonly held: {
    readonly groups: readonly (string | null)[];
    readonly variables: Readonly<Record<string, string>>;
  } | null;
  readonly triggerCount: number;
  /** Failed actions in all. */
  readonly failureCount: number;
  readonly consecutiveFailures: number;
  readonly lastCheck: Time | null;
  readonly lastMatch: Time | null;
  readonly lastTrigger: Time | null;
  /** When its output is looked at again; null where it is not. */
  readonly nextCheck: Time | null;
  /** When it acts whatever is printed; empty if nothing of that kind is planned. */
  readonly deadlines: Deadlines;
  /** Multiplies the interval while nothing is new: 1 to 5. */
  readonly backoff: number;
  /** Errors of conditions and of values that were reported already: each distinct one is an event once. */
  readonly reportedErrors: readonly string[];
  /** How often the pattern exceeded its budget. */
  readonly patternOverruns: number;
  /** When actions that count against the limit of 10 a minute began, those of the last minute. */
  readonly recentActions: readonly Time[];
}

export interface Watcher {
  readonly id: WatcherId;
  readonly job: JobKey;
  readonly definition: Definition;
  /** First and last line of the directive in the script, from 1; null for attached watchers. */
  readonly lines: { readonly first: number; readonly last: number } | null;
  readonly progress: Progress;
}

/**
 * What made a watcher's event, as far as it takes to say it; what was matched and captured stands beside it. match: something in
 * the output; output: a look at it that is not about one match; jobEnd, byHand: how the job had ended, null if it had not; byHand:
 * a person had it act, on a match or without one; wish: a person had it pause or go on, or edited it.
 */
export type Cause =
  | { readonly kind: 'match' | 'output' }
  | { readonly kind: 'deadline'; readonly deadline: DeadlineKind }
  | { readonly kind: 'jobEnd'; readonly end: JobEndWord | null }
  | { readonly kind: 'byHand'; readonly isMatch: boolean; readonly end: JobEndWord | null }
  | { readonly kind: 'wish'; readonly move: 'pause' | 'resume' | 'rearm' | 'edit' };

/** Where in an output something was matched, in bytes of the file. */
export interface OutputPlace {
  readonly stream: Stream;
  /** Where its line begins; of a line longer than 1 MiB, where the part of it begins. */
  readonly line: number;
  /** Where the refresh of the line begins that was matched; that of the line if it has none. */
  readonly segment: number;
}

export type EventKind = 'trigger' | 'action' | 'skip' | 'error' | 'state' | 'gap';

export interface WatchEvent {
  /** Rises by one with every event of a store. */
  readonly id: number;
  readonly time: Time;
  readonly cluster: string;
  readonly job: JobKey;
  readonly jobId: string;
  readonly watcherId: WatcherId | null;
  readonly watcher: string | null;
  readonly kind: EventKind;
  /** Null of a job's own events, and of those that version 0.1.0 has stored. */
  readonly cause: Cause | null;
  readonly action: ActionType | null;
  readonly success: boolean | null;
  readonly matchedText: string | null;
  /** Of what was matched; null of everything else, and of events that versions before 0.2.0 have stored. */
  readonly place: OutputPlace | null;
  readonly captures: Readonly<Record<string, string>>;
  /** Final parameters, defaults filled in; log_event has its `message` and `level` here. */
  readonly params: ActionDefinition['params'];
  /** One sentence for people: what came of it, or why. */
  readonly result: string;
  /** The last of what a command printed; null of everything else. */
  readonly output: string | null;
}

export interface Metric {
  readonly id: number;
  readonly time: Time;
  readonly cluster: string;
  readonly job: JobKey;
  readonly jobId: string;
  readonly watcherId: WatcherId;
  readonly watcher: string;
  readonly name: string;
  /** May be NaN or infinite. */
  readonly value: number;
  readonly unit: string | null;
  /** Counts the values of this name and job from 0. */
  readonly step: number;
}

/** An action whose condition held. */
export interface PlannedAction {
  readonly type: ActionType;
  /** Final: defaults and variables are put in. */
  readonly params: ActionDefinition['params'];
  /** Its command as the watcher has it, before values were put in; absent if it has none. */
  readonly written?: string;
  /** Why it must not run with these values: it fails instead. Absent if it may. */
  readonly refusal?: string;
}

/**
 * A trigger's actions from the first one that reaches outside: written in the same transaction as the position that
 * caused it, run afterwards in order. `started` is written before an action runs, so that a crash in between is known.
 */
export interface OutboxEntry {
  readonly id: string;
  readonly job: JobKey;
  readonly watcherId: WatcherId;
  readonly time: Time;
  /** Of its trigger; null if version 0.1.0 has stored it. */
  readonly cause: Cause | null;
  readonly matchedText: string | null;
  /** As of its trigger's event. */
  readonly place: OutputPlace | null;
  readonly captures: Readonly<Record<string, string>>;
  /** What remains to be done, first one first; conditions are already decided, parameters final. */
  readonly actions: readonly PlannedAction[];
  readonly started: boolean;
  readonly attempts: number;
  /** Not before this time; 0 if it need not wait, however clocks are set. */
  readonly notBefore: Time;
  /** Kept back by the limit of actions a minute: of how many triggers it tells the last; null for any other entry. */
  readonly standsFor: number | null;
  /** The job that its first action has begun to submit: written before it is handed over. */
  readonly successor: JobKey | null;
  /** What its first action waits for that only a person can give, as it was told; null or absent if for nothing. */
  readonly waitsFor?: string | null;
  /** The trouble after which its first action is tried again, in sentences; null or absent if there was none. */
  readonly retriedFor?: string | null;
}

export interface ClusterStatus {
  readonly name: string;
  readonly kind: ClusterKind;
  readonly state: ConnectionState;
  /** Remote commands since the engine began. */
  readonly commands: number;
  /** Requests for files since the engine began. */
  readonly reads: number;
  readonly lastTickMs: number | null;
  /** Remote commands and requests for files of the last tick. */
  readonly lastTickCommands: number | null;
  readonly lastTickReads: number | null;
  /** What is wrong, with its remedy; null where nothing is. */
  readonly trouble: string | null;
}
