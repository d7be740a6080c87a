// Going through an output stretch by stretch: which lines match a pattern, and how many lines there are up to a place.
import { compilePattern } from '../language/regex/compile';
import { WatchError } from './errors';
import { findOutput, readStretch, type OutputPlace } from './output';
import type { Matcher } from './ports';
import type { CountLinesRequest, LineCount, OutputMatch, SearchAnswer, SearchRequest } from './protocol';
import { cutSegments, maxSegment } from './tail';

/** A request goes through as much of an output; the next one goes on. */
const bytesAtOnce = 8 * maxSegment;
const maxMatches = 10_000;
/** Characters of a match that are given. */
const longestMatch = 500;
const lineFeed = 10;
const searcher = 'search';

/** Throws bad-request if the pattern cannot be used, and as readOutput. */
export async function searchOutput(
  request: SearchRequest,
  place: OutputPlace & { readonly matcher: Pick<Matcher, 'match'> },
): Promise<SearchAnswer> {
  const { pattern, job, from } = request;
  checkPattern(pattern);
  const limit = Math.min(request.limit, maxMatches);
  const { path } = await findOutput(request, place);
  const matches: OutputMatch[] = [];
  const unmatched: SearchAnswer['unmatched'][number][] = [];
  let at = from;
  for (;;) {
    const { bytes, size } = await readStretch(path, { from: at, length: maxSegment, job }, place.cluster);
    const isRest = at + bytes.length >= size;
    const { length } = cutSegments(bytes, isRest ? 'final' : 'part');
    if (length === 0 && isRest) return { matches, unmatched, to: at, size, isEnd: true };
    if (length === 0)
      throw new WatchError(
        'command-failed',
        `${path}: it holds ${size} bytes and gives only ${at + bytes.length}.`,
        'Look at its file system.',
      );
    const [result] = await place.matcher.match({
      bytes: bytes.slice(0, length),
      offset: at,
      patterns: [{ watcher: searcher, pattern, from: at }],
    });
    for (const { line, segment, groups } of result?.hits ?? [])
      if (matches.at(-1)?.segment !== segment)
        matches.push({ line, segment, text: (groups[0] ?? '').slice(0, longestMatch) });
    if (result?.overrun) unmatched.push({ from: result.overrun.from, to: result.overrun.to });
    const next = matches[limit];
    if (next) return { matches: matches.slice(0, limit), unmatched, to: next.segment, size, isEnd: false };
    at += length;
    const isEnd = isRest && length === bytes.length;
    if (isEnd || at - from >= bytesAtOnce) return { matches, unmatched, to: at, size, isEnd };
  }
}

function checkPattern(pattern: string): void {
  const { value, problems } = compilePattern(pattern);
  if (value) return;
  const message = problems[0]?.message ?? 'it cannot be read';
  throw new WatchError('bad-request', `The pattern cannot be used: ${message}.`, 'Change the pattern.');
}

/** Throws as readOutput. */
export async function countLines(request: CountLinesRequest, place: OutputPlace): Promise<LineCount> {
  const { from, to: until, lines: wanted, job } = request;
  const { path } = await findOutput(request, place);
  let at = from;
  let lines = 0;
  for (;;) {
    const length = Math.min(maxSegment, Math.max(0, (until ?? Infinity) - at));
    const { bytes, size } = await readStretch(path, { from: at, length, job }, place.cluster);
    let next = 0;
    while (lines < (wanted ?? Infinity)) {
      const feed = bytes.indexOf(lineFeed, next);
      if (feed === -1) break;
      next = feed + 1;
      lines++;
    }
    if (lines === wanted) return { to: at + next, lines, size, isDone: true };
    at += bytes.length;
    const isDone = at >= Math.min(size, until ?? Infinity) || bytes.length === 0;
    if (isDone || at - from >= bytesAtOnce) return { to: at, lines, size, isDone };
  }
}
