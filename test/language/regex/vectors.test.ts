// Python patterns against what CPython found: groups, spans, errors with their positions.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePattern } from '../../../language/regex/compile';

interface Case {
  readonly id: number;
  readonly cat: string;
  readonly pattern: string;
  readonly text: string;
  readonly flags: string;
  readonly result:
    | {
        readonly ok: true;
        readonly ngroups: number;
        readonly groupindex: Readonly<Record<string, number>>;
        readonly matches: readonly {
          readonly span16: readonly [number, number];
          readonly groups: readonly (string | null)[];
          readonly gspans16?: unknown;
        }[];
      }
    | { readonly ok: false; readonly msg: string; readonly pos?: number | null };
}

const { cases } = JSON.parse(readFileSync(join(__dirname, '../../vectors/regexes.json'), 'utf8')) as {
  cases: readonly Case[];
};

describe('Python patterns, as CPython answered', () => {
  it('are all there', () => {
    assert.equal(cases.length, 363);
  });
  for (const { id, cat, pattern, text, flags, result } of cases) {
    it(`${cat} ${id}: ${JSON.stringify(pattern)}`, () => {
      const { value, problems } = compilePattern(pattern, flags);
      if (!result.ok) {
        assert.equal(value, undefined);
        assert.equal(problems[0]?.message, result.msg);
        if (typeof result.pos === 'number')
          assert.equal([...pattern.slice(0, problems[0].offset)].length, result.pos);
        return;
      }
      assert.deepEqual(problems, []);
      assert.ok(value);
      assert.equal(value.groupCount, result.ngroups);
      assert.deepEqual(Object.fromEntries(value.groupNames), result.groupindex);
      const found = value.findAll(text);
      assert.deepEqual(
        found.matches.map(({ start, end, groups }) => ({ span16: [start, end], groups })),
        result.matches.map(({ span16, groups }) => ({ span16, groups })),
      );
      assert.equal(found.exhausted, false);
    });
  }
});
