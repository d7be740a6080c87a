// Finds text that every match contains, so that a search for it in the bytes can stand before the pattern.
import { type CharSet, onlyMember, sizeOf } from './charSet';
import type { Pattern } from './compile';
import type { Node } from './tree';
import { charsOf } from './unitChars';

/** A text, case as written, that occurs in every match; undefined where there is none. Search for it as UTF-8. */
export function findMandatoryLiteral(pattern: Pattern): string | undefined {
  const literals = findMandatoryLiterals(pattern);
  return literals?.length === 1 ? literals[0] : undefined;
}

/** Texts of which every match contains at least one (`ERROR|FAIL`); undefined where there is no short list. */
export function findMandatoryLiterals(pattern: Pattern): readonly string[] | undefined {
  const literals = findLiterals(pattern.tree.root, onlyMember);
  return literals === undefined ? undefined : usable(literals)?.texts;
}

/**
 * The same for a search that takes ASCII's capitals for small letters: the texts have small ones only, and patterns that
 * ignore case have texts too (`(?i)error`; not `(?i)kill`, where a k may be the Kelvin sign).
 */
export function findFoldedLiterals(pattern: Pattern): readonly string[] | undefined {
  const literals = findLiterals(pattern.tree.root, foldedMember);
  return literals === undefined ? undefined : usable(literals)?.texts;
}

/** Texts of which every match contains at least one. */
export interface MandatoryLiterals {
  readonly texts: readonly string[];
  /** The texts have small letters only, which stand for ASCII's capitals too. */
  readonly folded: boolean;
}

/** Case as written where that is no worse, folded otherwise. */
export function findRarestLiterals(pattern: Pattern): MandatoryLiterals | undefined {
  const exact = findMandatoryLiterals(pattern);
  const folded = findFoldedLiterals(pattern);
  if (exact !== undefined && (folded === undefined || worth(exact) >= worth(folded)))
    return { texts: exact, folded: false };
  return folded && { texts: folded, folded: true };
}

const maxAlternatives = 16;

/** The character that a set stands for, if it is one. */
type FindMember = (set: CharSet) => number | undefined;

/** One character, or a letter of ASCII in both cases. */
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
}

const nothing: Literals = { texts: [''], whole: true };

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
  return code >= 0xd800 && code <= 0xdfff ? undefined : { texts: [String.fromCodePoint(code)], whole: true };
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
  return whole ? { texts, whole } : usable({ texts, whole });
}

/** The best of the runs of neighbours that are wholly known. */
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
  return candidates
    .filter((one) => usable(one) !== undefined)
    .sort((one, other) => worth(other.texts) - worth(one.texts))[0];
}

function join(one: Literals, other: Literals): Literals | undefined {
  if (one.texts.length * other.texts.length > maxAlternatives) return undefined;
  return { texts: one.texts.flatMap((start) => other.texts.map((end) => start + end)), whole: true };
}

/** Long texts are rare in a log, and few are faster to look for than many. */
function worth(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length)) - (texts.length - 1) / 4;
}
