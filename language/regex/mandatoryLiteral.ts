// Finds texts that every match contains, so that a search for them in the bytes can stand before the pattern.
import { type CharSet, onlyMember, sizeOf } from './charSet';
import type { Pattern } from './compile';
import type { Node } from './tree';
import { charsOf } from './unitChars';

/** What every match contains, for a search that stands before the pattern. */
export interface MandatoryLiterals {
  /** One or more; of each list one text occurs. What is probably the rarest comes first. */
  readonly lists: readonly (readonly string[])[];
  /** The texts have small letters only, which stand for ASCII's capitals too. */
  readonly folded: boolean;
}

/** Case as written where that is no worse, folded otherwise; undefined where nothing is known. Search for them as UTF-8. */
export function findLiteralLists({ tree: { root } }: Pattern): MandatoryLiterals | undefined {
  const exact = findLists(findLiterals(root, onlyMember));
  const folded = findLists(findLiterals(root, foldedMember));
  if (exact[0] && (!folded[0] || worth(exact[0]) >= worth(folded[0]))) return { lists: exact, folded: false };
  return folded[0] && { lists: folded, folded: true };
}

const maxLists = 3;
/** Shorter texts occur everywhere. */
const furtherWorth = 3;

function findLists(literals: Literals | undefined): readonly (readonly string[])[] {
  if (literals === undefined || usable(literals) === undefined) return [];
  const lists = [literals.texts];
  for (const further of [...literals.also].sort((one, other) => worth(other) - worth(one))) {
    const isNew = !lists.some((list) => list.every((text) => further.some((part) => text.includes(part))));
    if (isNew && worth(further) >= furtherWorth && lists.length < maxLists) lists.push(further);
  }
  return lists;
}

const maxAlternatives = 16;

/** The character that a set stands for, if it is one. */
type FindMember = (set: CharSet) => number | undefined;

/** One character, or a letter of ASCII in both cases: `(?i)e`; not `(?i)k`, which takes the Kelvin sign too. */
function foldedMember(set: CharSet): number | undefined {
  const [first = 0, , last = first] = set;
  const code = first >= 0x41 && first <= 0x5a ? first + 0x20 : first;
  const isPair = set.length === 4 && sizeOf(set) === 2 && code !== first && last === code;
  return isPair || onlyMember(set) !== undefined ? code : undefined;
}

/** What is known of a node: texts of which one must occur, and whether a text is all that the node takes. */
interface Literals {
  readonly texts: readonly string[];
  readonly whole: boolean;
  /** Where that is not the whole: more lists of texts, of each of which one must occur, too. */
  readonly also: readonly (readonly string[])[];
}

const nothing: Literals = { texts: [''], whole: true, also: [] };

function findLiterals(node: Node, findMember: FindMember): Literals | undefined {
  const find = (inner: Node): Literals | undefined => findLiterals(inner, findMember);
  switch (node.kind) {
    case 'unit':
    case 'any':
      return literalOf(findMember(charsOf(node)));
    case 'place':
    case 'look':
      return nothing;
    case 'sequence':
      return findInSequence(node.nodes.map(find));
    case 'alternation':
      return either(node.alternatives.map(find));
    case 'group':
    case 'atomic':
      return find(node.body);
    case 'repeat':
      return node.min === 0 ? undefined : partly(find(node.body), node.max === 1);
    case 'backreference':
      return undefined;
    case 'conditional':
      return node.no === undefined ? undefined : either([find(node.yes), find(node.no)]);
  }
}

/** Surrogates and the replacement character may stand for other bytes; a line end never occurs in a line. */
function literalOf(code: number | undefined): Literals | undefined {
  if (code === undefined || code === 0x0a || code === 0x0d || code === 0xfffd) return undefined;
  return code >= 0xd800 && code <= 0xdfff ? undefined : { ...nothing, texts: [String.fromCodePoint(code)] };
}

function partly(literals: Literals | undefined, whole: boolean): Literals | undefined {
  return literals === undefined || whole ? literals : usable({ ...literals, whole: false });
}

function usable(literals: Literals): Literals | undefined {
  return literals.texts.includes('') ? undefined : literals;
}

function either(alternatives: readonly (Literals | undefined)[]): Literals | undefined {
  const known = alternatives.filter((literals) => literals !== undefined);
  const texts = [...new Set(known.flatMap((literals) => literals.texts))];
  const whole = known.every((literals) => literals.whole);
  if (known.length < alternatives.length || texts.length > maxAlternatives) return undefined;
  return whole ? { texts, whole, also: [] } : usable({ texts, whole, also: [] });
}

/** The runs of neighbours that are wholly known, the best of them first. */
function findInSequence(parts: readonly (Literals | undefined)[]): Literals | undefined {
  const candidates: Literals[] = [];
  let run = nothing;
  for (const part of parts) {
    const joined = part?.whole === true ? join(run, part) : undefined;
    if (joined === undefined) candidates.push({ ...run, whole: false });
    if (joined === undefined && part !== undefined) candidates.push({ ...part, whole: false });
    run = joined ?? nothing;
  }
  if (candidates.length === 0) return run;
  candidates.push({ ...run, whole: false });
  const [best, ...others] = candidates
    .filter((one) => usable(one) !== undefined)
    .sort((one, other) => worth(other.texts) - worth(one.texts));
  return best && { ...best, also: [...best.also, ...others.flatMap(({ texts, also }) => [texts, ...also])] };
}

function join(one: Literals, other: Literals): Literals | undefined {
  if (one.texts.length * other.texts.length > maxAlternatives) return undefined;
  return { ...nothing, texts: one.texts.flatMap((start) => other.texts.map((end) => start + end)) };
}

/** Long texts are rare in a log, and few are faster to look for than many. */
function worth(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length)) - (texts.length - 1) / 4;
}
