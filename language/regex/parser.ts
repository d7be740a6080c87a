// Parses Python 3.11's regular expressions: CPython's grammar, its messages and the places where it reports them.
import { remember } from '../remembered';
import type { Parsed } from '../text';
import { parseEscape } from './escapes';
import { isIdentifier, parseInteger, quoted } from './groupName';
import {
  applyScope,
  type Flags,
  isFlagLetter,
  parseInlineFlags,
  type ScopedFlags,
  toFlags,
} from './inlineFlags';
import { lengthOf, PatternError, PatternScanner } from './patternScanner';
import { parseSet } from './setParser';
import { childrenOf, type CaseFlags, type GroupNode, type Node, type PatternTree, type Place } from './tree';
import type { AlternationNode, SequenceNode, SetItem, Width } from './tree';
import { maxRepeat, widthOf } from './width';

export interface PatternProblem {
  /** `unsupported-regex`: Python accepts the pattern, but here it could not be run with its exact meaning. */
  readonly code: 'bad-regex' | 'unsupported-regex';
  /** CPython's words where CPython refuses the pattern. */
  readonly message: string;
  /** UTF-16 units into the pattern. */
  readonly offset: number;
}

/** Python's own limit depends on its stack; nobody writes patterns that are nested deeper. */
const maxDepth = 150;

/** The flags that hold somewhere, and what they mean: asked for each character. */
interface Scope extends CaseFlags {
  readonly flags: Flags;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
}

const toScope = (flags: Flags): Scope => ({
  flags,
  ignoreCase: flags.has('i'),
  ascii: flags.has('a'),
  multiline: flags.has('m'),
  dotAll: flags.has('s'),
  verbose: flags.has('x'),
});

/** Of flags from outside: nearly all patterns have the same. */
const givenScope = remember(100, (flags) => toScope(toFlags(flags)));

interface ParserState {
  readonly source: string;
  readonly scanner: PatternScanner;
  /** What holds for the whole pattern: the flags given, then also `(?i)` at its start. */
  whole: Scope;
  /** Groups in the order in which they open; a hole is still open. */
  readonly groups: (GroupNode | undefined)[];
  readonly widths: Map<number, Width>;
  readonly names: Map<string, number>;
  /** Where `(?(2)…)` first refers to a group that may come later. */
  references: Map<number, number> | undefined;
  /** How many groups there were where the outermost lookbehind began. */
  lookbehindGroups: number | undefined;
  readonly warnings: { message: string; offset: number }[];
  depth: number;
}

/** Parses a pattern; `flags` are letters among `M I S X A U`. Never throws; a problem leaves no tree. */
export function parsePattern(source: string, flags = 'M'): Parsed<PatternTree | undefined, PatternProblem> {
  let scanner: PatternScanner | undefined;
  try {
    scanner = new PatternScanner(source);
    return { value: parseWhole(source, scanner, givenScope(flags)), problems: [] };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { code, message, position } = error;
    const offset = scanner ? scanner.offsetOf(position) : position;
    return { value: undefined, problems: [{ code, message, offset }] };
  }
}

function parseWhole(source: string, scanner: PatternScanner, given: Scope): PatternTree {
  const state: ParserState = {
    source,
    scanner,
    whole: given,
    groups: [],
    widths: new Map(),
    names: new Map(),
    references: undefined,
    lookbehindGroups: undefined,
    warnings: [],
    depth: 0,
  };
  const root = parseAlternation(state, given);
  const { flags } = state.whole;
  if (flags.has('a') && flags.has('u')) failAt('ASCII and UNICODE flags are incompatible', 0);
  if (scanner.peek() !== undefined) scanner.fail('unbalanced parenthesis');
  for (const [group, position] of state.references ?? []) {
    if (group > state.groups.length) failAt(`invalid group reference ${group}`, position);
  }
  if (flags.has('t') || source.includes('(?<')) checkCompiles(root, state);
  const groups = state.groups.filter((group) => group !== undefined);
  return {
    source,
    root,
    ascii: state.whole.ascii,
    groupCount: groups.length,
    groupNames: state.names,
    groups,
    groupWidths: state.widths,
    warnings: state.warnings,
  };
}

