// A stretch of an output that is here: whole lines, with the byte offset of each.
import { findEndStyle, plainStyle, type Style } from './ansi';

/** A stretch of a file as text. Bytes that are not UTF-8 are U+FFFD. */
export interface Stretch {
  /** Byte offsets. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Block extends Stretch {
  /** Of each line: where it begins in the text, and in the file. */
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
  /** False if its first line began before it. */
  readonly beginsLine: boolean;
  /** Whether its last line has its end. */
  readonly endsLine: boolean;
}

/** Bytes of UTF-8; each U+FFFD counts as `replaced`. */
function countBytes(text: string, from: number, to: number, replaced: number): number {
  let bytes = 0;
  for (let index = from; index < to; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit === 0xfffd) bytes += replaced;
    // Each half of a pair is two of its four bytes.
    else bytes += unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
  }
  return bytes;
}

/** Byte offsets of places of a stretch, which rise. A byte that is not UTF-8 has mostly become one U+FFFD by itself. */
function toOffsets({ from, to, text }: Stretch, places: readonly number[]): readonly number[] {
  if (text.length === to - from) return places.map((place) => from + place);
  const replaced = countBytes(text, 0, text.length, 3) === to - from ? 3 : 1;
  let bytes = 0;
  let last = 0;
  return places.map((place) => {
    bytes += countBytes(text, last, place, replaced);
    last = place;
    return Math.min(from + bytes, to);
  });
}

function findStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n') + 1; at > 0 && at < text.length; at = text.indexOf('\n', at) + 1)
    starts.push(at);
  return starts;
}

/** Of a stretch that is not empty. */
export function toBlock(stretch: Stretch, beginsLine: boolean): Block {
  const starts = findStarts(stretch.text);
  return {
    ...stretch,
    starts,
    offsets: toOffsets(stretch, starts),
    beginsLine,
    endsLine: stretch.text.endsWith('\n'),
  };
}

/** Lines from `first` on and before `end`; undefined if there are none. */
export function cutBlock(block: Block, first: number, end: number): Block | undefined {
  if (first >= end) return undefined;
  if (first === 0 && end === block.starts.length) return block;
  const start = block.starts[first] ?? 0;
  const from = block.offsets[first] ?? block.from;
  const isLast = end >= block.starts.length;
  return {
    from,
    to: isLast ? block.to : (block.offsets[end] ?? block.to),
    text: block.text.slice(start, isLast ? undefined : block.starts[end]),
    starts: block.starts.slice(first, end).map((at) => at - start),
    offsets: block.offsets.slice(first, end),
    beginsLine: first > 0 || block.beginsLine,
    endsLine: !isLast || block.endsLine,
  };
}

/** Blocks of about `size` characters at most, cut where lines end; a line that is longer is cut where it must be. */
export function cutIntoBlocks(stretch: Stretch, beginsLine: boolean, size: number): readonly Block[] {
  if (stretch.text === '') return [];
  if (stretch.text.length <= size) return [toBlock(stretch, beginsLine)];
  const cuts: number[] = [];
  for (let at = 0; stretch.text.length - at > size;) {
    const lineEnd = stretch.text.lastIndexOf('\n', at + size - 1) + 1;
    at = lineEnd > at ? lineEnd : cutCharacter(stretch.text, at + size);
    cuts.push(at);
  }
  const places = [0, ...cuts, stretch.text.length];
  const offsets = toOffsets(stretch, places);
  return cuts
    .map((_, index) => index)
    .concat(cuts.length)
    .map((index) => {
      const [start = 0, end = 0] = [places[index], places[index + 1]];
      const text = stretch.text.slice(start, end);
      const begins = index === 0 ? beginsLine : stretch.text[start - 1] === '\n';
      return toBlock(
        { from: offsets[index] ?? stretch.from, to: offsets[index + 1] ?? stretch.to, text },
        begins,
      );
    });
}

const cutCharacter = (text: string, at: number): number =>
  /[\ud800-\udbff]/.test(text[at - 1] ?? '') ? at - 1 : at;

/** The line that has the byte, by its index. */
export function findLineIndex({ offsets }: Pick<Block, 'offsets'>, byte: number): number {
  let [low, high] = [0, offsets.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? Infinity) <= byte) low = middle;
    else high = middle;
  }
  return low;
}

export const countLineEnds = ({ starts, endsLine }: Pick<Block, 'starts' | 'endsLine'>): number =>
  starts.length - (endsLine ? 0 : 1);

/** The style in which each line begins, and the one behind the last. */
export function findStyles({ text, starts }: Block, first: Style = plainStyle): readonly Style[] {
  if (!text.includes('\x1b')) return Array<Style>(starts.length + 1).fill(first);
  const styles = [first];
  starts.forEach((start, index) => {
    styles.push(findEndStyle(text.slice(start, starts[index + 1]), styles[index] ?? first));
  });
  return styles;
}
