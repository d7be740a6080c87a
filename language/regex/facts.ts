// What the editor says of a pattern that is right but hardly meant.
import { type CharSet, everyChar, sizeOf, without } from './charSet';
import type { Pattern } from './compile';
import type { Span } from '../text';
import type { Node, PatternTree } from './tree';
import { charsOf, plainCharOf } from './unitChars';
import { widthOf } from './width';

/** Whether the pattern matches every line that is not empty: `.*`, `x?`, `(\d*)`, `^.+$`. */
export function matchesEverything({ tree }: Pattern): boolean {
  if (needsCharacter(tree.root) || widthOf(tree.root, tree.groupWidths).min > 1) return false;
  return alternativesOf(tree.root).some((nodes) => acceptsAnyLine(nodes, tree));
}

/** Whether one certain character must be there, as in nearly all patterns. */
function needsCharacter(node: Node): boolean {
  if (node.kind === 'unit') return plainCharOf(node) !== undefined;
  return node.kind === 'sequence' && node.nodes.some(needsCharacter);
}

/** The flat sequences of a pattern, with the parentheses around the whole of it left out. */
function alternativesOf(node: Node): readonly (readonly Node[])[] {
  if (node.kind === 'alternation') return node.alternatives.flatMap(alternativesOf);
  if (node.kind === 'group') return alternativesOf(node.body);
  if (node.kind !== 'sequence') return [[node]];
  const [only] = node.nodes;
  if (node.nodes.length === 1 && only?.kind === 'group') return alternativesOf(only);
  return [node.nodes.flatMap((child) => (child.kind === 'group' ? flatten(child) : [child]))];
}

function flatten(node: Node): readonly Node[] {
  if (node.kind === 'group') return flatten(node.body);
  return node.kind === 'sequence' ? node.nodes.flatMap(flatten) : [node];
}

function acceptsAnyLine(nodes: readonly Node[], tree: PatternTree): boolean {
  const isPlace = (node: Node | undefined, ...places: readonly string[]): boolean =>
    node?.kind === 'place' && places.includes(node.place);
  const atStart = isPlace(nodes[0], 'lineStart', 'textStart');
  const atEnd = isPlace(nodes.at(-1), 'lineEnd', 'textEnd', 'lastLineEnd');
  const inner = nodes.slice(atStart ? 1 : 0, atEnd ? -1 : undefined);
  const width = inner.reduce((sum, node) => sum + widthOf(node, tree.groupWidths).min, 0);
  if (width > 1 || !inner.every((node) => alwaysMatches(node) || takesAnything(node))) return false;
  return !(atStart && atEnd) || inner.some((node) => node.kind === 'repeat' && takesAnything(node));
}

/** Takes any character of a line, at least once or more often. */
function takesAnything(node: Node): boolean {
  if (node.kind === 'any') return true;
  if (node.kind === 'unit') return sizeOf(without(everyChar, charsOf(node))) <= 2;
  return (
    node.kind === 'repeat' &&
    node.min <= 1 &&
    (node.max === Infinity || node.min === 1) &&
    takesAnything(node.body)
  );
}

/** Whether a node matches wherever it stands, be it nothing. */
export function alwaysMatches(node: Node): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.nodes.every(alwaysMatches);
    case 'alternation':
      return node.alternatives.some(alwaysMatches);
    case 'group':
    case 'atomic':
      return alwaysMatches(node.body);
    case 'repeat':
      return node.min === 0 || alwaysMatches(node.body);
    default:
      return false;
  }
}

/** Whether no line by itself can match: the pattern wants a line end inside of its match or around it. */
export function crossLineOnly({ tree }: Pattern): boolean {
  return mayCross.test(tree.source) && !canMatchInLine(tree.root, tree);
}

/** How a line end, a place of it or the set of all else is written: patterns without these match in a line. */
const mayCross = /[\^$\n\r]|\\[nrxuUNAZ0-7]/;

/** Whether it has more than line ends. */
function hasLineChar(set: CharSet): boolean {
  for (let at = 0; at < set.length; at += 2) {
    const first = set[at];
    if (first !== set[at + 1] || (first !== 0x0a && first !== 0x0d)) return true;
  }
  return false;
}

function canMatchInLine(node: Node, tree: PatternTree): boolean {
  switch (node.kind) {
    case 'unit': {
      const code = plainCharOf(node);
      return code === undefined ? hasLineChar(charsOf(node)) : code !== 0x0a && code !== 0x0d;
    }
    case 'any':
      return true;
    case 'sequence':
      for (const child of node.nodes) if (!canMatchInLine(child, tree)) return false;
      return !crossesAnchor(node.nodes, tree);
    case 'alternation':
      return node.alternatives.some((alternative) => canMatchInLine(alternative, tree));
    case 'group':
    case 'atomic':
      return canMatchInLine(node.body, tree);
    case 'repeat':
      return node.min === 0 || canMatchInLine(node.body, tree);
    case 'look':
      return node.negated || canMatchInLine(node.body, tree);
    case 'conditional':
      return canMatchInLine(node.yes, tree) || node.no === undefined || canMatchInLine(node.no, tree);
    case 'place':
    case 'backreference':
      return true;
  }
}

/** Something taken before `^` or after `$`. */
function crossesAnchor(nodes: readonly Node[], tree: PatternTree): boolean {
  if (!nodes.some(({ kind }) => kind === 'place')) return false;
  const takes = (node: Node): boolean => widthOf(node, tree.groupWidths).min > 0;
  return nodes.some((node, at) => {
    if (node.kind !== 'place') return false;
    if (node.place === 'lineStart' || node.place === 'textStart') return nodes.slice(0, at).some(takes);
    const isEnd = node.place === 'lineEnd' || node.place === 'textEnd' || node.place === 'lastLineEnd';
    return isEnd && nodes.slice(at + 1).some(takes);
  });
}

export interface DoubleEscape {
  /** The two backslashes and the letter, in UTF-16 units of the pattern. */
  readonly span: Span;
  /** What was probably meant. */
  readonly fix: string;
}

/** Places such as `\\d`, a backslash and a letter, where a class was probably meant. Works on any text. */
export function findDoubleEscapes(source: string): readonly DoubleEscape[] {
  if (!source.includes('\\\\')) return [];
  const found: DoubleEscape[] = [];
  for (const { index, 0: token, 1: character = '' } of source.matchAll(
    /\\(?:\\([dwsDWSbB](?![A-Za-z0-9_])|[.()[\]{}|+*?^$])|[^])/g,
  )) {
    if (character !== '')
      found.push({ span: { start: index, end: index + token.length }, fix: `\\${character}` });
  }
  // A backslash before punctuation may be meant, unless classes are written so too.
  return found.some(({ fix }) => /\w/.test(fix)) ? found : [];
}
