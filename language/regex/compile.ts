// The face of regex/: a Python pattern, compiled once, that finds what Python's finditer finds.
import type { Parsed } from '../text';
import { BudgetExceeded, compileTree, type TreeMatcher } from './matcher';
import { parsePattern, type PatternProblem } from './parser';
import { translatePattern } from './translate';
import type { ParsedPattern } from './tree';

export type { PatternProblem } from './parser';

/** UTF-16 offsets; groups from 1 on, null where a group did not take part. */
export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | null)[];
  readonly groupSpans: readonly (readonly [number, number] | null)[];
}

export interface Found {
  readonly matches: readonly PatternMatch[];
  /** The budget of steps ran out: there may be more matches. */
  readonly exhausted: boolean;
}

export interface Pattern {
  readonly source: string;
  readonly tree: ParsedPattern;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** True where V8's engine runs it, false where the own matcher does. */
  readonly translated: boolean;
  /** All matches that do not overlap, from left to right, with Python's rules for empty ones. */
  findAll(text: string, limit?: number): Found;
}

/** Steps of the own matcher for one text: a tenth of a second or so. */
const maxSteps = 2_000_000;
const asciiOnly = /^[\x00-\x7f]*$/;

/** `flags` among `M I S X A U`, as letters: exactly those hold. */
export function compilePattern(source: string, flags = 'M'): Parsed<Pattern | undefined, PatternProblem> {
  const { value: tree, problems } = parsePattern(source, flags);
  return { value: tree && toPattern(tree), problems };
}

function toPattern(tree: ParsedPattern): Pattern {
  const expressions = new Map<boolean, RegExp | undefined>();
  const toExpression = (ascii: boolean): RegExp | undefined => {
    if (!expressions.has(ascii)) {
      const translation = translatePattern(tree, ascii);
      expressions.set(ascii, translation && new RegExp(translation.source, `${translation.flags}dg`));
    }
    return expressions.get(ascii);
  };
  let begin: ReturnType<typeof compileTree> | undefined;
  return {
    source: tree.source,
    tree,
    groupCount: tree.groupCount,
    groupNames: tree.groupNames,
    get translated() {
      return toExpression(false) !== undefined;
    },
    findAll: (text, limit = Infinity) => {
      const expression = toExpression(asciiOnly.test(text));
      if (expression) return findByExpression(expression, text, limit);
      begin ??= compileTree(tree);
      return findByTree(begin, text, limit);
    },
  };
}

function findByExpression(expression: RegExp, text: string, limit: number): Found {
  const matches: PatternMatch[] = [];
  expression.lastIndex = 0;
  while (matches.length < limit) {
    const match = expression.exec(text);
    if (!match) break;
    const spans = match.indices?.slice(1) ?? [];
    matches.push({
      start: match.index,
      end: match.index + match[0].length,
      groups: match.slice(1).map((group: string | undefined) => group ?? null),
      groupSpans: spans.map((span: [number, number] | undefined) => span ?? null),
    });
  }
  return { matches, exhausted: false };
}

function findByTree(begin: ReturnType<typeof compileTree>, text: string, limit: number): Found {
  const characters = [...text];
  const offsets = [0];
  for (const character of characters) offsets.push((offsets.at(-1) ?? 0) + character.length);
  const offset = (at: number): number => offsets[at] ?? text.length;
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  const matcher = begin(codes, maxSteps);
  const matches: PatternMatch[] = [];
  try {
    let mustAdvance = false;
    for (let at = 0; at <= codes.length && matches.length < limit;) {
      const match = search(matcher, at, codes.length, mustAdvance);
      if (!match) break;
      const groupSpans: (readonly [number, number] | null)[] = [];
      for (let index = 2; index < match.marks.length; index += 2) {
        const [start = -1, end = -1] = [match.marks[index], match.marks[index + 1]];
        groupSpans.push(end < 0 ? null : [offset(start), offset(end)]);
      }
      const groups = groupSpans.map((span) => span && text.slice(...span));
      matches.push({ start: offset(match.start), end: offset(match.end), groups, groupSpans });
      at = match.end;
      mustAdvance = match.end === match.start;
    }
  } catch (error) {
    if (!(error instanceof BudgetExceeded)) throw error;
    return { matches, exhausted: true };
  }
  return { matches, exhausted: false };
}

function search(
  matcher: TreeMatcher,
  from: number,
  length: number,
  mustAdvance: boolean,
): { start: number; end: number; marks: Int32Array } | undefined {
  for (let start = from; start <= length; start++) {
    const match = matcher.matchAt(start, mustAdvance && start === from);
    if (match) return { start, ...match };
  }
  return undefined;
}