function failAt(message: string, position: number): never {
  throw new PatternError('bad-regex', message, position);
}

/** What CPython finds only when it compiles the tree; it gives no position, so the node's start stands in. */
function checkCompiles(node: Node, state: ParserState): void {
  if (node.kind === 'repeat' && state.whole.flags.has('t')) {
    const name = { greedy: 'MAX_REPEAT', lazy: 'MIN_REPEAT', possessive: 'POSSESSIVE_REPEAT' }[node.mode];
    failAt(`internal: unsupported template operator ${name}`, positionOf(node, state.source));
  }
  if (node.kind === 'look' && node.behind) {
    const { min, max } = widthOf(node.body, state.widths);
    if (min !== max) failAt('look-behind requires fixed-width pattern', positionOf(node, state.source));
  }
  for (const child of childrenOf(node)) checkCompiles(child, state);
}

const positionOf = (node: Node, source: string): number => lengthOf(source.slice(0, node.span.start));

function parseAlternation(state: ParserState, scope: Scope): Node {
  const { scanner } = state;
  const start = scanner.tell();
  const outermost = state.depth === 0;
  const alternatives: SequenceNode[] = [];
  do {
    alternatives.push(parseSequence(state, outermost ? state.whole : scope, alternatives.length === 0));
  } while (scanner.takeIf('|'));
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1) return only;
  return { kind: 'alternation', span: scanner.spanFrom(start), alternatives } satisfies AlternationNode;
}

/** Parses up to `|`, `)` or the end. `first`: nothing but the pattern's own start stands before. */
function parseSequence(state: ParserState, outerScope: Scope, first: boolean): SequenceNode {
  const { scanner } = state;
  const start = scanner.tell();
  const nodes: Node[] = [];
  let scope = outerScope;
  for (let token = scanner.peek(); token !== undefined; token = scanner.peek()) {
    if (token === '|' || token === ')') break;
    scanner.take();
    if (scope.verbose && skipsVerbose(scanner, token)) continue;
    if (token === '(') {
      const node = parseParentheses(state, scope);
      if (node === undefined) continue;
      if ('kind' in node) {
        nodes.push(node);
        continue;
      }
      if (state.depth > 0 || !first || nodes.length > 0) {
        failAt('global flags not at the start of the expression', node.position);
      }
      state.whole = scope = toScope(new Set([...state.whole.flags, ...node.flags]));
    } else if (token === '*' || token === '+' || token === '?' || token === '{') {
      parseQuantifier(scanner, token, nodes, scope);
    } else nodes.push(parseSingle(state, token, scope));
  }
  return { kind: 'sequence', span: scanner.spanFrom(start), nodes };
}

/** In verbose mode blanks and comments do not count. */
function skipsVerbose(scanner: PatternScanner, token: string): boolean {
  if (token === '#') {
    for (let next = scanner.take(); next !== undefined && next !== '\n';) next = scanner.take();
    return true;
  }
  return ' \t\n\r\v\f'.includes(token);
}

function parseSingle(state: ParserState, token: string, scope: Scope): Node {
  const { scanner } = state;
  const start = scanner.tell() - lengthOf(token);
  switch (token) {
    case '^':
      return place(scanner, start, scope, scope.multiline ? 'lineStart' : 'textStart');
    case '$':
      return place(scanner, start, scope, scope.multiline ? 'lineEnd' : 'lastLineEnd');
    case '.':
      return { kind: 'any', span: scanner.spanFrom(start), dotAll: scope.dotAll };
    case '[':
      return parseSetNode(state, start, scope);
  }
  if (token.charCodeAt(0) !== 0x5c) return unit(scanner, start, scope, charItems(token));
  const escape = parseEscape(scanner, token);
  if (escape.kind === 'place') return place(scanner, start, scope, escape.place);
  if (escape.kind === 'group') return parseNumbered(state, escape.number, start, scope);
  return unit(scanner, start, scope, [escape]);
}

