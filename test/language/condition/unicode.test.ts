// Every character through the methods and numbers of conditions and through CPython; CASES looks at all, else at some.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { evaluateCondition } from '../../../language/condition/evaluator';
import { parseCondition, type Condition } from '../../../language/condition/parser';
import { printValue } from '../../../language/condition/values';
import { createRandom } from '../seededRandom';

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
expressions, texts = json.load(sys.stdin)
codes = [compile(one, "x", "eval") for one in expressions]
def ask(code, c):
    try:
        return str(eval(code, {}, {"c": c}))
    except (ValueError, TypeError):
        return None
json.dump([[ask(code, c) for code in codes] for c in texts], sys.stdout)
`;

const python = ['python3.11', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info[:2] != (3, 11))']).status === 0,
);

const conditions = expressions.map((source) => parseCondition(source).value);

function ask(condition: Condition | undefined, c: string): string | null {
  const answer = condition && evaluateCondition(condition, { c });
  return answer?.ok ? printValue(answer.value) : null;
}

function compareTexts(texts: readonly string[]): void {
  const { stdout, stderr, status } = spawnSync(python ?? '', ['-c', program], {
    input: JSON.stringify([expressions, texts]),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  assert.equal(status, 0, stderr);
  const answers = JSON.parse(stdout) as readonly (readonly (string | null)[])[];
  assert.equal(answers.length, texts.length);
  texts.forEach((text, index) => {
    const found = conditions.map((condition) => ask(condition, text));
    const expected = answers[index] ?? [];
    // A comparison by assert for each of a million characters would take most of the time.
    if (found.some((one, at) => one !== expected[at]))
      assert.deepEqual(found, expected, JSON.stringify(text));
  });
}

/** Letters whose case depends on others, is several letters, or came after Unicode 14, and what stands between letters. */
const tricky =
  "a|B|1|²|٣|_| |\t|\n|.|'|·|\u0301|\u0345|\u00ad|\u200d|Σ|σ|ς|Ω|α|ᾳ|ᾼ|İ|ı|ß|ẞ|ŉ|ǅ|ǆ|ǰ|ﬁ|ΐ|ა|Ა|Ꭰ|ᏸ|ꭰ|ʕ|ჼ|ꟲ|ⓐ|Ⓐ|ⅷ|😀|𐐀|𐐨|中|ª|・|\u{1df00}|\u{11f04}|\u2028".split(
    '|',
  );

const suite = 'conditions: the characters of Unicode against CPython 3.11';
if (python === undefined) console.log(`Absent here, for want of Python 3.11: ${suite}.`);
else
  describe(suite, () => {
    it('have the same cases, classes and values', function () {
      this.timeout(3_600_000);
      const step = process.env['CASES'] === undefined ? 997 : 1;
      const characters = Array.from({ length: Math.ceil(0x110000 / step) }, (_, index) => index * step)
        .filter((code) => code < 0xd800 || code >= 0xe000)
        .map((code) => String.fromCodePoint(code));
      for (let from = 0; from < characters.length; from += 50_000)
        compareTexts(characters.slice(from, from + 50_000));
    });

    it('have them beside each other, too', function () {
      this.timeout(3_600_000);
      const random = createRandom(Number(process.env['SEED'] ?? 20261130));
      const texts = Array.from({ length: Number(process.env['CASES'] ?? 0) || 400 }, () =>
        Array.from({ length: random(9) }, () => tricky[random(tricky.length)] ?? '').join(''),
      );
      for (let from = 0; from < texts.length; from += 50_000) compareTexts(texts.slice(from, from + 50_000));
    });
  });
