// Matches a stretch of one file for all of its readers that have not had it yet.
import { toWatchError } from '../errors';
import type { Matcher, MatchRequest, MatchResult } from '../ports';
import { toMark } from '../tail';
import { countRuns, positionOf, type DueFile, type Reader } from './dueFiles';
import type { Findings, ReadNow } from './examination';

/** Whole segments of a file. */
export interface Stretch {
  readonly from: number;
  readonly length: number;
  readonly answer: ReadNow;
  readonly matcher: Pick<Matcher, 'match'>;
  readonly more: boolean;
}

/** A pattern that breaks the search is an overrun of its watcher alone. */
export async function matchReaders(
  { job, readers }: DueFile,
  { from, length, answer, matcher, more }: Stretch,
): Promise<Findings> {
  const to = from + length;
  const behind = readers.filter((reader) => positionOf(reader) < to);
  const bytes = answer.bytes.subarray(0, length);
  const results = await matchApart({ bytes, offset: from, patterns: behind.map(toSearch) }, matcher);
  const byWatcher = new Map<string, MatchResult>(results.map((result) => [result.watcher, result]));
  const mark = toMark(answer, { consumed: length, position: to, restarts: countRuns(job) });
  const { size } = answer;
  return readers.map((reader) => {
    const { watcher, stream } = reader;
    if (!behind.includes(reader))
      return { watcher: watcher.id, observation: { kind: 'quiet', stream, size } };
    const { hits = [], overrun = null } = byWatcher.get(watcher.id) ?? {};
    const observation = { kind: 'output', stream, hits, overrun, to, mark, size, more } as const;
    return { watcher: watcher.id, observation };
  });
}

const toSearch = (reader: Reader): MatchRequest['patterns'][number] => ({
  watcher: reader.watcher.id,
  pattern: reader.watcher.definition.pattern ?? '',
  from: positionOf(reader),
});

/** Where a request breaks the matcher, each pattern is tried alone: what breaks it again counts as one that takes too long. */
async function matchApart(
  request: MatchRequest,
  matcher: Stretch['matcher'],
): Promise<readonly MatchResult[]> {
  try {
    return await matcher.match(request);
  } catch (error) {
    if (toWatchError(error).code === 'engine-stopping') throw error;
    const { patterns, bytes, offset } = request;
    const results: MatchResult[] = [];
    for (const search of patterns) {
      try {
        results.push(...(await matcher.match({ ...request, patterns: [search] })));
      } catch (failure) {
        const { message } = toWatchError(failure);
        const overrun = { from: Math.max(offset, search.from), to: offset + bytes.length, error: message };
        results.push({ watcher: search.watcher, hits: [], overrun });
      }
    }
    return results;
  }
}
