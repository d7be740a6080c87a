// What a client process may ask of the engine's process, and what the engine tells all of them. JSON-RPC over a socket.
import type { Consent } from '../language/power';
import type { ActionType } from '../language/actionTable';
import type { JobEndState } from '../language/jobStates';
import type { DryRunEntry } from './dryRunEntry';
import type {
  ClusterStatus,
  Job,
  JobKey,
  Metric,
  PlannedAction,
  Stream,
  Time,
  Watcher,
  WatcherId,
  WatchEvent,
} from './model';
import type {
  AccessSettings,
  AgreedPower,
  EventFilter,
  JobFilter,
  JobReport,
  MetricFilter,
  Question,
  SecretName,
  WatcherFilter,
} from './ports';
import type { WatchErrorCode } from './errors';
import type { MetricName, MetricNamesRequest, MetricSeries, SeriesRequest } from './metricSeries';

/** What crosses as it is; clients know it from here. */
export type {
  AccessSettings,
  AgreedPower,
  EventFilter,
  JobReport,
  Question,
  RecordFilter,
  SecretName,
} from './ports';

/** Rises when a client and an engine of different numbers could misunderstand each other. */
export const protocolVersion = 3;

/** What a client knows of its surroundings; the newest client's values count when a cluster is connected to next. */
export interface Surroundings {
  /** Null: no opinion. */
  readonly settings: AccessSettings | null;
  /** Variables of the client's process that ssh needs, `SSH_AUTH_SOCK` among them. */
  readonly environment: Readonly<Record<string, string>>;
}

export type ClientName = 'vscode' | 'cli' | 'test';

export interface Hello extends Surroundings {
  readonly protocol: number;
  /** The client's package version. */
  readonly version: string;
  readonly client: ClientName;
  /** That of the home; the engine looks at nothing else before it. '' if it cannot be read: the engine then makes one. */
  readonly token: string;
  /** The client's process, as it says. */
  readonly pid: number;
  /** Whether watching shall go on when the last client has left; null: no opinion. */
  readonly keepRunning: boolean | null;
  /** Whether it can ask a person. */
  readonly canAsk: boolean;
  /** Whether it keeps secrets, and can answer questions without a person. */
  readonly hasSafe: boolean;
}

export interface Welcome {
  readonly protocol: number;
  readonly version: string;
  readonly pid: number;
  readonly generation: number;
}

export interface SubmitRequest {
  readonly cluster: string;
  readonly scriptName: string;
  readonly script: string;
  /** Null: the cluster's root directory, or the home there. */
  readonly workdir: string | null;
  readonly options: readonly string[];
  /** The hash of the list that a person has seen and agreed to, as `needs-consent` gave it. */
  readonly agreed?: string;
  /** What its login set-up prints is told by `engine/printed` with this number as it comes; absent: it is not told before the end. */
  readonly listener?: number;
}

/** A job as the scheduler sees it, whoever submitted it. */
export interface ClusterJob {
  readonly report: JobReport;
  /** Of a job that the engine knows; null of any other. */
  readonly key: JobKey | null;
  /** Whether it has watchers, in whatever state they are. */
  readonly watched: boolean;
}

export interface OutputRequest {
  readonly cluster: string;
  /** As the scheduler names it. */
  readonly job: string;
  readonly stream: Stream;
  /** Byte offset; null: the end of the file, as far back as `maxBytes` reaches. */
  readonly from: number | null;
  readonly maxBytes: number;
}

export interface FollowRequest {
  /** The client's own name for it, by which news come and by which it is ended; one in use is begun anew. */
  readonly follow: string;
  readonly cluster: string;
  /** As the scheduler names it, or its key. */
  readonly job: string;
  readonly stream: Stream;
  /** Byte offset; null: `context` bytes before the end, from the next line on. */
  readonly from: number | null;
  readonly context: number;
}

export interface Followed {
  readonly path: string;
  /** Nothing before it is sent. */
  readonly from: number;
}

/**
 * What comes of an output that is followed, in order; offsets are bytes of the file, and `time` is when it was read.
 * text: what is new. Invalid bytes are U+FFFD; a character that is not whole yet comes with the next piece.
 * skipped: so much has come, or the client was so slow, that it is not sent; `engine/readOutput` gives it.
 * replaced: the file was cut or replaced, and what follows begins at its start.
 * absent: the file is not there yet. trouble: it cannot be read now; each is told once while it lasts.
 * ended: the job has ended and nothing more has come for a while; these are the last news.
 */
