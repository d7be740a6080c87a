// The face of Python's regular expressions: compile a pattern once, then find what `re.finditer` finds.
import type { Parsed } from '../text';
import { kindOf, scanNative, toVariant, type Variant } from './nativeScan';
import { createTextMatcher, type TextMatcher } from './ownScan';
import { parsePattern, type PatternProblem } from './parser';
import { type PatternMatch, type Scan, shifted } from './patternMatch';
import { compileProgram, type Program } from './program';
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
  return { value: tree === undefined ? undefined : createPattern(tree), problems };
}

function createPattern(tree: PatternTree): Pattern {
  const native = isTranslatable(tree);
  const mayBeEmpty = widthOf(tree.root, tree.groupWidths).min === 0;
  const variants = new Map<string, Variant>();
  let program: Program | undefined;

  const variantFor = (target: Target, spans: boolean): Variant => {
    const key = `${target.kind} ${target.byLine} ${spans}`;
    const known = variants.get(key);
    if (known !== undefined) return known;
    const made = toVariant(translate(tree, target), spans);
    variants.set(key, made);
    return made;
  };
  const matcherFor = (text: string): TextMatcher =>
    createTextMatcher((program ??= compileProgram(tree)), text);

  const scan = (text: string, options: ScanOptions = {}): Scan => {
    const { byLine = false, spans = true, limit = Infinity, bounded = false } = options;
    const own = !native || bounded;
    if (byLine && (own || mayBeEmpty)) return scanLines(text, options);
    if (own) return matcherFor(text).scan({ limit, spans });
    const kind = options.ascii === true ? 'ascii' : kindOf(text);
    const variant = variantFor({ kind, byLine }, spans);
    return scanNative({ text, variant, limit, matcher: () => matcherFor(text) });
  };
  const scanLines = (text: string, options: ScanOptions): Scan => {
    const { limit = Infinity } = options;
    const matches: PatternMatch[] = [];
    let start = 0;
    for (const line of text.split('\n')) {
      const rest = { ...options, byLine: false, limit: limit - matches.length };
      if (rest.limit <= 0) break;
      const found = scan(line, rest);
      for (const match of found.matches) matches.push(shifted(match, start));
      if (found.exhausted) return { matches, exhausted: true };
      start += line.length + 1;
    }
    return { matches, exhausted: false };
  };
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
