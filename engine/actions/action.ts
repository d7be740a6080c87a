// What an action is at run time: local ones are part of the transaction, remote ones wait in the outbox.
import type { ActionDefinition } from '../../language/definition';
import type { WatchError } from '../errors';
import type { Job } from '../model';
import type { Cluster } from '../ports';

export type Params = ActionDefinition['params'];

/** What came of a local action; a failed one counts as a failure of its watcher. */
export interface LocalOutcome {
  readonly success: boolean;
  /** One sentence for people. */
  readonly result: string;
  /** What the job printed is of no use to it: neither done nor failed, and told once for each distinct result. */
  readonly isUnusable?: true;
  readonly metric?: { readonly name: string; readonly value: number; readonly unit: string | null };
  /** The watcher pauses once all actions of the trigger are done. */
  readonly pauses?: true;
}

export interface LocalAction {
  readonly kind: 'local';
  apply(params: Params): LocalOutcome;
}

export interface ActionPlace {
  readonly job: Job;
  readonly cluster: Cluster;
  /** Of how many triggers this is the last: more than one where the limit a minute kept some back. */
  readonly standsFor: number;
}

export interface RemoteAction {
  readonly kind: 'remote';
  /** May be run again where its outcome is unknown. */
  readonly idempotent: boolean;
  /** Where it fails, the actions behind it are skipped. */
  readonly stopsOnFailure: boolean;
  /** Counts against the limit of 10 actions a minute and watcher; beyond it, it is kept back and summarised. */
  readonly waits: boolean;
  /**
   * How long to wait before it is tried again, ms, where the error is a definite refusal: nothing was done. Null or
   * absent: what failed has failed.
   */
  retryAfter?(error: WatchError, attempts: number): number | null;
  /** Gives one sentence for people; throws WatchError. */
  run(params: Params, place: ActionPlace): Promise<string>;
}

export const textOf = (params: Params, name: string): string | undefined => {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
};
