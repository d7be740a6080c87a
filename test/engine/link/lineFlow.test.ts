// Text that comes in pieces is given as whole lines.
import assert from 'node:assert/strict';
import { createLineFlow } from '../../../engine/link/lineFlow';

describe('a flow of lines', () => {
  const flow = (...pieces: readonly string[]): readonly string[] => {
    const lines: string[] = [];
    const { take, end, hasBegun } = createLineFlow((line) => lines.push(line));
    for (const piece of pieces) take(piece);
    end();
    end();
    assert.equal(
      hasBegun(),
      pieces.some((piece) => piece !== ''),
    );
    return lines;
  };

  it('has lines whole, however they come', () => {
    assert.deepEqual(flow('a\nb', 'c\r', '\n\nd'), ['a', 'bc', '', 'd']);
    assert.deepEqual(flow('a\n'), ['a']);
    assert.deepEqual(flow(''), []);
    assert.deepEqual(flow(), []);
  });

  it('has a long line in parts', () => {
    const lines = flow('x'.repeat(6000), 'x'.repeat(6000), '\n');
    assert.deepEqual(
      lines.map(({ length }) => length),
      [10_000, 2000],
    );
  });
});
