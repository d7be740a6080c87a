// Stretches of output as text: however they are cut, together they are the whole.
import assert from 'node:assert/strict';
import { toOutputText } from '../../../engine/host/outputText';

const file = Buffer.from('aé€😀\n');
const cut = (from: number, to: number): ReturnType<typeof toOutputText> =>
  toOutputText({ path: '/out', from, bytes: file.subarray(from, to), size: file.length });

describe('a stretch of output', () => {
  it('never shows half a character, and loses none', () => {
    for (let step = 4; step <= file.length; step++) {
      let text = '';
      for (let at = 0; at < file.length;) {
        const piece = cut(at, at + step);
        assert.equal(piece.from, at);
        assert.ok(piece.to > at, `a step of ${step} gets on`);
        text += piece.text;
        at = piece.to;
      }
      assert.equal(text, file.toString());
    }
  });

  it('that begins within a character says where its text begins', () => {
    assert.deepEqual(
      [2, 4, 7, 9].map((from) => {
        const { text, from: begin } = cut(from, file.length);
        return [begin, text];
      }),
      [
        [3, '€😀\n'],
        [6, '😀\n'],
        [10, '\n'],
        [10, '\n'],
      ],
    );
  });

  it('shows a half character at the end of the file', () => {
    const bytes = file.subarray(0, 8);
    assert.equal(toOutputText({ path: '/out', from: 0, bytes, size: 8 }).text, 'aé€\uFFFD');
  });
});
