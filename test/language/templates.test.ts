// Every built-in template is a watcher without problems that matches what it says.
import assert from 'node:assert/strict';
import { printDefinition } from '../../language/print';
import { compilePattern } from '../../language/regex/compile';
import { parseScript } from '../../language/script';
import { templates } from '../../language/templates';

describe('templates', () => {
  it('have ids of their own', () => {
    assert.equal(new Set(templates.map(({ id }) => id)).size, templates.length);
    assert.ok(templates.every(({ id }) => /^[a-z]+(-[a-z]+)*$/.test(id)));
  });

  for (const { id, title, description, tags, definition, matches, misses } of templates) {
    it(`${id} can be printed and read back without a problem`, () => {
      assert.ok(title && description && tags.length > 0);
      const text = printDefinition(definition);
      assert.ok(text, `${id} has a directive`);
      const { watchers, problems } = parseScript(text);
      assert.deepEqual(problems, [], text);
      assert.deepEqual(
        watchers.map((watcher) => watcher.definition),
        [definition],
      );
    });

    it(`${id} matches its lines and no others`, () => {
      if (definition.pattern === null) {
        assert.ok(definition.triggerOnJobEnd && matches.length === 0);
        return;
      }
      assert.ok(matches.length > 0 && misses.length > 0);
      const pattern = compilePattern(definition.pattern).value;
      const found = [...matches, ...misses].filter(
        (line) => (pattern?.findAll(line, 1).matches.length ?? 0) > 0,
      );
      assert.deepEqual(found, matches);
    });
  }
});
