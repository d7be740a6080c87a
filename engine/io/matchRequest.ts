// Answers one request of the matcher: the output is cut once for all watchers, equal patterns run once.
import type { MatchRequest, MatchResult } from '../ports';
import { findCompiled, findLiteralIndex, type CompiledPattern } from './compiledPatterns';
import { OutputChunk } from './outputChunk';
import { PatternSearch, runSearches, type Budget } from './patternSearch';

/** A slow but honest pattern, one for the language's own matcher, gets its budget anew for so many bytes. */
const bytesPerBudget = 16 * 1024;
const maxHalvings = 2;

export function matchRequest(request: MatchRequest, budgetMs: number): readonly MatchResult[] {
  const { bytes, offset, patterns } = request;
  const chunk = new OutputChunk(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset);
  const searches = createSearches(request, chunk);
  const patternMs = budgetMs * Math.max(1, bytes.length / bytesPerBudget);
  runAll([...searches.values()], { segmentMs: budgetMs, patternMs });
  return patterns.map(({ watcher, pattern, from }) => {
    const first = chunk.findFrom(from);
    const search = searches.get(keyOf(pattern, first));
    const unmatched = search ? search.stoppedAt : first < chunk.count ? chunk.startOf(first) : null;
    const overrun = unmatched === null ? null : { from: unmatched, to: offset + bytes.length };
    return { watcher, hits: search?.finishedHits() ?? [], overrun };
  });
}

const keyOf = (pattern: string, first: number): string => `${first} ${pattern}`;

function createSearches({ patterns }: MatchRequest, chunk: OutputChunk): Map<string, PatternSearch> {
  const wanted = new Map<string, { readonly compiled: CompiledPattern; readonly first: number }>();
  for (const { pattern, from } of patterns) {
    const compiled = findCompiled(pattern);
    const first = chunk.findFrom(from);
    if (compiled) wanted.set(keyOf(pattern, first), { compiled, first });
  }
  const index = findLiteralIndex([...wanted.values()].map(({ compiled }) => compiled));
  const candidates = index.search(chunk);
  return new Map(
    [...wanted].map(([key, { compiled, first }], place) => [
      key,
      new PatternSearch(compiled, chunk, candidates[place], first),
    ]),
  );
}

/** Those with the whole budget first, then what gets a part of it. */
function runAll(searches: readonly PatternSearch[], { segmentMs, patternMs }: Budget): void {
  for (let halvings = 0; halvings <= maxHalvings; halvings++) {
    const share = 2 ** -halvings;
    runSearches(
      searches.filter(({ compiled }) => countHalvings(compiled) === halvings),
      { segmentMs: segmentMs * share, patternMs: patternMs * share },
    );
  }
  for (const { compiled, stoppedAt } of searches)
    compiled.overruns = stoppedAt === null ? 0 : compiled.overruns + 1;
}

/** Of the budget. What was stopped is on its way to be disabled; what looks as if it could explode is halfway there. */
export function countHalvings({ isRisky, overruns }: Pick<CompiledPattern, 'isRisky' | 'overruns'>): number {
  return Math.min(maxHalvings, overruns + (isRisky ? 1 : 0));
}
