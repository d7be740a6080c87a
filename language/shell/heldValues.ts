// Where values come to by variables, the environment and substitutions: there they are judged as if they stood there.
import { ShellScanner } from '../shellScanner';
import { findAllVariables } from '../template';
import { findPrograms, readInnerProgram } from './operands';

/** A value that comes to a place in a roundabout way. */
export interface HeldValue {
  /** Name of the capture, or the number of the group. */
  readonly name: string;
  /** Whether its author wrote something before it, in the same word. */
  readonly isFirm: boolean;
}

export type HeldVisitor = (held: HeldValue, scanner: ShellScanner) => void;

/** A value of ours, or a variable of the shell's. */
interface Token {
  readonly kind: 'value' | 'variable';
  readonly name: string;
  readonly start: number;
  /** Where its text goes on. */
  readonly end: number;
}

/** A variable that gets what another one, or a value, holds. */
interface Flow {
  readonly token: Token;
  readonly target: string;
  readonly isFirm: boolean;
}

const shellVariable = /\$(?:\{#?)?(!?[A-Za-z_]\w*|\d+|[@*])/g;
/** Arguments of functions and shells, and what shells set by themselves: they may hold any value of the command. */
const anyHolder =
  /^(?:!.*|\d+|[@*_]|REPLY|MAPFILE|OPTARG|COPROC|BASH_(?:REMATCH|COMMAND|EXECUTION_STRING|ARGV))$/;
/** They put what they read into variables. */
const readers = /^(?:read|mapfile|readarray|getopts|printf|wait|declare|typeset|local|export|readonly)$/;
const loopWithoutList = /\b(?:for|select)\s{1,100}(\w{1,100})\s{0,100}(?:;|\bdo\b)/g;
/** At the end of a word, also of one that another shell reads. */
const openAssignment = /(?:^|[\s;&|({`])(\w{1,200})(?:\[[^\]]{0,100}\])?\+?=([^\s;&|]*)$/;
/** Maximum length of a word that is looked at. */
const longestWord = 1000;
const environment = /^WATCHER_(\w+)$/;

/**
 * Visits each place to which a value comes without standing there, with a scanner at that place: where a variable that holds
 * it is expanded, also by another shell, and where what a substitution prints goes to. `isKnown`: names that are replaced.
 */
export function walkHeldValues(
  command: string,
  isKnown: (name: string) => boolean,
  visit: HeldVisitor,
): void {
  if (!command.includes('$')) return;
  const tokens = findTokens(command, isKnown);
  // Most commands have nothing by which a value comes elsewhere.
  if (!/\$\(|<\(|>\(|\\/.test(command) && tokens.every(({ kind }) => kind === 'value')) return;
  const findHeld = findHolders(command, tokens, isKnown);
  walkTokens(command, tokens, new ShellScanner(), (token, scanner) => {
    for (const held of findHeld(token)) {
      const place = token.kind === 'value' ? undefined : findPlace(scanner);
      if (place) visit(held, place);
      for (let around = scanner.around; around; around = around.around) visit(held, around);
    }
  });
}

function findTokens(command: string, isKnown: (name: string) => boolean): readonly Token[] {
  const values = findAllVariables(command)
    .filter(({ name }) => isKnown(name))
    .map(({ name, start, end, operator, wordStart }): Token => ({
      ...{ kind: 'value', name, start },
      end: operator === undefined ? end : wordStart,
    }));
  const starts = new Set(values.map(({ start }) => start));
  const variables = [...command.matchAll(shellVariable)].flatMap(
    ({ index, 0: whole, 1: name = '' }): readonly Token[] =>
      starts.has(index) ? [] : [{ kind: 'variable', name, start: index, end: index + whole.length }],
  );
  return [...values, ...variables].sort((left, right) => left.start - right.start);
}

function walkTokens(
  command: string,
  tokens: readonly Token[],
  scanner: ShellScanner,
  visit: (token: Token, scanner: ShellScanner) => void,
): void {
  let from = 0;
  for (const token of tokens) {
    scanner.take(command.slice(from, token.start));
    from = token.start;
    // Another shell may expand it.
    const isValue = token.kind === 'value' && !scanner.isEscaped;
    visit(isValue ? token : { ...token, kind: 'variable' }, scanner);
    if (!isValue) continue;
    scanner.takeValue();
    from = token.end;
  }
  scanner.take(`${command.slice(from)}\n`);
  scanner.finish();
}

/** What each token holds. */
function findHolders(
  command: string,
  tokens: readonly Token[],
  isKnown: (name: string) => boolean,
): (token: Token) => readonly HeldValue[] {
  const flows: Flow[] = [];
  const names = new Set<string>();
  const holdsAny = new Set([...command.matchAll(loopWithoutList)].map(([, name = '']) => name));
  const scanner = new ShellScanner({
    command: (words) => {
      for (const name of findRead(words)) holdsAny.add(name);
    },
    assigned: (name) => holdsAny.add(name),
  });
  walkTokens(command, tokens, scanner, (token) => {
    if (token.kind === 'value') names.add(token.name);
    for (const target of findTargets(scanner)) flows.push({ token, ...target });
  });
  const all = [...names].map((name): HeldValue => ({ name, isFirm: false }));
  const held = new Map<string, Map<string, HeldValue>>();
  const find = ({ kind, name }: Token): readonly HeldValue[] => {
    if (kind === 'value') return [{ name, isFirm: false }];
    const own = environment.exec(name)?.[1];
    const given = own !== undefined && isKnown(own) ? [{ name: own, isFirm: false }] : [];
    return [
      ...given,
      ...(anyHolder.test(name) || holdsAny.has(name) ? all : (held.get(name)?.values() ?? [])),
    ];
  };
  for (let before = -1, size = 0; before !== size;) {
    before = size;
    for (const { token, target, isFirm } of flows)
      for (const value of find(token)) {
        const values = held.get(target) ?? new Map<string, HeldValue>();
        held.set(target, values);
        const firm = value.isFirm || isFirm;
        values.set(`${value.name} ${firm}`, { name: value.name, isFirm: firm });
      }
    size = [...held.values()].reduce((sum, values) => sum + values.size, 0);
  }
  return find;
}

/** Names that a command reads something into, or makes another name of what is one already. */
function findRead(words: readonly string[]): readonly string[] {
  const [name = '', ...rest] = findPrograms(words).words;
  if (!readers.test(name) || (name === 'printf' && rest[0] !== '-v')) return [];
  const isOther = /^(?:declare|typeset|local)$/.test(name) && rest.some((word) => /^-\w*n/.test(word));
  if (/^(?:declare|typeset|local|export|readonly)$/.test(name))
    return isOther ? rest.flatMap((word) => /^(\w+)=/.exec(word)?.[1] ?? []) : [];
  return rest.filter((word) => /^\w+$/.test(word));
}

/** Variables that get what comes next. */
function findTargets({ openWords, words }: ShellScanner): readonly Omit<Flow, 'token'>[] {
  const assigned = openWords.flatMap((word) => {
    const found = openAssignment.exec(word.slice(-longestWord));
    const [, target, before = ''] = found ?? [];
    return target === undefined ? [] : [{ target, isFirm: /^[\w./:@%,]/.test(before) }];
  });
  const [name = '', loop] = words;
  const isLoop = /^(?:for|select)$/.test(name) && loop !== undefined;
  return isLoop ? [...assigned, { target: loop, isFirm: false }] : assigned;
}

/** Where it is expanded: here, or in the text for another shell; undefined if none expands it. */
function findPlace(scanner: ShellScanner): ShellScanner | undefined {
  if (/^(?:comment|arithmetic)$/.test(scanner.place)) return undefined;
  if (!scanner.isEscaped && !/^(?:single|ansi)$/.test(scanner.place)) return scanner;
  const inner = readInnerProgram(findPrograms(scanner.words), scanner.word);
  return inner && findPlace(inner);
}