export type OutputNews = { readonly follow: string; readonly time: Time } & (
  | {
      readonly kind: 'text';
      readonly from: number;
      readonly to: number;
      readonly text: string;
      readonly size: number;
    }
  | { readonly kind: 'skipped'; readonly from: number; readonly to: number; readonly size: number }
  | { readonly kind: 'replaced'; readonly reason: string; readonly size: number }
  | { readonly kind: 'absent' }
  | { readonly kind: 'trouble'; readonly message: string }
  | { readonly kind: 'ended'; readonly endState: JobEndState | null }
);

export interface SearchRequest {
  readonly cluster: string;
  /** As the scheduler names it, or its key. */
  readonly job: string;
  readonly stream: Stream;
  /** As a watcher's. */
  readonly pattern: string;
  /** Byte offset of a line's start. */
  readonly from: number;
  /** At most this many matches. */
  readonly limit: number;
}

/** The first match of a line, or of a refresh of it. Offsets are bytes of the file. */
export interface OutputMatch {
  /** Where its line begins, or the part of it that is longer than 1 MiB. */
  readonly line: number;
  /** Where the refresh begins: that of the line if it has none. */
  readonly segment: number;
  /** The beginning of what was matched. */
  readonly text: string;
}

export interface SearchAnswer {
  readonly matches: readonly OutputMatch[];
  /** What the pattern took too long on. */
  readonly unmatched: readonly { readonly from: number; readonly to: number }[];
  /** Everything before it was looked at: where the next request goes on. */
  readonly to: number;
  readonly size: number;
  /** The end of the file was reached; its last line counts without a line end. */
  readonly isEnd: boolean;
}

export interface CountLinesRequest {
  readonly cluster: string;
  /** As the scheduler names it, or its key. */
  readonly job: string;
  readonly stream: Stream;
  readonly from: number;
  /** Byte offset at which counting ends; null: the end of the file. */
  readonly to: number | null;
  /** Counting ends after this many line ends; null: however many there are. */
  readonly lines: number | null;
}

export interface LineCount {
  /** Where counting ended: right after the last line that was wanted, or where the next request goes on. */
  readonly to: number;
  /** Line ends between `from` and `to`. */
  readonly lines: number;
  readonly size: number;
  /** `to`, `lines` or the end of the file was reached. */
  readonly isDone: boolean;
}

/** A stretch of a job's output. Invalid bytes are U+FFFD; a character that its edges cut is left out. */
export interface OutputText {
  readonly path: string;
  readonly text: string;
  /** Byte offsets of the text. */
  readonly from: number;
  readonly to: number;
  /** The file's size when it was read. */
  readonly size: number;
}

export interface Submitted {
  readonly cluster: string;
  readonly job: Job;
  readonly watchers: readonly Watcher[];
  /** What the login set-up has printed; absent if there was none. */
  readonly loginOutput?: string;
}

export interface AttachRequest {
  readonly cluster: string;
  /** Key or id of a job that the cluster knows; an array's id stands for its tasks, also for those to come. */
  readonly job: string;
  /** Text of a watcher file: the JSON form of definitions. */
  readonly watchers: string;
  /** Where matching begins in what a running job has printed already. */
  readonly from: 'start' | 'end';
  /** As of a submission. */
  readonly agreed?: string;
}

export interface EditRequest {
  readonly watcher: WatcherId;
  /** Text of a watcher file with one watcher: the whole definition that holds from now on. Without a name it keeps its own. */
  readonly definition: string;
  /** As of a submission. */
  readonly agreed?: string;
}

export interface DryRunRequest {
  readonly cluster: string;
  /** Key or id of a job, not of an array. */
  readonly job: string;
  /** Text of a watcher file; null: the job's own watchers. */
  readonly watchers: string | null;
  /** One line is one tick, and takes so long. */
  readonly tickMs: number;
}

export interface DryRunAnswer {
  readonly entries: readonly DryRunEntry[];
  /** What one look at the output was taken to be. */
  readonly tick: 'line';
  /** How the job has ended; null: it goes on. */
  readonly endState: JobEndState | null;
  /** How far each output was gone through, in bytes; null: there is none, or it is the same file as stdout. */
  readonly outputs: Readonly<Record<Stream, number | null>>;
  /** False if only the beginning of an output was gone through. */
  readonly isWhole: boolean;
}

