// Lines and their segments as patterns see them: text without line ends, with byte offsets of the file.

/** Bytes to text; invalid UTF-8 becomes U+FFFD. A port, because decoding is the platform's. */
export interface Decoder {
  isAscii(bytes: Uint8Array): boolean;
  decode(bytes: Uint8Array): string;
}

export interface Segment {
  readonly text: string;
  /** Byte offsets of the file: of the line, and of the segment's first byte. */
  readonly line: number;
  readonly start: number;
}

const lineFeed = 10;
const carriageReturn = 13;

/** `\n` and `\r\n` end a line; a lone `\r` separates refreshes of it. What follows the last end is the last line. */
export function splitSegments(bytes: Uint8Array, offset: number, decoder: Decoder): readonly Segment[] {
  const plain = decoder.isAscii(bytes) ? decoder.decode(bytes) : undefined;
  const segments: Segment[] = [];
  let line = 0;
  let start = 0;
  const add = (end: number): void => {
    const text = plain === undefined ? decoder.decode(bytes.subarray(start, end)) : plain.slice(start, end);
    segments.push({ text, line: offset + line, start: offset + start });
  };
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (byte === carriageReturn && bytes[index + 1] !== lineFeed) {
      add(index);
      start = index + 1;
    } else if (byte === lineFeed) {
      add(index > start && bytes[index - 1] === carriageReturn ? index - 1 : index);
      start = index + 1;
      line = start;
    }
  }
  if (start < bytes.length) add(bytes.length);
  return segments;
}

/** Index of the first segment that belongs to a watcher whose position is `from`. */
export function findFirst(segments: readonly Segment[], from: number): number {
  const index = segments.findIndex(({ start }) => start >= from);
  return index === -1 ? segments.length : index;
}
