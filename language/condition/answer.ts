// What a condition comes to, in the words of Python: type, repr and truth, or the error.
import { evaluateCondition, type Variables } from './evaluator';
import { beginWork, endWork, maxWork } from './limits';
import { parseCondition, type Condition } from './parser';
import { PyError } from './pyError';
import { repr, truth, typeName, type PyValue } from './values';

export interface ConditionError {
  /** Python's name of the error; LimitError where our bounds refuse. */
  readonly type: string;
  readonly message: string;
  /** UTF-16 offset in the condition. */
  readonly offset: number;
}

export type ConditionAnswer =
  | { readonly ok: true; readonly type: string; readonly repr: string; readonly truth: boolean }
  | { readonly ok: false; readonly error: ConditionError };

/** Never throws. */
export function answerCondition(condition: Condition, variables: Variables): ConditionAnswer {
  const evaluation = evaluateCondition(condition, variables);
  if (evaluation.ok) return describe(evaluation.value);
  const { type, message, offset } = evaluation.error;
  return { ok: false, error: { type, message, offset } };
}

/** Parses first: what is no expression is a SyntaxError. */
export function answerExpression(source: string, variables: Variables): ConditionAnswer {
  const { value: condition, problems } = parseCondition(source);
  if (condition) return answerCondition(condition, variables);
  const [{ message, offset } = { message: 'no expression', offset: 0 }] = problems;
  return { ok: false, error: { type: 'SyntaxError', message, offset } };
}

/** It may be too long to be printed. */
function describe(value: PyValue): ConditionAnswer {
  const around = beginWork(maxWork);
  try {
    return { ok: true, type: typeName(value), repr: repr(value), truth: truth(value) };
  } catch (error) {
    if (!(error instanceof PyError)) throw error;
    return { ok: false, error: { type: error.type, message: error.message, offset: 0 } };
  } finally {
    endWork(around);
  }
}