/** What a watcher would do if it were triggered by hand now. */
export interface TriggerPlan {
  readonly watcher: WatcherId;
  /** The watcher's name. */
  readonly name: string;
  readonly job: Pick<Job, 'id' | 'name' | 'cluster'>;
  /** The match that it would act on; null if it acts without one. */
  readonly matchedText: string | null;
  /** In their order, with their final parameters. `isOutside`: it does more than note something down. */
  readonly actions: readonly (PlannedAction & { readonly isOutside: boolean })[];
  /** Actions that would not run, each with its reason. */
  readonly leftOut: readonly string[];
  /** Why it would do nothing at all; null if it would. */
  readonly nothing: string | null;
  /** How far the outputs were looked at, in bytes. */
  readonly until: Readonly<Record<Stream, number>>;
}

/** Actions of one type that the same thing keeps from being done. */
export interface WaitingActions {
  readonly action: ActionType;
  /** Sentences that say what is wrong, and what to do. */
  readonly reason: string;
  /** They are tried again by themselves; otherwise a person has to do something. */
  readonly isRetried: boolean;
  readonly count: number;
  /** When the oldest of them was triggered. */
  readonly since: Time;
}

/** An action that a job's watcher has triggered and that is not done yet. */
export interface PendingAction {
  /** Id of the job, or of the array task. */
  readonly job: string;
  readonly watcher: string;
  readonly action: ActionType;
  /** What keeps it from being done, as of WaitingActions; null if nothing does: it runs, or is about to. */
  readonly obstacle: Pick<WaitingActions, 'reason' | 'isRetried'> | null;
}

export interface EngineStatus {
  readonly pid: number;
  readonly version: string;
  readonly generation: number;
  readonly uptimeSeconds: number;
  readonly activeWatchers: number;
  readonly clients: number;
  readonly clusters: readonly ClusterStatus[];
  /** Absent from an engine of an older version. */
  readonly waiting?: readonly WaitingActions[];
}

/** One batch of news; each list holds the new state of what changed, events and metrics in rising order. */
export interface EngineChange {
  readonly jobs: readonly Job[];
  readonly watchers: readonly Watcher[];
  readonly removedWatchers: readonly WatcherId[];
  readonly events: readonly WatchEvent[];
  readonly metrics: readonly Metric[];
  readonly clusters: readonly ClusterStatus[];
}

