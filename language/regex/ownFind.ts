// Finds matches with the own matcher: exact for every pattern, and bounded by a budget of steps.
import { type CodeText, toCodeText } from './codeText';
import type { Matcher, RawMatch } from './matcher';
import type { PatternMatch, Found } from './patternMatch';

/** Steps for one text: enough for anything but a pattern that explodes, and at most some tenths of a second more. */
export const stepsFor = (text: string): number => 1_000_000 + 100 * text.length;

export interface TextMatcher {
  find(options: { readonly limit: number; readonly spans: boolean }): Found;
  /** A match that begins at `offset` and is not empty; `'exhausted'` where the budget ran out. */
  matchNonEmpty(offset: number, spans: boolean): PatternMatch | undefined | 'exhausted';
}

/** Works on `text` until `matcher` is given the next one. */
export function createTextMatcher(matcher: Matcher, text: string, steps: number): TextMatcher {
  const codeText = toCodeText(text);
  matcher.load(codeText, steps);
  const toMatch = (raw: RawMatch, spans: boolean): PatternMatch => toPatternMatch(raw, text, codeText, spans);
  return {
    find({ limit, spans }) {
      const matches: PatternMatch[] = [];
      let from = 0;
      let mustAdvance = false;
      while (matches.length < limit) {
        const found = matcher.search(from, mustAdvance);
        if (found === 'exhausted') return { matches, exhausted: true };
        if (found === undefined) break;
        matches.push(toMatch(found, spans));
        from = found.end;
        mustAdvance = found.end === found.start;
      }
      return { matches, exhausted: false };
    },
    matchNonEmpty(offset, spans) {
      const found = matcher.matchAt(codeText.indexOf(offset), true);
      return found === undefined || found === 'exhausted' ? found : toMatch(found, spans);
    },
  };
}

function toPatternMatch(raw: RawMatch, text: string, codeText: CodeText, spans: boolean): PatternMatch {
  const groupSpans: ([number, number] | null)[] = [];
  for (let at = 0; at < raw.marks.length; at += 2) {
    const [start = -1, end = -1] = raw.marks.slice(at, at + 2);
    // CPython raises SystemError where a stale mark turned a span round.
    const unset = start < 0 || end < start;
    groupSpans.push(unset ? null : [codeText.offsetOf(start), codeText.offsetOf(end)]);
  }
  return {
    start: codeText.offsetOf(raw.start),
    end: codeText.offsetOf(raw.end),
    groups: groupSpans.map((span) => span && text.slice(span[0], span[1])),
    groupSpans: spans ? groupSpans : [],
  };
}
