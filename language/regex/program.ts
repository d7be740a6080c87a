// Turns a tree into the instructions of the matcher, arranged as CPython's compiler arranges them.
import { charsOf, charsOfItems, wordChars } from './unitChars';
import { type CharSet, without } from './charSet';
import { keyOf, unique } from './setParser';
import { type CaseFlags, childrenOf, type Node, type PatternTree, type Place } from './tree';
import type { SetItem, UnitNode } from './tree';
import { type GroupWidths, widthOf } from './width';

/** Tells whether a code point belongs to a set: a table for the first 256, ranges for the rest. */
export interface CharTest {
  readonly low: Uint8Array;
  readonly ranges: CharSet;
}

export type Op =
  | 'unit'
  | 'place'
  | 'mark'
  | 'branch'
  | 'repeatUnit'
  | 'repeat'
  | 'until'
  | 'look'
  | 'lookEnd'
  | 'atomic'
  | 'atomicEnd'
  | 'possessive'
  | 'possessiveEnd'
  | 'backreference'
  | 'conditional'
  | 'success';

/** One instruction; what a field means depends on `op`. `next` is where matching goes on. */
export interface Instruction {
  readonly op: Op;
  next: Instruction | undefined;
  /** Where the body of a loop, look or atomic group begins. */
  body: Instruction | undefined;
  readonly test: CharTest | undefined;
  readonly place: Place | undefined;
  readonly alternatives: readonly Instruction[];
  /** Mark number, group number, or how far a lookbehind steps back. */
  readonly number: number;
  readonly min: number;
  readonly max: number;
  readonly lazy: boolean;
  readonly possessive: boolean;
  readonly negated: boolean;
  readonly fold: 'none' | 'ascii' | 'unicode';
}

export interface Program {
  readonly start: Instruction;
  readonly groupCount: number;
  /** No match is shorter. */
  readonly minWidth: number;
  /** What the first character must be, where every match begins with one known piece. */
  readonly first: CharTest | undefined;
}

export function compileProgram(tree: PatternTree): Program {
  const widths = tree.groupWidths;
  const start = link(lower(tree.root), instruction('success'), widths);
  return {
    start,
    groupCount: tree.groupCount,
    minWidth: widthOf(tree.root, widths).min,
    first: firstTest(start),
  };
}

/**
 * CPython looks for the first character with the classes of the whole pattern even where `(?a:…)` or `(?u:…)` gives
 * them another meaning, and so misses matches. The first piece where that happens, if it does.
 */
