// Whether the list of allowed commands covers a command, and if not, why a person must read it before it may run.
import { defaultAllowedCommands } from '../allowedCommands';
import type { ShellScanner } from '../shellScanner';
import type { VariableUse } from '../template';
import { isRefusedPlace, walkCaptureUses } from './captureUses';
import { walkHeldValues } from './heldValues';
import { findPrograms, isCommandName, readInnerProgram } from './operands';
import { findProgram, toProgramName, type ProgramRow } from './programTable';
import { findReadingAgainOf, isRuling, type ReadingAgain } from './readAgain';
import { readsAgain } from '../shellQuote';
import { showCommand, toHex } from './showCommand';
import { readSimpleCommand, type Construct, type SimpleCommand, type SimpleWord } from './simpleCommand';

export interface CommandRules {
  /** Names of commands that run without consent. */
  readonly allowedCommands: readonly string[];
  /** Whether a name or number is a capture or built in. */
  readonly isKnown: (name: string) => boolean;
  /** Names that are captures even if a built-in variable is called so. */
  readonly captures?: readonly string[];
}

/** Built-in variables that no job can choose: numbers, words of Slurm, and what settings and the author have written. */
const givenByUs: ReadonlySet<string> = new Set([
  'JOB_ID',
  'HOSTNAME',
  'WATCHER',
  'ARRAY_TASK_ID',
  'job_end_state',
  'JOB_STATE',
  'EXIT_CODE',
  'EXIT_SIGNAL',
]);

export interface ConsentReason {
  readonly kind: 'construct' | 'name' | 'option' | 'capture';
  /** A whole sentence, for people. */
  readonly text: string;
  readonly remedy: string;
  /** Its place in the command. */
  readonly start: number;
  readonly end: number;
  /** Of a capture: whether what the job prints can become code that runs. */
  readonly isCode: boolean;
}

export type CommandVerdict =
  | { readonly covered: true }
  | {
      readonly covered: false;
      readonly reasons: readonly ConsentReason[];
      /** The command for people to read: exact, with characters that cannot be seen written as `\u{…}`. */
      readonly shown: string;
    };

const constructTexts: Readonly<Record<Construct, string>> = {
  expansion: 'The shell puts something else in place of a "$".',
  substitution: 'The shell runs what stands in back-quotes.',
  operator: 'It is more than one command, or runs in the background.',
  redirection: 'The shell reads or writes a file or a stream.',
  glob: 'The shell puts names of files in place of "*", "?" or "[…]".',
  brace: 'The shell makes several words of "{…}", or reads it as a group.',
  tilde: 'The shell puts a home directory in place of "~".',
  comment: 'What follows the "#" is a comment for the shell.',
  negation: 'A word begins with "!", which has a meaning of its own to shells.',
  'joined-line': 'A backslash joins two lines.',
  unseen: 'It holds a character that cannot be seen, or that shows the text in another order',
  unfinished: 'A quote is not closed, or a backslash stands at the end.',
};

const readAgain = 'Read the command again, and agree when the job is submitted.';
const fromEnvironment =
  'Have your program read the value from its environment, WATCHER_ and the name of the capture, or read the command again and agree when the job is submitted.';

/** Source: section 9 of the engine. Covered is one simple command of plain words, whose name is listed. */
export function judgeCommand(command: string, rules: CommandRules): CommandVerdict {
  const simple = readSimpleCommand(command, rules.isKnown);
  const reasons = [
    ...[...simple.constructs].map(([construct, at]) => toConstructReason(command, construct, at)),
    ...findNameReasons(command, simple, rules.allowedCommands),
    ...findCaptureReasons(command, rules),
  ];
  return reasons.length === 0 ? { covered: true } : { covered: false, reasons, shown: showCommand(command) };
}

function toConstructReason(command: string, construct: Construct, at: number): ConsentReason {
  const start = Math.min(at, Math.max(0, command.length - 1));
  const seen =
    construct === 'unseen' ? ` (U+${toHex(command.slice(at)).toUpperCase().padStart(4, '0')}).` : '';
  return {
    kind: 'construct',
    text: constructTexts[construct] + seen,
    remedy: readAgain,
    start,
    end: start + 1,
    isCode: false,
  };
}

