// The words of an #SBATCH line, read as sbatch reads them: quotes, backslashes, comments, and where it stops.
import type { Span } from '../text';

/** One word without its quotes and backslashes, and where it stands. */
export interface Word extends Span {
  readonly text: string;
  /** Of each character; absent where the word is written as it is read. */
  readonly places?: readonly Place[];
}

interface Place {
  readonly at: number;
  readonly quoted: boolean;
}

/** Why sbatch reads no further in a line. It refuses the whole script for the first two, and drops the rest for the others. */
export interface Stop extends Span {
  readonly kind: 'open quote' | 'colon' | 'separator' | 'empty word' | 'comment';
}

export interface LineWords {
  /** A word with an open quote is among them. */
  readonly words: readonly Word[];
  /** From where it stops to the end of the line; null where it reads to the end. */
  readonly stop: Stop | null;
}

/** Source: `get_argument` in src/sbatch/opt.c; a backslash joins words only since Slurm 24.05. */
export function readWords(text: string, offset = 0): LineWords {
  const words: Word[] = [];
  const { length } = text.trimEnd();
  const stopAt = (kind: Stop['kind'], at: number): LineWords => ({
    words,
    stop: { kind, start: offset + at, end: offset + length },
  });
  for (let at = skipBlanks(text, 0); at < length;) {
    if (findSeparator(text, at)) return stopAt('separator', at);
    if (text[at] === ':') return stopAt('colon', at);
    const { word, openQuote } = readWord(text, at, offset);
    if (openQuote !== undefined || word.text !== '') words.push(word);
    if (openQuote !== undefined) return stopAt('open quote', openQuote);
    const end = word.end - offset;
    const next = skipBlanks(text, end);
    if (text[end] === '#') return stopAt('comment', end);
    if (word.text === '') return next < length ? stopAt('empty word', next) : { words, stop: null };
    at = next;
  }
  return { words, stop: null };
}

/** Begins the next component of a heterogeneous job. Source: sbatch(1), "Heterogeneous Job Support". */
const findSeparator = (text: string, at: number): boolean =>
  /^(?:hetjob|packjob)(?:\s|$)/i.test(text.slice(at, at + 'packjob '.length));

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function readWord(
  text: string,
  start: number,
  offset: number,
): { readonly word: Word; readonly openQuote?: number } {
  /** From the first quote or backslash on; what stands before is read as it is written. */
  let places: Place[] | undefined;
  let read = '';
  let quote: { readonly mark: string; readonly at: number } | undefined;
  let at = start;
  const take = (): void => {
    if (places) {
      places.push({ at: offset + at, quoted: quote !== undefined });
      read += text[at] ?? '';
    }
    at += 1;
  };
  const keepPlaces = (): void => {
    read = places ? read : text.slice(start, at);
    places ??= Array.from({ length: read.length }, (_, index) => ({
      at: offset + start + index,
      quoted: false,
    }));
  };
  for (; at < text.length;) {
    const char = text[at] ?? '';
    if (!quote && /[\s#]/.test(char)) break;
    if (/["'\\]/.test(char)) keepPlaces();
    if (char === '\\') {
      at += 1;
      if (at < text.length && (quote || /[\S ]/.test(text[at] ?? ''))) take();
    } else if (char === quote?.mark) {
      quote = undefined;
      at += 1;
    } else if (!quote && /["']/.test(char)) {
      quote = { mark: char, at };
      at += 1;
    } else take();
  }
  const span = { start: offset + start, end: offset + at };
  const word = places ? { text: read, ...span, places } : { text: text.slice(start, at), ...span };
  return quote ? { word, openQuote: quote.at } : { word };
}

/** A stretch of a word, with the quotes that are around it alone. */
export function cutWord({ text, start, end, places }: Word, from: number, to = text.length): Word {
  const isWhole = to === text.length;
  const cut = { text: text.slice(from, to) };
  if (!places) return { ...cut, start: start + from, end: isWhole ? end : start + to };
  const behind = (index: number): number => (places[index - 1]?.at ?? start - 1) + 1;
  const opened = from > 0 && places[from]?.quoted === true && places[from].at === behind(from);
  return {
    ...cut,
    start: from === 0 ? start : behind(from),
    end: isWhole && !opened ? end : behind(to),
    places: places.slice(from, to),
  };
}
