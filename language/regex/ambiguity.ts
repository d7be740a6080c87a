// Asks whether a loop can take one text in two ways: then a failing match may try exponentially many.
import { type CharSet, overlaps, union } from './charSet';
import { childrenOf, type Node, type RepeatNode } from './tree';
import { charsOf } from './unitChars';

/** Loops that need more work are not judged: it can grow with the fourth power of what they hold. */
const workOfLoop = 30_000;

/** What may be spent on all loops of a pattern. */
export interface Work {
  left: number;
}

export const createWork = (): Work => ({ left: 10 * workOfLoop });

/** The places of a loop's body where a character is taken, and which may follow which. */
interface Automaton {
  readonly chars: CharSet[];
  /** For each place the next ones; one that is listed twice can be reached in two ways. */
  readonly next: number[][];
  /** Whether of the optional rounds of a loop only the first is built. */
  readonly narrow: boolean;
  workLeft: number;
}

interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const empty: Part = { first: [], last: [], nullable: true };

class TooLarge extends Error {}

/** Whether there is a text that rounds of the loop can divide, or take inside, in more than one way. */
export function isAmbiguousLoop(loop: RepeatNode, work: Work): boolean {
  if (loop.body.kind === 'unit' || loop.body.kind === 'any') return false;
  if (isVariableLoop(loop.body)) return true;
  // Most ambiguities show with few rounds. Fewer rounds take nothing that all of them do not: this never errs on a loop.
  return isAmbiguousWithin(loop, work, true) || isAmbiguousWithin(loop, work, false);
}

/** Nothing but a loop that may take more or less: a text can be divided between two rounds of it. */
function isVariableLoop(node: Node): boolean {
  if (node.kind === 'group') return isVariableLoop(node.body);
  if (node.kind === 'sequence') return node.nodes.length === 1 && node.nodes.every(isVariableLoop);
  if (node.kind !== 'repeat' || node.mode === 'possessive') return false;
  return node.max > Math.max(node.min, 1) && (node.body.kind === 'unit' || node.body.kind === 'any');
}

function isAmbiguousWithin({ body }: RepeatNode, work: Work, narrow: boolean): boolean {
  const workLeft = Math.min(work.left, workOfLoop);
  const automaton: Automaton = { chars: [], next: [], narrow, workLeft };
  try {
    connectLoop(build(body, automaton), automaton);
    const repeated = automaton.next.some((targets) => new Set(targets).size < targets.length);
    return repeated || splitsAndMeets(automaton);
  } catch (error) {
    if (error instanceof TooLarge) return false;
    throw error;
  } finally {
    work.left -= workLeft - automaton.workLeft;
  }
}

function spend(automaton: Automaton, work: number): void {
  automaton.workLeft -= work;
  if (automaton.workLeft < 0) throw new TooLarge();
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

function addPlace(chars: CharSet, automaton: Automaton): Part {
  const { chars: all, next } = automaton;
  spend(automaton, 1);
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
  spend(automaton, 4 + one.first.length + one.last.length + other.first.length + other.last.length);
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

function connect(from: readonly number[], to: readonly number[], automaton: Automaton): void {
  const { next } = automaton;
  spend(automaton, from.length * to.length);
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
  for (let round = 0; round < required; round++) {
    spend(automaton, 1);
    part = join(part, build(body, automaton), automaton);
  }
  if (max !== Infinity) {
    const optional = automaton.narrow ? Math.min(max - min, 1) : max - min;
    return join(part, buildOptional(body, optional, automaton), automaton);
  }
  const loop = connectLoop(build(body, automaton), automaton);
  return join(part, min === 0 ? { ...loop, nullable: true } : loop, automaton);
}

function buildOptional(body: Node, rounds: number, automaton: Automaton): Part {
  let part = empty;
  for (let round = 0; round < rounds; round++) {
    spend(automaton, 1);
    part = { ...join(build(body, automaton), part, automaton), nullable: true };
  }
  return part;
}

/** Two ways that part at one place, read the same characters and come together at one place again. */
function splitsAndMeets(automaton: Automaton): boolean {
  const { chars, next } = automaton;
  const count = chars.length;
  const seen = new Set<number>();
  const pending: (readonly [number, number])[] = chars.map((_, place) => [place, place] as const);
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [one, other] = pair;
    for (const a of next[one] ?? []) {
      for (const b of next[other] ?? []) {
        if (a === b ? one === other : !overlapAt(a, b, automaton)) continue;
        if (a === b) return true;
        if (seen.has(a * count + b)) continue;
        seen.add(a * count + b);
        pending.push([a, b]);
      }
    }
  }
  return false;
}

/** Whether one character fits both places. Sets of classes have hundreds of ranges. */
function overlapAt(a: number, b: number, automaton: Automaton): boolean {
  const one = automaton.chars[a] ?? [];
  const other = automaton.chars[b] ?? [];
  spend(automaton, 1 + (one.length + other.length) / 64);
  return overlaps(one, other);
}