function findNameReasons(
  command: string,
  { words, isConditional }: SimpleCommand,
  allowed: readonly string[],
): readonly ConsentReason[] {
  const [name, ...rest] = words;
  if (!name) return [];
  const toReason = (kind: 'name' | 'option', { start }: SimpleWord, text: string): ConsentReason => {
    const length = /^\S*/.exec(command.slice(start))?.[0].length ?? 0;
    return { kind, text, remedy: readAgain, start, end: start + Math.max(1, length), isCode: false };
  };
  // A capture there has a reason of its own.
  if (name.hasValue) return [];
  if (/^\w+(?:\[[^\]]*\])?\+?=/.test(name.text))
    return [toReason('name', name, 'It sets a variable for what comes after it.')];
  if (!allowed.includes(name.text)) {
    const isDisguised = /[^\x20-\x7e]/.test(name.text);
    const more = isDisguised ? ', and has characters in its name that only look like others' : '';
    return [
      toReason(
        'name',
        name,
        `"${showCommand(name.text)}" is not one of the commands that run without consent${more}.`,
      ),
    ];
  }
  const program = toProgramName(name.text);
  const row = findProgram(program);
  if (row?.runsCommand)
    return [toReason('name', name, `${program} runs another command, which its words name.`)];
  const option = row && findOption(row, rest, isConditional);
  if (!option) return [];
  const text = `"${showCommand(option.text)}" can make ${program} run, load, send or overwrite something else than its name tells.`;
  return [toReason('option', option, text)];
}

/** The first word that makes the program do more than its name tells. */
function findOption(
  { asksFor, optionsFirst, mayRun }: ProgramRow,
  words: readonly SimpleWord[],
  isConditional: boolean,
): SimpleWord | undefined {
  for (const [index, word] of words.entries()) {
    if (asksFor?.test(word.text)) return word;
    const inner = mayRun && findProgram(word.text);
    if (inner && (inner.runsCommand ?? inner.does !== undefined) && !isPython(word.text)) return word;
    if (word.text === '--' && !isConditional && !mayRun) return undefined;
    const isOwn = word.text.startsWith('-') || (optionsFirst?.test(words[index - 1]?.text ?? '') ?? true);
    if (optionsFirst && !isOwn && !isConditional) return undefined;
  }
  return undefined;
}

const isPython = (word: string): boolean => /^(?:.*\/)?python[\d.]*$/.test(word);

function findCaptureReasons(
  command: string,
  { isKnown, captures = [] }: CommandRules,
): readonly ConsentReason[] {
  const reasons: ConsentReason[] = [];
  const isOurs = (name: string): boolean => givenByUs.has(name) && !captures.includes(name);
  const readingAgain = findReadingAgainOf(command, isKnown);
  const held = findHeldUses(command, isKnown, isOurs);
  walkCaptureUses(command, isKnown, (use, scanner) => {
    if (scanner.place === 'comment') return;
    const ours = isOurs(use.name);
    const said = choose([
      describeUse(use, scanner, ours),
      held.get(use.name),
      ours ? undefined : describeReadingAgain(use, readingAgain),
    ]);
    if (!said) return;
    const { start, end } = use;
    reasons.push(toCaptureReason(said, start, end));
    held.delete(use.name);
  });
  for (const said of held.values()) reasons.push(toCaptureReason(said, 0, command.length));
  return reasons;
}

/** Of each value that comes by a variable, the environment or a substitution to where it is more than data: what it is there. */
function findHeldUses(
  command: string,
  isKnown: (name: string) => boolean,
  isOurs: (name: string) => boolean,
): Map<string, Said> {
  const said = new Map<string, Said>();
  walkHeldValues(command, isKnown, ({ name }, scanner) => {
    const chosen = choose([said.get(name), describeUse({ name }, scanner, isOurs(name))]);
    if (chosen) said.set(name, chosen);
  });
  return said;
}

