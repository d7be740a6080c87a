// Whole scripts against the watchers, problems and clean script that the language demands.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toDefinitionJson, type DefinitionJson } from '../../language/json/definitionJson';
import { definitionFields, findDefault, rowOf, toJsonKey } from '../../language/schema';
import { parseScript } from '../../language/script';

interface Case {
  readonly id: string;
  readonly script: string;
  readonly watchers: readonly DefinitionJson[];
  readonly problem_codes: readonly string[];
  readonly must_not: readonly string[];
  readonly clean_script: string;
}

const { cases } = JSON.parse(readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8')) as {
  cases: readonly Case[];
};

/** The vectors name these; what a later version has added holds with its default beside them. */
const namedFields = new Set(cases.flatMap(({ watchers }) => watchers.flatMap(Object.keys)));

const pick = (watcher: DefinitionJson, keys: readonly string[]): DefinitionJson =>
  Object.fromEntries(Object.entries(watcher).filter(([key]) => keys.includes(key)));

describe('scripts with directives', () => {
  it('are all there', () => {
    assert.equal(cases.length, 279);
  });
  for (const { id, script, watchers, problem_codes, must_not, clean_script } of cases) {
    it(id, () => {
      const parsed = parseScript(script);
      const found = parsed.watchers.map((watcher) => toDefinitionJson(watcher.definition, watcher));
      assert.deepEqual(
        found.map((watcher, index) => pick(watcher, Object.keys(watchers[index] ?? watcher))),
        watchers,
      );
      for (const { definition } of parsed.watchers)
        for (const field of definitionFields)
          if (!namedFields.has(toJsonKey(field)))
            assert.deepEqual(definition[rowOf(field).property], findDefault(field, definition), field);
      const codes = new Set<string>(parsed.problems.map(({ code }) => code));
      assert.deepEqual(
        problem_codes.filter((code) => !codes.has(code)),
        [],
        'missing problems',
      );
      assert.deepEqual(
        must_not.filter((code) => codes.has(code)),
        [],
        'problems that must not be',
      );
      assert.equal(parsed.cleanText, clean_script);
    });
  }
});
