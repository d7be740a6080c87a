// Commands that could read a value again after the shell has it as data: from a variable, a function or another shell.
import { reserved, ShellScanner } from '../shellScanner';
import { hasShellInput } from './hiddenProgram';
import { findAllVariables, walkTemplate, type TemplateValues } from '../template';
import {
  areAssignments,
  findPrograms,
  isAssignment,
  longestCommand,
  readEnvironment,
  type Refusal,
} from './operands';
import { findProgram, toProgramName } from './programTable';

/** Commands that keep their words, or read what is kept; those of other shells among them. */
const keepers = new RegExp(
  `^(?:${[
    'until|select|case|for|function|declare|typeset|local|export|readonly|let|read|mapfile|readarray|getopts|set|eval|trap|alias',
    'compgen|complete|source|\\.|exec|wait|unset|coproc|history|bind|fc|enable|shopt|\\[\\[',
    '(?:ba|da|a|z|k|mk|c|tc|fi|rba)?sh|busybox|toybox|su|runuser|flock|script|watch|parallel|at|batch|crontab|expect',
  ].join('|')})$`,
);
/** Arithmetic, documents, arrays, functions, joined lines, and expansions that compute, assign or look further. */
const signs = /\(\(|\$\[|<<|[<>]\(|\\\r?\n|=\(|\(\s{0,100}\)|\$\{(?:!|#?(?:\w+|[@*])(?:\[|@|=|:(?![-+])))/;
/** The shell finds out which program it is. */
const unknownName = /[$*?[{\0]/;

const names =
  'BASH_\\w+|ENV|PS[0-4]|PROMPT_COMMAND|LD_\\w+|DYLD_\\w+|(?:C?D|F|CLASS|GO)?PATH|IFS|SHELLOPTS|BASHOPTS|GLOBIGNORE|ZDOTDIR|PYTHON\\w*|PERL\\w*|RUBY\\w*|NODE_\\w*|GIT_\\w+|EDITOR|VISUAL|\\w*PAGER|LESS\\w*|MAKEFLAGS|SSH_\\w+|_?JAVA_\\w*|JDK_JAVA_OPTIONS|LUA_\\w+|R_\\w+';
/** Names that shells and programs take programs, options and folders of programs from. */
const rulingName = new RegExp(`^(?:${names})$`);
const rulingBeginning = new RegExp(String.raw`^(?:${names})(?:\[[^\]]{0,100}\])?\+?=`);
/** In a list of them, as in `--export=ALL,PATH=`, or in a text for another shell. */
const rulingEnd = new RegExp(String.raw`(?<![\w-])(?:${names})(?:\[[^\]]{0,100}\])?\+?=[^\s;&|]*$`);
const rulingArray = new RegExp(String.raw`(?<![\w-])(?:${names})\+?=\(`);
/** They take words for names of variables. */
const readers = /^(?:for|select|read|mapfile|readarray|getopts|declare|typeset|local|printf|wait)$/;

export const rules: Refusal = {
  reason: 'it comes where it decides what shells and other programs run or load',
  remedy: 'Write what shall stand there, or use a variable of another name.',
};

export const shellInput: Refusal = {
  reason:
    'a shell of the command reads its program from what is printed, and a value in it would choose what runs',
  remedy: readEnvironment,
};

export const notPlain: Refusal = {
  reason: 'the command has what could read a value again as a program, and it is not a plain word',
  remedy: readEnvironment,
};

export const notPlainInScript: Refusal = {
  reason: 'a script could read it again as a program, and it is not a plain word',
  remedy: 'Have the program print a plain name, or write it to a file that the script reads.',
};

/** So much of a word is looked at. */
const longestWord = 1000;

/** Whether the value comes into a variable that rules what runs. */
export function isRuling({ openWords, words }: ShellScanner): boolean {
  const own = openWords.at(-1) ?? '';
  if (openWords.slice(0, -1).some(rulesBy)) return true;
  if (!rulesBy(own)) return false;
  const { name, row } = findPrograms(words);
  // What is only printed sets nothing.
  return !(row?.takesAnything ?? name === 'printf');
}

const rulesBy = (word: string): boolean =>
  word.includes('=') &&
  (rulingBeginning.test(word.slice(0, longestWord)) || rulingEnd.test(word.slice(-longestWord)));

/** `plain`: only plain words may stand in the command; `never`, `input`: no value at all, as a shell gets its program so. */
export type ReadingAgain = 'no' | 'plain' | 'never' | 'input';

const variable = String.raw`\$(?:\{\w+\})?`;
/** The name of a program, then words and closed quotes without assignments, and without all that `signs` and arrays need. */
const plainCommand = new RegExp(
  String.raw`^([\w./][\w./+-]*)(?:[ \t](?:[\w \t./,:@%+^-]|${variable}|"(?:[^"\\$\`([{<=\r\n]|${variable})*"|'(?:[^'\\$([{<=\r\n]|${variable})*')*)?$`,
);
/** With `-v` or `-R` they take a word for the name of a variable, and so does `[`. */
const nameTakers = /^(?:printf|test)$/;

/** Whether it surely is one program that reads nothing again, and has plain words: most commands of watchers are such. */
function isPlain(command: string): boolean {
  const written = command.length <= longestCommand ? plainCommand.exec(command)?.[1] : undefined;
  if (written === undefined || reserved.has(written)) return false;
  const name = toProgramName(written);
  return ![keepers, readers, nameTakers].some((other) => other.test(name)) && !findProgram(name)?.runsCommand;
}

/** Whether a command has anything by which a value could be read again. */
export function findReadingAgain(command: string, values: TemplateValues): ReadingAgain {
  if (isPlain(command)) return 'no';
  let text = '';
  let isKept = false as boolean;
  let isNever = false as boolean;
  const scanner = new ShellScanner({
    command: (words) => {
      isKept ||= keeps(words);
      isNever ||= takesRuling(words) || namesProgram(words);
    },
  });
  walkTemplate(command, values, {
    get isEscaped() {
      return scanner.isEscaped;
    },
    text: (piece) => {
      scanner.take(piece);
      text += piece;
    },
    value: () => {
      isKept ||= isAssigned(scanner);
      scanner.takeValue();
      text += '0';
    },
  });
  scanner.take('\n');
  scanner.finish();
  if (isNever || rulingArray.test(text)) return 'never';
  if (hasShellInput(command)) return 'input';
  return isKept || !scanner.isAtRest || signs.test(text) ? 'plain' : 'no';
}

/** The same before there are values. */
export function findReadingAgainOf(command: string, isKnown: (name: string) => boolean): ReadingAgain {
  if (isPlain(command)) return 'no';
  const known = findAllVariables(command).filter(({ name }) => isKnown(name));
  if (known.length === 0) return 'no';
  const variables = Object.fromEntries(known.map(({ name }) => [name, '0']));
  return findReadingAgain(command, { groups: [], isUnmatched: isKnown('1'), variables });
}

/** Whether it takes a ruling name for that of a variable to be set. */
const takesRuling = (words: readonly string[]): boolean =>
  readers.test(toProgramName(words[0] ?? '')) && words.some((word) => rulingName.test(word));

/** Whether a value is in what another name will stand for. */
const namesProgram = (words: readonly string[]): boolean =>
  findPrograms(words).name === 'alias' && words.slice(0, longestCommand).some((word) => word.includes('\0'));

const isAssigned = ({ openWords, words }: ShellScanner): boolean =>
  openWords.slice(0, -1).some(isAssignment) ||
  (isAssignment(openWords.at(-1) ?? '') &&
    (areAssignments(words) || findPrograms(words).row?.runsCommand === true));

function keeps(all: readonly string[]): boolean {
  if (all.length > longestCommand) return true;
  const { name, words, row } = findPrograms(all);
  if (keepers.test(name) || (name !== '[' && unknownName.test(name))) return true;
  const programs = row?.runsCommand ? words.map(toProgramName) : [name];
  if (programs.some((program) => keepers.test(program))) return true;
  return (
    programs.some((program) => program === '[' || nameTakers.test(program)) &&
    words.some((word) => /^-[vR]/.test(word))
  );
}
