// The journal's frames: what a crash leaves of the last group is told from what a disk did to an older one.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeFrames, encodeGroup } from '../../../engine/io/frames';

const sector = 512;
const room = Buffer.alloc(8192);

const groups = fc.array(
  fc.array(
    fc.string({ maxLength: 700 }).map((text) => JSON.stringify([text])),
    {
      minLength: 1,
      maxLength: 6,
    },
  ),
  { minLength: 1, maxLength: 5 },
);

interface Written {
  readonly bytes: Buffer;
  readonly texts: readonly string[];
  /** Where the last group begins, and the texts before it. */
  readonly last: number;
  readonly before: readonly string[];
}

const write = (all: readonly (readonly string[])[]): Written => {
  const earlier = all.slice(0, -1);
  const last = Buffer.concat(earlier.map(encodeGroup));
  return {
    bytes: Buffer.concat([last, encodeGroup(all.at(-1) ?? [])]),
    texts: all.flat(),
    last: last.length,
    before: earlier.flat(),
  };
};

/** Sectors from the byte `from` on that the disk did not take; those that hold something older keep it. */
const leaveOut = (bytes: Buffer, from: number, isLeftOut: (sector: number) => boolean): Buffer => {
  const left = Buffer.from(bytes);
  for (let at = from; at < bytes.length; at++) if (isLeftOut(Math.floor(at / sector))) left[at] = 0;
  return left;
};

const assertBeginning = (payloads: readonly string[], { texts, before }: Written): void => {
  assert.deepEqual(payloads, texts.slice(0, payloads.length));
  assert.ok(payloads.length >= before.length);
};

describe('frames', () => {
  it('are read with and without room behind them', () => {
    fc.assert(
      fc.property(groups, (all) => {
        const { bytes, texts } = write(all);
        for (const file of [bytes, Buffer.concat([bytes, room])])
          assert.deepEqual(decodeFrames(file), { payloads: texts, length: bytes.length, fault: null });
      }),
    );
  });

  it('of which the last group ends anywhere are torn at most', () => {
    fc.assert(
      fc.property(groups, fc.nat(), fc.boolean(), (all, cut, hasRoom) => {
        const written = write(all);
        const { bytes, last } = written;
        const rest = bytes.subarray(0, last + (cut % (bytes.length - last)));
        const { payloads, fault } = decodeFrames(hasRoom ? Buffer.concat([rest, room]) : rest);
        assertBeginning(payloads, written);
        assert.notEqual(fault, 'damaged');
      }),
    );
  });

  it('of which the last group was not filled in places are torn at most', () => {
    fc.assert(
      fc.property(groups, fc.array(fc.boolean(), { minLength: 1 }), (all, leftOut) => {
        const written = write(all);
        const isLeftOut = (at: number): boolean => leftOut[at % leftOut.length] === true;
        const file = leaveOut(written.bytes, written.last, isLeftOut);
        const { payloads, fault } = decodeFrames(Buffer.concat([file, room]));
        assertBeginning(payloads, written);
        assert.notEqual(fault, 'damaged');
      }),
    );
  });

  it('of which an older group lost a sector are damaged', () => {
    fc.assert(
      fc.property(groups, fc.nat(), (all, which) => {
        const { bytes, last, texts } = write([...all, ['[1]']]);
        const lost = Math.floor((which % last) / sector);
        const file = Buffer.from(bytes).fill(0, lost * sector, Math.min(last, (lost + 1) * sector));
        const { payloads, fault } = decodeFrames(Buffer.concat([file, room]));
        assert.deepEqual(payloads, texts.slice(0, payloads.length));
        assert.equal(fault, 'damaged');
      }),
    );
  });

  it('with any flipped bit are damaged', () => {
    fc.assert(
      fc.property(groups, fc.nat(), fc.integer({ min: 0, max: 7 }), (all, which, bit) => {
        const { bytes, texts } = write(all);
        const at = which % bytes.length;
        const flipped = Buffer.concat([bytes, room]);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
        const { payloads, fault } = decodeFrames(flipped);
        assert.deepEqual(payloads, texts.slice(0, payloads.length));
        assert.equal(fault, 'damaged');
      }),
    );
  });
});
