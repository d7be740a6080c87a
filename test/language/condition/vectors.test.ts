// Conditions against what CPython answered: value, type and truth, or the error's type; escapes and floods are refused.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateCondition, type Variables } from '../../../language/condition/evaluator';
import { parseCondition } from '../../../language/condition/parser';
import { repr, truth, typeName } from '../../../language/condition/values';

type Answer =
  | { readonly ok: true; readonly type: string; readonly repr: string; readonly bool: boolean }
  | { readonly ok: false; readonly error: string };

interface Case {
  readonly id: number;
  readonly cat: string;
  readonly expr: string;
  readonly vars?: Readonly<Record<string, string | null>>;
  readonly cpython?: Answer;
  readonly cpython_ext?: Answer;
}

const data = JSON.parse(readFileSync(join(__dirname, '../../vectors/conditions.json'), 'utf8')) as {
  readonly default_vars: Readonly<Record<string, string | null>>;
  readonly cases: readonly Case[];
};

/** What CPython has and section 7 of the language has not: refused, whatever CPython answers. */
const outside = [
  /(?:^|[\s(,])(?:f|b)'/, // f-strings, bytes
  /[{}]/, // dictionaries and sets
  /\d[jJ]/, // complex numbers
  /\(-\w+\) ?\*\* ?(?:\(1\/3\)|0\.5)/, // complex results
  /@/, // matrices
  /[(,]\*/, // unpacking
  /\blambda\b|\bfor\b/,
  /\.(?:encode|format|translate|maketrans|real|bit_length|is_integer|append|sort|keys)\b/,
  /^(?:len|float == float|str is str)$|\bstr\./, // functions as values
  /\.\.\./,
];

function evaluate(expr: string, variables: Variables): Answer & { readonly message?: string } {
  const { value: condition, problems } = parseCondition(expr);
  if (!condition) return { ok: false, error: 'SyntaxError', message: problems[0]?.message ?? '' };
  const evaluation = evaluateCondition(condition, variables);
  if (!evaluation.ok) return { ok: false, error: evaluation.error.type, message: evaluation.error.message };
  const { value } = evaluation;
  return { ok: true, type: typeName(value), repr: repr(value), bool: truth(value) };
}

describe('conditions, as CPython answered', () => {
  it('are all there', () => {
    assert.equal(data.cases.length, 666);
  });
  for (const { id, cat, expr, vars = data.default_vars, cpython, cpython_ext } of data.cases) {
    const expected = cpython_ext ?? cpython;
    it(`${cat} ${id}: ${JSON.stringify(expr.length > 80 ? `${expr.slice(0, 80)}…` : expr)}`, () => {
      const begun = performance.now();
      const answer = evaluate(expr, vars);
      assert.ok(performance.now() - begun < 1000, 'bounded');
      if (cat === 'escape' || cat === 'dos') assert.equal(answer.ok, false);
      else if (expected?.ok && outside.some((construct) => construct.test(expr)))
        assert.equal(answer.ok, false);
      else if (expected?.ok) assert.deepEqual(answer, expected);
      else {
        assert.ok(!answer.ok);
        const within =
          expected &&
          !outside.some((construct) => construct.test(expr)) &&
          !/\ba\.b/.test(expr) &&
          !/\bNone\.x|\.nosuch/.test(expr);
        if (within) assert.equal(answer.error, expected.error);
      }
    });
  }
});
