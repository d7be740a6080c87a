// Decides whether JavaScript's engine gives exactly Python's matches and groups for a pattern.
import { childrenOf, groupsIn, type Node, type PatternTree, type RepeatNode } from './tree';
import { charsOf } from './unitChars';
import { type GroupWidths, widthOf } from './width';

/** Beyond this size V8 may refuse a pattern when it first runs, or take long to compile it. */
const maxSize = 4000;
const maxCount = 1000;

interface Walk {
  readonly widths: GroupWidths;
  /** Groups that have taken part whenever matching comes here. */
  readonly set: Set<number>;
  readonly behind: boolean;
}

export function isTranslatable(tree: PatternTree): boolean {
  const walk: Walk = { widths: tree.groupWidths, set: new Set(), behind: false };
  return sizeOf(tree.root) <= maxSize && isExact(tree.root, walk);
}

/** Adds the groups that `node` always sets to `walk.set`. */
function isExact(node: Node, walk: Walk): boolean {
  switch (node.kind) {
    case 'unit':
    case 'any':
    case 'place':
      return true;
    case 'sequence':
      return node.nodes.every((child) => isExact(child, walk));
    case 'group': {
      const exact = isExact(node.body, walk);
      if (node.number !== undefined) walk.set.add(node.number);
      return exact;
    }
    case 'alternation':
      return isExactAlternation(node.alternatives, walk);
    case 'repeat':
      return isExactRepeat(node, walk);
    case 'look': {
      const inside = { ...walk, set: new Set(walk.set), behind: walk.behind || node.behind };
      if (!isExact(node.body, inside)) return false;
      if (!node.negated) for (const group of inside.set) walk.set.add(group);
      return true;
    }
    case 'atomic':
      return !walk.behind && isExact(node.body, walk);
    case 'backreference':
      // A reference to a group that took no part fails in Python and matches nothing in JavaScript.
      return !node.ignoreCase && walk.set.has(node.group);
    case 'conditional':
      return false;
  }
}

function isExactAlternation(alternatives: readonly Node[], walk: Walk): boolean {
  const sets: Set<number>[] = [];
  for (const alternative of alternatives) {
    const set = new Set(walk.set);
    if (!isExact(alternative, { ...walk, set })) return false;
    sets.push(set);
  }
  for (const group of sets[0] ?? []) if (sets.every((set) => set.has(group))) walk.set.add(group);
  return true;
}

/**
 * JavaScript forgets the groups of a loop at each round and refuses optional rounds that take nothing; Python does
 * neither. So the body of a real loop sets all of its groups, and an optional body is never empty.
 */
function isExactRepeat(node: RepeatNode, walk: Walk): boolean {
  const { body, min, max, mode } = node;
  const groups = groupsIn(body);
  if (min > maxCount || (max !== Infinity && max > maxCount)) return false;
  if (mode === 'possessive' && (walk.behind || groups.length > 0)) return false;
  if (walk.behind && groups.length > 0) return false;
  if ((min !== max || mode === 'possessive') && widthOf(body, walk.widths).min === 0) return false;
  const set = new Set(walk.set);
  if (!isExact(body, { ...walk, set })) return false;
  if (max > 1 && !groups.every((group) => set.has(group))) return false;
  if (min > 0) for (const group of set) walk.set.add(group);
  return true;
}

function sizeOf(node: Node): number {
  if (node.kind === 'unit' || node.kind === 'any') return 1 + (charsOf(node).length >> 4);
  const inside = 1 + childrenOf(node).reduce((sum, child) => sum + sizeOf(child), 0);
  if (node.kind !== 'repeat') return inside;
  return inside * Math.max(1, node.min, node.max === Infinity ? 1 : node.max);
}
