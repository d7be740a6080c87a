// Captured values in shell text: each is written so that the shell sees exactly it, or refused where it cannot be data.
import { hasHiddenProgram } from './hiddenProgram';
import { ShellScanner } from './shellScanner';
import { findAllVariables, walkTemplate, type TemplateValues, type VariableUse } from './template';

export interface RefusedValue {
  /** Name of the capture, or the number of the group. */
  readonly name: string;
  /** Why, for people; without the value. */
  readonly reason: string;
}

export interface SubstitutedCommand {
  /** Undefined where a value is refused: nothing may run then. */
  readonly value: string | undefined;
  readonly problems: readonly RefusedValue[];
}

/** What shells read as the same plain text wherever it stands. */
export const plainWord = /^[A-Za-z0-9_./:=@%+,-]*$/;

/** Commands that read their arguments as a program, and those that do so behind `-c` or `-e`. */
const programReaders =
  /^(?:trap|let|sed|[gmn]?awk|parallel|watch|su|runuser|source|\.|\[\[|declare|typeset|unset|read|mapfile|readarray)$/;
const assigners = /^(?:export|readonly|local)$/;
const optionReaders = /^(?:(?:ba|da|z|k|c|tc|fi)?sh|busybox|python[\d.]*|perl|ruby|node|Rscript|julia|lua)$/;
/** These evaluate the subscript of a name behind an option. */
const evaluatingOptions: Readonly<Record<string, RegExp>> = {
  printf: /^-v$/,
  test: /^-(?:v|R)$/,
  '[': /^-(?:v|R)$/,
};

const isAssignment = (word: string): boolean => /^\w+(?:\[[^\]]*\])?\+?=/.test(word);

/** Whether the next text belongs to a subscript or to `$[…]`: bash reads both as arithmetic, and runs what is in there. */
function isSubscript({ words, word }: ShellScanner): boolean {
  if ([...words.slice(0, 1000), word].some((text) => text.includes('$['))) return true;
  return /^\w*\[[^\]]*$/.test(word) && (words[0] === '=' || words.every(isAssignment));
}

/** Whether a command reads its next argument, of which `current` is there already, as a program. */
function readsProgram(before: readonly string[], current: string): boolean {
  // Nobody looks through so many words for each value: what such a command reads is not known.
  if (before.length > 1000) return true;
  const words = before.filter((word) => !isAssignment(word)).map((word) => word.replace(/^.*\//, ''));
  const [first = ''] = words;
  const evaluating = Object.hasOwn(evaluatingOptions, first) ? evaluatingOptions[first] : undefined;
  if (evaluating) return words.some((option) => evaluating.test(option));
  if (assigners.test(first)) return !isAssignment(current);
  if (programReaders.test(first) || words.some((word) => word === 'eval' || word === 'ssh')) return true;
  const reader = words.findIndex((word) => optionReaders.test(word));
  return reader !== -1 && words.slice(reader).some((option) => /^-[A-Za-z]*[ceEr]$|^--eval$/.test(option));
}

const singleQuoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

const isOutsideOfCommands = /^(?:comment|arithmetic|document|backquote)$/;

/** Whether the value would be the command itself: a job must not choose what is run. */
const isCommandWord = ({ words, word, place }: ShellScanner): boolean =>
  word === '' && words.every(isAssignment) && !isOutsideOfCommands.test(place);

const becomesProgram = 'it stands where the text is read again as a program, and it is no plain word';

/** The value as it must be written at the scanner's place, or why it cannot. */
export function quoteValue(
  value: string,
  scanner: ShellScanner,
): { readonly text: string } | { readonly refusal: string } {
  if (value.includes('\0')) return { refusal: 'it holds a NUL character, which no command can be given' };
  if (scanner.isBehindDollar) return { refusal: 'it stands behind a "$"' };
  if (isCommandWord(scanner)) return { refusal: 'it stands where the name of the command is expected' };
  const { place, words, word } = scanner;
  if (place === 'comment') return { text: value.replace(/[\r\n]/g, ' ') };
  if (place === 'arithmetic') {
    if (/^[-+]?\d+(?:\.\d+)?$/.test(value)) return { text: value };
    return { refusal: 'it stands in an arithmetic expression and is no number' };
  }
  if (
    place === 'unsure' ||
    place === 'backquote' ||
    place === 'document' ||
    isSubscript(scanner) ||
    readsProgram(words, word)
  ) {
    if (plainWord.test(value)) return { text: place === 'plain' && value === '' ? "''" : value };
    return { refusal: becomesProgram };
  }
  switch (place) {
    case 'plain':
      return { text: singleQuoted(value) };
    case 'double':
      return { text: value.replace(/[\\$"`]/g, '\\$&') };
    case 'braces':
      // Bash wants single quotes there in pairs, and keeps them.
      if (value.includes("'")) return { refusal: 'it holds a single quote and stands inside of "${…}"' };
      return { text: value.replace(/[\\$"`}]/g, '\\$&') };
    case 'single':
      return { text: value.replaceAll("'", "'\\''") };
    case 'ansi':
      return { text: `'${singleQuoted(value)}$'` };
  }
}

/** Where a value is refused whatever it is: source: section 6 of the language. */
const isRefusedPlace = ({ place }: ShellScanner): boolean => place === 'backquote' || place === 'document';

/** The command of run_command with its variables inserted as data, whatever quotes stand around them. */
export function substituteCommand(command: string, values: TemplateValues): SubstitutedCommand {
  const problems: RefusedValue[] = [];
  const scanner = new ShellScanner();
  const isProgram = hasHiddenProgram(command);
  let result = '';
  walkTemplate(command, values, {
    get isEscaped() {
      return scanner.isEscaped;
    },
    text: (text) => {
      scanner.take(text);
      result += text;
    },
    value: (value, { name }) => {
      const quoted = isRefusedPlace(scanner)
        ? { refusal: 'it stands inside back-quotes or a here-document' }
        : isProgram && !plainWord.test(value)
          ? { refusal: becomesProgram }
          : quoteValue(value, scanner);
      scanner.takeValue();
      if ('refusal' in quoted) problems.push({ name, reason: quoted.refusal });
      else result += quoted.text;
    },
  });
  return { value: problems.length > 0 ? undefined : result, problems };
}

/** Variables of a command that are refused whatever their value is. */
export function findRefusedUses(command: string, isKnown: (name: string) => boolean): readonly VariableUse[] {
  const uses = findAllVariables(command);
  // Values are refused in back-quotes and here-documents alone.
  if (uses.length === 0 || !/[`<]/.test(command)) return [];
  const scanner = new ShellScanner();
  const refused: VariableUse[] = [];
  let from = 0;
  for (const use of uses) {
    scanner.take(command.slice(from, use.start));
    from = use.end;
    if (scanner.isEscaped || !isKnown(use.name)) {
      from = use.start;
      continue;
    }
    if (isRefusedPlace(scanner)) refused.push(use);
    scanner.takeValue();
    if (use.operator !== undefined) from = use.wordStart;
  }
  return refused;
}
