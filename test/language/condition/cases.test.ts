// Conditions that random ones hardly meet, with what CPython 3.11 says of them.
import assert from 'node:assert/strict';
import { evaluateCondition } from '../../../language/condition/evaluator';
import { parseCondition } from '../../../language/condition/parser';
import { repr } from '../../../language/condition/values';

function evaluate(expression: string): string {
  const { value } = parseCondition(expression);
  assert.ok(value, expression);
  const evaluation = evaluateCondition(value, {});
  return evaluation.ok ? repr(evaluation.value) : evaluation.error.type;
}

const cases: Readonly<Record<string, string>> = {
  // What is left behind the last split keeps the white space at its end.
  "' a b '.split(None, 1)": "['a', 'b ']",
  "' a b  c '.split(maxsplit=2)": "['a', 'b', 'c ']",
  "' a '.split(None, 0)": "['a ']",
  "' a '.split(None, 1)": "['a']",
  "'  '.split(None, 0)": '[]',
  // Infinite powers come before the division by zero.
  "0.0 ** float('-inf')": 'inf',
  "0 ** float('-inf')": 'inf',
  "(-0.0) ** float('-inf')": 'inf',
  "0.0 ** float('inf')": '0.0',
  '0.0 ** -1': 'ZeroDivisionError',
  // Each nan is an object of its own.
  "[float('nan')] == [float('nan')]": 'False',
  "float('nan') in [float('nan')]": 'False',
  "(1, float('nan')) < (1, float('nan'))": 'False',
  "float('nan') is float('nan')": 'False',
};

describe('a condition', () => {
  for (const [expression, expected] of Object.entries(cases))
    it(`${expression} is ${expected}`, () => {
      assert.equal(evaluate(expression), expected);
    });
});
