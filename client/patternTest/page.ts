// The page of a test's result: its text, with the tones, folds, places and links that go with it.
import { toVisibleLines } from '../../language/show/visible';

/** `match`: a whole line of output in which something was found. */
export type Tone = 'title' | 'quiet' | 'watcher' | 'match' | 'action' | 'failure' | 'skip';

/** A stretch of one line of the report; lines and characters from 0. */
export interface Mark {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly tone: Tone;
}

export interface TestReport {
  readonly text: string;
  readonly marks: readonly Mark[];
  /** First and last line of stretches without a match. */
  readonly foldings: readonly (readonly [number, number])[];
  /** Lines of output with a match, for outlines. */
  readonly places: readonly { readonly line: number; readonly name: string; readonly detail: string }[];
  /** Where directives are named, with their line in the script, from 1. */
  readonly links: readonly (Omit<Mark, 'tone'> & { readonly scriptLine: number })[];
}

const shortestFolding = 8;
const mostPlaces = 2000;

/** A text, a text with a tone, or the name of a directive. */
type Piece =
  string | readonly [tone: Tone, ...texts: string[]] | { readonly link: string; readonly scriptLine: number };

/** Grows line by line. */
export class Page {
  readonly #lines: string[] = [];
  readonly #marks: Mark[] = [];
  readonly #foldings: (readonly [number, number])[] = [];
  readonly #places: TestReport['places'][number][] = [];
  readonly #links: TestReport['links'][number][] = [];

  get lineCount(): number {
    return this.#lines.length;
  }

  get report(): TestReport {
    const text = `${this.#lines.join('\n')}\n`;
    return { text, marks: this.#marks, foldings: this.#foldings, places: this.#places, links: this.#links };
  }

  /** One line, whatever is in the pieces. */
  add(...pieces: readonly Piece[]): this {
    const line = this.#lines.length;
    let text = '';
    for (const piece of pieces) {
      const start = text.length;
      if (typeof piece === 'string') text += toLine(piece);
      else if ('link' in piece) {
        text += toLine(piece.link);
        this.#links.push({ line, start, end: text.length, scriptLine: piece.scriptLine });
      } else {
        const [tone, ...texts] = piece;
        text += toLine(texts.join(''));
        this.#marks.push({ line, start, end: text.length, tone });
      }
    }
    this.#lines.push(text);
    return this;
  }

  /** The next line is one that people go to. */
  addPlace(name: string, detail: string): void {
    if (this.#places.length < mostPlaces)
      this.#places.push({ line: this.#lines.length, name: toLine(name), detail: toLine(detail) });
  }

  /** Lines from `first` on may be folded, where there are enough of them. */
  fold(first: number): void {
    const last = this.#lines.length - 1;
    if (last - first + 1 >= shortestFolding) this.#foldings.push([first, last]);
  }
}

/** Tabs stay: the output is shown as it stands. */
const toLine = (text: string): string => toVisibleLines(text).replaceAll('\n', '\\x0a');
