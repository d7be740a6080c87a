// What an action is at run time, and what comes of it: data of the same shape, within the transaction and outside of it.
import type { OutsideActionType } from '../../language/actionTable';
import type { ActionDefinition } from '../../language/definition';
import type { WatchError } from '../errors';
import type { Move } from '../lifecycle';
import type { Chain, Job, Metric, OutboxEntry, Submission, Watcher } from '../model';
import type { Cluster, JobReport } from '../ports';

export type Params = ActionDefinition['params'];

/** What changes of a job; what it is stays. */
export type JobPatch = Partial<Omit<Job, 'key' | 'cluster' | 'id' | 'parent' | 'isArray'>>;

/** What came of an action, as data: a failed one counts as a failure of its watcher. */
export interface Outcome {
  readonly success: boolean;
  /** One sentence for people. */
  readonly result: string;
  /** The last of what it printed, for those who want to read it. */
  readonly output?: string;
  /** What the job printed is of no use to it: neither done nor failed, and told once for each distinct result. */
  readonly isUnusable?: true;
  readonly metric?: Pick<Metric, 'name' | 'value' | 'unit'>;
  readonly job?: JobPatch;
  /** What becomes of the watcher, once the actions after it have run that take effect within the same transaction. */
  readonly watcher?: { readonly move: Move; readonly reason: string };
}

/** One that takes effect within the transaction: pure. */
export type LocalAction = (params: Params) => Outcome;

/** What an action outside gets of its run. */
export interface ActionPlace extends Pick<OutboxEntry, 'cause' | 'matchedText' | 'captures'> {
  readonly job: Job;
  readonly cluster: Cluster;
  /** The watcher's name. */
  readonly watcher: string;
  /** Every name of the watcher's captures, without a value. */
  readonly unset: Readonly<Record<string, null>>;
  /** Of this run alone, letters and digits: by it what was begun is found again. */
  readonly token: string;
  /** Of how many triggers this is the last: more than one if the limit a minute kept some back. */
  readonly standsFor: number;
  readonly succession: Succession;
}

/** How the job of an action is continued by another one, at most once. */
export interface Succession {
  /** The watchers of the job, the action's own among them unless it has been removed. */
  readonly watchers: readonly Watcher[];
  /** Of these, the action's own. */
  readonly own: Watcher | undefined;
  /** The job that this action has begun to submit, now or before a crash; undefined if there is none. */
  find(): Promise<Job | undefined>;
  /** What the scheduler says of the job now; undefined if it does not know it. */
  report(): Promise<JobReport | undefined>;
  /** A token that no other submission has. */
  nextToken(): string;
  /** Stores the new job and that this action has begun it, then hands it over. Throws as `submit`. */
  begin(submission: Submission, chain: Chain): Promise<Job>;
}

/** One that reaches outside; how it may be run stands in its row of the table. */
export interface OutsideAction {
  /** After an interruption it is run again, and finds out by itself what became of what it had begun. */
  readonly resumes?: true;
  /**
   * What it waits for that only a person can give, in one sentence with what to do; null if it can run. Asked before it is
   * marked as started, and again from time to time.
   */
  findObstacle?(params: Params, job: Job): Promise<string | null>;
  /**
   * How long to wait before it is tried again, ms, if the error is a definite refusal: nothing was done. Null or absent:
   * what failed has failed.
   */
  retryAfter?(error: WatchError, attempts: number): number | null;
  /**
   * Throws WatchError: the action has failed then, or is tried again. One that can be found may have run, unless the error is
   * a definite refusal (bad-request, unsupported).
   */
  run(params: Params, place: ActionPlace): Promise<Outcome>;
  /** What came of a run that was interrupted; null if it never began, and never will. Absent: nobody can know. */
  find?(params: Params, place: ActionPlace): Promise<Outcome | null>;
}

/** Those that an engine can run. */
export type OutsideActions = Readonly<Partial<Record<OutsideActionType, OutsideAction>>>;

export const textOf = (params: Params, name: string): string | undefined => {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
};