/** Of the characters that patterns are mostly made of: one list for all places. */
const knownItems: (readonly SetItem[])[] = [];
const knownLimit = 128;

function charItems(token: string): readonly SetItem[] {
  const code = token.codePointAt(0) ?? 0;
  const known = knownItems[code];
  if (known) return known;
  const items: readonly SetItem[] = [{ kind: 'char', code }];
  if (code < knownLimit) knownItems[code] = items;
  return items;
}

function place(scanner: PatternScanner, start: number, { ascii }: Scope, where: Place): Node {
  return { kind: 'place', span: scanner.spanFrom(start), place: where, ascii };
}

function unit(
  scanner: PatternScanner,
  start: number,
  { ignoreCase, ascii }: Scope,
  items: readonly SetItem[],
  negated = false,
): Node {
  return { kind: 'unit', span: scanner.spanFrom(start), items, negated, ignoreCase, ascii };
}

function parseSetNode(state: ParserState, start: number, scope: Scope): Node {
  const { scanner } = state;
  const set = parseSet(scanner, (message, position) => {
    state.warnings.push({ message, offset: scanner.offsetOf(position) });
  });
  const { ascii, ignoreCase } = scope;
  if (ascii && ignoreCase && set.items.some((item) => item.kind === 'range' && item.last > 0xffff)) {
    const message = 'a range above U+FFFF cannot be run exactly where case is ignored in ASCII';
    throw new PatternError('unsupported-regex', message, start);
  }
  return unit(scanner, start, scope, set.items, set.negated);
}

function parseNumbered(state: ParserState, group: number, start: number, scope: Scope): Node {
  const { scanner } = state;
  const length = scanner.tell() - start;
  if (group > state.groups.length) scanner.fail(`invalid group reference ${group}`, length - 1);
  return backreference(state, group, start, [scope, length]);
}

/** A reference whose number exists; `back` code points before the next token is where an open group is reported. */
function backreference(
  state: ParserState,
  group: number,
  start: number,
  [{ ignoreCase, ascii }, back]: readonly [Scope, number],
): Node {
  const { scanner } = state;
  if (!isClosed(state, group)) scanner.fail('cannot refer to an open group', back);
  checkLookbehindGroup(state, group);
  return { kind: 'backreference', span: scanner.spanFrom(start), group, ignoreCase, ascii };
}

const isClosed = (state: ParserState, group: number): boolean => state.groups[group - 1] !== undefined;

function checkLookbehindGroup(state: ParserState, group: number): void {
  if (state.lookbehindGroups === undefined) return;
  if (!isClosed(state, group)) state.scanner.fail('cannot refer to an open group');
  if (group > state.lookbehindGroups) {
    state.scanner.fail('cannot refer to group defined in the same lookbehind subpattern');
  }
}

