// What a client process may ask of the engine's process, and what the engine tells all of them. JSON-RPC over a socket.
import type { ClusterStatus, Job, Metric, Watcher, WatcherId, WatchEvent } from './model';
import type { EventFilter, JobFilter, MetricFilter, WatcherFilter } from './ports';
import type { WatchErrorCode } from './errors';

/** Rises when a client and an engine of different numbers could misunderstand each other. */
export const protocolVersion = 1;

export interface Hello {
  readonly protocol: number;
  /** The client's package version. */
  readonly version: string;
  readonly client: 'vscode' | 'cli' | 'test';
  /** Whether watching shall go on when the last client has left; null: no opinion. */
  readonly keepRunning: boolean | null;
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
  readonly workdir: string;
  readonly options: readonly string[];
}

export interface Submitted {
  readonly cluster: string;
  readonly job: Job;
  readonly watchers: readonly Watcher[];
}

export interface AttachRequest {
  readonly cluster: string;
  /** Key or id of a job that the cluster knows; an array's id stands for its tasks, also for those to come. */
  readonly job: string;
  /** Text of a watcher file: the JSON form of definitions. */
  readonly watchers: string;
  /** Where matching begins in what a running job has printed already. */
  readonly from: 'start' | 'end';
}

export interface EngineStatus {
  readonly pid: number;
  readonly version: string;
  readonly generation: number;
  readonly uptimeSeconds: number;
  readonly activeWatchers: number;
  readonly clients: number;
  readonly clusters: readonly ClusterStatus[];
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
  'engine/jobs': [JobFilter, readonly Job[]];
  'engine/watchers': [WatcherFilter, readonly Watcher[]];
  'engine/events': [EventFilter, readonly WatchEvent[]];
  'engine/metrics': [MetricFilter, readonly Metric[]];
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
  /** Runs the actions now, with the last match; a static watcher is matched against the whole output. */
  'engine/trigger': [{ readonly watchers: readonly WatcherId[] }, readonly Watcher[]];
  'engine/remove': [{ readonly watchers: readonly WatcherId[] }, null];
  'engine/cancelJob': [{ readonly cluster: string; readonly job: string }, null];
  'engine/status': [Record<string, never>, EngineStatus];
  /**
   * Finishes what is being written and ends the process; watchers stay and go on with the next engine. Also from a client
   * whose hello was refused: so a newer client of another protocol can take over.
   */
  'engine/stop': [Record<string, never>, null];
}

export type EngineMethod = keyof EngineRequests;

/**
 * Why an engine ended in good order. asked: somebody wants none; handover: a newer version takes over; idle: nothing to
 * watch and nobody to serve; closing: its process was told to end; superseded: another engine took its place; failed: it
 * could not go on.
 */
export type EngineEnd = 'asked' | 'handover' | 'idle' | 'closing' | 'superseded' | 'failed';

/** To every client that has said hello. */
export interface EngineNotifications {
  'engine/changed': EngineChange;
  /** The last word of an engine that ends, upon which the client hangs up; without it, the engine died. */
  'engine/ending': { readonly end: EngineEnd };
}

/** `data` of a JSON-RPC error. */
export interface ErrorData {
  readonly code: WatchErrorCode;
  readonly remedy: string;
}
