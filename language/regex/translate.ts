// Writes a pattern as a JavaScript RegExp that matches the same, for texts of a stated kind.
import {
  type CharSet,
  complement,
  everyChar,
  intersection,
  onlyMember,
  pairsOf,
  sizeOf,
  without,
} from './charSet';
import type { BackreferenceNode, Node, PatternTree, PlaceNode, RepeatNode } from './tree';
import { charsOf, wordChars } from './unitChars';
import { widthOf } from './width';

/**
 * What a text is known to hold, from the fastest to the slowest to match: `ascii` is ASCII without `\r`; `bars` has also
 * what progress bars are drawn with, which no class of Unicode contains; `plain` has neither surrogates nor any line end
 * but `\n`, so that JavaScript's own `.`, `^` and `$` are right; `any` is anything.
 */
export type TextKind = 'ascii' | 'bars' | 'plain' | 'any';

/** Arrows, box drawing, block elements and braille patterns: neither letters, digits nor blanks, and without cases. */
export const barChars: CharSet = [0x2190, 0x21ff, 0x2500, 0x259f, 0x2800, 0x28ff];

export interface Translation {
  readonly source: string;
  /** JavaScript's flags, without `g` and `d`. */
  readonly flags: string;
  /** JavaScript's group number for each of Python's, group 1 first; emulations add groups between. */
  readonly groupNumbers: readonly number[];
}

export interface Target {
  readonly kind: TextKind;
  /** Every line of the text, cut at `\n`, is matched as if it stood alone. */
  readonly byLine: boolean;
}

interface Writer extends Target {
  readonly multiline: boolean;
  readonly nonEmpty: boolean;
  readonly numbers: Map<number, number>;
  groups: number;
}

/** Only for trees that are `isTranslatable`; `byLine` only where no match can be empty. */
export function translate(tree: PatternTree, target: Target): Translation {
  const multiline = target.kind !== 'any' && (target.byLine || hasLinePlace(tree.root));
  const nonEmpty = widthOf(tree.root, tree.groupWidths).min > 0;
  const writer: Writer = { ...target, multiline, nonEmpty, numbers: new Map(), groups: 0 };
  const source = write(tree.root, writer);
  const flags = (multiline ? 'm' : '') + (target.kind === 'any' ? 'u' : '');
  const groupNumbers = tree.groups.map((group) => writer.numbers.get(group.number ?? 0) ?? 0);
  return { source: source === '' ? '(?:)' : source, flags, groupNumbers };
}

function hasLinePlace(node: Node): boolean {
  switch (node.kind) {
    case 'place':
      return node.place === 'lineStart' || node.place === 'lineEnd';
    case 'sequence':
      return node.nodes.some(hasLinePlace);
    case 'alternation':
      return node.alternatives.some(hasLinePlace);
    case 'group':
    case 'repeat':
    case 'look':
    case 'atomic':
      return hasLinePlace(node.body);
    default:
      return false;
  }
}

function write(node: Node, writer: Writer): string {
  switch (node.kind) {
    case 'unit':
    case 'any':
      return writeSet(charsOf(node), writer);
    case 'place':
      return writePlace(node, writer);
    case 'sequence':
      return node.nodes.map((child) => write(child, writer)).join('');
    case 'alternation':
      return `(?:${node.alternatives.map((alternative) => write(alternative, writer)).join('|')})`;
    case 'group':
      if (node.number === undefined) return `(?:${write(node.body, writer)})`;
      writer.numbers.set(node.number, ++writer.groups);
      return `(${write(node.body, writer)})`;
    case 'repeat':
      return writeRepeat(node, writer);
    case 'look': {
      const sign = (node.behind ? '<' : '') + (node.negated ? '!' : '=');
      return `(?${sign}${write(node.body, writer)})`;
    }
    case 'atomic':
      return writeAtomic(() => write(node.body, writer), writer);
    case 'backreference':
      return writeBackreference(node, writer);
    case 'conditional':
      return '';
  }
}

function writeBackreference({ group }: BackreferenceNode, writer: Writer): string {
  return `(?:\\${writer.numbers.get(group) ?? 0})`;
}

/** A lookahead never goes back into itself: what it captured is then taken as it is. */
function writeAtomic(writeBody: () => string, writer: Writer): string {
  const number = ++writer.groups;
  return `(?:(?=(${writeBody()}))\\${number})`;
}

