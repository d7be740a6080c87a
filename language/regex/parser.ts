// Parses Python 3.11's regular expressions: CPython's grammar, its messages and the places where it reports them.
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
import { createScanner, lengthOf, PatternError, type PatternScanner } from './patternScanner';
import { parseSet } from './setParser';
import { childrenOf, type GroupNode, type Node, type PatternTree, type Place } from './tree';
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

interface ParserState {
  readonly source: string;
  readonly scanner: PatternScanner;
  /** The flags of the whole pattern: those given, then also `(?i)` at its start. */
  flags: Flags;
  /** Groups in the order in which they open; a hole is still open. */
  readonly groups: (GroupNode | undefined)[];
  readonly widths: Map<number, Width>;
  readonly names: Map<string, number>;
  /** Where `(?(2)…)` first refers to a group that may come later. */
  readonly references: Map<number, number>;
  /** How many groups there were where the outermost lookbehind began. */
  lookbehindGroups: number | undefined;
  readonly warnings: { message: string; offset: number }[];
  depth: number;
}

/** Parses a pattern; `flags` are letters among `M I S X A U`. Never throws; a problem leaves no tree. */
export function parsePattern(source: string, flags = 'M'): Parsed<PatternTree | undefined, PatternProblem> {
  let offsetOf = (position: number): number => position;
  try {
    const scanner = createScanner(source);
    offsetOf = scanner.offsetOf;
    return { value: parseWhole(source, scanner, toFlags(flags)), problems: [] };
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    const { code, message, position } = error;
    return { value: undefined, problems: [{ code, message, offset: offsetOf(position) }] };
  }
}

