// What a watcher is once its directive has been read: the typed definition.
import type { JobEndState } from './jobStates';
import type { ActionType } from './actionTable';
import type { Json } from './json/value';

export type OutputType = 'stdout' | 'stderr' | 'both';

export interface ActionDefinition {
  readonly type: ActionType;
  /** Canonical parameter names; only what the text writes. Text, but for the types that the action table declares. */
  readonly params: Readonly<Record<string, Json>>;
  /** Python expression, or null: always. */
  readonly condition: string | null;
}

/** One watcher, complete, each property as the table of fields says. Durations are seconds. */
export interface Definition {
  readonly name: string;
  readonly pattern: string | null;
  /** Names of groups 1, 2, …; null where a group has none. */
  readonly captures: readonly (string | null)[];
  readonly condition: string | null;
  readonly intervalSeconds: number;
  readonly outputType: OutputType;
  readonly maxTriggers: number | null;
  readonly maxFailures: number;
  readonly timerModeEnabled: boolean;
  readonly timerIntervalSeconds: number;
  readonly triggerOnJobEnd: boolean;
  readonly triggerJobStates: readonly JobEndState[];
  readonly remainingResubmits: number | null;
  readonly cooldownSeconds: number;
  readonly actions: readonly ActionDefinition[];
}
