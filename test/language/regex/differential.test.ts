// The same random patterns and texts through CPython and through both engines; CASES and SEED make it a campaign.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { compilePattern, type PatternMatch } from '../../../language/regex/compile';
import { createCases, type RandomCase } from './randomCases';

interface Answer {
  readonly broken?: true;
  readonly message?: string;
  readonly position?: number | null;
  readonly names?: Readonly<Record<string, number>>;
  readonly groups?: number;
  readonly matches?: readonly (readonly [
    readonly [number, number],
    readonly (readonly [number, number])[],
  ])[];
}

const python = ['python3.11', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info[:2] != (3, 11))']).status === 0,
);

function askPython(cases: readonly RandomCase[]): readonly Answer[] {
  const input = JSON.stringify(cases.map(({ pattern, flags, text }) => [pattern, flags, text]));
  const { stdout, stderr, status } = spawnSync(python ?? '', [join(__dirname, 'oracle.py')], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as readonly Answer[];
}

type Verdict = 'native' | 'own' | 'refused' | 'unsupported' | 'exhausted' | 'broken';

const offsetsOf = (text: string): number[] => {
  const offsets = [0];
  for (const char of text) offsets.push((offsets.at(-1) ?? 0) + char.length);
  return offsets;
};

function toMatches({ text }: RandomCase, answer: Answer): PatternMatch[] {
  const offsets = offsetsOf(text);
  const at = (position: number): number => offsets[position] ?? -1;
  return (answer.matches ?? []).map(([[start, end], spans]) => {
    const groupSpans = spans.map(([from, to]) => (from < 0 ? null : ([at(from), at(to)] as const)));
    return {
      start: at(start),
      end: at(end),
      groups: groupSpans.map((span) => span && text.slice(span[0], span[1])),
      groupSpans,
    };
  });
}

/** Throws where we differ from CPython. */
function compare(one: RandomCase, answer: Answer): Verdict {
  const { value, problems } = compilePattern(one.pattern, one.flags);
  if (answer.broken === true) return 'broken';
  const [problem] = problems;
  if (problem?.code === 'unsupported-regex') return 'unsupported';
  assert.equal(problem?.message, answer.message);
  if (value === undefined) {
    if (typeof answer.position === 'number') {
      assert.equal(problem?.offset, offsetsOf(one.pattern)[answer.position]);
    }
    return 'refused';
  }
  assert.equal(value.groupCount, answer.groups);
  assert.deepEqual(Object.fromEntries(value.groupNames), answer.names);
  const expected = toMatches(one, answer);
  const bounded = value.findAll(one.text, Infinity, { bounded: true });
  if (bounded.exhausted) {
    assert.deepEqual(bounded.matches, expected.slice(0, bounded.matches.length));
    return 'exhausted';
  }
  assert.deepEqual(bounded.matches, expected);
  assert.deepEqual(value.findAll(one.text), { matches: expected, exhausted: false });
  assert.deepEqual(
    value.findAll(one.text, Infinity, { byLine: true }).matches,
    one.text.split('\n').flatMap((line, index, lines) => {
      const before = lines.slice(0, index).reduce((sum, earlier) => sum + earlier.length + 1, 0);
      return value.findAll(line).matches.map(({ start, end, groups, groupSpans }) => ({
        start: start + before,
        end: end + before,
        groups,
        groupSpans: groupSpans.map((span) => span && ([span[0] + before, span[1] + before] as const)),
      }));
    }),
  );
  return value.native ? 'native' : 'own';
}

const suite = 'Python regular expressions: random patterns against CPython 3.11';
if (python === undefined) console.log(`Absent here, for want of Python 3.11: ${suite}.`);
else describe(suite, compareAll);

function compareAll(): void {
  it('finds what CPython finds, with both engines, and line by line', function () {
    const count = Number(process.env['CASES'] ?? 800);
    const seed = Number(process.env['SEED'] ?? 20240607);
    this.timeout(60_000 + count * 20);
    const verdicts = { native: 0, own: 0, refused: 0, unsupported: 0, exhausted: 0, broken: 0 };
    const differences: string[] = [];
    const cases = createCases(seed, count);
    for (let from = 0; from < count; from += 5000) {
      const part = cases.slice(from, from + 5000);
      const answers = askPython(part);
      part.forEach((one, index) => {
        try {
          verdicts[compare(one, answers[index] ?? {})]++;
        } catch (error) {
          differences.push(
            `${JSON.stringify(one)}\n${error instanceof Error ? error.message : String(error)}`,
          );
        }
      });
    }
    if (process.env['CASES'] !== undefined) console.log(JSON.stringify({ seed, count, ...verdicts }));
    assert.equal(
      differences.length,
      0,
      `${differences.length} differences\n${differences.slice(0, 5).join('\n\n')}`,
    );
    assert.ok(verdicts.native > count / 4 && verdicts.own > count / 20 && verdicts.refused > count / 50);
    assert.ok(verdicts.exhausted + verdicts.broken < count / 500);
  });
}
