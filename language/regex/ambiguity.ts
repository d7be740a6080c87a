// Asks whether a loop can take one text in two ways: then a failing match may try exponentially many.
import { type CharSet, overlaps, union } from './charSet';
import { childrenOf, type Node, type RepeatNode } from './tree';
import { charsOf } from './unitChars';

/** Larger loops are not looked at: the work grows with the fourth power. */
const maxPositions = 48;

/** The places of a loop's body where a character is taken, and which may follow which. */
interface Automaton {
  readonly chars: CharSet[];
  /** For each place the next ones; one that is listed twice can be reached in two ways. */
  readonly next: number[][];
}

interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const empty: Part = { first: [], last: [], nullable: true };

class TooLarge extends Error {}

/** Whether there is a text that rounds of the loop can divide, or take inside, in more than one way. */
export function isAmbiguousLoop(loop: RepeatNode): boolean {
  if (loop.body.kind === 'unit' || loop.body.kind === 'any') return false;
  const automaton: Automaton = { chars: [], next: [] };
  try {
    connectLoop(build(loop.body, automaton), automaton);
  } catch (error) {
    if (error instanceof TooLarge) return false;
    throw error;
  }
  const repeated = automaton.next.some((targets) => new Set(targets).size < targets.length);
  return repeated || splitsAndMeets(automaton);
}

function build(node: Node, automaton: Automaton): Part {
  switch (node.kind) {
    case 'unit':
    case 'any':
      return addPlace(charsOf(node), automaton);
    case 'place':
    case 'look':
    case 'backreference':
      return empty;
    case 'sequence':
      return chain(node.nodes, automaton);
    case 'alternation':
      return either(
        node.alternatives.map((alternative) => build(alternative, automaton)),
        false,
      );
    case 'conditional':
      return either(
        childrenOf(node).map((branch) => build(branch, automaton)),
        node.no === undefined,
      );
    case 'group':
      return build(node.body, automaton);
    case 'atomic':
      return addPlace(charsIn(node.body), automaton);
    case 'repeat':
      if (node.mode !== 'possessive') return buildRepeat(node, automaton);
      return { ...addPlace(charsIn(node.body), automaton), nullable: node.min === 0 };
  }
}

function addPlace(chars: CharSet, { chars: all, next }: Automaton): Part {
  if (all.length >= maxPositions) throw new TooLarge();
  const place = all.push(chars) - 1;
  next.push([]);
  return { first: [place], last: [place], nullable: false };
}

/** What is never taken otherwise counts as one place. */
function charsIn(node: Node): CharSet {
  if (node.kind === 'unit' || node.kind === 'any') return charsOf(node);
  return union(...childrenOf(node).map(charsIn));
}

function chain(nodes: readonly Node[], automaton: Automaton): Part {
  return nodes.reduce<Part>((before, node) => join(before, build(node, automaton), automaton), empty);
}

function join(one: Part, other: Part, automaton: Automaton): Part {
  connect(one.last, other.first, automaton);
  return {
    first: one.nullable ? [...one.first, ...other.first] : one.first,
    last: other.nullable ? [...one.last, ...other.last] : other.last,
    nullable: one.nullable && other.nullable,
  };
}

function either(parts: readonly Part[], nullable: boolean): Part {
  return {
    first: parts.flatMap((part) => part.first),
    last: parts.flatMap((part) => part.last),
    nullable: nullable || parts.some((part) => part.nullable),
  };
}

function connect(from: readonly number[], to: readonly number[], { next }: Automaton): void {
  for (const place of from) next[place]?.push(...to);
}

function connectLoop(part: Part, automaton: Automaton): Part {
  connect(part.last, part.first, automaton);
  return part;
}

/** Counted rounds are written out, optional ones inside of each other; what goes on without end is a loop. */
function buildRepeat({ body, min, max }: RepeatNode, automaton: Automaton): Part {
  const required = max === Infinity ? Math.max(min - 1, 0) : min;
  let part = empty;
  for (let round = 0; round < required; round++) part = join(part, build(body, automaton), automaton);
  if (max !== Infinity) return join(part, buildOptional(body, max - min, automaton), automaton);
  const loop = connectLoop(build(body, automaton), automaton);
  return join(part, min === 0 ? { ...loop, nullable: true } : loop, automaton);
}

function buildOptional(body: Node, rounds: number, automaton: Automaton): Part {
  let part = empty;
  for (let round = 0; round < rounds; round++) {
    part = { ...join(build(body, automaton), part, automaton), nullable: true };
  }
  return part;
}

/** Two ways that part at one place, read the same characters and come together at one place again. */
function splitsAndMeets({ chars, next }: Automaton): boolean {
  const count = chars.length;
  const seen = new Set<number>();
  const pending: (readonly [number, number])[] = chars.map((_, place) => [place, place] as const);
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [one, other] = pair;
    for (const a of next[one] ?? []) {
      for (const b of next[other] ?? []) {
        if (a === b ? one === other : !overlaps(chars[a] ?? [], chars[b] ?? [])) continue;
        if (a === b) return true;
        if (seen.has(a * count + b)) continue;
        seen.add(a * count + b);
        pending.push([a, b]);
      }
    }
  }
  return false;
}
