// A list of any number of rows of the same height, of which those in sight are in the document.

export interface RowListParts {
  /** Takes the rows, and the focus: arrows, Page Up and Page Down, Home and End scroll it. */
  readonly element: HTMLElement;
  /** What screen readers call it. */
  readonly label: string;
  /** Fills an empty row. */
  readonly draw: (row: HTMLElement, index: number) => void;
  /** After the person or the list itself has scrolled. */
  readonly onScroll?: () => void;
}

/** Rows beyond those in sight, so that a scroll finds them drawn. */
const beyond = 20;
/** Browsers clip what is higher, in pixels: rows are reached in steps then. Source: Chromium's LayoutUnit, 2^25. */
const maxHeight = 15_000_000;

export interface RowRange {
  readonly first: number;
  /** One beyond the last. */
  readonly end: number;
}

/** Which rows are in sight, and `extra` more on either side; `top` and the heights are pixels of the whole list. */
export function findRange(
  { top, height, rowHeight, count }: { top: number; height: number; rowHeight: number; count: number },
  extra = 0,
): RowRange {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight)) - extra);
  return { first, end: Math.min(count, Math.ceil((top + height) / rowHeight) + extra) };
}

export class RowList {
  readonly #parts: RowListParts;
  readonly #room = document.createElement('div');
  readonly #window = document.createElement('div');
  readonly #sizes: ResizeObserver;
  #rowHeight = 0;
  #count = 0;
  #drawn: RowRange = { first: 0, end: 0 };
  #isPlanned = false;

  constructor(parts: RowListParts) {
    this.#parts = parts;
    const { element, label } = parts;
    element.classList.add('rows');
    element.tabIndex = 0;
    element.setAttribute('role', 'list');
    element.setAttribute('aria-label', label);
    this.#room.className = 'rows-room';
    this.#window.className = 'rows-window';
    this.#room.append(this.#window);
    element.replaceChildren(this.#room);
    element.addEventListener('scroll', () => {
      this.#plan();
      parts.onScroll?.();
    });
    this.#sizes = new ResizeObserver(() => {
      this.#measure();
      this.refresh();
    });
    this.#sizes.observe(element);
    this.#measure();
  }

  dispose(): void {
    this.#sizes.disconnect();
  }

  get count(): number {
    return this.#count;
  }

  /** All rows are drawn anew when they come into sight; those in sight at once. */
  setCount(count: number): void {
    this.#count = count;
    this.#room.style.height = `${Math.min(this.#fullHeight, maxHeight)}px`;
    this.refresh();
  }

  /** Draws the rows in sight anew. */
  refresh(): void {
    this.#drawn = { first: 0, end: 0 };
    this.#plan();
  }

  /** The rows that are in sight. */
  get visible(): RowRange {
    return findRange(this.#view());
  }

  get isAtEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.#parts.element;
    return scrollTop + clientHeight >= scrollHeight - this.#rowHeight / 2;
  }

  scrollToEnd(): void {
    this.#parts.element.scrollTop = this.#parts.element.scrollHeight;
    this.#plan();
  }

  /** In the middle, unless it is in sight already. */
  scrollTo(index: number): void {
    const { first, end } = this.visible;
    if (index > first && index < end - 1) return;
    const { clientHeight } = this.#parts.element;
    const top = index * this.#rowHeight - clientHeight / 2;
    this.#parts.element.scrollTop = Math.max(0, top) / this.#scale;
    this.#plan();
  }

  get #fullHeight(): number {
    return this.#count * this.#rowHeight;
  }

  /** How many pixels of rows a pixel of the scroll bar stands for. */
  get #scale(): number {
    const { clientHeight } = this.#parts.element;
    const full = this.#fullHeight - clientHeight;
    const room = Math.min(this.#fullHeight, maxHeight) - clientHeight;
    return room > 0 && full > room ? full / room : 1;
  }

  #view(): { top: number; height: number; rowHeight: number; count: number } {
    const { scrollTop, clientHeight } = this.#parts.element;
    return {
      top: scrollTop * this.#scale,
      height: clientHeight,
      rowHeight: this.#rowHeight,
      count: this.#count,
    };
  }

  #measure(): void {
    const row = this.#createRow(-1);
    row.textContent = 'M';
    this.#window.append(row);
    const height = row.getBoundingClientRect().height;
    row.remove();
    // While the page is hidden nothing has a height.
    if (height > 0 && height !== this.#rowHeight) {
      this.#rowHeight = height;
      this.#room.style.height = `${Math.min(this.#fullHeight, maxHeight)}px`;
    }
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    requestAnimationFrame(() => {
      this.#isPlanned = false;
      this.#draw();
    });
  }

  #draw(): void {
    if (this.#rowHeight === 0) return;
    const view = this.#view();
    const range = findRange(view, beyond);
    const { first, end } = this.#drawn;
    const place = this.#parts.element.scrollTop - view.top;
    this.#window.style.transform = `translateY(${range.first * this.#rowHeight + place}px)`;
    if (range.first === first && range.end === end) return;
    this.#drawn = range;
    const rows: HTMLElement[] = [];
    for (let index = range.first; index < range.end; index += 1) {
      const row = this.#createRow(index);
      this.#parts.draw(row, index);
      rows.push(row);
    }
    this.#window.replaceChildren(...rows);
  }

  #createRow(index: number): HTMLElement {
    const row = document.createElement('div');
    row.className = 'row';
    row.setAttribute('role', 'listitem');
    row.setAttribute('aria-posinset', String(index + 1));
    row.setAttribute('aria-setsize', String(this.#count));
    return row;
  }
}
