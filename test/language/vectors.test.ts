// Whole scripts against the watchers, problems and clean script that the language demands.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toDefinitionJson, type DefinitionJson } from '../../language/definition';
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

describe('scripts with directives', () => {
  it('are all there', () => {
    assert.equal(cases.length, 279);
  });
  for (const { id, script, watchers, problem_codes, must_not, clean_script } of cases) {
    it(id, () => {
      const parsed = parseScript(script);
      assert.deepEqual(
        parsed.watchers.map((watcher) => toDefinitionJson(watcher.definition, watcher)),
        watchers,
      );
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
