// What is here of an output: stretches of a file of any size, within bounds, seen as lines with byte offsets.
import { plainStyle, type Style } from './ansi';
import {
  countLineEnds,
  cutBlock,
  cutIntoBlocks,
  findLineIndex,
  findStyles,
  toBlock,
  type Block,
  type Stretch,
} from './block';

export interface Line {
  /** Byte offsets of the file: its first byte, and the one after its end. */
  readonly from: number;
  readonly to: number;
  /** With its end. */
  readonly text: string;
  /** From 1 on; undefined if nobody has counted so far. */
  readonly number: number | undefined;
  /** A line that is longer than a block comes in parts: only the first begins it. */
  readonly beginsLine: boolean;
  /** In which the terminal is when it begins. */
  readonly style: Style;
}

export interface BufferLimits {
  /** Of one block, in characters. */
  readonly block: number;
  /** Of all that is here, in characters. */
  readonly all: number;
}

const usualLimits: BufferLimits = { block: 128 * 1024, all: 8 * 1024 * 1024 };

/** Line numbers are remembered for as many places. */
const mostCounts = 20_000;

export class OutputBuffer {
  /** In their order; none overlaps another. */
  #blocks: Block[] = [];
  readonly #styles = new WeakMap<Block, readonly Style[]>();
  /** By byte offset of a block's first line: its number. */
  readonly #counts = new Map<number, number>([[0, 1]]);
  #size = 0;

  constructor(private readonly limits: BufferLimits = usualLimits) {}

  /** Of the file, in bytes, as far as it is known. */
  get size(): number {
    return this.#size;
  }

  setSize(size: number): void {
    this.#size = size;
  }

  /** Characters that are here. */
  get length(): number {
    return this.#blocks.reduce((sum, { text }) => sum + text.length, 0);
  }

  clear(): void {
    this.#blocks = [];
    this.#counts.clear();
    this.#counts.set(0, 1);
    this.#size = 0;
  }

  /** Bytes a line has on average, of those that are here; undefined if there are none. */
  get lineBytes(): number | undefined {
    const lines = this.#blocks.reduce((sum, { starts }) => sum + starts.length, 0);
    const bytes = this.#blocks.reduce((sum, { from, to }) => sum + to - from, 0);
    return lines === 0 ? undefined : bytes / lines;
  }

  /**
   * A stretch that was read, of which a line may be cut at either end: what is not whole is left out, unless it is all that
   * there is, or the end of the file. Blocks far from `around` go if there is too much.
   */
  add(stretch: Stretch, size: number, around: number): void {
    this.#size = Math.max(size, stretch.to);
    const before = this.#blocks.find(({ to }) => to === stretch.from);
    const isAligned = stretch.from === 0 || before !== undefined;
    const beginsLine = stretch.from === 0 || (before?.endsLine ?? false);
    const adjoins = this.#blocks.some(({ from }) => from === stretch.to);
    for (const block of cutIntoBlocks(stretch, beginsLine, this.limits.block)) {
      const first = block.from > stretch.from || isAligned || block.starts.length === 1 ? 0 : 1;
      const isEnd = adjoins || block.to >= this.#size || block.to < stretch.to;
      const end =
        block.endsLine || isEnd || block.starts.length - first <= 1
          ? block.starts.length
          : block.starts.length - 1;
      const whole = cutBlock(block, first, end);
      if (whole) this.#insert(whole);
    }
    this.#forget(around);
  }

  /** What was printed just now, right behind what is here. */
  append(stretch: Stretch, around: number): void {
    const last = this.#blocks.at(-1);
    if (last && last.to === stretch.from && !last.endsLine) {
      const index = last.starts.length - 1;
      const open = last.text.slice(last.starts[index]);
      if (open.length < this.limits.block) {
        const rest = cutBlock(last, 0, index);
        const from = last.offsets[index] ?? last.from;
        const beginsLine = index > 0 || last.beginsLine;
        this.#counts.delete(last.to);
        this.#blocks.pop();
        if (rest) this.#blocks.push(rest);
        this.#appendAll({ from, to: stretch.to, text: open + stretch.text }, beginsLine);
      } else this.#appendAll(stretch, false);
    } else this.#appendAll(stretch, stretch.from === 0 || last?.to !== stretch.from || last.endsLine);
    this.#size = Math.max(this.#size, stretch.to);
    this.#forget(around);
  }

