// Captured values in shell text: each is written so that the shell sees exactly it, or refused where it cannot be data.
import {
  areAssignments,
  captureLess,
  findInnerRefusal,
  findOperandRefusal,
  findPrograms,
  isAssignment,
  isCommandName,
  longestCommand,
  negativeNumber,
  readInnerProgram,
  readEnvironment,
  type Programs,
  type Refusal,
} from './shell/operands';
import { isRuling, rules } from './shell/readAgain';
import type { ShellScanner } from './shellScanner';

/** What shells read as the same plain text wherever it stands. */
export const plainWord = /^[A-Za-z0-9_./:=@%+,-]*$/;

/** What sets variables, and where the value of one is data. */
const assigners = /^(?:export|readonly|local)$/;
const optionReaders =
  /^(?:(?:ba|da|z|k|c|tc|fi)?sh|busybox|flock|script|python[\d.]*|perl|ruby|node|Rscript|julia|lua)$/;
/** The shell finds out which program it is. */
const unknownName = /[$*?[{\0]/;

/** Whether the next text belongs to a subscript or to `$[…]`: bash reads both as arithmetic, and runs what is in there. */
function isSubscript({ words, word }: ShellScanner): boolean {
  // Nobody looks through so long a word for each value.
  if (word.length > 10_000 || [...words.slice(0, longestCommand), word].some((text) => text.includes('$[')))
    return true;
  return /^\w*\[[^\]]*$/.test(word) && (words[0] === '=' || areAssignments(words));
}

/** Whether a command reads its next argument, of which `current` is there already, as a program. */
function readsProgram(before: readonly string[], current: string, { name, words, rows }: Programs): boolean {
  // Nobody looks through so many words for each value: what such a command reads is not known.
  if (before.length > longestCommand || (name !== '[' && unknownName.test(name))) return true;
  if (assigners.test(name)) return !isAssignment(current);
  if (rows.some(({ assigns }) => assigns) || words.some((word) => word === 'eval' || word === 'ssh'))
    return true;
  const isReader = rows.some(
    ({ rereads }) =>
      rereads === 'always' ||
      (rereads !== undefined && [...words.slice(1), current].some((word) => rereads.test(word))),
  );
  if (isReader) return true;
  const reader = words.findIndex((word) => optionReaders.test(word.replace(/^.*\//, '')));
  return reader !== -1 && words.slice(reader).some((option) => /^-[A-Za-z]*[ceEr]$|^--eval$/.test(option));
}

const escapeSingle = (value: string): string => value.replaceAll("'", "'\\''");
/** As one word in single quotes. */
export const singleQuoted = (value: string): string => `'${escapeSingle(value)}'`;

const nul: Refusal = {
  reason: 'it holds a NUL character, which no command can be given',
  remedy: captureLess,
};
const halfCharacter: Refusal = {
  reason: 'it holds half of a character, which no command can be given',
  remedy: captureLess,
};
const afterDollar: Refusal = { reason: 'it stands behind a "$"', remedy: 'Write ${name} by itself.' };
const commandName: Refusal = {
  reason: 'it stands where the name of the command is expected',
  remedy: 'Write the name of the command; values may be its arguments.',
};
const noNumber: Refusal = {
  reason: 'it stands in an arithmetic expression and is not a number',
  remedy: 'Have the pattern capture a number.',
};
const inBraces: Refusal = {
  reason: 'it holds a single quote and stands inside of "${…}"',
  remedy: 'Write the value outside of ${…}.',
};
export const becomesProgram: Refusal = {
  reason: 'it stands where the text is read again as a program, and it is not a plain word',
  remedy: readEnvironment,
};

/** Whether what comes next is no data for the shell itself, whatever quotes are around it. */
const isUnquotable = (scanner: ShellScanner): boolean =>
  scanner.place === 'unsure' ||
  scanner.place === 'backquote' ||
  scanner.place === 'document' ||
  isSubscript(scanner);

/** Whether what comes next is read again as a program, so that quotes do not keep it data. */
export const readsAgain = (scanner: ShellScanner): boolean =>
  isUnquotable(scanner) || readsProgram(scanner.words, scanner.word, findPrograms(scanner.words));

/** Whose text it is: commands of watchers have what a job prints in them, scripts are quoted by their author. */
export type ShellAuthor = 'watcher' | 'script';

/** The value as it must be written at the scanner's place, or why it cannot. */
export function quoteValue(
  value: string,
  scanner: ShellScanner,
  author: ShellAuthor = 'watcher',
): { readonly text: string } | Refusal {
  if (value.includes('\0')) return nul;
  if (/\p{Surrogate}/u.test(value)) return halfCharacter;
  if (scanner.isBehindDollar) return afterDollar;
  const { place, words, word } = scanner;
  if (isCommandName(scanner) && (author === 'watcher' || scanner.beginsWord) && !isSubscript(scanner))
    return commandName;
  if (place === 'comment') return { text: value.replace(/[\r\n]/g, ' ') };
  if (place === 'arithmetic') {
    if (/^[-+]?\d+(?:\.\d+)?$/.test(value)) return { text: value };
    return noNumber;
  }
  // Scripts set such variables to numbers of theirs: those decide nothing.
  if (isRuling(scanner) && (author === 'watcher' || !/^\d+$/.test(value))) return rules;
  const programs = findPrograms(words);
  const isProgram = readsProgram(words, word, programs);
  if (isProgram || isUnquotable(scanner)) {
    if (!plainWord.test(value)) return becomesProgram;
    const inner = isProgram || place === 'backquote' ? findInnerRefusal(value, scanner, programs) : undefined;
    const again = inner ?? (isProgram ? findEditing(value, scanner, programs) : undefined);
    // Scripts may have empty values and negative numbers: those are their author's.
    if (again && (author === 'watcher' || (value !== '' && !negativeNumber.test(value)))) return again;
    const program = isProgram && place !== 'backquote' ? readInnerProgram(programs, word) : undefined;
    const read = program && quoteValue(value, program, author);
    if (read && 'reason' in read) return read;
  }
  const refusal = findOperandRefusal(value, scanner, author);
  if (refusal) return refusal;
  switch (place) {
    case 'plain':
      return { text: isProgram || isSubscript(scanner) ? value || "''" : singleQuoted(value) };
    case 'double':
      return { text: value.replace(/[\\$"`]/g, '\\$&') };
    case 'braces':
      // Bash wants single quotes there in pairs, and keeps them.
      if (value.includes("'")) return inBraces;
      return { text: value.replace(/[\\$"`}]/g, '\\$&') };
    case 'single':
      return { text: escapeSingle(value) };
    case 'ansi':
      return { text: `'${singleQuoted(value)}$'` };
    default:
      return { text: value };
  }
}

/** sed writes files and runs commands by single letters: a value is a number there, or a word that it puts in. */
function findEditing(value: string, { word, words }: ShellScanner, programs: Programs): Refusal | undefined {
  const at = programs.words.findIndex((text) => /^(?:.*\/)?g?sed$/.test(text));
  if (at === -1 || /^\d*$/.test(value)) return undefined;
  const isScript =
    /^(?:-[A-Za-z]*e|--expression)$/.test(words.at(-1) ?? '') || /^-[A-Za-z]*e|^--exp/.test(word);
  const isGiven = programs.words
    .slice(at + 1)
    .some((text) => !/^-/.test(text) || /^-[A-Za-z]*[ef]|^--/.test(text));
  if (isGiven && !isScript) return undefined;
  // In longer ones nobody looks.
  const delimiter = /s([/,|#:!@])(?:(?!\1)[^])*\1(?:(?!\1)[^])*$/.exec(word.length > 1000 ? '' : word)?.[1];
  if (delimiter !== undefined && !value.includes(delimiter)) return undefined;
  return {
    reason: 'it stands in a program of sed, where single letters run commands and write files',
    remedy: 'Let it be a number, or what s/…/…/ puts in.',
  };
}
