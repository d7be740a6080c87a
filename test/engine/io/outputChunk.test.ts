// A chunk cuts any bytes as the plain and slow cutting does.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nodeDecoder } from '../../../engine/io/decoder';
import { OutputChunk } from '../../../engine/io/outputChunk';
import { splitSegments } from '../../../engine/segments';

const pieces = fc.constantFrom('\n', '\r', '\r\n', 'a', 'loss 1', 'é', '🙂', '\ufeff', '\u0000');
const someBytes = fc.oneof(
  fc.array(pieces, { maxLength: 30 }).map((parts) => new TextEncoder().encode(parts.join(''))),
  fc.uint8Array({ maxLength: 30 }),
);

describe('output chunk', () => {
  it('has the segments, lines and texts of the bytes', () => {
    fc.assert(
      fc.property(someBytes, fc.nat(1000), (bytes, offset) => {
        const chunk = new OutputChunk(Buffer.from(bytes), offset);
        const segments = Array.from({ length: chunk.count }, (_, index) => ({
          text: chunk.textOf(index).text,
          line: chunk.lineOf(index),
          start: chunk.startOf(index),
        }));
        assert.deepEqual(segments, splitSegments(bytes, offset, nodeDecoder));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the first segment from a file offset on', () => {
    const chunk = new OutputChunk(Buffer.from('a\rbc\nd'), 100);
    assert.deepEqual(
      [0, 100, 101, 102, 103, 105, 106, 107].map((from) => chunk.findFrom(from)),
      [0, 0, 1, 1, 2, 2, 3, 3],
    );
  });
});
