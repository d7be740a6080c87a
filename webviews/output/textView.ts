// The lines in sight of an output of any size: rows stay where they are while lines come, go and are read.
import type { Line, OutputBuffer } from './buffer';
import { ScrollBar, type Tick } from './scrollBar';

export interface TextViewParts {
  readonly buffer: OutputBuffer;
  readonly label: string;
  readonly createRow: (line: Line) => HTMLElement;
  /** The line that has this byte is wanted, and is not here. */
  readonly need: (byte: number) => void;
  /** The person has scrolled: away from the end, or to it. */
  readonly onScroll: (isAtEnd: boolean) => void;
  /** After rows were drawn. */
  readonly onDrawn: () => void;
}

interface Row {
  readonly line: Line;
  readonly element: HTMLElement;
  height: number;
}

/** Rows beyond those in sight, so that a scroll finds them drawn. */
const beyond = 12;
/** Bytes from the edge of what is here at which more is read. */
const nearEdge = 32 * 1024;
const mostRounds = 8;
const edgeRows = 3;

export class TextView {
  readonly element = document.createElement('div');
  /** Takes the focus and the keys. */
  readonly grid = document.createElement('div');
  readonly #rows = document.createElement('div');
  readonly #bar: ScrollBar;
  readonly #sizes: ResizeObserver;
  #drawn: Row[] = [];
  /** The line at the top, and how many pixels of it are above; `end`: the last line is at the bottom. */
  #anchor: { readonly from: number; readonly shift: number } | 'end' = 'end';
  #rowHeight = 18;
  #height = 0;
  #isPlanned = false;
  /** Whether it stays where it is although its end is in sight. */
  #isHeld = false;
  #wasAtEnd = true;