/** Method name -> [parameters, result]. */
export interface EngineRequests {
  'engine/hello': [Hello, Welcome];
  'engine/submit': [SubmitRequest, Submitted];
  /** Watchers on a job that runs, waits or has ended; on an ended one they are static. */
  'engine/attach': [AttachRequest, Submitted];
  /**
   * Another definition for a watcher of a live job, from now on: its position, counts and variables stay, and an event says what
   * has changed. An output that it did not read before is read from its end. Of an array's watcher, for tasks that are still to begin.
   */
  'engine/edit': [EditRequest, Watcher];
  /** What watchers would do on the output of a job as it is now; nothing is done, and nothing stored. */
  'engine/dryRun': [DryRunRequest, DryRunAnswer];
  'engine/jobs': [JobFilter, readonly Job[]];
  'engine/watchers': [WatcherFilter, readonly Watcher[]];
  /** What watchers of the job and of its tasks have triggered and is not done yet, the oldest first. */
  'engine/pendingActions': [{ readonly job: JobKey }, readonly PendingAction[]];
  'engine/events': [EventFilter, readonly WatchEvent[]];
  'engine/metrics': [MetricFilter, readonly Metric[]];
  /** Values as charts show them: however many there are, the answer is small, and archives are in it. */
  'engine/metricSeries': [SeriesRequest, readonly MetricSeries[]];
  /** Which metrics jobs have; what follows comes with `engine/changed`. */
  'engine/metricNames': [MetricNamesRequest, readonly MetricName[]];
  'engine/pause': [{ readonly watchers: readonly WatcherId[] }, readonly Watcher[]];
  /** `match`: what was printed while paused; otherwise it is skipped, with a gap. */
  'engine/resume': [
    { readonly watchers: readonly WatcherId[]; readonly missed: 'skip' | 'match' },
    readonly Watcher[],
  ];
  /** Triggered and disabled watchers of a live job become active; `missed` as in resume. */
  'engine/rearm': [
    { readonly watchers: readonly WatcherId[]; readonly missed: 'skip' | 'match' },
    readonly Watcher[],
  ];
  /** What the next request would do; nothing is done, and nothing stored. In the order of the watchers. */
  'engine/planTrigger': [{ readonly watchers: readonly WatcherId[] }, readonly TriggerPlan[]];
  /**
   * The watchers look at the whole output as it is now, or as far as the plan did that a person has agreed to, and act on
   * their last match for which the condition holds. What reaches outside and was not agreed to, as it would be done now, is
   * refused as a whole: needs-consent.
   */
  'engine/trigger': [
    { readonly watchers: readonly WatcherId[]; readonly agreed?: readonly TriggerPlan[] },
    readonly Watcher[],
  ];
  'engine/remove': [{ readonly watchers: readonly WatcherId[] }, null];
  /** Any job of the cluster. */
  'engine/cancelJob': [{ readonly cluster: string; readonly job: string }, null];
  /** The client's surroundings have changed since its hello. */
  'engine/surroundings': [Surroundings, null];
  /** All that there are; nothing is connected to. */
  'engine/clusters': [Record<string, never>, readonly ClusterStatus[]];
  'engine/signIn': [{ readonly cluster: string }, ClusterStatus];
  /** `background`: nobody has asked for it just now, and nobody is to be asked anything. */
  'engine/clusterJobs': [{ readonly cluster: string; readonly background: boolean }, readonly ClusterJob[]];
  /** Costs what the stretch costs, wherever in a file of whatever size; at most 64 MiB. */
  'engine/readOutput': [OutputRequest, OutputText];
  /** This client alone is told with `engine/output` what is new, until it ends it, it leaves, or the job has ended. */
  'engine/follow': [FollowRequest, Followed];
  'engine/unfollow': [{ readonly follow: string }, null];
  /**
   * Goes through 8 MiB of an output, from where the last request ended: that is how a search of any length tells how far it is,
   * and ends when nobody asks on.
   */
  'engine/searchOutput': [SearchRequest, SearchAnswer];
  /** As a search: which line is at an offset, and where a line begins. A lone carriage return ends no line. */
  'engine/countLines': [CountLinesRequest, LineCount];
  /** Where a job would work: see OpenedCluster. */
  'engine/findWorkdir': [{ readonly cluster: string; readonly path: string | null }, string];
  /** What notifications need and nobody else may know: the engine keeps it in memory. Null: it is forgotten. */
  'engine/setSecret': [{ readonly name: SecretName; readonly value: string | null }, null];
  /** What was agreed to, the newest first. */
  'engine/agreements': [Record<string, never>, readonly AgreedPower[]];
  /** By their keys; null: all. Gives those that there were: people are asked again for them. */
  'engine/withdrawConsent': [{ readonly agreements: readonly string[] | null }, readonly AgreedPower[]];
  'engine/status': [Record<string, never>, EngineStatus];
  /**
   * Finishes what is being written and ends the process; watchers stay and go on with the next engine. Also from a client
   * whose hello was refused for its protocol: so a newer client of another protocol can take over.
   */
  'engine/stop': [Record<string, never>, null];
}

export type EngineMethod = keyof EngineRequests;

export interface PromptRequest {
  readonly cluster: string;
  readonly question: Question;
  /** Nobody has done anything that calls for it: answered from a safe, or not at all. */
  readonly background: boolean;
}

/** What the engine asks of a client: method name -> [parameters, result]. */
export interface ClientRequests {
  /** Null where the person declined, or nobody is there. */
  'auth/prompt': [PromptRequest, readonly string[] | null];
}

export type ClientMethod = keyof ClientRequests;

/**
 * Why an engine ended in good order. asked: somebody wants none; handover: a newer version takes over; idle: nothing to
 * watch and nobody to serve; closing: its process was told to end; superseded: another engine took its place; failed: it
 * could not go on.
 */
export type EngineEnd = 'asked' | 'handover' | 'idle' | 'closing' | 'superseded' | 'failed';

/** To every client that has said hello, but for the news of an output. */
export interface EngineNotifications {
  'engine/changed': EngineChange;
  /** To the client that follows it. */
  'engine/output': OutputNews;
  /** To the client alone whose request named the listener. */
  'engine/printed': { readonly listener: number; readonly text: string };
  /** The last word of an engine that ends, upon which the client hangs up; without it, the engine died. */
  'engine/ending': { readonly end: EngineEnd };
}

/** `data` of a JSON-RPC error. */
export interface ErrorData {
  readonly code: WatchErrorCode;
  readonly remedy: string;
  /** Of needs-consent: what is to be agreed to. */
  readonly consent?: Consent;
}
