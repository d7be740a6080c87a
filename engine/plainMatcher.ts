// A matcher on the caller's own thread: no clock stops it, so that a pattern which could explode runs on counted steps.
import { findBounded } from '../language/regex/boundedFind';
import { compilePattern } from '../language/regex/compile';
import type { Hit, MatchRequest, Matcher, MatchResult } from './ports';
import { findFirst, splitSegments, type Decoder, type Segment } from './segments';

export function createPlainMatcher(decoder: Decoder): Matcher {
  return {
    prepare: () => undefined,
    match: ({ bytes, offset, patterns }) => {
      const segments = splitSegments(bytes, offset, decoder);
      const end = offset + bytes.length;
      return Promise.resolve(patterns.map((wanted) => matchOne(wanted, segments, end)));
    },
    close: () => Promise.resolve(),
  };
}

function matchOne(
  { watcher, pattern: source, from }: MatchRequest['patterns'][number],
  segments: readonly Segment[],
  to: number,
): MatchResult {
  const pattern = compilePattern(source).value;
  const hits: Hit[] = [];
  if (!pattern) return { watcher, hits, overrun: null };
  for (const segment of segments.slice(findFirst(segments, from))) {
    const { matches, exhausted } = findBounded(pattern, segment.text, { spans: false });
    if (exhausted) return { watcher, hits, overrun: { from: segment.start, to } };
    for (const { start, end, groups } of matches)
      hits.push({
        line: segment.line,
        segment: segment.start,
        groups: [segment.text.slice(start, end), ...groups],
      });
  }
  return { watcher, hits, overrun: null };
}
