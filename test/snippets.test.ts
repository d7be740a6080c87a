// Every snippet, as it is inserted, is a directive without problems; the file is made from the templates (UPDATE=1 writes it).
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toSnippets } from '../language/snippets';
import { parseScript } from '../language/script';

/** What stands in the editor when nobody changes a placeholder: defaults, and the first of choices. */
const insert = (body: string): string =>
  body
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^\\}])*)\}/g, (_, text: string) => text.replace(/\\([\\$}])/g, '$1'))
    .replace(/\\([\\$}])/g, '$1');

const path = join(__dirname, '../snippets/watchers.json');
const printed = `${JSON.stringify(toSnippets(), null, 2)}\n`;
if (process.env['UPDATE']) writeFileSync(path, printed);

describe('snippets', () => {
  it('are what the templates say', () => {
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), JSON.parse(printed));
  });

  for (const [title, { prefix, body, description }] of Object.entries(toSnippets())) {
    it(title, () => {
      assert.ok(prefix.length > 0 && description);
      const text = insert(body.join('\n'));
      const { watchers, problems } = parseScript(`${text}\n`);
      assert.equal(watchers.length, 1, text);
      assert.deepEqual(
        problems.map(({ code, message }) => `${code}: ${message}`),
        [],
        text,
      );
    });
  }
});
