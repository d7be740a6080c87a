// A matcher without a thread: the fake of the matcher's conformance suite.
import { compilePattern } from '../../language/regex/compile';
import type { Hit, Matcher } from '../../engine/ports';
import { findFirst, findHits, splitSegments } from '../../engine/segments';
import { nodeDecoder } from '../../engine/io/decoder';

export const inThreadMatcher: Matcher = {
  match: ({ bytes, offset, patterns }) => {
    const segments = splitSegments(bytes, offset, nodeDecoder);
    return Promise.resolve(
      patterns.map(({ watcher, pattern: source, from }) => {
        const pattern = compilePattern(source).value;
        const hits: Hit[] = [];
        for (const segment of segments.slice(findFirst(segments, from))) {
          const found = pattern && findHits(pattern, segment);
          if (!found) return { watcher, hits, overrun: { from: segment.start, to: offset + bytes.length } };
          hits.push(...found);
        }
        return { watcher, hits, overrun: null };
      }),
    );
  },
  close: () => Promise.resolve(),
};
