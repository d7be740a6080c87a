// What can be said of a pattern without running it: whether it may take too long, matches everything, or needs a line end.
import type { Span } from '../text';
import { widthOf, type Node, type ParsedPattern, type Sequence } from './tree';

/** A repetition whose rounds can be split in more than one way: exponential on lines that nearly match. */
export function findRisk({ body }: ParsedPattern): Span | undefined {
  return findIn(body);
}

function findIn(nodes: Sequence): Span | undefined {
  for (const node of nodes) {
    if (node.op === 'repeat' && node.max > 10 && node.mode !== 'possessive' && isAmbiguous(node.body))
      return node.span;
    for (const inner of childrenOf(node)) {
      const risk = findIn(inner);
      if (risk) return risk;
    }
  }
  return undefined;
}

function childrenOf(node: Node): readonly Sequence[] {
  switch (node.op) {
    case 'group':
    case 'scope':
    case 'repeat':
    case 'look':
    case 'atomic':
      return [node.body];
    case 'branch':
      return node.branches;
    case 'conditional':
      return [node.yes, node.no ?? []];
    default:
      return [];
  }
}

/** What is repeated begins and ends with a long repetition of its own, or offers two ways for the same text. */
function isAmbiguous(body: Sequence): boolean {
  const flat = flatten(body);
  const open = flat.filter(
    (node) => widthOf([node], new Map()).low > 0 || (node.op === 'repeat' && node.max > 1),
  );
  const [only] = open;
  if (!only) return false;
  if (open.every((node) => node.op === 'repeat' && node.max > 10 && node.mode !== 'possessive')) {
    return open.length === 1 || open.every((node) => node.op === 'repeat' && overlaps(node, only));
  }
  return only.op === 'branch' && open.length === 1 && hasOverlappingBranches(only.branches);
}

const flatten = (nodes: Sequence): Sequence =>
  nodes.flatMap((node) => (node.op === 'group' || node.op === 'scope' ? flatten(node.body) : [node]));

function hasOverlappingBranches(branches: readonly Sequence[]): boolean {
  return branches.some((branch, index) => {
    const [first] = flatten(branch);
    return (
      first !== undefined &&
      branches.slice(index + 1).some((other) => {
        const [second] = flatten(other);
        return second !== undefined && overlaps(first, second);
      })
    );
  });
}

/** Whether two nodes can begin with the same character, tried on the characters of output. */
function overlaps(a: Node, b: Node): boolean {
  const [x, y] = [firstSet(a), firstSet(b)];
  return x !== undefined && y !== undefined && samples.some((code) => x(code) && y(code));
}

const samples = Array.from({ length: 128 }, (_, code) => code);

function firstSet(node: Node): ((code: number) => boolean) | undefined {
  if (node.op === 'any') return () => true;
  if (node.op === 'repeat') {
    const [inner] = flatten(node.body);
    return inner && firstSet(inner);
  }
  if (node.op !== 'set') return undefined;
  const { items, negate } = node;
  return (code) =>
    items.some((item) =>
      item.kind === 'range'
        ? code >= item.low && code <= item.high
        : isAscii(code, item.category) !== item.negate,
    ) !== negate;
}

const asciiClasses = { digit: /[0-9]/, space: /\s/, word: /\w/ };
const isAscii = (code: number, category: keyof typeof asciiClasses): boolean =>
  asciiClasses[category].test(String.fromCharCode(code));

/** Matches any line at all, the empty one too. */
export function matchesEverything({ body }: ParsedPattern): boolean {
  return flatten(body).every((node) => {
    if (node.op === 'anchor')
      return node.anchor !== 'boundary' && node.anchor !== 'nonBoundary' && body.length < 3;
    return node.op === 'repeat' && node.min === 0 && node.body.every((inner) => inner.op === 'any');
  });
}

/** A line end must be matched, which no line has. */
export function needsLineEnd({ body }: ParsedPattern): boolean {
  return flatten(body).some((node) => {
    if (node.op === 'repeat') return node.min > 0 && needsLineEnd({ body: node.body } as ParsedPattern);
    return (
      node.op === 'set' &&
      !node.negate &&
      node.items.every((item) => item.kind === 'range' && item.low === 10 && item.high === 10)
    );
  });
}
