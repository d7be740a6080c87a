// Finds matches with JavaScript's engine, by Python's rules for empty matches.
import type { TextMatcher } from './ownFind';
import type { PatternMatch, Found } from './patternMatch';
import type { TextKind, Translation } from './translate';

/** A translation, ready to run. */
export interface Variant {
  readonly regExp: RegExp;
  readonly groupNumbers: readonly number[];
  readonly spans: boolean;
}

export function toVariant({ source, flags, groupNumbers }: Translation, spans: boolean): Variant {
  const indices = spans && groupNumbers.length > 0 ? 'd' : '';
  return { regExp: new RegExp(source, `${flags}g${indices}`), groupNumbers, spans };
}

const notAscii = /[\r\u0080-\uffff]/;
const notBars = /[\r\u0080-\u218f\u2200-\u24ff\u25a0-\u27ff\u2900-\uffff]/;
const notPlain = /[\r\u2028\u2029\ud800-\udfff]/;

export function kindOf(text: string): TextKind {
  if (!notAscii.test(text)) return 'ascii';
  if (!notBars.test(text)) return 'bars';
  return notPlain.test(text) ? 'any' : 'plain';
}

interface NativeFind {
  readonly text: string;
  readonly variant: Variant;
  readonly limit: number;
  /** The own matcher of the text; asked for only where a match was empty. */
  readonly toMatcher: () => TextMatcher;
}

/** Not for patterns that can be empty on texts of the kind `any`. */
export function findNative({ text, variant, limit, toMatcher }: NativeFind): Found {
  const { regExp } = variant;
  const matches: PatternMatch[] = [];
  let own: TextMatcher | undefined;
  regExp.lastIndex = 0;
  while (matches.length < limit) {
    const match = execute(regExp, text);
    if (match === 'exhausted') return { matches, exhausted: true };
    if (match === null) break;
    matches.push(toPatternMatch(match, variant));
    if (match[0] !== '' || matches.length === limit) continue;
    // After an empty match Python looks for one that begins at the same place and is not empty.
    const next = (own ??= toMatcher()).matchNonEmpty(match.index, variant.spans);
    if (next === 'exhausted') return { matches, exhausted: true };
    if (next !== undefined) matches.push(next);
    else if (match.index >= text.length) break;
    regExp.lastIndex = next?.end ?? match.index + 1;
  }
  return { matches, exhausted: false };
}

/** V8 throws where its own stack is exhausted. */
function execute(regExp: RegExp, text: string): RegExpExecArray | null | 'exhausted' {
  try {
    return regExp.exec(text);
  } catch {
    return 'exhausted';
  }
}

const none: readonly never[] = [];

function toPatternMatch(match: RegExpExecArray, { groupNumbers, spans }: Variant): PatternMatch {
  const start = match.index;
  const end = start + match[0].length;
  if (groupNumbers.length === 0) return { start, end, groups: none, groupSpans: none };
  const groups = groupNumbers.map((number) => match[number] ?? null);
  if (!spans) return { start, end, groups, groupSpans: none };
  return { start, end, groups, groupSpans: groupNumbers.map((number) => match.indices?.[number] ?? null) };
}
