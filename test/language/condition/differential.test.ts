// The same random conditions through CPython and through ours; CASES and SEED make it a campaign.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { evaluateCondition } from '../../../language/condition/evaluator';
import { parseCondition } from '../../../language/condition/parser';
import { repr, typeName } from '../../../language/condition/values';
import { createRandom } from '../seededRandom';
import { createCondition, variables } from './randomConditions';

interface Answer {
  /** Too slow or too large for anybody. */
  readonly beyond?: true;
  readonly error?: string;
  readonly type?: string;
  readonly repr?: string;
}

const python = ['python3.11', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info[:2] != (3, 11))']).status === 0,
);

function askPython(expressions: readonly string[]): readonly Answer[] {
  const { stdout, stderr, status } = spawnSync(python ?? '', [join(__dirname, 'oracle.py')], {
    input: JSON.stringify([variables, expressions]),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 300_000,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as readonly Answer[];
}

function evaluate(expression: string): Answer {
  const { value: condition, problems } = parseCondition(expression);
  assert.ok(condition, `${expression}: ${problems[0]?.message ?? ''}`);
  const evaluation = evaluateCondition(condition, variables);
  if (!evaluation.ok) return { error: evaluation.error.type };
  return { type: typeName(evaluation.value), repr: repr(evaluation.value) };
}

const suite = 'conditions: random ones against CPython 3.11';
if (python === undefined) console.log(`Absent here, for want of Python 3.11: ${suite}.`);
else describe(suite, compareAll);

function compareAll(): void {
  it('have the same value and type, or fail as they do', function () {
    const count = Number(process.env['CASES'] ?? 4000);
    this.timeout(60_000 + count * 20);
    const random = createRandom(Number(process.env['SEED'] ?? 20260101));
    const expressions = Array.from({ length: count }, () => createCondition(random, 3));
    const answers = askPython(expressions);
    const differences: string[] = [];
    let values = 0;
    let otherErrors = 0;
    expressions.forEach((expression, index) => {
      const expected = answers[index] ?? {};
      const ours = evaluate(expression);
      if (expected.beyond || ours.error === 'LimitError') return;
      if (expected.error !== undefined && ours.error !== undefined) {
        if (expected.error !== ours.error) otherErrors += 1;
        return;
      }
      values += 1;
      if (JSON.stringify(ours) !== JSON.stringify(expected))
        differences.push(
          `${expression}\n  CPython: ${JSON.stringify(expected)}\n  ours: ${JSON.stringify(ours)}`,
        );
    });
    assert.equal(
      differences.length,
      0,
      `${differences.length} differ\n${differences.slice(0, 10).join('\n')}`,
    );
    assert.ok(values > count / 4, `${values} of ${count} have a value`);
    // Which of two errors comes first is not always ours to know.
    assert.ok(otherErrors < count / 200, `${otherErrors} of ${count} are other errors`);
  });
}
