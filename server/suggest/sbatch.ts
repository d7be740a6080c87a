// Suggestions in #SBATCH lines: options, and values where there are words to choose from.
import { findTail } from '../../language/textEnd';
import { CompletionItemKind } from 'vscode-languageserver';
import { findReplacements, filenameReplacements } from '../../language/sbatch/filenamePattern';
import { sbatchNames, sbatchRow, type SbatchOption } from '../../language/sbatch/optionTable';
import { readWords } from '../../language/sbatch/words';
import { needsValue, readOptions } from '../../language/sbatch/writtenOptions';
import { toWord, type Suggestion } from './suggestion';

export type SbatchCursor = { readonly from: number } & (
  | { readonly kind: 'sbatchOption' }
  | { readonly kind: 'sbatchValue'; readonly option: SbatchOption }
  | { readonly kind: 'replacement' }
);

/** Only what sbatch reads is completed: a line that begins with `#SBATCH`. */
export function findSbatchCursor(before: string): SbatchCursor | undefined {
  const marker = /^#SBATCH[ \t]+/.exec(before);
  if (!marker || /\s#/.test(before)) return undefined;
  const end = before.length;
  const last = readOptions(readWords(before.slice(marker[0].length), marker[0].length).words).at(-1);
  const option = last?.options[0];
  const isBehind = /\s$/.test(before);
  if (option && last.value?.end === end && !isBehind) return findInValue(before, option, last.value.start);
  if (option && !last.value && needsValue(option) && isBehind) return findInValue(before, option, end);
  return { kind: 'sbatchOption', from: last?.name.end === end ? last.name.start : end };
}

function findInValue(before: string, option: SbatchOption, start: number): SbatchCursor {
  const value = before.slice(start);
  const percent = /%\d*[A-Za-z]?$/.exec(value);
  const isWhole = findReplacements(value).some(({ end, meaning }) => end === value.length && meaning);
  if (percent && !isWhole && sbatchRow(option).value === 'path')
    return { kind: 'replacement', from: before.length - percent[0].length };
  return { kind: 'sbatchValue', option, from: start + findTail(value, /[^,"']/) };
}

/** What belongs to the word behind the cursor; of a file's name, only what is a replacement as a whole. */
export function restInSbatch(cursor: SbatchCursor): RegExp {
  switch (cursor.kind) {
    case 'sbatchOption':
      return /^[\w-]*/;
    case 'sbatchValue':
      return sbatchRow(cursor.option).choices ? /^[^\s,"'#:=]*/ : /^[^\s,"'#]*/;
    case 'replacement':
      return new RegExp(`^(?:\\d*[${Object.keys(filenameReplacements).join('')}])?`);
  }
}

export function suggestInSbatch(
  cursor: SbatchCursor,
  written: ReadonlySet<SbatchOption>,
): readonly Suggestion[] {
  switch (cursor.kind) {
    case 'sbatchOption':
      return sbatchNames.filter((name) => !written.has(name)).map(suggestOption);
    case 'sbatchValue': {
      const { choices = [], example } = sbatchRow(cursor.option);
      const words = choices.map(suggestChoice);
      return example === undefined ? words : [...words, toWord(example, 'an example')];
    }
    case 'replacement':
      return Object.entries(filenameReplacements).map(([letter, meaning]) => toWord(`%${letter}`, meaning));
  }
}

/** `afterok:` and `plane=` go on behind their sign. */
function suggestChoice(choice: string): Suggestion {
  const match = /^(.+)([:=])$/.exec(choice);
  const bare = match && { text: match[1] ?? '', before: new RegExp(`^${match[2] ?? ''}`) };
  return { ...toWord(choice), ...(bare && { bare }) };
}

function suggestOption(name: SbatchOption): Suggestion {
  const { value, optional, short, summary } = sbatchRow(name);
  const takesValue = value !== 'none' && optional !== true;
  return {
    label: `--${name}`,
    snippet: takesValue ? `--${name}=` : `--${name}`,
    bare: { text: `--${name}`, before: /^(?:=|[ \t]+[^-\s#])/ },
    kind: CompletionItemKind.Property,
    detail: short === undefined ? summary : `-${short}  ${summary}`,
    documentation: { about: 'option', name },
    ...(takesValue && { goesOn: true as const }),
  };
}
