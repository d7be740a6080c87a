// Every snippet, as it is inserted, is a directive without problems.
import assert from 'node:assert/strict';
import snippets from '../snippets/watchers.json';
import { parseScript } from '../language/script';

/** What stands in the editor when nobody changes a placeholder: defaults, and the first of choices. */
const insert = (body: string): string =>
  body
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^\\}])*)\}/g, (_, text: string) => text.replace(/\\([\\$}])/g, '$1'))
    .replace(/\\([\\$}])/g, '$1');

describe('snippets', () => {
  for (const [title, { prefix, body, description }] of Object.entries(snippets)) {
    it(title, () => {
      assert.ok(prefix.length > 0 && description);
      const text = insert([body].flat().join('\n'));
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
