// The face of Python's regular expressions: compile a pattern once, then find what `re.finditer` finds.
import type { Parsed } from '../text';
import { createMatcher, type Matcher } from './matcher';
import { kindOf, findNative, toVariant, type Variant } from './nativeFind';
import { createTextMatcher, stepsFor, type TextMatcher } from './ownFind';
import { parsePattern, type PatternProblem } from './parser';
import { type PatternMatch, type Found, shifted } from './patternMatch';
import { compileProgram, findMissedStart } from './program';
import { isTranslatable } from './translatable';
import { type Target, type TextKind, translate } from './translate';
import type { PatternTree } from './tree';
import { widthOf } from './width';

export type { PatternProblem } from './parser';
export type { PatternMatch, Found } from './patternMatch';

export interface FindOptions {
  /** Spans of groups cost a third of the speed; default true. */
  readonly spans?: boolean;
  /** The caller knows what the text holds (`kindOf`); it is looked through otherwise. */
  readonly kind?: TextKind;
  /**
   * Matches every line of the text (cut at `\n`) as if it stood alone, in one go: far faster than line by line. Where
   * a lone `\r` ends a stretch too, the caller puts `\n` in its place first.
   */
  readonly byLine?: boolean;
  /** Runs on the own matcher in any case, so that the work is bounded without a time limit from outside. */
  readonly bounded?: boolean;
}

export interface Pattern {
  readonly source: string;
  readonly tree: PatternTree;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** Whether it runs on JavaScript's engine, which knows no budget: then a time limit has to come from outside. */
  readonly native: boolean;
  /** What `re.finditer` finds, the first `limit` matches of it. Never throws. */
  findAll(text: string, limit?: number, options?: FindOptions): Found;
}

/**
 * Compiles a pattern of Python 3.11's `re`. `flags` are letters among `M I S X A U`. The value is undefined exactly
 * where there is a problem: `bad-regex` with CPython's message and position, or `unsupported-regex` where the exact
 * meaning cannot be had.
 */
export function compilePattern(source: string, flags = 'M'): Parsed<Pattern | undefined, PatternProblem> {
  const { value: tree, problems } = parsePattern(source, flags);
  if (tree === undefined) return { value: undefined, problems };
  const missed = findMissedStart(tree);
  if (missed === undefined) return { value: createPattern(tree), problems };
  const message = 'Python looks for the start of this with other flags than it then matches with';
  return { value: undefined, problems: [{ code: 'unsupported-regex', message, offset: missed.span.start }] };
}

interface Bounds {
  readonly limit: number;
  /** Of the own matcher. */
  readonly steps: number;
}

const kindIndex = { ascii: 0, bars: 1, plain: 2, any: 3 } as const;

function createPattern(tree: PatternTree): Pattern {
  // An editor never asks: that is half of the work of compiling.
  let translatable: boolean | undefined;
  const isNative = (): boolean => (translatable ??= isTranslatable(tree));
  const mayBeEmpty = widthOf(tree.root, tree.groupWidths).min === 0;
  const variants: (Variant | undefined)[] = [];
  let matcher: Matcher | undefined;

  const variantFor = (target: Target, spans: boolean): Variant => {
    const index = kindIndex[target.kind] + (target.byLine ? 4 : 0) + (spans ? 8 : 0);
    return (variants[index] ??= toVariant(translate(tree, target), spans));
  };
  const find = (text: string, options: FindOptions, { limit, steps }: Bounds): Found => {
    const { byLine = false, spans = true, bounded = false } = options;
    const own = bounded || !isNative();
    if (byLine && (own || mayBeEmpty)) return findInLines(text, options, { limit, steps });
    const kind = options.kind ?? kindOf(text);
    const toMatcher = (): TextMatcher => {
      matcher ??= createMatcher(compileProgram(tree));
      return createTextMatcher(matcher, text, steps);
    };
    // V8 finds empty matches inside of surrogate pairs.
    if (own || (mayBeEmpty && kind === 'any')) return toMatcher().find({ limit, spans });
    const found = findNative({ text, variant: variantFor({ kind, byLine }, spans), limit, toMatcher });
    if (!found.exhausted) return found;
    return byLine ? findInLines(text, options, { limit, steps }) : toMatcher().find({ limit, spans });
  };
  const findInLines = (text: string, options: FindOptions, { limit, steps }: Bounds): Found => {
    const matches: PatternMatch[] = [];
    let start = 0;
    let stepsLeft = steps;
    for (const line of text.split('\n')) {
      if (matches.length >= limit) break;
      const bounds = { limit: limit - matches.length, steps: stepsLeft };
      const found = find(line, { ...options, byLine: false }, bounds);
      for (const match of found.matches) matches.push(shifted(match, start));
      if (found.exhausted) return { matches, exhausted: true };
      stepsLeft = matcher?.stepsLeft() ?? stepsLeft;
      start += line.length + 1;
    }
    return { matches, exhausted: false };
  };
  return {
    source: tree.source,
    tree,
    groupCount: tree.groupCount,
    groupNames: tree.groupNames,
    get native() {
      return isNative();
    },
    findAll: (text, limit = Infinity, options = {}) => find(text, options, { limit, steps: stepsFor(text) }),
  };
}
