// Every character through the methods and numbers of conditions and through CPython; CASES looks at all, else at some.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { evaluateCondition } from '../../../language/condition/evaluator';
import { parseCondition, type Condition } from '../../../language/condition/parser';
import { printValue } from '../../../language/condition/values';

const expressions = [
  'c.isalpha()',
  'c.isdigit()',
  'c.isnumeric()',
  'c.lower()',
  'c.upper()',
  'c.title()',
  '("a" + c).title()',
  '(c + "a").title()',
  'c.casefold()',
  'c.capitalize()',
  '("A" + c + "A").capitalize()',
  'c.swapcase()',
  '("a" + c + "A").swapcase()',
  '("Σ" + c).swapcase()',
  '("AΣ" + c).swapcase()',
  '(c + "Σ").capitalize()',
  '("aΣ" + c + "a").capitalize()',
  'c.isalnum()',
  'c.isascii()',
  'c.isdecimal()',
  'c.isspace()',
  'c.isprintable()',
  'c.isidentifier()',
  '("a" + c).isidentifier()',
  'c.isupper()',
  '("A" + c).isupper()',
  'c.islower()',
  '("a" + c).islower()',
  'c.istitle()',
  '("A" + c).istitle()',
  '(c + "a").istitle()',
  'len(("a" + c + "b").rsplit())',
  '("\\t" + c + "\\t").expandtabs(4)',
  'c.center(4, c)',
  'c.zfill(3)',
  '("a" + c + "a").rfind(c)',
  'c.strip() == ""',
  'len(("a" + c + "b").split())',
  'len(("a" + c + "b").splitlines())',
  'float("1" + c)',
  'int("1" + c)',
  'str([c])',
];

const program = `
import json, sys
expressions, step = json.load(sys.stdin)
codes = [compile(one, "x", "eval") for one in expressions]
def ask(code, c):
    try:
        return str(eval(code, {}, {"c": c}))
    except ValueError:
        return None
json.dump([[ask(code, chr(c)) for code in codes] for c in range(0, 0x110000, step) if not 0xD800 <= c < 0xE000], sys.stdout)
`;

const python = ['python3.11', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info[:2] != (3, 11))']).status === 0,
);

const suite = 'conditions: the characters of Unicode against CPython 3.11';
if (python === undefined) console.log(`Absent here, for want of Python 3.11: ${suite}.`);
else
  describe(suite, () => {
    it('have the same cases, classes and values', function () {
      this.timeout(3_600_000);
      const step = process.env['CASES'] === undefined ? 997 : 1;
      const { stdout, stderr, status } = spawnSync(python, ['-c', program], {
        input: JSON.stringify([expressions, step]),
        encoding: 'utf8',
        maxBuffer: 1 << 29,
      });
      assert.equal(status, 0, stderr);
      const answers = JSON.parse(stdout) as readonly (readonly (string | null)[])[];
      const conditions = expressions.map((source) => parseCondition(source).value);
      const codes = Array.from({ length: Math.ceil(0x110000 / step) }, (_, index) => index * step).filter(
        (code) => code < 0xd800 || code >= 0xe000,
      );
      assert.equal(answers.length, codes.length);
      const ask = (condition: Condition | undefined, c: string): string | null => {
        const answer = condition && evaluateCondition(condition, { c });
        return answer?.ok ? printValue(answer.value) : null;
      };
      codes.forEach((code, index) => {
        const found = conditions.map((condition) => ask(condition, String.fromCodePoint(code)));
        const expected = answers[index] ?? [];
        // A comparison by assert for each of a million characters would take most of the time.
        if (found.some((one, at) => one !== expected[at]))
          assert.deepEqual(found, expected, `U+${code.toString(16)}`);
      });
    });
  });
