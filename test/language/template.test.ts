// The text of parameters: what is inserted, and how long it may become.
import assert from 'node:assert/strict';
import { longestParameter, substitute } from '../../language/template';

describe('parameters into which long texts go', () => {
  it('are cut at a million characters, and say so', () => {
    const x = 'x'.repeat(longestParameter);
    assert.equal(substitute('$x', { groups: [], variables: { x } }), x);
    const text = substitute('$x'.repeat(100), { groups: [], variables: { x } });
    assert.equal(text, `${x} [cut: it has ${100 * x.length} characters]`);
  });
});
