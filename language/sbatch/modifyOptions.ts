// Changes of sbatch's options for a job that is submitted again: in #SBATCH lines of every spelling, and in words of a command line.
import type { Json } from '../json/value';
import { findDirectives } from '../directives';
import type { Refusal } from '../shell/operands';
import { plainWord } from '../shellQuote';
import { findSbatchLines } from './lines';
import { readModification } from './modification';
import { excludedBy, type SbatchOption } from './optionTable';
import type { Word } from './words';
import { readOptions, type WrittenOption } from './writtenOptions';

/** Where the options of a submission are written. */
export interface OptionSources {
  /** The original script, with its directives. */
  readonly script: string;
  /** Words of the command line, which win over the script's. */
  readonly options: readonly string[];
  /** Words that win over the script's too, and are set where nobody can change them: by a user's start-up files. */
  readonly given?: readonly string[];
}

/** `--mem=8G`, or a flag; null: the option is gone. */
export interface OptionChange {
  readonly option: SbatchOption;
  readonly before: string | null;
  readonly after: string | null;
}

export interface RefusedOption extends Refusal {
  /** As it was given. */
  readonly name: string;
}

export interface ModifiedOptions extends Pick<OptionSources, 'script' | 'options'> {
  /** In the order in which they were asked for, those that they exclude after each. */
  readonly changes: readonly OptionChange[];
  /** Nothing may be submitted if there is one. */
  readonly problems: readonly RefusedOption[];
}

/** Long options of sbatch to their values; true sets a flag, null and false take an option away. */
export type Modifications = Readonly<Record<string, Json>>;

/**
 * Of a heterogeneous job, the first component changes. What is set stands at the last place of the option in the script if that is
 * a plain word and wins there, otherwise on the command line. Source: section 8 of the engine.
 */
export function modifyOptions(sources: OptionSources, modifications: Modifications): ModifiedOptions {
  const problems: RefusedOption[] = [];
  const wanted = new Map<SbatchOption, string | null>();
  for (const [name, value] of Object.entries(modifications)) {
    const read = readModification(name, value);
    if ('reason' in read) problems.push({ name, ...read });
    else wanted.set(read.option, read.text);
  }
  const changed = new OptionEditor(sources);
  const changes: OptionChange[] = [];
  const set = (option: SbatchOption, text: string | null): void => {
    const before = changed.find(option);
    changed.set(option, text);
    if (before !== text) changes.push({ option, before, after: text });
  };
  for (const [option, text] of wanted) {
    set(option, text);
    if (text === null) continue;
    for (const other of excludedBy(option)) if (!wanted.has(other)) set(other, null);
  }
  return { script: changed.script, options: changed.options, changes, problems };
}

/** What an option is now, as `--mem=4G`; null if it is not set. */
export const findOption = (sources: OptionSources, option: SbatchOption): string | null =>
  new OptionEditor(sources).find(option);

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: inserted } of [...edits].sort((a, b) => b.start - a.start))
    result = result.slice(0, start) + inserted + result.slice(end);
  return result;
}

/** The options of a submission, while they change. */
class OptionEditor {
  private readonly given: readonly WrittenOption[];

  script: string;
  options: readonly string[];

  constructor({ script, options, given = [] }: OptionSources) {
    this.script = script;
    this.options = options;
    this.given = readOptions(toWords(given));
  }

  /** As sbatch takes it: the last one wins, those of the command line after those of start-up files and the script's. */
  find(option: SbatchOption): string | null {
    const written = [...this.inScript(option), ...this.given, ...readOptions(toWords(this.options))];
    const last = written.filter((each) => isOption(each, option)).at(-1);
    if (!last) return null;
    const value = last.value === undefined ? '' : `=${last.value.text}`;
    return `--${option}${value}`;
  }

  set(option: SbatchOption, text: string | null): void {
    const isElsewhere = [...this.given, ...readOptions(toWords(this.options))].some((each) =>
      isOption(each, option),
    );
    this.removeWords(option);
    const written = this.inScript(option);
    const place = written.at(-1);
    const isHere = text !== null && !isElsewhere && place !== undefined && isAlone(place, this.inScript());
    const canBeHere = isHere && plainWord.test(text);
    const edits = written.flatMap((each) =>
      canBeHere && each === place ? toReplacement(each, text) : toRemoval(each, this.inScript()),
    );
    this.script = applyEdits(this.script, edits);
    if (text !== null && !canBeHere) this.options = [...this.options, text];
  }

  private inScript(option?: SbatchOption): readonly WrittenOption[] {
    if (this.read?.script !== this.script) {
      const { directives, loginSetups } = findDirectives(this.script);
      const written = findSbatchLines(this.script, [...directives, ...loginSetups])
        .filter(({ ignored, component }) => ignored === null && component === 0)
        .flatMap(({ options }) => options);
      this.read = { script: this.script, written };
    }
    const { written } = this.read;
    return option === undefined ? written : written.filter((each) => isOption(each, option));
  }

  private read: { readonly script: string; readonly written: readonly WrittenOption[] } | undefined;

  private removeWords(option: SbatchOption): void {
    const words = toWords(this.options);
    const written = readOptions(words);
    const edits = new Map<Word, Edit[]>();
    const gone = new Set<Word>();
    for (const each of written.filter((candidate) => isOption(candidate, option))) {
      const { word, value } = each;
      if (value && words.includes(value)) gone.add(value);
      if (isAlone(each, written)) gone.add(word);
      else edits.set(word, [...(edits.get(word) ?? []), toLetter(each)]);
    }
    this.options = words
      .filter((word) => !gone.has(word))
      .map((word) => applyEdits(word.text, edits.get(word) ?? []));
  }
}

const toWords = (texts: readonly string[]): readonly Word[] =>
  texts.map((text) => ({ text, start: 0, end: text.length }));

const isOption = ({ options }: WrittenOption, option: SbatchOption): boolean =>
  options.length === 1 && options[0] === option;

/** Whether no other letter shares its word. */
const isAlone = ({ word }: WrittenOption, all: readonly WrittenOption[]): boolean =>
  all.filter((other) => other.word === word).length === 1;

/** In a script, the next word is a value of its own. */
const isSeparate = ({ word, value }: WrittenOption): boolean =>
  value !== undefined && value.start >= word.end;

const toReplacement = (option: WrittenOption, text: string): Edit => ({
  start: option.word.start,
  end: isSeparate(option) ? (option.value?.end ?? option.word.end) : option.word.end,
  text,
});

function toRemoval(option: WrittenOption, all: readonly WrittenOption[]): readonly Edit[] {
  if (isAlone(option, all)) return [toReplacement(option, '')];
  const { value } = option;
  const ofValue = value && isSeparate(option) ? [{ start: value.start, end: value.end, text: '' }] : [];
  return [toLetter(option), ...ofValue];
}

/** A letter among others, with the value that is attached to it. */
function toLetter(option: WrittenOption): Edit {
  const { name, value, word } = option;
  const isAttached = value !== undefined && value.start >= name.end && value.end <= word.end;
  return { start: name.end - 1, end: isAttached ? value.end : name.end, text: '' };
}

/**
 * A dependency with one more that must hold too. Where any one of several is enough (`?`), no other can be added: the new one takes
 * their place. Source: sbatch(1), --dependency.
 */
export function joinDependency(before: string | null, added: string): string {
  const value = before?.replace(/^--dependency=?/, '') ?? '';
  if (value === '' || value.includes('?')) return added;
  return value.split(',').includes(added) ? value : `${value},${added}`;
}