  constructor(private readonly parts: TextViewParts) {
    this.element.className = 'text-view';
    this.grid.className = 'lines';
    this.#rows.className = 'lines-window';
    this.#rows.setAttribute('role', 'rowgroup');
    this.grid.tabIndex = 0;
    for (const [name, value] of [
      ['role', 'grid'],
      ['aria-label', parts.label],
      ['aria-readonly', 'true'],
      ['aria-multiselectable', 'true'],
    ] as const)
      this.grid.setAttribute(name, value);
    this.grid.append(this.#rows);
    this.#bar = new ScrollBar({
      onScroll: (share) => {
        this.#scrollToShare(share);
      },
    });
    this.element.append(this.grid, this.#bar.element);
    this.grid.addEventListener(
      'wheel',
      (event) => {
        if (event.ctrlKey || event.deltaY === 0 || event.shiftKey) return;
        event.preventDefault();
        const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? this.#rowHeight : 1;
        this.scrollBy(event.deltaY * unit);
      },
      { passive: false },
    );
    // What is focused is brought into sight by the browser, which knows nothing of the rows that are not drawn.
    this.grid.addEventListener('scroll', () => {
      if (this.grid.scrollTop !== 0) this.grid.scrollTop = 0;
    });
    this.#sizes = new ResizeObserver(() => {
      for (const row of this.#drawn) row.height = 0;
      this.plan();
    });
    this.#sizes.observe(this.grid);
  }

  dispose(): void {
    this.#sizes.disconnect();
  }

  get isAtEnd(): boolean {
    return this.#anchor === 'end';
  }

  /** Byte offset of the first line in sight; undefined at the end. */
  get top(): number | undefined {
    return this.#anchor === 'end' ? undefined : this.#anchor.from;
  }

  get firstVisible(): Line | undefined {
    return this.#visible()[0]?.line;
  }

  /** How many whole rows fit. */
  get pageRows(): number {
    return Math.max(1, Math.floor(this.#height / this.#rowHeight) - 1);
  }

  /** Drawn rows, in sight and somewhat beyond. */
  get rows(): readonly Pick<Row, 'line' | 'element'>[] {
    return this.#drawn;
  }

  findRow(from: number): HTMLElement | undefined {
    return this.#drawn.find(({ line }) => line.from === from)?.element;
  }

  lineOf(element: Element): Line | undefined {
    return this.#drawn.find((row) => row.element.contains(element))?.line;
  }

  isInSight(from: number): boolean {
    return this.#visible().some(({ line }) => line.from === from);
  }

  /** Not at the edges, where something may be before it. */
  #isWellInSight(from: number): boolean {
    const index = this.#visible().findIndex(({ line }) => line.from === from);
    return index >= edgeRows && index < this.#visible().length - edgeRows;
  }

  showTicks(ticks: readonly Tick[]): void {
    this.#bar.showTicks(ticks);
  }

  /** What comes then is followed. */
  scrollToEnd(): void {
    this.#isHeld = false;
    this.#anchor = 'end';
    this.plan();
  }

  /** Stays where it is, whatever comes. */
  hold(): void {
    this.#anchor = this.#topRow() ?? 'end';
    this.#isHeld = true;
    // What comes before the next frame counts as new already.
    this.#tellScroll();
    this.plan();
  }

  /** The line that has the byte: in the middle, unless it is in sight; or at the top. */
  scrollTo(byte: number, where: 'middle' | 'top' = 'middle'): void {
    const line = this.parts.buffer.lineAt(byte);
    if (line && where === 'middle' && this.#anchor !== 'end' && this.#isWellInSight(line.from)) return;
    const shift = where === 'top' ? 0 : -Math.floor(this.#height / 2 / this.#rowHeight) * this.#rowHeight;
    this.#isHeld = true;
    this.#anchor = { from: line?.from ?? byte, shift };
    this.plan();
  }

  scrollBy(pixels: number): void {
    const top = this.#topRow();
    if (!top) return;
    this.#isHeld = false;
    this.#anchor = { from: top.from, shift: top.shift + pixels };
    this.#draw();
  }

  /** So far that this line is whole in sight. */
  bringIntoSight(from: number): void {
    const rows = this.#drawn;
    const index = rows.findIndex(({ line }) => line.from === from);
    const top = this.#topRow();
    if (index === -1 || !top) {
      this.scrollTo(from);
      return;
    }
    const topIndex = rows.findIndex(({ line }) => line.from === top.from);
    const heights = (first: number, end: number): number =>
      rows.slice(first, end).reduce((sum, { height }) => sum + height, 0);
    const above = heights(topIndex, index) - heights(index, topIndex) - top.shift;
    const below = above + (rows[index]?.height ?? 0) - this.#height;
    if (above < 0) this.scrollBy(above);
    else if (below > 0) this.scrollBy(below);
  }

  /** All rows are drawn anew, or those of these lines. */
  refresh(lines?: readonly number[]): void {
    if (!lines) this.#drawn = [];
    else this.#drawn = this.#drawn.filter(({ line }) => !lines.includes(line.from));
    this.plan();
  }

  /** Lines have come or gone. */
  plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      this.#draw();
    });
  }

  #visible(): readonly Row[] {
    const top = this.#topRow();
    const first = this.#drawn.findIndex(({ line }) => line.from === top?.from);
    if (first === -1 || !top) return [];
    let place = -top.shift;
    return this.#drawn.slice(first).filter(({ height }) => {
      const isIn = place + height > 0 && place < this.#height;
      place += height;
      return isIn;
    });
  }

  /** As it is drawn now. */
  #topRow(): { readonly from: number; readonly shift: number } | undefined {
    if (this.#anchor !== 'end') return this.#anchor;
    let room = this.#height;
    for (const { line, height } of [...this.#drawn].reverse()) {
      room -= height;
      if (room <= 0) return { from: line.from, shift: -room };
    }
    const first = this.#drawn[0];
    return first && { from: first.line.from, shift: 0 };
  }

  #scrollToShare(share: number): void {
    const { buffer } = this.parts;
    if (share >= 0.9995) this.#anchor = 'end';
    else {
      const byte = Math.floor(share * Math.max(0, buffer.size - this.#bytesInSight()));
      const line = buffer.lineAt(byte);
      const part = line && line.to > line.from ? (byte - line.from) / (line.to - line.from) : 0;
      this.#anchor = { from: line?.from ?? byte, shift: share === 0 ? 0 : part * this.#rowHeight };
    }
    this.#isHeld = false;
    this.plan();
  }

  #bytesInSight(): number {
    const visible = this.#visible();
    const [first, last] = [visible[0], visible.at(-1)];
    return first && last ? last.line.to - first.line.from : 0;
  }

  #draw(): void {
    const { buffer, need, onDrawn } = this.parts;
    this.#height = this.#measure();
    if (this.#height === 0) return;
    if (buffer.size === 0) {
      this.#place([], 0);
      this.#bar.show({ top: 0, length: 1 });
      return;
    }
    const end = buffer.size - 1;
    const byte = this.#anchor === 'end' ? end : Math.min(this.#anchor.from, end);
    const anchor = buffer.lineAt(byte);
    if (!anchor) {
      // What is drawn stays until it has come.
      need(byte);
      this.#showBar(byte);
      return;
    }
    let { from, shift } =
      this.#anchor === 'end'
        ? { from: anchor.from, shift: this.#rowHeight - this.#height }
        : { from: anchor.from, shift: this.#anchor.shift };
    for (let round = 0; round < mostRounds; round += 1) {
      const { lines, index } = this.#collect(from, shift);
      const rows = lines.map((line) => this.#toRow(line));
      this.#attach(rows);
      const settled = this.#settle(rows, index, shift);
      ({ from, shift } = settled);
      if (settled.isSettled) break;
    }
    if (this.#anchor !== 'end') this.#anchor = { from, shift };
    const first = this.#drawn.findIndex(({ line }) => line.from === from);
    const above = this.#drawn.slice(0, first).reduce((sum, { height }) => sum + height, 0);
    this.#rows.style.transform = `translateY(${-(above + shift)}px)`;
    this.#readAhead();
    this.#showBar();
    this.#tellScroll();
    onDrawn();
  }

  #tellScroll(): void {
    if (this.isAtEnd === this.#wasAtEnd) return;
    this.#wasAtEnd = this.isAtEnd;
    this.parts.onScroll(this.isAtEnd);
  }

  /** What is left beside a scroll bar, not rounded. */
  #measure(): number {
    const { offsetHeight, clientHeight } = this.grid;
    return this.grid.getBoundingClientRect().height - (offsetHeight - clientHeight);
  }

  /** The lines to be drawn, and which of them is at `from`. */
  #collect(from: number, shift: number): { readonly lines: readonly Line[]; readonly index: number } {
    const { buffer } = this.parts;
    const anchor = buffer.lineAt(from);
    if (!anchor) return { lines: [], index: 0 };
    const lines = [anchor];
    const above = beyond + Math.ceil(Math.max(0, -shift) / this.#rowHeight);
    const below = beyond + Math.ceil((this.#height + Math.max(0, shift)) / this.#rowHeight);
    let index = 0;
    for (let line = buffer.lineBefore(anchor); line && index < above; line = buffer.lineBefore(line)) {
      lines.unshift(line);
      index += 1;
    }
    for (
      let line = buffer.lineAfter(anchor);
      line && lines.length - index <= below;
      line = buffer.lineAfter(line)
    )
      lines.push(line);
    return { lines, index };
  }

  #toRow(line: Line): Row {
    const known = this.#drawn.find(({ line: { from } }) => from === line.from);
    if (known && known.line.to === line.to && known.line.number === line.number) return known;
    return { line, element: this.parts.createRow(line), height: 0 };
  }

  /** Rows that stay are not touched: the pointer or the focus may be on them. */
  #attach(rows: readonly Row[]): void {
    const wanted = new Set(rows.map(({ element }) => element));
    for (const child of [...this.#rows.children]) if (!wanted.has(child as HTMLElement)) child.remove();
    let next = this.#rows.firstElementChild;
    for (const { element } of rows)
      if (element === next) next = next.nextElementSibling;
      else this.#rows.insertBefore(element, next);
    this.#drawn = [...rows];
    for (const row of rows) if (row.height === 0) row.height = row.element.getBoundingClientRect().height;
    const heights = rows.map(({ height }) => height).filter((height) => height > 0);
    if (heights.length > 0) this.#rowHeight = Math.max(8, Math.min(...heights));
  }

  /** Moves the place to where its line is in sight, and nothing is beyond the first and last lines. */
  #settle(
    rows: readonly Row[],
    start: number,
    wanted: number,
  ): { readonly from: number; readonly shift: number; readonly isSettled: boolean } {
    const { buffer } = this.parts;
    let index = start;
    let shift = wanted;
    const heightAt = (at: number): number => rows[at]?.height ?? 0;
    const below = rows.slice(index).reduce((sum, { height }) => sum + height, 0) - shift;
    const hasEnd = (rows.at(-1)?.line.to ?? 0) >= buffer.size;
    if (hasEnd && (this.#anchor === 'end' || below <= this.#height + 0.5)) {
      shift -= this.#height - below;
      if (!this.#isHeld) this.#anchor = 'end';
    }
    while (shift < 0 && index > 0) {
      index -= 1;
      shift += heightAt(index);
    }
    while (index < rows.length - 1 && shift >= heightAt(index)) {
      shift -= heightAt(index);
      index += 1;
    }
    // The next line up may be missing for now: the rows wait at the edge of what is here.
    const isCut = shift < 0 && (rows[0]?.line.from === 0 || !this.#hasBefore(rows[0]));
    if (isCut) shift = 0;
    const filled = rows.slice(index).reduce((sum, { height }) => sum + height, 0) - shift;
    const isShort = filled < this.#height && !hasEnd && this.#hasAfter(rows.at(-1));
    return { from: rows[index]?.line.from ?? 0, shift, isSettled: shift >= 0 && !isShort };
  }

  #hasBefore(row: Row | undefined): boolean {
    return row !== undefined && this.parts.buffer.lineBefore(row.line) !== undefined;
  }

  #hasAfter(row: Row | undefined): boolean {
    return row !== undefined && this.parts.buffer.lineAfter(row.line) !== undefined;
  }

  #readAhead(): void {
    const { buffer, need } = this.parts;
    const [first, last] = [this.#drawn[0]?.line, this.#drawn.at(-1)?.line];
    if (!first || !last) return;
    const here = buffer.stretchAround(first.from);
    if (!here) return;
    if (here.from > 0 && first.from - here.from < nearEdge) need(here.from - 1);
    if (here.to < buffer.size && here.to - last.to < nearEdge) need(here.to);
  }

  #place(rows: readonly Row[], shift: number): void {
    this.#attach(rows);
    this.#rows.style.transform = `translateY(${-shift}px)`;
  }

  #showBar(byte?: number): void {
    const { size } = this.parts.buffer;
    const visible = this.#visible();
    const [first, last] = [visible[0]?.line, visible.at(-1)?.line];
    const top = byte ?? first?.from ?? 0;
    const shown = first && last ? last.to - first.from : 0;
    const isAll = first?.from === 0 && last?.to === size && this.#rows.scrollHeight <= this.#height;
    const isEnd = byte === undefined && this.#anchor === 'end';
    const length = isAll ? 1 : Math.min(0.98, shown / size);
    this.#bar.show({ top: isEnd ? 1 - length : Math.min(top / size, 1 - length), length });
  }
}
