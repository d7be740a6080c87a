// The flags above event lines: buttons that say what happened, and lead to it.
import { count } from '../../engine/words';
import { toPageText } from '../../language/show/page';
import type { Level } from '../../engine/words';
import type { EventMark } from './eventMarks';

export interface FlagPlaces {
  readonly leftOf: (x: number) => number;
  readonly top: number;
  readonly width: number;
}

/** This many events are said of one flag. */
const saidEvents = 5;

export class EventFlags {
  readonly element = document.createElement('div');
  readonly #hint = document.createElement('div');
  readonly #flags = new Map<number, HTMLButtonElement>();

  constructor(private readonly onOpen: (mark: EventMark) => void) {
    this.element.className = 'flags';
    this.#hint.className = 'flag-hint';
    this.#hint.hidden = true;
    // What it says is the name of its flag.
    this.#hint.setAttribute('aria-hidden', 'true');
    this.element.append(this.#hint);
  }

  /** A flag stays the same button while its first event does: the focus stays. */
  show(marks: readonly EventMark[], places: FlagPlaces): void {
    const left = new Set(this.#flags.keys());
    for (const mark of marks) {
      const id = mark.events[0]?.id ?? 0;
      left.delete(id);
      const flag = this.#flags.get(id) ?? this.#add(id);
      const words = describeMark(mark);
      flag.setAttribute('aria-label', words.replaceAll('\n', '; '));
      flag.dataset['level'] = worstLevel(mark);
      flag.style.left = `${places.leftOf(mark.x)}px`;
      flag.style.top = `${places.top}px`;
      flag.onclick = () => {
        this.onOpen(mark);
      };
      flag.onmouseenter = flag.onfocus = () => {
        this.#explain(flag, words, places);
      };
    }
    for (const id of left) this.#remove(id);
  }

  #add(id: number): HTMLButtonElement {
    const flag = document.createElement('button');
    flag.type = 'button';
    flag.className = 'flag';
    flag.onmouseleave = flag.onblur = () => {
      this.#hint.hidden = true;
    };
    this.#flags.set(id, flag);
    this.element.append(flag);
    return flag;
  }

  #remove(id: number): void {
    this.#flags.get(id)?.remove();
    this.#flags.delete(id);
    this.#hint.hidden = true;
  }

  #explain(flag: HTMLElement, words: string, { width }: FlagPlaces): void {
    const hint = this.#hint;
    hint.textContent = words;
    hint.hidden = false;
    const most = Math.max(0, width - hint.offsetWidth - 4);
    hint.style.left = `${Math.min(Math.max(4, flag.offsetLeft - 8), most)}px`;
    hint.style.top = `${flag.offsetTop + flag.offsetHeight + 2}px`;
  }
}

export function describeMark({ events }: EventMark): string {
  const lines = events
    .slice(0, saidEvents)
    .map(({ time, words }) => `${new Date(time).toLocaleTimeString()} ${toPageText(words)}`);
  const rest = events.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${count(rest, 'more event')}`] : [])].join('\n');
}

const levels: readonly Level[] = ['error', 'warning', 'info'];

const worstLevel = ({ events }: EventMark): Level =>
  levels.find((level) => events.some((event) => event.level === level)) ?? 'info';
