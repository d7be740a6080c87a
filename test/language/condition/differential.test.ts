// The same random conditions through CPython and through ours; CASES and SEED make it a campaign.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { answerExpression } from '../../../language/condition/answer';
import { createRandom } from '../seededRandom';
import { createConditions, variables } from './randomConditions';

interface Answer {
  /** Too slow or too large for anybody. */
  readonly beyond?: true;
  /** Python reads it, conditions do not have it. */
  readonly outside?: true;
  /** A function stands in it as a value; where that is evaluated, the name is unknown here. */
  readonly function?: true;
  readonly error?: string;
  readonly message?: string;
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

/** Errors whose words are CPython's, too; not where a long value is quoted. */
const isExact =
  /^(?:bad operand type for unary ~|unsupported operand type\(s\) for (?:[&|^]|<<|>>):|negative shift count|substring not found|empty separator|tuple\.index|The fill character|slice indices|.{1,200} is not in list$)/;

type Verdict = 'value' | 'error' | 'syntax' | 'outside' | 'limit' | 'beyond' | 'different';

function compare(expression: string, expected: Answer): readonly [Verdict, string] {
  const ours = answerExpression(expression, variables);
  const shown = JSON.stringify(ours);
  if (expected.outside) return [ours.ok ? 'different' : 'outside', shown];
  if (expected.beyond) return ['beyond', shown];
  if (!ours.ok) {
    const { type, message } = ours.error;
    if (expected.function && type === 'NameError') return ['outside', shown];
    if (type === 'LimitError') return ['limit', shown];
    // Depth and length are bounded.
    if (type === 'SyntaxError' && /too deep|too long|at most/.test(message)) return ['limit', shown];
    if (type !== expected.error) return ['different', shown];
    if (isExact.test(expected.message ?? '') && message !== expected.message) return ['different', shown];
    return [type === 'SyntaxError' ? 'syntax' : 'error', shown];
  }
  const same = ours.type === expected.type && ours.repr === expected.repr;
  return [same ? 'value' : 'different', shown];
}

const suite = 'conditions: random ones against CPython 3.11';
if (python === undefined) console.log(`Absent here, for want of Python 3.11: ${suite}.`);
else describe(suite, compareAll);

function compareAll(): void {
  it('have the same value and type, or fail with the same kind of error', function () {
    const count = Number(process.env['CASES'] ?? 1500);
    const seed = Number(process.env['SEED'] ?? 20260101);
    this.timeout(60_000 + count * 20);
    const expressions = createConditions(createRandom(seed), count);
    const verdicts = { value: 0, error: 0, syntax: 0, outside: 0, limit: 0, beyond: 0, different: 0 };
    const differences: string[] = [];
    for (let from = 0; from < count; from += 5000) {
      const part = expressions.slice(from, from + 5000);
      const answers = askPython(part);
      part.forEach((expression, index) => {
        const expected = answers[index] ?? {};
        const [verdict, ours] = compare(expression, expected);
        verdicts[verdict] += 1;
        if (verdict === 'different')
          differences.push(
            `${JSON.stringify(expression)}\n  CPython: ${JSON.stringify(expected)}\n  ours: ${ours}`,
          );
      });
    }
    if (process.env['CASES'] !== undefined) console.log(JSON.stringify({ seed, count, ...verdicts }));
    assert.equal(
      differences.length,
      0,
      `${differences.length} differ\n${differences.slice(0, Number(process.env['SHOW'] ?? 10)).join('\n')}`,
    );
    const { value, error, syntax, limit, beyond } = verdicts;
    assert.ok(value > count / 5 && error > count / 20 && syntax > count / 30 && limit + beyond < count / 20);
  });
}
