// The hash of what people agree to, against Node's own.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { toSha256 } from '../../language/sha256';

describe('SHA-256 of a text', () => {
  it('is that of Node, whatever the length and the letters', () => {
    const letters = ['a', 'ß', '€', '😀', '\0', '\n'];
    for (let length = 0; length < 200; length++) {
      const text = Array.from({ length }, (_, index) => letters[(index * 7 + length) % letters.length]).join(
        '',
      );
      assert.equal(toSha256(text), createHash('sha256').update(text).digest('hex'), `length ${length}`);
    }
  });
  it('tells texts apart that differ in a lone surrogate', () => {
    assert.notEqual(toSha256('\ud800'), toSha256('\ud801'));
  });
});
