// What a watcher is once its directive has been read: the typed definition and its JSON form.
import type { JobEndState } from './jobStates';
import type { ActionType } from './actionTable';

export type OutputType = 'stdout' | 'stderr' | 'both';
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface ActionDefinition {
  readonly type: ActionType;
  /** Canonical parameter names; only what the text writes. Text, but for the types that the action table declares. */
  readonly params: Readonly<Record<string, Json>>;
  /** Python expression, or null: always. */
  readonly condition: string | null;
}

/** One watcher, complete: section 4 of the language with its defaults. Durations are seconds. */
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

/** What holds where a directive says nothing. Source: section 4 of the language. */
export const defaultDefinition: Definition = {
  name: '',
  pattern: null,
  captures: [],
  condition: null,
  intervalSeconds: 30,
  outputType: 'stdout',
  maxTriggers: null,
  maxFailures: 5,
  timerModeEnabled: false,
  timerIntervalSeconds: 30,
  triggerOnJobEnd: false,
  triggerJobStates: ['completed', 'failed', 'timeout'],
  remainingResubmits: null,
  cooldownSeconds: 0,
  actions: [{ type: 'log_event', params: {}, condition: null }],
};

/** The JSON form of section 11; `line` and `end_line` count from 1. */
export interface DefinitionJson {
  readonly name: string;
  readonly pattern: string | null;
  readonly captures: readonly (string | null)[];
  readonly condition: string | null;
  readonly interval_seconds: number;
  readonly output_type: OutputType;
  readonly max_triggers: number | null;
  readonly max_failures: number;
  readonly timer_mode_enabled: boolean;
  readonly timer_interval_seconds: number;
  readonly trigger_on_job_end: boolean;
  readonly trigger_job_states: readonly JobEndState[];
  readonly remaining_resubmits: number | null;
  readonly cooldown_seconds: number;
  readonly actions: readonly ActionDefinition[];
  readonly line: number;
  readonly end_line: number;
}

export function toDefinitionJson(
  definition: Definition,
  lines: { readonly line: number; readonly endLine: number },
): DefinitionJson {
  return {
    name: definition.name,
    pattern: definition.pattern,
    captures: definition.captures,
    condition: definition.condition,
    interval_seconds: definition.intervalSeconds,
    output_type: definition.outputType,
    max_triggers: definition.maxTriggers,
    max_failures: definition.maxFailures,
    timer_mode_enabled: definition.timerModeEnabled,
    timer_interval_seconds: definition.timerIntervalSeconds,
    trigger_on_job_end: definition.triggerOnJobEnd,
    trigger_job_states: definition.triggerJobStates,
    remaining_resubmits: definition.remainingResubmits,
    cooldown_seconds: definition.cooldownSeconds,
    actions: definition.actions,
    line: lines.line,
    end_line: lines.endLine,
  };
}
