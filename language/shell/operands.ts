// What a captured value would be for the program that gets it: an option, a program, or plain data. Quotes do not change that.
import { findTail } from '../textEnd';
import { ShellScanner } from '../shellScanner';
import { findProgram, toProgramName, type ProgramRow } from './programTable';

export interface Refusal {
  /** Why, for people; without the value. */
  readonly reason: string;
  /** What its author can do about it. */
  readonly remedy: string;
}

/** Remedies of several refusals. */
export const captureLess = 'Have the pattern capture less.';
export const readEnvironment =
  'Have a program of yours read it from its environment, WATCHER_ and the name of the capture.';

/** So many words of a command are looked through for each value. */
export const longestCommand = 200;
/** So many characters of a word. */
const longestWord = 1000;

export const isAssignment = (word: string): boolean => /^\w+(?:\[[^\]]*\])?\+?=/.test(word);

/** Whether no command has a name yet: `time -p` has options before it. */
export const areAssignments = (words: readonly string[]): boolean =>
  words.slice(0, longestCommand).every((word) => isAssignment(word) || word.startsWith('-'));

/** The words of a command from its name on, and the row of each program that they name. */
export interface Programs {
  /** The name as it is written, without its folders; empty while there is none. */
  readonly name: string;
  readonly words: readonly string[];
  readonly row: ProgramRow | undefined;
  /** The row of the name, then, if it runs another command, those of the programs among its words. */
  readonly rows: readonly ProgramRow[];
}

export function findPrograms(before: readonly string[]): Programs {
  const looked = before.slice(0, longestCommand);
  const from = looked.findIndex((word) => !isAssignment(word) && !word.startsWith('-'));
  const words = from === -1 ? [] : looked.slice(from);
  const [first = ''] = words;
  const row = findProgram(first);
  const inner = row?.runsCommand ? words.slice(1).flatMap((word) => findProgram(word) ?? []) : [];
  return { name: toProgramName(first), words, row, rows: row ? [row, ...inner] : [] };
}

