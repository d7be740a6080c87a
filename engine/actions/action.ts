// What an action is at run time: local ones are part of the transaction, remote ones wait in the outbox.
import type { ActionDefinition } from '../../language/definition';
import type { Job } from '../model';
import type { Cluster } from '../ports';

export type Params = ActionDefinition['params'];

/** What came of a local action; a failed one counts as a failure of its watcher. */
export interface LocalOutcome {
  readonly success: boolean;
  /** One sentence for people. */
  readonly result: string;
  readonly metric?: { readonly name: string; readonly value: number; readonly unit: string | null };
  /** The watcher pauses once all actions of the trigger are done. */
  readonly pauses?: true;
}

export interface LocalAction {
  readonly kind: 'local';
  apply(params: Params): LocalOutcome;
}

export interface RemoteAction {
  readonly kind: 'remote';
  /** May be run again where its outcome is unknown. */
  readonly idempotent: boolean;
  /** Where it fails, the actions behind it are skipped. */
  readonly stopsOnFailure: boolean;
  /** Gives one sentence for people; throws WatchError. */
  run(params: Params, place: { readonly job: Job; readonly cluster: Cluster }): Promise<string>;
}

export const textOf = (params: Params, name: string): string | undefined => {
  const value = params[name];
  return typeof value === 'string' ? value : undefined;
};
