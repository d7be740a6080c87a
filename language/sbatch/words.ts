// The words of an #SBATCH line or of a command line, read as sbatch reads them: options with their values.
import type { Span } from '../text';
import { findLongOptions, findShortOption, sbatchRow, type SbatchOption } from './optionTable';

/** One word without its quotes, and where it stands. */
export interface Word extends Span {
  readonly text: string;
}

export interface WrittenOption {
  /** As it is written, with its dashes. */
  readonly name: Word;
  /** What the name can mean; more than one for a beginning that several options share. */
  readonly options: readonly SbatchOption[];
  /** Undefined where none is written. */
  readonly value: Word | undefined;
}

/** Words as sbatch splits them: quotes, and a comment from a word that begins with `#`; backslashes stay. */
export function splitWords(text: string, offset = 0): readonly Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(/#.*$|(?:"[^"]*"?|'[^']*'?|[^\s"'])+/g)) {
    if (match[0].startsWith('#')) break;
    const plain = match[0].replace(/"([^"]*)"?|'([^']*)'?/g, '$1$2');
    words.push({ text: plain, start: offset + match.index, end: offset + match.index + match[0].length });
  }
  return words;
}

/** Words that are neither option nor value are options without a meaning. Source: getopt_long(3), as sbatch uses it. */
export function readOptions(words: readonly Word[]): readonly WrittenOption[] {
  const written: WrittenOption[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) break;
    const option = word.text.startsWith('--') ? readLong(word) : readShort(word);
    const takesNext = option.value === undefined && option.options.some(needsValue);
    const next = takesNext ? words[index + 1] : undefined;
    if (next) index += 1;
    written.push(next ? { ...option, value: next } : option);
  }
  return written;
}

/** Whether the next word is its value where none is attached. */
export const needsValue = (option: SbatchOption): boolean =>
  sbatchRow(option).value !== 'none' && sbatchRow(option).optional !== true;

function readLong(word: Word): WrittenOption {
  const equals = word.text.indexOf('=');
  const length = equals === -1 ? word.text.length : equals;
  return {
    name: cut(word, 0, length),
    options: findLongOptions(word.text.slice(2, length)),
    value: equals === -1 ? undefined : cut(word, equals + 1),
  };
}

function readShort(word: Word): WrittenOption {
  const option = /^-[A-Za-z]/.test(word.text) ? findShortOption(word.text[1] ?? '') : undefined;
  const name = option === undefined ? word : cut(word, 0, 2);
  const attached = option !== undefined && sbatchRow(option).value !== 'none' && word.text.length > 2;
  const start = word.text[2] === '=' ? 3 : 2;
  return { name, options: option ? [option] : [], value: attached ? cut(word, start) : undefined };
}

/** A stretch of a word; with quotes inside, its place is where it would be without them, but never behind its end. */
function cut({ text, start, end }: Word, from: number, to = text.length): Word {
  const isWhole = to === text.length;
  return {
    text: text.slice(from, to),
    start: Math.min(start + from, end),
    end: isWhole ? end : Math.min(start + to, end),
  };
}