function describeReadingAgain(
  { name }: Pick<VariableUse, 'name'>,
  readingAgain: ReadingAgain,
): Said | undefined {
  if (readingAgain === 'no') return undefined;
  const remedy = fromEnvironment;
  if (readingAgain === 'input')
    return {
      text: `A shell of the command reads its program from what is printed: the value of $${name} is always refused in it.`,
      remedy,
      isCode: true,
      isRefused: true,
    };
  return readingAgain === 'never'
    ? {
        text: `The value of $${name} stands in a variable that decides what shells and other programs run: it is always refused there.`,
        remedy,
        isCode: true,
        isRefused: true,
      }
    : {
        text: `The command has what could read the value of $${name} again as a program: only plain words are inserted.`,
        remedy,
        isCode: false,
      };
}

interface Said extends Pick<ConsentReason, 'text' | 'remedy' | 'isCode'> {
  /** Whether no value at all is inserted there. */
  readonly isRefused?: true;
}

/** What matters most of what is said of one value. */
const choose = (all: readonly (Said | undefined)[]): Said | undefined =>
  all.find((said) => said?.isRefused) ?? all.find((said) => said?.isCode) ?? all.find((said) => said);

const toCaptureReason = ({ text, remedy, isCode }: Said, start: number, end: number): ConsentReason => ({
  ...{ kind: 'capture', text, remedy, isCode, start, end },
});

/** What the value is there, and of which program. */
function describeUse(
  use: Pick<VariableUse, 'name'>,
  scanner: ShellScanner,
  isOurs: boolean,
): Said | undefined {
  const name = `The value of $${use.name}`;
  if (isRefusedPlace(scanner))
    return {
      text: `${name} stands inside back-quotes or a here-document, where it is always refused.`,
      remedy: 'Write $(…) instead of back-quotes, or printf and a pipe instead of a here-document.',
      isCode: true,
      isRefused: true,
    };
  if (isCommandName(scanner))
    return {
      text: `${name} would be the name of the command that runs, or a part of it: it is always refused there.`,
      remedy: 'Write the name of the command; values may be its arguments.',
      isCode: true,
      isRefused: true,
    };
  if (isRuling(scanner)) return describeReadingAgain(use, 'never');
  if (isOurs) return undefined;
  if (scanner.redirection !== undefined)
    return {
      text: `${name} names the file that the shell reads or overwrites: whatever the job prints decides which one.`,
      remedy: 'Write the name of the file, or read the command again and agree when the job is submitted.',
      isCode: true,
    };
  const programs = findPrograms(scanner.words);
  const last = programs.row?.runsCommand
    ? programs.words.filter((word) => findProgram(word)?.does !== undefined).at(-1)
    : programs.words[0];
  const program = toProgramName(last ?? '');
  const row = findProgram(program);
  if (program === 'printf' && programs.words.length === 1)
    return {
      text: `${name} stands in the format of printf, where "%" and "\\" have a meaning: a value with such a sign is refused.`,
      remedy: "Write printf '%s\\n' and the value after it.",
      isCode: false,
    };
  if (readsAgain(scanner)) {
    const inner = readInnerProgram(programs, scanner.word);
    const said = inner && describeUse(use, inner, isOurs);
    if (said?.isCode) return said;
    return {
      text: `${name} stands in a text that ${program || 'the shell'} reads again as a program, where quotes do not keep it data: only plain words and numbers are inserted.`,
      remedy: fromEnvironment,
      isCode: true,
    };
  }
  if (row?.does === undefined) return undefined;
  return {
    text: `${name} is given to ${program}, which ${row.does}: whatever the job prints decides what that is.`,
    remedy: fromEnvironment,
    isCode: row.isCode ?? false,
  };
}

/** Those of the list that take values without consent, for people. */
export const commandsForValues: readonly string[] = defaultAllowedCommands.filter(
  (name) => findProgram(name)?.does === undefined,
);
