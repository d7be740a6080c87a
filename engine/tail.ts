// Stretches of an output file: where whole lines and segments end, and whether the file is still the same.
import type { FileMark } from './model';
import type { ReadAnswer } from './ports';

/** A segment longer than this is cut. */
export const maxSegment = 1 << 20;
/** How many bytes at the file's start and right before the position are recognised. */
export const headLength = 256;
export const tailLength = 1024;

const lineFeed = 10;
const carriageReturn = 13;

export interface Cut {
  /** How many bytes are whole segments. */
  readonly length: number;
  /** A segment was too long and was cut here. */
  readonly forced: boolean;
}

/**
 * Where the last whole segment ends: behind `\n`, or behind a `\r` that another byte follows (it might be half of `\r\n`
 * otherwise). `final`: no more will come, the rest is whole too.
 */
export function cutSegments(bytes: Uint8Array, final: boolean): Cut {
  if (final) return { length: bytes.length, forced: false };
  for (let index = bytes.length - 1; index >= 0; index--) {
    const byte = bytes[index];
    if (byte === lineFeed || (byte === carriageReturn && index < bytes.length - 1))
      return { length: index + 1, forced: false };
  }
  return bytes.length >= maxSegment ? { length: maxSegment, forced: true } : { length: 0, forced: false };
}

type Read = Extract<ReadAnswer, { kind: 'read' }>;

/** How the file is recognised once everything before `position` has been matched. */
export function toMark(
  { head, before, bytes }: Pick<Read, 'head' | 'before' | 'bytes'>,
  consumed: number,
  position: number,
): FileMark {
  const behind = new Uint8Array(before.length + consumed);
  behind.set(before);
  behind.set(bytes.subarray(0, consumed), before.length);
  const tail = behind.subarray(Math.max(0, behind.length - tailLength));
  const start = head.subarray(0, Math.min(headLength, position));
  return { head: hashBytes(start), headLength: start.length, tail: hashBytes(tail), tailLength: tail.length };
}

/** Why what is read now is not the file that was read before; undefined where it may be the same. */
export function findReplacement(mark: FileMark | null, position: number, answer: Read): string | undefined {
  if (answer.size < position) return `the file has shrunk from ${position} or more bytes to ${answer.size}`;
  if (!mark) return undefined;
  const tail = answer.before.subarray(Math.max(0, answer.before.length - mark.tailLength));
  if (hashBytes(answer.head.subarray(0, mark.headLength)) !== mark.head)
    return 'the file begins differently: it was replaced';
  if (hashBytes(tail) !== mark.tail) return 'what was read before has changed: the file was replaced';
  return undefined;
}

/** FNV-1a over 32 bits, twice with different starts: enough to tell one output from another. */
export function hashBytes(bytes: Uint8Array): string {
  let [a, b] = [0x811c9dc5, 0x1000193];
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x01000193) + 0x9e3779b9;
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
