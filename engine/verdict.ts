// What a condition came to that does not hold, in words: the expression with its value, or with its error.
import { answerCondition } from '../language/condition/answer';
import type { Condition } from '../language/condition/parser';
import type { Subject } from './effect';
import { toConditionVariables } from './names';

/** `float(loss) < 0.5 is False`, or `float(loss) < 0.5: ValueError: …`. */
export function explainFalse(condition: Condition, subject: Subject): string {
  const answer = answerCondition(condition, toConditionVariables(subject));
  return answer.ok
    ? `${condition.source} is ${answer.repr}`
    : `${condition.source}: ${answer.error.type}: ${answer.error.message}`;
}
