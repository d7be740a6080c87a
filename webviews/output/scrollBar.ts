// The scroll bar of an output: places of it are bytes of the file, of which few are here.

/** Shares of the whole, 0 to 1. */
export interface ScrollPlace {
  readonly top: number;
  readonly length: number;
}

export interface Tick {
  /** Share of the whole. */
  readonly at: number;
  readonly kind: 'error' | 'warning' | 'info' | 'match';
}

export interface ScrollBarParts {
  /** 0 to 1 between the first place and the last one. */
  readonly onScroll: (share: number) => void;
}

const leastThumb = 20;
const mostTicks = 400;

export class ScrollBar {
  readonly element = document.createElement('div');
  readonly #thumb = document.createElement('div');
  readonly #ticks = document.createElement('div');
  #place: ScrollPlace = { top: 0, length: 1 };

  constructor({ onScroll }: ScrollBarParts) {
    this.element.className = 'scroll-bar';
    this.#thumb.className = 'thumb';
    this.#ticks.className = 'ticks';
    this.element.setAttribute('aria-hidden', 'true');
    this.element.append(this.#ticks, this.#thumb);
    this.element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      const { height, top: edge } = this.element.getBoundingClientRect();
      const { top, length } = this.#measure();
      const at = event.clientY - edge;
      const grip = at >= top && at <= top + length ? at - top : length / 2;
      const move = ({ clientY }: PointerEvent): void => {
        const room = height - length;
        onScroll(room <= 0 ? 0 : Math.min(1, Math.max(0, (clientY - edge - grip) / room)));
      };
      const end = (): void => {
        this.element.removeEventListener('pointermove', move);
        this.element.classList.remove('dragged');
      };
      this.element.setPointerCapture(event.pointerId);
      this.element.classList.add('dragged');
      this.element.addEventListener('pointermove', move);
      this.element.addEventListener('pointerup', end, { once: true });
      this.element.addEventListener('pointercancel', end, { once: true });
      move(event);
    });
  }

  show(place: ScrollPlace): void {
    this.#place = place;
    this.element.hidden = place.length >= 1;
    const { top, length } = this.#measure();
    this.#thumb.style.height = `${length}px`;
    this.#thumb.style.transform = `translateY(${top}px)`;
  }

  showTicks(ticks: readonly Tick[]): void {
    const seen = new Set<string>();
    const drawn = ticks.flatMap(({ at, kind }) => {
      const permille = Math.round(at * 1000);
      const key = `${permille} ${kind}`;
      if (seen.has(key) || seen.size >= mostTicks) return [];
      seen.add(key);
      const tick = document.createElement('div');
      tick.className = `tick ${kind}`;
      tick.style.top = `${permille / 10}%`;
      return [tick];
    });
    this.#ticks.replaceChildren(...drawn);
  }

  #measure(): { readonly top: number; readonly length: number } {
    const height = this.element.clientHeight;
    const length = Math.min(height, Math.max(leastThumb, this.#place.length * height));
    const share = this.#place.length >= 1 ? 0 : Math.min(1, this.#place.top / (1 - this.#place.length));
    return { top: share * (height - length), length };
  }
}