export function findMissedStart(tree: PatternTree): UnitNode | undefined {
  if (!/\(\?[A-Za-z]*[au]/.test(tree.source) || !mixesAscii(tree.root, tree.ascii)) return undefined;
  let [piece] = lower(tree.root);
  while (piece?.kind === 'scoped' || (piece?.kind === 'node' && piece.node.kind === 'group')) {
    [piece] = piece.kind === 'scoped' ? piece.pieces : lower(childrenOf(piece.node)[0] ?? piece.node);
  }
  if (piece?.kind !== 'unit' || piece.unit === undefined || piece.unit.ascii === tree.ascii) return undefined;
  const searched = charsOf({ ...piece.unit, ascii: tree.ascii });
  return without(piece.chars(), searched).length > 0 ? piece.unit : undefined;
}

function mixesAscii(node: Node, ascii: boolean): boolean {
  return node.kind === 'unit'
    ? node.ascii !== ascii
    : childrenOf(node).some((child) => mixesAscii(child, ascii));
}

/** Tree nodes as CPython's parser leaves them: plain groups dissolved, common prefixes moved out of alternations. */
type Piece =
  | {
      readonly kind: 'unit';
      readonly key: string;
      readonly set: PieceSet | undefined;
      readonly unit?: UnitNode;
      readonly chars: () => CharSet;
    }
  | { readonly kind: 'node'; readonly key: string | undefined; readonly node: Node }
  | { readonly kind: 'scoped'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'branch'; readonly alternatives: readonly (readonly Piece[])[] };

interface PieceSet extends CaseFlags {
  readonly items: readonly SetItem[];
}

function lower(node: Node): readonly Piece[] {
  switch (node.kind) {
    case 'sequence':
      return node.nodes.flatMap(lower);
    case 'alternation':
      return lowerAlternation(node.alternatives.map((alternative) => [...lower(alternative)]));
    case 'group':
      if (node.number !== undefined) return [{ kind: 'node', key: undefined, node }];
      return node.scoped ? [{ kind: 'scoped', pieces: lower(node.body) }] : lower(node.body);
    case 'any':
      return [{ kind: 'unit', key: '.', set: undefined, chars: () => charsOf(node) }];
    case 'unit': {
      const key = `${node.negated ? '^' : ''}[${node.items.map(keyOf).join()}]`;
      const set = node.negated ? undefined : node;
      return [{ kind: 'unit', key, set, unit: node, chars: () => charsOf(node) }];
    }
    case 'place':
      return [{ kind: 'node', key: node.place, node }];
    case 'backreference':
      return [{ kind: 'node', key: `${node.group}`, node }];
    default:
      return [{ kind: 'node', key: undefined, node }];
  }
}

const keyOfPiece = (piece: Piece | undefined): string | undefined =>
  piece?.kind === 'unit' || piece?.kind === 'node' ? piece.key : undefined;

function lowerAlternation(alternatives: Piece[][]): readonly Piece[] {
  const prefix: Piece[] = [];
  for (;;) {
    const [first] = alternatives[0] ?? [];
    const key = keyOfPiece(first);
    if (first === undefined || key === undefined) break;
    if (!alternatives.every((alternative) => keyOfPiece(alternative[0]) === key)) break;
    prefix.push(first);
    for (const alternative of alternatives) alternative.shift();
  }
  const sets = alternatives.map((pieces) => {
    const [piece] = pieces;
    return pieces.length === 1 && piece?.kind === 'unit' ? piece.set : undefined;
  });
  const known = sets.filter((set) => set !== undefined);
  const [flags] = known;
  if (flags === undefined || known.length < sets.length) return [...prefix, { kind: 'branch', alternatives }];
  const items = unique(known.flatMap((set) => set.items));
  const chars = (): CharSet => charsOfItems(items, flags);
  return [...prefix, { kind: 'unit', key: `[${items.map(keyOf).join()}]`, set: { ...flags, items }, chars }];
}

function instruction(op: Op, fields: Partial<Instruction> = {}): Instruction {
  return {
    op,
    next: undefined,
    body: undefined,
    test: undefined,
    place: undefined,
    alternatives: [],
    number: 0,
    min: 0,
    max: 0,
    lazy: false,
    possessive: false,
    negated: false,
    fold: 'none',
    ...fields,
  };
}

/** The pieces as a chain that ends in `next`. */
function link(pieces: readonly Piece[], next: Instruction, widths: GroupWidths): Instruction {
  return pieces.reduceRight((after, piece) => linkPiece(piece, after, widths), next);
}

function linkPiece(piece: Piece, next: Instruction, widths: GroupWidths): Instruction {
  switch (piece.kind) {
    case 'unit':
      return instruction('unit', { test: toTest(piece.chars()), next });
    case 'scoped':
      return link(piece.pieces, next, widths);
    case 'branch': {
      const alternatives = piece.alternatives.map((pieces) => link(pieces, next, widths));
      return instruction('branch', { alternatives });
    }
    case 'node':
      return linkNode(piece.node, next, widths);
  }
}

function linkNode(node: Node, next: Instruction, widths: GroupWidths): Instruction {
  switch (node.kind) {
    case 'group': {
      const mark = 2 * ((node.number ?? 1) - 1);
      const end = instruction('mark', { number: mark + 1, next });
      return instruction('mark', { number: mark, next: link(lower(node.body), end, widths) });
    }
    case 'place':
      return instruction('place', { place: node.place, test: toTest(wordChars(node.ascii)), next });
    case 'look': {
      const number = node.behind ? widthOf(node.body, widths).min : 0;
      const end = instruction('lookEnd', { negated: node.negated });
      const body = link(lower(node.body), end, widths);
      return instruction('look', { negated: node.negated, number, body, next });
    }
    case 'atomic':
      return instruction('atomic', { body: link(lower(node.body), instruction('atomicEnd'), widths), next });
    case 'backreference': {
      const fold = node.ignoreCase ? (node.ascii ? 'ascii' : 'unicode') : 'none';
      return instruction('backreference', { number: node.group, fold, next });
    }
    case 'conditional': {
      const yes = link(lower(node.yes), next, widths);
      const no = node.no === undefined ? next : link(lower(node.no), next, widths);
      return instruction('conditional', { number: node.group, alternatives: [yes, no] });
    }
    case 'repeat':
      return linkRepeat(node, next, widths);
    default:
      return link(lower(node), next, widths);
  }
}

function linkRepeat(
  node: Extract<Node, { kind: 'repeat' }>,
  next: Instruction,
  widths: GroupWidths,
): Instruction {
  const { min, max, mode } = node;
  const pieces = lower(node.body);
  const bounds = { min, max, lazy: mode === 'lazy', possessive: mode === 'possessive' };
  const single = findSingle(pieces);
  if (single !== undefined) {
    return instruction('repeatUnit', { ...bounds, test: toTest(single.chars()), next });
  }
  if (mode === 'possessive') {
    const body = link(pieces, instruction('possessiveEnd'), widths);
    return instruction('possessive', { ...bounds, body, next });
  }
  const until = instruction('until', { ...bounds, next });
  until.body = link(pieces, until, widths);
  return instruction('repeat', { next: until });
}

/** The one unit that a loop repeats, if that is all. */
function findSingle(pieces: readonly Piece[]): Extract<Piece, { kind: 'unit' }> | undefined {
  const [piece] = pieces;
  if (pieces.length !== 1 || piece === undefined) return undefined;
  if (piece.kind === 'scoped') return findSingle(piece.pieces);
  return piece.kind === 'unit' ? piece : undefined;
}

export function toTest(set: CharSet): CharTest {
  const low = new Uint8Array(256);
  for (let at = 0; at < set.length; at += 2) {
    const last = Math.min(set[at + 1] ?? 0, 255);
    for (let code = set[at] ?? 0; code <= last; code++) low[code] = 1;
  }
  return { low, ranges: set };
}

function firstTest(start: Instruction): CharTest | undefined {
  let at: Instruction | undefined = start;
  while (at?.op === 'mark') at = at.next;
  if (at?.op === 'unit' || (at?.op === 'repeatUnit' && at.min > 0)) return at.test;
  return undefined;
}
