// The current line and the selection of an output, by mouse and keys, over rows that come and go.
import type { OutputBuffer } from './buffer';
import { countBefore, paint, toRange } from './highlights';
import { toReadText } from './lineText';
import {
  findSelected,
  findWord,
  isEmpty,
  toExtent,
  type Extent,
  type Selection,
  type TextPlace,
} from './selection';
import type { TextView } from './textView';

/** Pixels from an edge, and how far a drag beyond it scrolls at once. */
const dragStep = 40;

export class RowSelection {
  #selection: Selection | undefined;
  /** Byte offset of the line that keys act on. */
  #current: number | undefined;

  constructor(
    private readonly view: TextView,
    private readonly buffer: OutputBuffer,
  ) {
    view.grid.addEventListener('mousedown', (event) => {
      this.#begin(event);
    });
  }

  get current(): number | undefined {
    return this.#current;
  }

  get extent(): Extent | undefined {
    return this.#selection && !isEmpty(this.#selection) ? toExtent(this.#selection) : undefined;
  }

  clear(): void {
    this.#selection = undefined;
    this.#current = undefined;
    this.paint();
  }

  setCurrent(line: number): void {
    this.#current = line;
    this.paint();
  }

  /** From the line on which it was begun, whole lines. */
  extendTo(line: number): void {
    const anchor = this.#selection?.anchor.line ?? this.#current ?? line;
    this.#selection =
      line < anchor
        ? { anchor: { line: anchor, at: Infinity }, focus: { line, at: 0 } }
        : { anchor: { line: anchor, at: 0 }, focus: { line, at: Infinity } };
    this.setCurrent(line);
  }

  selectAll(): void {
    this.#selection = { anchor: { line: 0, at: 0 }, focus: { line: this.buffer.size, at: Infinity } };
    this.paint();
  }

  /** What is selected as it is read; empty if nothing is, if not all of it is here, or if it is more than `most` characters. */
  textHere(most: number): string {
    const { extent } = this;
    if (!extent) return '';
    const lines: string[] = [];
    let length = 0;
    let line = this.buffer.lineAt(extent.from.line);
    for (; line && line.from <= extent.to.line; line = this.buffer.lineAfter(line)) {
      const text = toReadText(line.text);
      const part = findSelected(extent, line.from, text.length);
      lines.push(text.slice(part?.from ?? 0, part?.to ?? 0));
      length += text.length + 1;
      if (length > most) return '';
    }
    const isWhole = line !== undefined || (this.buffer.lastLine?.to ?? 0) >= this.buffer.size;
    return lines.length > 0 && isWhole ? lines.join('\n') : '';
  }

  /** After rows were drawn, or something else is selected. */
  paint(): void {
    const { extent } = this;
    const ranges: Range[] = [];
    for (const { line, element } of this.view.rows) {
      const isCurrent = line.from === this.#current;
      element.classList.toggle('current', isCurrent);
      const shown = element.querySelector('.shown');
      const selected = extent && shown && findSelected(extent, line.from, Infinity);
      const isSelected = String(selected !== undefined && selected !== null);
      if (element.getAttribute('aria-selected') !== isSelected)
        element.setAttribute('aria-selected', isSelected);
      if (!selected) continue;
      // An empty line that is selected is seen by its row.
      element.classList.toggle('selected', shown.textContent === '');
      const range = toRange(shown, selected.from, selected.to);
      if (range) ranges.push(range);
    }
    if (!extent) for (const { element } of this.view.rows) element.classList.remove('selected');
    const row = this.#current === undefined ? undefined : this.view.findRow(this.#current);
    if (row) this.view.grid.setAttribute('aria-activedescendant', row.id);
    else this.view.grid.removeAttribute('aria-activedescendant');
    paint('output-selection', this, ranges);
  }

  #placeAt(x: number, y: number): TextPlace | undefined {
    const element = document.elementFromPoint(x, y);
    const row = element?.closest('.line');
    const line = row && this.view.lineOf(row);
    const shown = row?.querySelector('.shown');
    if (!line || !shown) return undefined;
    const caret = document.caretPositionFromPoint(x, y);
    const edge = shown.getBoundingClientRect();
    if (!caret || !shown.contains(caret.offsetNode))
      return { line: line.from, at: x <= edge.left ? 0 : Infinity };
    return { line: line.from, at: countBefore(shown, caret.offsetNode, caret.offset) };
  }

  #begin(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    if (event.button !== 0 || target?.closest('button') || !target?.closest('.line')) return;
    const place = this.#placeAt(event.clientX, event.clientY);
    if (!place) return;
    event.preventDefault();
    this.view.grid.focus({ preventScroll: true });
    this.#current = place.line;
    const isNumber = target.closest('.number, .mark') !== null;
    if (event.shiftKey && this.#selection) this.#selection = { ...this.#selection, focus: place };
    else if (event.detail === 2) this.#selectWord(place);
    else if (event.detail > 2 || isNumber)
      this.#selection = { anchor: { line: place.line, at: 0 }, focus: { line: place.line, at: Infinity } };
    else this.#selection = { anchor: place, focus: place };
    this.paint();
    this.#drag(isNumber);
  }

  #selectWord(place: TextPlace): void {
    const text = this.view.findRow(place.line)?.querySelector('.shown')?.textContent ?? '';
    const { from, to } = findWord(text, Math.min(place.at, text.length));
    this.#selection = { anchor: { line: place.line, at: from }, focus: { line: place.line, at: to } };
  }

  #drag(isByLines: boolean): void {
    const { grid } = this.view;
    let last: { readonly x: number; readonly y: number } | undefined;
    const extend = (): void => {
      if (!last) return;
      const { top, bottom, left, right } = grid.getBoundingClientRect();
      const y = Math.min(Math.max(last.y, top + 1), bottom - 1);
      if (last.y < top) this.view.scrollBy(-dragStep);
      else if (last.y > bottom) this.view.scrollBy(dragStep);
      const place = this.#placeAt(Math.min(Math.max(last.x, left), right - 1), y);
      if (!place || !this.#selection) return;
      if (isByLines) this.extendTo(place.line);
      else this.#selection = { ...this.#selection, focus: place };
      this.paint();
    };
    const move = (event: MouseEvent): void => {
      last = { x: event.clientX, y: event.clientY };
      extend();
    };
    // Beyond an edge it goes on while the pointer rests.
    const timer = setInterval(() => {
      const { top, bottom } = grid.getBoundingClientRect();
      if (last && (last.y < top || last.y > bottom)) extend();
    }, 50);
    const end = (): void => {
      clearInterval(timer);
      removeEventListener('mousemove', move);
    };
    addEventListener('mousemove', move);
    addEventListener('mouseup', end, { once: true });
  }
}
