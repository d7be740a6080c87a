// Bytes of a job's output as text: what the edges of a stretch cut of a character is left to the next stretch.
import type { OutputPiece } from '../output';
import type { OutputText } from '../protocol';

/** UTF-8 has at most so many bytes behind a character's first one. */
const longestTail = 3;

export function toOutputText({ path, from, bytes, size }: OutputPiece): OutputText {
  const start = from === 0 ? 0 : countTail(bytes);
  const end = from + bytes.length >= size ? bytes.length : findCut(bytes, start);
  const text = Buffer.from(bytes.subarray(start, end)).toString('utf8');
  return { path, text, from: from + start, to: from + end, size };
}

const isTail = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Bytes at the start that belong to a character before it. */
function countTail(bytes: Uint8Array): number {
  let count = 0;
  while (count < longestTail && isTail(bytes[count])) count++;
  return count;
}

/** Where a character at the end begins that is not whole; the end itself where all are. */
function findCut(bytes: Uint8Array, start: number): number {
  for (let at = bytes.length - 1; at >= Math.max(start, bytes.length - longestTail); at--) {
    if (isTail(bytes[at])) continue;
    return at + lengthOf(bytes[at] ?? 0) > bytes.length ? at : bytes.length;
  }
  return bytes.length;
}

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}
