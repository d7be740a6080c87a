// The thread that runs patterns: one that exceeds its time is stopped by the vm, the others go on.
import { Script } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { compilePattern, type Pattern } from '../../language/regex/compile';
import type { Hit, MatchRequest, MatchResult } from '../ports';
import { findFirst, findHits, splitSegments, type Segment } from '../segments';
import { nodeDecoder } from './decoder';
import type { MatchOrder, MatchReply } from './matchProtocol';

const patterns = new Map<string, Pattern | undefined>();
const maxPatterns = 10_000;

function toPattern(source: string): Pattern | undefined {
  if (!patterns.has(source)) {
    if (patterns.size >= maxPatterns) patterns.clear();
    patterns.set(source, compilePattern(source).value);
  }
  return patterns.get(source);
}

/** The vm's time limit holds for what a script runs: this one runs `runMatch`. */
const script = new Script('runMatch()');
declare global {
  var runMatch: () => void;
}

/** Runs `work` at most so long; false where it was stopped. */
function runWithin(budgetMs: number, work: () => void): boolean {
  globalThis.runMatch = work;
  try {
    script.runInThisContext({ timeout: budgetMs });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return false;
  }
}

function matchOne(
  segments: readonly Segment[],
  { watcher, pattern: source, from }: MatchRequest['patterns'][number],
  end: number,
  budgetMs: number,
): MatchResult {
  const pattern = toPattern(source);
  // What `at` has passed is done: a stop between the two lines leaves no segment half told.
  const found: (readonly Hit[])[] = [];
  const first = findFirst(segments, from);
  let at = first;
  let exhausted = !pattern;
  const matchUntil = (last: number) => (): void => {
    for (let segment = segments[at]; segment && pattern && at < last && !exhausted; segment = segments[at]) {
      const hits = findHits(pattern, segment);
      if (!hits) exhausted = true;
      else {
        found[at - first] = hits;
        at += 1;
      }
    }
  };
  while (at < segments.length && !exhausted) {
    if (runWithin(budgetMs, matchUntil(segments.length))) continue;
    // The time was up: on a busy machine, or because of one segment. That one gets a budget of its own.
    const stuck = at;
    runWithin(budgetMs, matchUntil(stuck + 1));
    exhausted ||= at === stuck;
  }
  const hits = found.slice(0, at - first).flat();
  const stuckAt = segments[at];
  return { watcher, hits, overrun: stuckAt ? { from: stuckAt.start, to: end } : null };
}

function match({ bytes, offset, patterns: wanted }: MatchRequest, budgetMs: number): readonly MatchResult[] {
  const segments = splitSegments(bytes, offset, nodeDecoder);
  return wanted.map((pattern) => matchOne(segments, pattern, offset + bytes.length, budgetMs));
}

parentPort?.on('message', ({ id, request, budgetMs }: MatchOrder) => {
  let reply: MatchReply;
  try {
    reply = { id, results: match(request, budgetMs) };
  } catch (error) {
    reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort?.postMessage(reply);
});
