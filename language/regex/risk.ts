// Warns of patterns whose work can explode: ambiguous loops, and neighbouring loops over the same characters.
import { createWork, isAmbiguousLoop, type Work } from './ambiguity';
import { type CharSet, hasChar, intersection, overlaps, sizeOf } from './charSet';
import type { Pattern } from './compile';
import { alwaysMatches } from './facts';
import type { Span } from '../text';
import { childrenOf, type Node, type RepeatNode, type SequenceNode } from './tree';
import { charsOf, plainCharOf } from './unitChars';
import { widthOf } from './width';

export interface Risk {
  /** The loop at fault, in UTF-16 units of the pattern. */
  readonly span: Span;
  readonly message: string;
}

/** Loops with so many rounds are as bad as endless ones. */
const manyRounds = 10;
/** With so many rounds that must be, the work doubles with each of them, though nothing follows. */
const manyRequired = 20;

/**
 * The first loop that can make a search explode. Only what may fail afterwards counts: a loop at the end of a pattern
 * never goes back. That a search is quadratic on lines that nearly match (`.*foo.*`) is usual and not reported.
 */
export function findRisk(pattern: Pattern): Risk | undefined {
  const { root } = pattern.tree;
  return hasLoop(root) ? findIn(root, false, createWork()) : undefined;
}

function hasLoop(node: Node): boolean {
  switch (node.kind) {
    case 'unit':
    case 'any':
    case 'place':
      return false;
    case 'repeat':
      return node.max >= manyRounds || hasLoop(node.body);
    default:
      return childrenOf(node).some(hasLoop);
  }
}

function findIn(node: Node, failsAfter: boolean, work: Work): Risk | undefined {
  switch (node.kind) {
    case 'sequence':
      return findInSequence(node, failsAfter, work);
    case 'repeat':
      return findInRepeat(node, failsAfter, work);
    case 'atomic':
    case 'look':
      return findIn(node.body, false, work);
    case 'unit':
    case 'any':
    case 'place':
      return undefined;
    case 'group':
      return findIn(node.body, failsAfter, work);
    default:
      return firstOf(childrenOf(node), (child) => findIn(child, failsAfter, work));
  }
}

function firstOf<Item>(items: readonly Item[], find: (item: Item) => Risk | undefined): Risk | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findInRepeat(node: RepeatNode, failsAfter: boolean, work: Work): Risk | undefined {
  const { body, span, min, max, mode } = node;
  // It takes the same text in one way alone.
  if (body.kind === 'unit' || body.kind === 'any') return undefined;
  const explodes = (): boolean => isAmbiguousLoop(node, work) || hasEmptyRounds(node);
  const failsBetween = min > 1 && !alwaysMatches(body);
  const goesBack = (failsAfter && max >= manyRounds) || (failsBetween && min >= manyRequired);
  if (goesBack && mode !== 'possessive' && explodes()) {
    return {
      span,
      message: 'this loop can take the same text in many ways: the work doubles with each character',
    };
  }
  const failsInside = mode === 'possessive' ? false : failsAfter || failsBetween;
  return findIn(body, failsInside, work);
}

/** Rounds that must be, and may be empty: which of them take something can be chosen in many ways. */
function hasEmptyRounds({ body, min }: RepeatNode): boolean {
  if (min < manyRounds) return false;
  const { min: least, max: most } = widthOf(body, new Map());
  return least === 0 && most > 0;
}

function findInSequence(node: SequenceNode, failsAfter: boolean, work: Work): Risk | undefined {
  const { nodes } = node;
  const last = findLastFailing(nodes);
  for (let at = 0; at < nodes.length; at++) {
    const child = nodes[at];
    if (!child || child.kind === 'unit') continue;
    const found = findIn(child, failsAfter || at < last, work);
    if (found) return found;
  }
  return countLoops(node) < 2 ? undefined : findInChain(flatten(node), failsAfter);
}

/** In what `flatten` makes of the node. */
function countLoops(node: Node): number {
  if (node.kind === 'group') return countLoops(node.body);
  if (node.kind !== 'sequence') return isLoop(node) ? 1 : 0;
  let count = 0;
  for (const child of node.nodes) if (child.kind !== 'unit') count += countLoops(child);
  return count;
}

/** Index of the last node that may fail, or -1. */
function findLastFailing(nodes: readonly Node[]): number {
  let at = nodes.length - 1;
  for (let node = nodes[at]; node && alwaysMatches(node); node = nodes[at]) at--;
  return at;
}

function flatten(node: Node, into: Node[] = []): readonly Node[] {
  if (node.kind === 'group') flatten(node.body, into);
  else if (node.kind === 'sequence') for (const child of node.nodes) flatten(child, into);
  else into.push(node);
  return into;
}

/** Endless loops over single characters in a row, each able to take what stands between it and the next. */
interface Chain {
  readonly chars: CharSet;
  readonly length: number;
  /** The character that must follow the last loop, if there is one already. */
  readonly separator: CharSet | undefined;
}

const chainLimit = 3;

function findInChain(nodes: readonly Node[], failsAfter: boolean): Risk | undefined {
  const last = findLastFailing(nodes);
  let chain: Chain | undefined;
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at];
    if (!node || (chain === undefined && node.kind === 'unit')) continue;
    const chars = loopChars(node);
    if (chars === undefined) {
      chain = continued(chain, node);
      continue;
    }
    const adjacent = chain !== undefined && chain.separator === undefined && isMostlySame(chain.chars, chars);
    const linked =
      chain?.separator !== undefined && overlaps(chain.separator, chars) && overlaps(chain.chars, chars);
    const length: number = linked ? (chain?.length ?? 0) + 1 : 1;
    const fails = failsAfter || at < last;
    if (adjacent && fails) {
      return {
        span: node.span,
        message: 'this loop and the one before it can divide the same text in many ways',
      };
    }
    if (length >= chainLimit && fails) {
      const message = `${length} loops in a row can take the same text: the work grows with a high power of the length`;
      return { span: node.span, message };
    }
    chain = { chars, length, separator: undefined };
  }
  return undefined;
}

/** The chain after a node that is no loop: one character that the loop can take keeps it, nothing more. */
function continued(chain: Chain | undefined, node: Node): Chain | undefined {
  if (chain === undefined || alwaysMatches(node)) return chain;
  if (chain.separator !== undefined || (node.kind !== 'unit' && node.kind !== 'any')) return undefined;
  const code = node.kind === 'unit' ? plainCharOf(node) : undefined;
  if (code !== undefined)
    return hasChar(chain.chars, code) ? { ...chain, separator: [code, code] } : undefined;
  const separator = intersection(chain.chars, charsOf(node));
  return separator.length > 0 ? { ...chain, separator } : undefined;
}

const isLoop = (node: Node): node is RepeatNode =>
  node.kind === 'repeat' && node.max >= manyRounds && node.mode !== 'possessive';

function loopChars(node: Node): CharSet | undefined {
  if (!isLoop(node)) return undefined;
  const [single, second] = flatten(node.body);
  if (second !== undefined || (single?.kind !== 'unit' && single?.kind !== 'any')) return undefined;
  return charsOf(single);
}

const printable: CharSet = [0x09, 0x09, 0x20, 0x7e];

function isMostlySame(one: CharSet, other: CharSet): boolean {
  const [a, b] = [intersection(one, printable), intersection(other, printable)];
  const shared = sizeOf(intersection(a, b));
  return shared > 0 && shared >= 0.8 * Math.max(sizeOf(a), sizeOf(b));
}