  #appendAll(stretch: Stretch, beginsLine: boolean): void {
    const last = this.#blocks.at(-1);
    // Small pieces make no block of their own.
    if (
      last?.to === stretch.from &&
      last.endsLine &&
      last.text.length + stretch.text.length <= this.limits.block
    ) {
      this.#counts.delete(last.to);
      this.#blocks.pop();
      this.#blocks.push(
        toBlock({ from: last.from, to: stretch.to, text: last.text + stretch.text }, last.beginsLine),
      );
      this.#count();
      return;
    }
    for (const block of cutIntoBlocks(stretch, beginsLine, this.limits.block)) this.#insert(block);
  }

  /** Of others, the lines stay that it does not touch. */
  #insert(block: Block): void {
    const blocks = this.#blocks.flatMap((one) => {
      if (one.to <= block.from || one.from >= block.to) return one;
      const ends = [...one.offsets.slice(1), one.to];
      const before = ends.findIndex((end) => end > block.from);
      const after = one.offsets.findIndex((offset) => offset >= block.to);
      return [
        cutBlock(one, 0, before) ?? [],
        after === -1 ? [] : (cutBlock(one, after, one.starts.length) ?? []),
      ].flat();
    });
    this.#blocks = [...blocks, block].sort((one, other) => one.from - other.from);
    // What comes before decides in which style a line begins.
    for (const later of this.#blocks) if (later.from > block.from) this.#styles.delete(later);
    this.#count();
  }

  /** Line numbers spread over what adjoins. */
  #count(): void {
    const note = (offset: number, number: number): void => {
      this.#counts.set(offset, number);
      if (this.#counts.size <= mostCounts) return;
      const oldest = [...this.#counts.keys()].find((key) => key !== 0);
      if (oldest !== undefined) this.#counts.delete(oldest);
    };
    for (const block of this.#blocks) {
      const number = this.#counts.get(block.from);
      const next = number === undefined ? undefined : number + countLineEnds(block);
      if (next !== undefined && this.#counts.get(block.to) !== next) note(block.to, next);
    }
    for (const block of [...this.#blocks].reverse()) {
      const next = this.#counts.get(block.to);
      if (next !== undefined && !this.#counts.has(block.from)) note(block.from, next - countLineEnds(block));
    }
  }

  /** The line that has the byte at `offset` is number `number`, as somebody has counted. */
  setNumber(offset: number, number: number): void {
    const block = this.#findBlock(offset);
    if (block) this.#counts.set(block.from, number - findLineIndex(block, offset));
    else this.#counts.set(offset, number);
    this.#count();
  }

  #forget(around: number): void {
    while (this.#blocks.length > 1 && this.length > this.limits.all) {
      const [first, last] = [this.#blocks[0], this.#blocks.at(-1)];
      if (!first || !last) return;
      if (around - first.to > last.from - around) this.#blocks.shift();
      else this.#blocks.pop();
    }
  }

  #findBlock(byte: number): Block | undefined {
    return this.#blocks.find(({ from, to }) => from <= byte && byte < to);
  }

  /** Undefined if it is not here. */
  lineAt(byte: number): Line | undefined {
    const block = this.#findBlock(byte);
    return block && this.#toLine(block, findLineIndex(block, byte));
  }

  /** Undefined at the end of the file, and where nothing is here. */
  lineAfter({ to }: Pick<Line, 'to'>): Line | undefined {
    return this.lineAt(to);
  }

  lineBefore({ from }: Pick<Line, 'from'>): Line | undefined {
    return from === 0 ? undefined : this.lineAt(from - 1);
  }

  get firstLine(): Line | undefined {
    const [block] = this.#blocks;
    return block && this.#toLine(block, 0);
  }

  get lastLine(): Line | undefined {
    const block = this.#blocks.at(-1);
    return block && this.#toLine(block, block.starts.length - 1);
  }

  /** The line of a number, if it is here and its number is known. */
  lineOfNumber(number: number): Line | undefined {
    for (const block of this.#blocks) {
      const first = this.#counts.get(block.from);
      if (first === undefined || number < first || number >= first + block.starts.length) continue;
      return this.#toLine(block, number - first);
    }
    return undefined;
  }

  /** The part without a hole that has the byte: what is to be read next begins or ends there. */
  stretchAround(byte: number): Pick<Stretch, 'from' | 'to'> | undefined {
    const index = this.#blocks.findIndex(({ from, to }) => from <= byte && byte < to);
    let first = this.#blocks[index];
    let last = first;
    if (!first || !last) return undefined;
    for (let at = index - 1; this.#blocks[at]?.to === first.from; at -= 1) first = this.#blocks[at] ?? first;
    for (let at = index + 1; this.#blocks[at]?.from === last.to; at += 1) last = this.#blocks[at] ?? last;
    return { from: first.from, to: last.to };
  }

  /** What is here, in stretches. */
  get stretches(): readonly Stretch[] {
    return this.#blocks;
  }

  #toLine(block: Block, index: number): Line {
    const { starts, offsets } = block;
    const first = this.#counts.get(block.from);
    return {
      from: offsets[index] ?? block.from,
      to: offsets[index + 1] ?? block.to,
      text: block.text.slice(starts[index], starts[index + 1]),
      number: first === undefined ? undefined : first + index,
      beginsLine: index > 0 || block.beginsLine,
      style: this.#stylesOf(block)[index] ?? plainStyle,
    };
  }

  #stylesOf(block: Block): readonly Style[] {
    const known = this.#styles.get(block);
    if (known) return known;
    const index = this.#blocks.indexOf(block);
    const before = this.#blocks[index - 1];
    const first = before?.to === block.from ? (this.#stylesOf(before).at(-1) ?? plainStyle) : plainStyle;
    const styles = findStyles(block, first);
    this.#styles.set(block, styles);
    return styles;
  }
}
