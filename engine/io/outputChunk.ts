// A stretch of output, cut into segments once for all patterns; text is decoded only where a pattern looks at it.
import { isAscii } from 'node:buffer';
import { kindOf } from '../../language/regex/nativeFind';
import type { TextKind } from '../../language/regex/translate';

const notAscii = /[\x80-\xff]/;

export interface SegmentText {
  readonly text: string;
  /** Of a whole segment, which has no line ends inside. */
  readonly kind: TextKind;
}

/**
 * `\n` and `\r\n` end a line, a lone `\r` separates refreshes of it; the ends are no part of the text. `engine.md` §5, §6.
 */
export class OutputChunk {
  /** Each byte as one character: places in it are places of bytes. */
  private readonly raw: string;
  readonly count: number;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private readonly lines: Int32Array;
  private readonly texts: (SegmentText | undefined)[] = [];
  private readonly isAllAscii: boolean;

  constructor(
    readonly bytes: Buffer,
    /** Byte offset of the first byte in the file. */
    private readonly offset: number,
  ) {
    this.raw = bytes.toString('latin1');
    this.isAllAscii = isAscii(bytes);
    const { starts, ends, lines } = cut(this.raw);
    this.count = starts.length;
    this.starts = Int32Array.from(starts);
    this.ends = Int32Array.from(ends);
    this.lines = Int32Array.from(lines);
  }

  get length(): number {
    return this.bytes.length;
  }

  /** File offsets of a segment, and of its line (or the part of it that is here). */
  startOf(segment: number): number {
    return this.offset + (this.starts[segment] ?? this.length);
  }

  lineOf(segment: number): number {
    return this.offset + (this.lines[segment] ?? this.length);
  }

  textOf(segment: number): SegmentText {
    return (this.texts[segment] ??= this.decode(this.starts[segment] ?? 0, this.ends[segment] ?? 0));
  }

  /** The first segment from `segment` on that begins at the file offset or after it. */
  findFrom(fileOffset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.startOf(middle) < fileOffset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The segment that holds the byte at `place` of the chunk, looked for from `segment` on. */
  segmentAt(place: number, segment: number): number {
    let found = segment;
    while (found < this.count && (this.ends[found] ?? 0) <= place) found++;
    return found;
  }

  private decode(start: number, end: number): SegmentText {
    const plain = this.raw.slice(start, end);
    if (this.isAllAscii || !notAscii.test(plain)) return { text: plain, kind: 'ascii' };
    const text = this.bytes.toString('utf8', start, end);
    return { text, kind: kindOf(text) };
  }
}

interface Cuts {
  readonly starts: number[];
  readonly ends: number[];
  readonly lines: number[];
}

function cut(raw: string): Cuts {
  const cuts: Cuts = { starts: [], ends: [], lines: [] };
  let line = 0;
  let start = 0;
  const add = (end: number): void => {
    cuts.starts.push(start);
    cuts.ends.push(end);
    cuts.lines.push(line);
  };
  let feed = raw.indexOf('\n');
  let back = raw.indexOf('\r');
  while (feed !== -1 || back !== -1) {
    const isBackFirst = back !== -1 && (feed === -1 || back < feed);
    const endsLine = !isBackFirst || feed === back + 1;
    add(isBackFirst ? back : feed);
    start = (endsLine ? feed : back) + 1;
    if (endsLine) line = start;
    if (feed !== -1 && feed < start) feed = raw.indexOf('\n', start);
    if (back !== -1 && back < start) back = raw.indexOf('\r', start);
  }
  if (start < raw.length) add(raw.length);
  return cuts;
}
