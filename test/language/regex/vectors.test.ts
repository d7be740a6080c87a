// Every case that CPython computed: groups, matches, spans, messages and positions, on both engines.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePattern, type Pattern, type PatternMatch } from '../../../language/regex/compile';

interface VectorMatch {
  readonly span16: readonly number[];
  readonly groups: readonly (string | null)[];
  readonly gspans: readonly (readonly number[])[];
}

interface Vector {
  readonly id: number;
  readonly pattern: string;
  readonly text: string;
  readonly flags: string;
  readonly result:
    | {
        readonly ok: true;
        readonly ngroups: number;
        readonly groupindex: Readonly<Record<string, number>>;
        readonly matches: readonly VectorMatch[];
      }
    | { readonly ok: false; readonly msg: string; readonly pos?: number | null };
}

const { cases } = JSON.parse(readFileSync(join(__dirname, '../../vectors/regexes.json'), 'utf8')) as {
  readonly cases: readonly Vector[];
};

const toOffset = (text: string, position: number): number =>
  Array.from(text).slice(0, position).join('').length;

const toExpected = (text: string, { span16, groups, gspans }: VectorMatch): PatternMatch => ({
  start: span16[0] ?? -1,
  end: span16[1] ?? -1,
  groups,
  groupSpans: gspans.map(([start = -1, end = -1]) =>
    start < 0 ? null : ([toOffset(text, start), toOffset(text, end)] as const),
  ),
});

function compiled({ pattern, flags }: Vector): Pattern {
  const { value, problems } = compilePattern(pattern, flags);
  assert.deepEqual(problems, []);
  assert.ok(value);
  return value;
}

describe('Python regular expressions: the cases of CPython', () => {
  it('has all cases', () => {
    assert.equal(cases.length, 363);
  });

  for (const vector of cases) {
    const { id, pattern, text, result } = vector;
    it(`${id} ${JSON.stringify(pattern)} ${vector.flags} ${JSON.stringify(text.slice(0, 20))}`, () => {
      if (!result.ok) {
        const { value, problems } = compilePattern(pattern, vector.flags);
        assert.equal(value, undefined);
        const [problem] = problems;
        assert.equal(problem?.code, 'bad-regex');
        assert.equal(problem.message, result.msg);
        if (typeof result.pos === 'number') assert.equal(problem.offset, toOffset(pattern, result.pos));
        return;
      }
      const found = compiled(vector);
      assert.equal(found.groupCount, result.ngroups);
      assert.deepEqual(Object.fromEntries(found.groupNames), result.groupindex);
      const expected = result.matches.map((match) => toExpected(text, match));
      for (const bounded of [false, true]) {
        const { matches, exhausted } = found.findAll(text, Infinity, { bounded });
        assert.deepEqual([matches, exhausted], [expected, false]);
      }
    });
  }
});