function parseWhole(source: string, scanner: PatternScanner, flags: Flags): PatternTree {
  const state: ParserState = {
    source,
    scanner,
    flags,
    groups: [],
    widths: new Map(),
    names: new Map(),
    references: new Map(),
    lookbehindGroups: undefined,
    warnings: [],
    depth: 0,
  };
  const root = parseAlternation(state, flags);
  if (state.flags.has('a') && state.flags.has('u')) failAt('ASCII and UNICODE flags are incompatible', 0);
  if (scanner.peek() !== undefined) scanner.fail('unbalanced parenthesis');
  for (const [group, position] of state.references) {
    if (group > state.groups.length) failAt(`invalid group reference ${group}`, position);
  }
  if (state.flags.has('t') || source.includes('(?<')) checkCompiles(root, state);
  const groups = state.groups.filter((group) => group !== undefined);
  return {
    source,
    root,
    ascii: state.flags.has('a'),
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
  if (node.kind === 'repeat' && state.flags.has('t')) {
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

function parseAlternation(state: ParserState, scope: Flags): Node {
  const { scanner } = state;
  const start = scanner.tell();
  const outermost = state.depth === 0;
  const alternatives: SequenceNode[] = [];
  do {
    alternatives.push(parseSequence(state, outermost ? state.flags : scope, alternatives.length === 0));
  } while (scanner.takeIf('|'));
  const [only] = alternatives;
  if (only !== undefined && alternatives.length === 1) return only;
  return { kind: 'alternation', span: scanner.spanFrom(start), alternatives } satisfies AlternationNode;
}

/** Parses up to `|`, `)` or the end. `first`: nothing but the pattern's own start stands before. */
function parseSequence(state: ParserState, outerScope: Flags, first: boolean): SequenceNode {
  const { scanner } = state;
  const start = scanner.tell();
  const nodes: Node[] = [];
  let scope = outerScope;
  for (let token = scanner.peek(); token !== undefined && !'|)'.includes(token); token = scanner.peek()) {
    scanner.take();
    if (scope.has('x') && skipsVerbose(scanner, token)) continue;
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
      state.flags = scope = new Set([...state.flags, ...node.flags]);
    } else if ('*+?{'.includes(token)) parseQuantifier(scanner, token, nodes, scope);
    else nodes.push(parseSingle(state, token, scope));
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

function parseSingle(state: ParserState, token: string, scope: Flags): Node {
  const { scanner } = state;
  const start = scanner.tell() - lengthOf(token);
  const place = (where: Place): Node => ({
    kind: 'place',
    span: scanner.spanFrom(start),
    place: where,
    ascii: scope.has('a'),
  });
  if (token === '^') return place(scope.has('m') ? 'lineStart' : 'textStart');
  if (token === '$') return place(scope.has('m') ? 'lineEnd' : 'lastLineEnd');
  if (token === '.') return { kind: 'any', span: scanner.spanFrom(start), dotAll: scope.has('s') };
  if (token === '[') return parseSetNode(state, start, scope);
  if (!token.startsWith('\\')) {
    return unit(scanner, start, scope, { items: [charItem(token)], negated: false });
  }
  const escape = parseEscape(scanner, token);
  if (escape.kind === 'place') return place(escape.place);
  if (escape.kind === 'group') return parseNumbered(state, escape.number, start, scope);
  return unit(scanner, start, scope, { items: [escape], negated: false });
}

const charItem = (token: string): SetItem => ({ kind: 'char', code: token.codePointAt(0) ?? 0 });

const caseFlags = (scope: Flags): { ignoreCase: boolean; ascii: boolean } => ({
  ignoreCase: scope.has('i'),
  ascii: scope.has('a'),
});

function unit(
  scanner: PatternScanner,
  start: number,
  scope: Flags,
  set: { readonly items: readonly SetItem[]; readonly negated: boolean },
): Node {
  return { kind: 'unit', span: scanner.spanFrom(start), ...set, ...caseFlags(scope) };
}

function parseSetNode(state: ParserState, start: number, scope: Flags): Node {
  const { scanner } = state;
  const set = parseSet(scanner, (message, position) => {
    state.warnings.push({ message, offset: scanner.offsetOf(position) });
  });
  const { ascii, ignoreCase } = caseFlags(scope);
  if (ascii && ignoreCase && set.items.some((item) => item.kind === 'range' && item.last > 0xffff)) {
    const message = 'a range above U+FFFF cannot be run exactly where case is ignored in ASCII';
    throw new PatternError('unsupported-regex', message, start);
  }
  return unit(scanner, start, scope, set);
}

function parseNumbered(state: ParserState, group: number, start: number, scope: Flags): Node {
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
  [scope, back]: readonly [Flags, number],
): Node {
  const { scanner } = state;
  if (!isClosed(state, group)) scanner.fail('cannot refer to an open group', back);
  checkLookbehindGroup(state, group);
  return { kind: 'backreference', span: scanner.spanFrom(start), group, ...caseFlags(scope) };
}

const isClosed = (state: ParserState, group: number): boolean => state.groups[group - 1] !== undefined;

function checkLookbehindGroup(state: ParserState, group: number): void {
  if (state.lookbehindGroups === undefined) return;
  if (!isClosed(state, group)) state.scanner.fail('cannot refer to an open group');
  if (group > state.lookbehindGroups) {
    state.scanner.fail('cannot refer to group defined in the same lookbehind subpattern');
  }
}

function parseQuantifier(scanner: PatternScanner, token: string, nodes: Node[], scope: Flags): void {
  const start = scanner.tell() - 1;
  const bounds = token === '{' ? parseBounds(scanner) : simpleBounds[token];
  if (bounds === undefined) {
    scanner.seek(start + 1);
    nodes.push(unit(scanner, start, scope, { items: [charItem(token)], negated: false }));
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

function parseParentheses(state: ParserState, scope: Flags): Parenthesis {
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
function parseInside(state: ParserState, start: number, scope: Flags): Node {
  const body = deeper(state, () => parseAlternation(state, scope));
  if (!state.scanner.takeIf(')')) failAt('missing ), unterminated subpattern', start);
  return body;
}

function deeper<Result>(state: ParserState, parse: () => Result): Result {
  state.depth++;
  if (state.depth > maxDepth) {
    throw new PatternError('unsupported-regex', 'the pattern is nested too deeply', state.scanner.tell());
  }
  const result = parse();
  state.depth--;
  return result;
}

interface GroupHead {
  /** Flags of a group that does not capture. */
  readonly scoped?: ScopedFlags;
  readonly name?: string;
  readonly nameStart?: number;
}

function parseGroup(state: ParserState, start: number, scope: Flags, head: GroupHead): Node {
  const { scoped, name, nameStart } = head;
  const { scanner } = state;
  const nameSpan =
    nameStart === undefined
      ? undefined
      : { ...scanner.spanFrom(nameStart), end: scanner.offsetOf(scanner.tell() - 1) };
  const number = scoped === undefined ? openGroup(state, name) : undefined;
  const body = parseInside(state, start, scoped === undefined ? scope : applyScope(scope, scoped));
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

function parseNamed(state: ParserState, start: number, scope: Flags): Node {
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

function parseLook(state: ParserState, start: number, scope: Flags, first: string): Node {
  const { scanner } = state;
  const behind = first === '<';
  const sign = behind ? (scanner.take() ?? scanner.fail('unexpected end of pattern')) : first;
  if (sign !== '=' && sign !== '!') scanner.fail(`unknown extension ?<${sign}`, lengthOf(sign) + 2);
  const outer = state.lookbehindGroups;
  if (behind) state.lookbehindGroups ??= state.groups.length;
  const body = deeper(state, () => parseAlternation(state, scope));
  state.lookbehindGroups = outer;
  if (!scanner.takeIf(')')) failAt('missing ), unterminated subpattern', start);
  return { kind: 'look', span: scanner.spanFrom(start), behind, negated: sign === '!', body };
}

function parseConditional(state: ParserState, start: number, scope: Flags): Node {
  const { scanner } = state;
  const group = parseConditionGroup(state);
  checkLookbehindGroup(state, group);
  const yes = deeper(state, () => parseSequence(state, scope, false));
  const no = scanner.takeIf('|') ? deeper(state, () => parseSequence(state, scope, false)) : undefined;
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
  if (!state.references.has(group)) state.references.set(group, scanner.tell() - back);
  return group;
}