function parseQuantifier(scanner: PatternScanner, token: string, nodes: Node[], scope: Scope): void {
  const start = scanner.tell() - 1;
  const bounds = token === '{' ? parseBounds(scanner) : simpleBounds[token];
  if (bounds === undefined) {
    scanner.seek(start + 1);
    nodes.push(unit(scanner, start, scope, charItems(token)));
    return;
  }
  const body = nodes.at(-1);
  if (body === undefined || body.kind === 'place') failAt('nothing to repeat', start);
  if (body.kind === 'repeat') failAt('multiple repeat', start);
  const mode = scanner.takeIf('?') ? 'lazy' : scanner.takeIf('+') ? 'possessive' : 'greedy';
  const quantifierSpan = scanner.spanFrom(start);
  const span = { start: body.span.start, end: quantifierSpan.end };
  nodes[nodes.length - 1] = { kind: 'repeat', span, quantifierSpan, body, mode, ...bounds };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

const simpleBounds: Readonly<Record<string, Bounds>> = {
  '?': { min: 0, max: 1 },
  '*': { min: 0, max: Infinity },
  '+': { min: 1, max: Infinity },
};

/** The rest of `{2,3}`; undefined where the brace is a plain character. */
function parseBounds(scanner: PatternScanner): Bounds | undefined {
  const start = scanner.tell();
  if (scanner.peek() === '}') return undefined;
  const low = scanner.takeWhile(Infinity, '0123456789');
  const high = scanner.takeIf(',') ? scanner.takeWhile(Infinity, '0123456789') : low;
  if (!scanner.takeIf('}')) return undefined;
  const min = low === '' ? 0 : Number(low);
  const max = high === '' ? Infinity : Number(high);
  if (min >= maxRepeat || (high !== '' && max >= maxRepeat)) {
    failAt('the repetition number is too large', start - 1);
  }
  if (max < min) failAt('min repeat greater than max repeat', start);
  return { min, max };
}

/** What `(…)` is: a node, flags for the whole pattern, or nothing for a comment. */
type Parenthesis = Node | { readonly flags: Flags; readonly position: number } | undefined;

function parseParentheses(state: ParserState, scope: Scope): Parenthesis {
  const { scanner } = state;
  const start = scanner.tell() - 1;
  if (!scanner.takeIf('?')) return parseGroup(state, start, scope, {});
  const char = scanner.take() ?? scanner.fail('unexpected end of pattern');
  if (char === 'P') return parseNamed(state, start, scope);
  if (char === '#') {
    skipComment(scanner, start);
    return undefined;
  }
  if (char === ':') return parseGroup(state, start, scope, { scoped: noFlags });
  if (char === '>') {
    const body = parseInside(state, start, scope);
    return { kind: 'atomic', span: scanner.spanFrom(start), body };
  }
  if (char === '(') return parseConditional(state, start, scope);
  if ('=!<'.includes(char)) return parseLook(state, start, scope, char);
  if (char !== '-' && !isFlagLetter(char)) scanner.fail(`unknown extension ?${char}`, lengthOf(char) + 1);
  const flags = parseInlineFlags(scanner, char);
  if ('added' in flags) return parseGroup(state, start, scope, { scoped: flags });
  return { flags, position: start };
}

const noFlags: ScopedFlags = { added: new Set(), removed: new Set() };

function skipComment(scanner: PatternScanner, start: number): void {
  do {
    if (scanner.peek() === undefined) failAt('missing ), unterminated comment', start);
  } while (scanner.take() !== ')');
}

/** The body of parentheses that began at `start`, with the `)`. */
function parseInside(state: ParserState, start: number, scope: Scope): Node {
  const body = parseDeeper(state, scope);
  if (!state.scanner.takeIf(')')) failAt('missing ), unterminated subpattern', start);
  return body;
}

function parseDeeper(state: ParserState, scope: Scope): Node {
  goDeeper(state);
  const body = parseAlternation(state, scope);
  state.depth--;
  return body;
}

function parseBranch(state: ParserState, scope: Scope): SequenceNode {
  goDeeper(state);
  const branch = parseSequence(state, scope, false);
  state.depth--;
  return branch;
}

function goDeeper(state: ParserState): void {
  state.depth++;
  if (state.depth <= maxDepth) return;
  throw new PatternError('unsupported-regex', 'the pattern is nested too deeply', state.scanner.tell());
}

interface GroupHead {
  /** Flags of a group that does not capture. */
  readonly scoped?: ScopedFlags;
  readonly name?: string;
  readonly nameStart?: number;
}

function parseGroup(state: ParserState, start: number, scope: Scope, head: GroupHead): Node {
  const { scoped, name, nameStart } = head;
  const { scanner } = state;
  const nameSpan =
    nameStart === undefined
      ? undefined
      : { ...scanner.spanFrom(nameStart), end: scanner.offsetOf(scanner.tell() - 1) };
  const number = scoped === undefined ? openGroup(state, name) : undefined;
  const body = parseInside(state, start, scoped === undefined ? scope : withFlags(scope, scoped));
  const changes = scoped !== undefined && scoped.added.size + scoped.removed.size > 0;
  const group: GroupNode = {
    kind: 'group',
    span: scanner.spanFrom(start),
    number,
    name,
    nameSpan,
    scoped: changes,
    body,
  };
  if (number !== undefined) {
    state.groups[number - 1] = group;
    state.widths.set(number, widthOf(body, state.widths));
  }
  return group;
}

const withFlags = (scope: Scope, scoped: ScopedFlags): Scope =>
  scoped.added.size + scoped.removed.size === 0 ? scope : toScope(applyScope(scope.flags, scoped));

function openGroup(state: ParserState, name: string | undefined): number {
  const number = state.groups.push(undefined);
  if (name === undefined) return number;
  const earlier = state.names.get(name);
  if (earlier !== undefined) {
    const message = `redefinition of group name ${quoted(name)} as group ${number}; was group ${earlier}`;
    state.scanner.fail(message, lengthOf(name) + 1);
  }
  state.names.set(name, number);
  return number;
}

function parseNamed(state: ParserState, start: number, scope: Scope): Node {
  const { scanner } = state;
  if (scanner.takeIf('<')) {
    const nameStart = scanner.tell();
    const name = takeName(scanner, '>');
    return parseGroup(state, start, scope, { name, nameStart });
  }
  if (!scanner.takeIf('=')) {
    const char = scanner.take() ?? scanner.fail('unexpected end of pattern');
    scanner.fail(`unknown extension ?P${char}`, lengthOf(char) + 2);
  }
  const name = takeName(scanner, ')');
  const back = lengthOf(name) + 1;
  const group = state.names.get(name) ?? scanner.fail(`unknown group name ${quoted(name)}`, back);
  return backreference(state, group, start, [scope, back]);
}

function takeName(scanner: PatternScanner, terminator: string): string {
  const name = scanner.takeUntil(terminator, 'group name');
  if (!isIdentifier(name)) {
    scanner.fail(`bad character in group name ${quoted(name)}`, lengthOf(name) + 1);
  }
  return name;
}

function parseLook(state: ParserState, start: number, scope: Scope, first: string): Node {
  const { scanner } = state;
  const behind = first === '<';
  const sign = behind ? (scanner.take() ?? scanner.fail('unexpected end of pattern')) : first;
  if (sign !== '=' && sign !== '!') scanner.fail(`unknown extension ?<${sign}`, lengthOf(sign) + 2);
  const outer = state.lookbehindGroups;
  if (behind) state.lookbehindGroups ??= state.groups.length;
  const body = parseDeeper(state, scope);
  state.lookbehindGroups = outer;
  if (!scanner.takeIf(')')) failAt('missing ), unterminated subpattern', start);
  return { kind: 'look', span: scanner.spanFrom(start), behind, negated: sign === '!', body };
}

function parseConditional(state: ParserState, start: number, scope: Scope): Node {
  const { scanner } = state;
  const group = parseConditionGroup(state);
  checkLookbehindGroup(state, group);
  const yes = parseBranch(state, scope);
  const no = scanner.takeIf('|') ? parseBranch(state, scope) : undefined;
  if (no !== undefined && scanner.peek() === '|') {
    scanner.fail('conditional backref with more than two branches');
  }
  if (!scanner.takeIf(')')) failAt('missing ), unterminated subpattern', start);
  return { kind: 'conditional', span: scanner.spanFrom(start), group, yes, no };
}

const maxGroups = 1073741823n;

/** The group that `(?(name)` or `(?(1)` asks for; a number may belong to a later group. */
function parseConditionGroup(state: ParserState): number {
  const { scanner } = state;
  const name = scanner.takeUntil(')', 'group name');
  const back = lengthOf(name) + 1;
  if (isIdentifier(name)) {
    return state.names.get(name) ?? scanner.fail(`unknown group name ${quoted(name)}`, back);
  }
  const number = parseInteger(name) ?? -1n;
  if (number < 0n) scanner.fail(`bad character in group name ${quoted(name)}`, back);
  if (number === 0n) scanner.fail('bad group number', back);
  if (number >= maxGroups) scanner.fail(`invalid group reference ${number}`, back);
  const group = Number(number);
  state.references ??= new Map();
  if (!state.references.has(group)) state.references.set(group, scanner.tell() - back);
  return group;
}
