// The face of Python's regular expressions: compile a pattern once, then find what `re.finditer` finds.
import type { Parsed } from '../text';
import { createMatcher, type Matcher } from './matcher';
import { kindOf, scanNative, toVariant, type Variant } from './nativeScan';
import { createTextMatcher, stepsFor, type TextMatcher } from './ownScan';
import { parsePattern, type PatternProblem } from './parser';
import { type PatternMatch, type Scan, shifted } from './patternMatch';
import { compileProgram, findMissedStart } from './program';
import { isTranslatable } from './translatable';
import { type Target, translate } from './translate';
import type { PatternTree } from './tree';
import { widthOf } from './width';

export type { PatternProblem } from './parser';
export type { PatternMatch, Scan } from './patternMatch';

export interface ScanOptions {
  /** At most so many matches. */
  readonly limit?: number;
  /** Spans of groups cost a third of the speed; default true. */
  readonly spans?: boolean;
  /** The caller knows that the text is ASCII without `\r`; the text is looked through otherwise. */
  readonly ascii?: boolean;
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
  /** All matches of `re.finditer`, the first `limit` of them. Never throws; ends early where the budget ends. */
  findAll(text: string, limit?: number): readonly PatternMatch[];
  /** The same with options, and with the news whether the budget sufficed. Never throws. */
  scan(text: string, options?: ScanOptions): Scan;
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

const kindIndex = { ascii: 0, plain: 1, any: 2 } as const;

function createPattern(tree: PatternTree): Pattern {
  const native = isTranslatable(tree);
  const mayBeEmpty = widthOf(tree.root, tree.groupWidths).min === 0;
  const variants: (Variant | undefined)[] = [];
  let matcher: Matcher | undefined;

  const variantFor = (target: Target, spans: boolean): Variant => {
    const index = kindIndex[target.kind] + (target.byLine ? 3 : 0) + (spans ? 6 : 0);
    return (variants[index] ??= toVariant(translate(tree, target), spans));
  };
  const scanText = (text: string, options: ScanOptions, steps: number): Scan => {
    const { byLine = false, spans = true, limit = Infinity, bounded = false } = options;
    const own = !native || bounded;
    if (byLine && (own || mayBeEmpty)) return scanLines(text, options, steps);
    const kind = options.ascii === true ? 'ascii' : kindOf(text);
    const toMatcher = (): TextMatcher => {
      matcher ??= createMatcher(compileProgram(tree));
      return createTextMatcher(matcher, text, steps);
    };
    // V8 finds empty matches inside of surrogate pairs.
    if (own || (mayBeEmpty && kind === 'any')) return toMatcher().scan({ limit, spans });
    return scanNative({ text, variant: variantFor({ kind, byLine }, spans), limit, toMatcher });
  };
  const scanLines = (text: string, options: ScanOptions, steps: number): Scan => {
    const { limit = Infinity } = options;
    const matches: PatternMatch[] = [];
    let start = 0;
    let stepsLeft = steps;
    for (const line of text.split('\n')) {
      const rest = { ...options, byLine: false, limit: limit - matches.length };
      if (rest.limit <= 0) break;
      const found = scanText(line, rest, stepsLeft);
      for (const match of found.matches) matches.push(shifted(match, start));
      if (found.exhausted) return { matches, exhausted: true };
      stepsLeft = matcher?.stepsLeft() ?? stepsLeft;
      start += line.length + 1;
    }
    return { matches, exhausted: false };
  };
  const scan = (text: string, options: ScanOptions = {}): Scan => scanText(text, options, stepsFor(text));
  return {
    source: tree.source,
    tree,
    groupCount: tree.groupCount,
    groupNames: tree.groupNames,
    native,
    findAll: (text, limit = Infinity) => scan(text, { limit }).matches,
    scan,
  };
}