/** Whether the value would be the name of a command, or a part of it: a job must not choose what runs. */
export function isCommandName(scanner: ShellScanner): boolean {
  const { words, word, redirection, place } = scanner;
  if (redirection !== undefined || !areAssignments(words)) return false;
  if (/^(?:comment|arithmetic|document|backquote)$/.test(place)) return false;
  return scanner.beginsWord || !/^\w+(?:\[|\+?=)/.test(word);
}

/** Programs that take their first operand for a command, behind options, numbers, times and assignments only. */
const isOnlyOptions = (words: readonly string[]): boolean =>
  words.every((word) => /^-|^[\d.:]+[smhd]?$/.test(word) || isAssignment(word));

/** Words whose following ones are a list of texts, of no program. */
const isList = (words: readonly string[]): boolean => /^(?:case|for|select|=)$/.test(words[0] ?? '');

/** Whether a `--` before ends the options of the program that gets the value, not of one that runs it. */
function hasEnd({ words, rows }: Programs): boolean {
  if (rows.some(({ hasNoEnd }) => hasNoEnd)) return false;
  const ends = words.filter((word) => word === '--').length;
  // `srun -- python $x` ends the options of srun.
  return ends > words.filter((word) => findProgram(word)?.runsCommand).length;
}

/** Where printf stands among the words, itself or as what another program runs. */
const findPrintf = ({ words, row }: Programs): number => {
  const at = words.findIndex((word) => toProgramName(word) === 'printf');
  return at === 0 || row?.runsCommand ? at : -1;
};

/** Which argument of printf comes next; 1 is its format. */
function countPrintfArguments(words: readonly string[]): number {
  const rest = words.slice(1);
  if (rest[0] === '-v') rest.splice(0, 2);
  if (rest[0] === '--') rest.shift();
  return rest.length + 1;
}

/** Characters that printf reads in its format. */
const formatSigns = /[%\\]/;

/** Why the value would not be the plain operand that its author sees there; undefined if it is. */
export function findOperandRefusal(
  value: string,
  scanner: ShellScanner,
  author: 'watcher' | 'script',
): Refusal | undefined {
  const { place, words, word, redirection } = scanner;
  if (place === 'comment' || place === 'arithmetic') return undefined;
  if (redirection === 'stream')
    return {
      reason: 'it stands where a stream is copied, and would choose which one',
      remedy: 'Write the number of the stream.',
    };
  if (redirection === 'file' || isList(words) || areAssignments(words)) return undefined;
  const programs = findPrograms(words);
  const { name, rows } = programs;
  const format = findPrintf(programs);
  if (format !== -1 && programs.words.length < longestCommand) {
    if (countPrintfArguments(programs.words.slice(format)) > 1) return undefined;
    return formatSigns.test(value) || (scanner.beginsWord && value.startsWith('-'))
      ? {
          reason: 'it stands in the format of printf, where "%", "\\" and a leading "-" have a meaning',
          remedy: "Write printf '%s\\n' and the value behind it.",
        }
      : undefined;
  }
  if (programs.row?.takesAnything) return undefined;
  if (scanner.beginsWord && author === 'script') return findOption(value, programs);
  if (scanner.beginsWord) {
    if (rows.some(({ assigns }) => assigns))
      return {
        reason: `it stands where ${name} expects the name of a variable`,
        remedy: 'Write the name, then = and the value.',
      };
    if (programs.row?.runsCommand && isOnlyOptions(programs.words.slice(1))) return toCommandOf(name);
    return findBeginning(value, programs);
  }
  if (name === 'env' && /^(?:-[A-Za-z]*S|--split-string=)$/.test(word)) return toCommandOf(name);
  if (
    /^-(?:$|[${])|^--[^=]*$/.test(scanner.wordBeginning.slice(0, longestWord)) &&
    value !== '' &&
    !/^--$/.test(words.at(-1) ?? '')
  )
    return hasEnd(programs)
      ? undefined
      : {
          reason: 'it stands in the name of an option, and would choose which one',
          remedy: 'Write the name of the option, then = and the value.',
        };
  return findSpecialAfterEquals(value, word, rows);
}

const toCommandOf = (name: string): Refusal => ({
  reason: `it stands where ${name} expects the command that it runs`,
  remedy: 'Write the name of the command; values may be its arguments.',
});

/** Whether the next word says what the program of the row works on: not if it is an argument of a script before it. */
function isMeant({ does, runsCommand, runsFirst }: ProgramRow, { words }: Programs): boolean {
  if (does === undefined || runsCommand) return false;
  const at = runsFirst ? words.findIndex((word) => findProgram(word)?.runsFirst) : -1;
  return at === -1 || isOnlyOptions(words.slice(at + 1));
}

/** No option that does harm, and what scripts are given as values. */
export const negativeNumber = /^-(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$|^-(?:inf|nan)$/i;

/** In a script only an option is refused: all else is its author's own quoting, and a number is no option. */
const findOption = (value: string, programs: Programs): Refusal | undefined =>
  value.startsWith('-') && !negativeNumber.test(value) ? findBeginning(value, programs) : undefined;

function findBeginning(value: string, programs: Programs): Refusal | undefined {
  const { rows, name } = programs;
  const remedy =
    'Write -- before it if the program knows that, ./ before it for a file, or the option and = before it.';
  if (value.startsWith('-'))
    return hasEnd(programs)
      ? undefined
      : { reason: 'it begins with "-" at the beginning of a word, and could be taken for an option', remedy };
  if (rows.some(({ special }) => special?.test(value)))
    return {
      reason: `it begins with characters that ${name} takes for more than a plain argument`,
      remedy: 'Write ./ before it for a file, or leave it out of the command.',
    };
  if (value === '' && rows.some((row) => isMeant(row, programs)))
    return {
      reason: `it is empty, and ${name} would do something else than with a value`,
      remedy: 'Write what shall stand there instead: ${name:-word}.',
    };
  return undefined;
}

/** `name=@file` of curl and its like. */
function findSpecialAfterEquals(
  value: string,
  word: string,
  rows: readonly ProgramRow[],
): Refusal | undefined {
  if (!/[=:]/.test(word.slice(-1)) || !/^[@<]/.test(value) || !rows.some(({ special }) => special?.test('@')))
    return undefined;
  return {
    reason: 'it begins with a character that makes the program read a file',
    remedy: 'Leave it out of the command, or write text before it.',
  };
}

const shells = /^(?:(?:ba|da|a|z|k|mk|c|tc|fi|rba)?sh|busybox|trap|watch|parallel|su|runuser|flock|script)$/;
/** They join their words with blanks; the first operand of the others is where they go. */
const joining = /^(?:eval|ssh|rsh|slogin|mosh|pdsh|dsh|clush)$/;

/** They run what comes with this option. */
const callers = /^(?:mapfile|readarray|compgen|complete)$/;
const callOption = /^-[A-Za-z]*C$/;

/** The text before the value that another shell, or this one again, reads as a program; undefined if none does. */
function findInnerText({ words }: Programs, word: string): string | undefined {
  const names = words.map(toProgramName);
  if (callers.test(names[0] ?? '')) {
    if (callOption.test(word)) return '';
    return callOption.test(words.at(-1) ?? '') ? word : undefined;
  }
  const at = names.findIndex((name) => joining.test(name));
  if (at === -1) return names.some((name) => shells.test(name)) ? word : undefined;
  const operands = words.slice(at + 1).filter((operand) => !isOnlyOptions([operand]));
  if (names[at] === 'eval') return [...operands, word].join(' ');
  return operands.length === 0 ? undefined : [...operands.slice(1), word].join(' ');
}

/** So many characters of it are looked at. */
const longestInner = 200;
/** Longer ones are not read again: whatever comes next is taken for the name of a command. */
const longestProgram = 2000;

/** A scanner where that other shell is when it comes to the value; undefined if no shell reads it. */
export function readInnerProgram(programs: Programs, word: string): ShellScanner | undefined {
  const text = findInnerText(programs, word);
  if (text === undefined) return undefined;
  const inner = new ShellScanner();
  inner.take(text.length > longestProgram ? '' : text);
  return inner;
}

/** Where a text is read again as a program, a plain word can still be an option, or the name of a command. */
export function findInnerRefusal(
  value: string,
  { word, place }: ShellScanner,
  programs: Programs,
): Refusal | undefined {
  const isWithin = /[\w./:=@%+,-]$/.test(word.slice(-longestInner));
  if (value === '' && !isWithin)
    return {
      reason: 'it is empty, and nothing would be left of it where a text is read again as a program',
      remedy: 'Write what shall stand there instead: ${name:-word}.',
    };
  if (value.startsWith('-') && !isWithin)
    return {
      reason: 'it begins with "-" where a text is read again as a program, and could be taken for an option',
      remedy: 'Write -- or ./ before it, or the option and = before it.',
    };
  // What stands in back-quotes is added to the word after a sign for them.
  const inner =
    place === 'backquote'
      ? word.slice(word.lastIndexOf('$') + 1).slice(-longestInner)
      : findInnerText(programs, word)?.slice(-longestInner);
  if (inner !== undefined && endsBeforeCommand(inner))
    return {
      reason: 'it stands where an inner shell expects the name of the command',
      remedy: 'Write the name of the command; values may be its arguments.',
    };
  return undefined;
}

/** Whether what comes next is the name of a command: behind what ends the one before, assignments, and a path. */
function endsBeforeCommand(before: string): boolean {
  let end = before.length;
  if (before.endsWith('/')) {
    end = findTail(before, /\S/);
    if (end === 0 || /[;&|({`!]/.test(before.slice(end))) return true;
  }
  for (;;) {
    const wordEnd = findTail(before, /\s/, end);
    if (wordEnd === 0 || /[;&|({`!]/.test(before.charAt(wordEnd - 1))) return true;
    const blanks = before.slice(wordEnd, end);
    if (blanks.includes('\n')) return true;
    const start = findTail(before, /\S/, wordEnd);
    const word = before.slice(start, wordEnd);
    if (blanks === '') return false;
    if (/[;&|({`!]\w+=/.test(word)) return true;
    if (!/^\w+=/.test(word)) return false;
    end = start;
  }
}