function writeRepeat(node: RepeatNode, writer: Writer): string {
  const quantifier = writeQuantifier(node);
  const loop = (): string => {
    const body = write(node.body, writer);
    return (isAtom(node.body) ? body : `(?:${body})`) + quantifier;
  };
  // A round that was taken is never taken otherwise, even where a later one is missing.
  const possessiveLoop = (): string =>
    isSingle(node.body) ? loop() : writeAtomic(() => write(node.body, writer), writer) + quantifier;
  if (node.mode === 'possessive') return writeAtomic(possessiveLoop, writer);
  return node.mode === 'lazy' ? `${loop()}?` : loop();
}

const isSingle = (node: Node): boolean => node.kind === 'unit' || node.kind === 'any';

const isAtom = (node: Node): boolean =>
  isSingle(node) || (node.kind === 'group' && node.number !== undefined);

function writeQuantifier({ min, max }: RepeatNode): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

const textStart = '(?<![^])';
const textEnd = '(?![^])';

function writePlace(node: PlaceNode, writer: Writer): string {
  const { kind, byLine, multiline } = writer;
  switch (node.place) {
    case 'wordBoundary':
    case 'noWordBoundary':
      return writeBoundary(node, writer);
    case 'lineStart':
      return kind === 'any' ? '(?<![^\\n])' : '^';
    case 'lineEnd':
      return kind === 'any' ? '(?![^\\n])' : '$';
    case 'textStart':
      if (byLine) return kind === 'any' ? '(?<![^\\n])' : '^';
      return multiline ? textStart : '^';
    case 'textEnd':
    case 'lastLineEnd':
      if (byLine) return kind === 'any' ? '(?![^\\n])' : '$';
      if (node.place === 'lastLineEnd') return `(?=\\n?${textEnd})`;
      return multiline ? textEnd : '$';
  }
}

/** In an empty text Python 3.11 finds neither `\b` nor `\B`. */
function writeBoundary(node: PlaceNode, writer: Writer): string {
  const negated = node.place === 'noWordBoundary';
  const guard = negated && !writer.nonEmpty ? '(?:(?<=[^])|(?=[^]))' : '';
  if (node.ascii || writer.kind === 'ascii' || writer.kind === 'bars')
    return guard + (negated ? '\\B' : '\\b');
  const word = writeSet(wordChars(false), writer);
  const [one, other] = negated ? ['=', '!'] : ['!', '='];
  return `${guard}(?:(?<=${word})(?${one}${word})|(?<!${word})(?${other}${word}))`;
}

const limits: Record<TextKind, CharSet> = {
  ascii: [0, 0x7f],
  bars: [0, 0x7f, ...barChars],
  plain: [0, 0xffff],
  any: everyChar,
};

const newline: CharSet = [0x0a, 0x0a];
const allButNewline = complement(newline);

/** The set, right for the characters that can occur; what cannot occur makes the shorter of the two notations. */
function writeSet(set: CharSet, { kind, byLine }: Writer): string {
  const limit = limits[kind];
  const occurring = intersection(byLine ? without(set, newline) : set, limit);
  if (sizeOf(occurring) === 0) return '[]';
  const char = onlyMember(occurring);
  if (char !== undefined) return writeChar(char);
  const missing = without(limit, occurring);
  if (sizeOf(missing) === 0) return '[^]';
  if (kind !== 'any' && sameSet(occurring, intersection(allButNewline, limit))) return '.';
  return missing.length < occurring.length ? `[^${writeRanges(missing)}]` : `[${writeRanges(occurring)}]`;
}

const sameSet = (one: CharSet, other: CharSet): boolean =>
  one.length === other.length && one.every((code, at) => code === other[at]);

function writeRanges(set: CharSet): string {
  return pairsOf(set)
    .map(([first, last]) => writeChar(first) + (last > first ? `-${writeChar(last)}` : ''))
    .join('');
}

function writeChar(code: number): string {
  const char = String.fromCodePoint(code);
  if (/^[A-Za-z0-9 _,:;=<>%&"'~`!@#]$/.test(char)) return char;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code > 0xff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\x${code.toString(16).padStart(2, '0')}`;
}
