// The options of an #SBATCH line or of a command line, read from its words as getopt does.
import { findLongOptions, findShortOption, sbatchRow, type SbatchOption } from './optionTable';
import { cutWord, type Word } from './words';

export interface WrittenOption {
  /** As it is written, with its dashes; a letter behind others (`-Hn`) is given one. */
  readonly name: Word;
  /** What the name can mean; more than one for a beginning that several options share. */
  readonly options: readonly SbatchOption[];
  /** Undefined where none is written. */
  readonly value: Word | undefined;
  /** The word that it stands in, with other letters where it is one of several. */
  readonly word: Word;
}

/** Words that are neither option nor value are options without a meaning. Source: getopt_long(3), as sbatch uses it. */
export function readOptions(words: readonly Word[]): readonly WrittenOption[] {
  const written: WrittenOption[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (!word) break;
    const found = word.text.startsWith('--') ? [readLong(word)] : readLetters(word);
    const last = found.at(-1);
    for (const letter of found.slice(0, -1)) written.push(letter);
    if (!last) continue;
    const takesNext = last.value === undefined && last.options.some(needsValue);
    const next = takesNext ? words[index + 1] : undefined;
    if (next) index += 1;
    written.push(next ? { ...last, value: next } : last);
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
    name: cutWord(word, 0, length),
    options: findLongOptions(word.text.slice(2, length)),
    value: equals === -1 ? undefined : cutWord(word, equals + 1),
    word,
  };
}

/** Flags may share a dash, and the last letter may have its value attached, `=` and all: `-HN2`. */
function readLetters(word: Word): readonly WrittenOption[] {
  const written: WrittenOption[] = [];
  const { text } = word;
  for (let index = 1; text.startsWith('-') && index < text.length; index++) {
    const letter = text[index] ?? '';
    const option = findShortOption(letter);
    if (option === undefined && index === 1) break;
    const place = index === 1 ? cutWord(word, 0, 2) : cutWord(word, index, index + 1);
    const name = { ...place, text: `-${letter}` };
    if (option === undefined) return [...written, { name, options: [], value: undefined, word }];
    const takesValue = sbatchRow(option).value !== 'none';
    const value = takesValue && index + 1 < text.length ? cutWord(word, index + 1) : undefined;
    written.push({ name, options: [option], value, word });
    if (takesValue) return written;
  }
  return written.length > 0 ? written : [{ name: word, options: [], value: undefined, word }];
}
