// A definition made ready to run: parsed condition, names of groups, parameters with their defaults. Made once each.
import { findDefaults, type ActionType } from '../language/actionTable';
import { evaluateCondition, type Variables } from '../language/condition/evaluator';
import type { WorkBudget } from '../language/condition/limits';
import { parseCondition, type Condition } from '../language/condition/parser';
import { truth } from '../language/condition/values';
import type { Definition } from '../language/definition';
import type { Json } from '../language/json/value';
import { compilePattern } from '../language/regex/compile';

export interface ReadyAction {
  readonly type: ActionType;
  /** Defaults filled in; variables not yet. */
  readonly params: Readonly<Record<string, Json>>;
  readonly condition: Condition | null;
}

export interface Program {
  readonly condition: Condition | null;
  /** For each group of the pattern, the names it sets. */
  readonly groupNames: readonly (readonly string[])[];
  /** Every name of the captures, without a value. */
  readonly unset: Readonly<Record<string, null>>;
  readonly actions: readonly ReadyAction[];
}

const programs = new WeakMap<Definition, Program>();

export function toProgram(definition: Definition): Program {
  let program = programs.get(definition);
  if (!program) programs.set(definition, (program = prepare(definition)));
  return program;
}

function prepare({ pattern, captures, condition, actions }: Definition): Program {
  const compiled = pattern === null ? undefined : compilePattern(pattern).value;
  const groupNames = Array.from({ length: compiled?.groupCount ?? 0 }, (_, index) => {
    const written = captures[index];
    const own = [...(compiled?.groupNames ?? [])].find(([, group]) => group === index + 1)?.[0];
    return [...new Set([written, own])].filter((name): name is string => typeof name === 'string');
  });
  return {
    condition: toCondition(condition),
    groupNames,
    unset: Object.fromEntries(
      [...groupNames.flat(), ...captures].flatMap((name) => (name === null ? [] : [[name, null]])),
    ),
    actions: actions.map((action) => ({
      type: action.type,
      params: { ...findDefaults(action.type), ...action.params },
      condition: toCondition(action.condition),
    })),
  };
}

const toCondition = (text: string | null): Condition | null =>
  text === null ? null : (parseCondition(text).value ?? null);

export interface Verdict {
  readonly holds: boolean;
  readonly error?: string;
  /** The condition was stopped: it takes too long on what was captured. */
  readonly stopped?: true;
}

/**
 * An error is false, and is told. Most hits and actions have no condition: variables are made for those that do. What it takes
 * is taken from the budget of all conditions of an observation.
 */
export function judge(
  condition: Condition | null,
  toVariables: () => Variables,
  budget?: WorkBudget,
): Verdict {
  if (!condition) return { holds: true };
  const evaluation = evaluateCondition(condition, toVariables(), budget);
  if (evaluation.ok) return { holds: truth(evaluation.value) };
  const { type, message, stopped } = evaluation.error;
  const error = `The condition ${condition.source} could not be evaluated: ${type}: ${message}`;
  return { holds: false, error, ...(stopped ? { stopped } : {}) };
}
