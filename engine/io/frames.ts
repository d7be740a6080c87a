// The frames of a journal: a mark, the length, checksums and a payload, so that what is torn is told from what is damaged.
import { crc32 } from 'node:zlib';

/** Of the first frame of a group, and of the others: a group is written and synced as one. */
const [firstMark, otherMark] = [Buffer.from('SWJ1', 'latin1'), Buffer.from('SWJ+', 'latin1')];
/** Mark, length of the payload, its checksum, and the checksum of these three. */
const headLength = 16;
/** No frame has so many in a row: neither a head nor the text of a payload. */
const zeros = Buffer.alloc(16);

export function encodeGroup(texts: readonly string[]): Buffer {
  return Buffer.concat(texts.map((text, index) => encodeFrame(text, index === 0 ? firstMark : otherMark)));
}

function encodeFrame(text: string, mark: Buffer): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(headLength + length);
  frame.write(text, headLength);
  mark.copy(frame);
  frame.writeUInt32LE(length, 4);
  frame.writeUInt32LE(crc32(frame.subarray(headLength)), 8);
  frame.writeUInt32LE(crc32(frame.subarray(0, 12)), 12);
  return frame;
}

/**
 * torn: the bytes end within a group that began well, or a part of the last group was never filled, as they are when a
 * process or a machine dies while it writes. damaged: anything else that is no frame.
 */
export type Fault = 'torn' | 'damaged';

export interface Frames {
  readonly payloads: readonly string[];
  /** Where the last good frame ends. */
  readonly length: number;
  /** What is wrong with the bytes from `length` on; null where nothing is there but zeros. */
  readonly fault: Fault | null;
}

/** Zeros at the end are room that was kept for more. */
export function decodeFrames(filled: Buffer): Frames {
  const bytes = withoutZeros(filled);
  const payloads: string[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = findFrameEnd(bytes, at);
    if (typeof end === 'string') return { payloads, length: at, fault: end };
    payloads.push(bytes.toString('utf8', at + headLength, end));
    at = end;
  }
  return { payloads, length: at, fault: null };
}

function withoutZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

function findFrameEnd(bytes: Buffer, at: number): number | Fault {
  const head = bytes.subarray(at, at + headLength);
  if (head.length < headLength) return isBeginning(head) ? 'torn' : 'damaged';
  if (!hasGoodHead(head)) return judge(bytes, at);
  const end = at + headLength + head.readUInt32LE(4);
  if (end > bytes.length) return 'torn';
  return crc32(bytes.subarray(at + headLength, end)) === head.readUInt32LE(8) ? end : judge(bytes, at);
}

/** A disk may have taken the parts of a group in any order; but not of one that another follows: that was synced. */
function judge(bytes: Buffer, at: number): Fault {
  const isUnfilled = bytes[at] === 0 || bytes.includes(zeros, at);
  return isUnfilled && !hasGroup(bytes, at + 1) ? 'torn' : 'damaged';
}

function hasGroup(bytes: Buffer, from: number): boolean {
  for (let at = bytes.indexOf(firstMark, from); at !== -1; at = bytes.indexOf(firstMark, at + 1)) {
    const head = bytes.subarray(at, at + headLength);
    if (head.length === headLength && hasGoodHead(head)) return true;
  }
  return false;
}

const hasGoodHead = (head: Buffer): boolean => {
  const mark = head.subarray(0, 4);
  return (
    (mark.equals(firstMark) || mark.equals(otherMark)) &&
    crc32(head.subarray(0, 12)) === head.readUInt32LE(12)
  );
};

const isBeginning = (head: Buffer): boolean =>
  [firstMark, otherMark].some((mark) =>
    head.subarray(0, 4).equals(mark.subarray(0, Math.min(4, head.length))),
  );
