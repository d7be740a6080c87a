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
 * otherwise). part: more is there already, so that refreshes of one line are kept together where they fit. final: no more
 * will come, what follows the last end is whole too.
 */
export function cutSegments(bytes: Uint8Array, what: 'final' | 'newest' | 'part'): Cut {
  if (what === 'final') return { length: bytes.length, forced: false };
  const line = bytes.lastIndexOf(lineFeed) + 1;
  if (what === 'part' && (line > 0 || bytes.length < maxSegment)) return { length: line, forced: false };
  for (let index = bytes.length - 2; index >= line; index--)
    if (bytes[index] === carriageReturn) return { length: index + 1, forced: false };
  if (line > 0 || bytes.length < maxSegment) return { length: line, forced: false };
  return { length: findCharacterEnd(bytes, maxSegment), forced: true };
}

/** All that is whole of an output that may go on. */
export function takeWhole(output: Uint8Array): Uint8Array {
  let end = output.lastIndexOf(lineFeed) + 1;
  for (;;) {
    const { length } = cutSegments(output.subarray(end, end + maxSegment), 'newest');
    if (length === 0) return output.subarray(0, end);
    end += length;
  }
}

/** The last place up to `end` that splits neither a character of UTF-8 nor `\r\n`. */
function findCharacterEnd(bytes: Uint8Array, end: number): number {
  if (bytes[end - 1] === carriageReturn) return end - 1;
  for (let start = end - 1; start >= end - 4; start--) {
    const byte = bytes[start] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return start + length > end ? start : end;
  }
  return end;
}

/** How many bytes are whole characters of UTF-8: what one that is cut at the end has is left out. */
export function cutCharacters(bytes: Uint8Array): number {
  for (let start = bytes.length - 1; start >= Math.max(0, bytes.length - 3); start--) {
    const byte = bytes[start] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const length = byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return start + length > bytes.length ? start : bytes.length;
  }
  return bytes.length;
}

type Read = Extract<ReadAnswer, { kind: 'read' }>;

/** How the file is recognised once everything before `position` has been matched. */
export function toMark(
  { head, before, bytes }: Pick<Read, 'head' | 'before' | 'bytes'>,
  {
    consumed,
    position,
    restarts,
  }: { readonly consumed: number; readonly position: number; readonly restarts: number },
): FileMark {
  const newest = bytes.subarray(Math.max(0, consumed - tailLength), consumed);
  const older = before.subarray(Math.max(0, before.length + newest.length - tailLength));
  const tail = new Uint8Array(older.length + newest.length);
  tail.set(older);
  tail.set(newest, older.length);
  const start = head.subarray(0, Math.min(headLength, position));
  return {
    ...{ head: hashBytes(start), headLength: start.length },
    ...{ tail: hashBytes(tail), tailLength: tail.length },
    restarts,
  };
}

/**
 * Why what is read now is not the file that was read before; undefined where it may be the same. `from` is where the
 * answer's bytes begin, `position` where the mark ends.
 */
export function findReplacement(
  mark: FileMark | null,
  { from, position }: { readonly from: number; readonly position: number },
  answer: Read,
): string | undefined {
  if (answer.size < position) return `the file has shrunk from ${position} or more bytes to ${answer.size}`;
  if (!mark) return undefined;
  if (hashBytes(answer.head.subarray(0, mark.headLength)) !== mark.head)
    return 'the file begins differently: it was replaced';
  const tail = sliceAround(answer, from, { end: position, length: mark.tailLength });
  if (tail && hashBytes(tail) !== mark.tail) return 'what was read before has changed: the file was replaced';
  return undefined;
}

/** So many bytes of the file that end at `end`; undefined where the answer does not hold them. */
function sliceAround(
  { before, bytes }: Read,
  from: number,
  { end, length }: { readonly end: number; readonly length: number },
): Uint8Array | undefined {
  const start = end - length - (from - before.length);
  if (start < 0 || end > from + bytes.length) return undefined;
  if (end <= from) return before.subarray(start, start + length);
  const around = new Uint8Array(length);
  const behind = before.subarray(start);
  around.set(behind.subarray(0, length));
  const first = Math.max(0, start - before.length);
  around.set(bytes.subarray(first, end - from), Math.min(behind.length, length));
  return around;
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
