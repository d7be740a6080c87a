// The frames of a journal: a mark, the length, checksums and a payload, so that what is torn is told from what is damaged.
import { crc32 } from 'node:zlib';

const mark = Buffer.from('SWJ1', 'latin1');
/** Mark, length of the payload, its checksum, and the checksum of these three. */
const headLength = 16;

export function encodeFrame(text: string): Buffer {
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
 * torn: the bytes end within a frame that began well, as they do when a process or a machine dies while it writes.
 * damaged: anything else that is no frame.
 */
export type Fault = 'torn' | 'damaged';

export interface Frames {
  readonly payloads: readonly string[];
  /** Where the last good frame ends. */
  readonly length: number;
  /** What is wrong with the bytes from `length` on; null where nothing is there. */
  readonly fault: Fault | null;
}

export function decodeFrames(bytes: Buffer): Frames {
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

function findFrameEnd(bytes: Buffer, at: number): number | Fault {
  const head = bytes.subarray(at, at + headLength);
  if (head.length < headLength) return isBeginning(head) ? 'torn' : 'damaged';
  // A file system may have made the file longer before a power cut and never filled it.
  if (!hasGoodHead(head)) return bytes.subarray(at).every((byte) => byte === 0) ? 'torn' : 'damaged';
  const end = at + headLength + head.readUInt32LE(4);
  if (end > bytes.length) return 'torn';
  return crc32(bytes.subarray(at + headLength, end)) === head.readUInt32LE(8) ? end : 'damaged';
}

const hasGoodHead = (head: Buffer): boolean =>
  head.subarray(0, 4).equals(mark) && crc32(head.subarray(0, 12)) === head.readUInt32LE(12);

const isBeginning = (head: Buffer): boolean =>
  head.subarray(0, 4).equals(mark.subarray(0, Math.min(4, head.length))) || head.every((byte) => byte === 0);
