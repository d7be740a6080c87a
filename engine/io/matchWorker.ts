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

function matchOne(
  segments: readonly Segment[],
  { watcher, pattern: source, from }: MatchRequest['patterns'][number],
  end: number,
  budgetMs: number,
): MatchResult {
  const pattern = toPattern(source);
  const hits: Hit[] = [];
  let at = findFirst(segments, from);
  const overrun = (): MatchResult => ({
    watcher,
    hits,
    overrun: { from: segments[at]?.start ?? end, to: end },
  });
  if (!pattern) return overrun();
  let exhausted = false;
  globalThis.runMatch = () => {
    for (let segment = segments[at]; segment; segment = segments[at]) {
      const found = findHits(pattern, segment);
      if (!found) {
        exhausted = true;
        return;
      }
      hits.push(...found);
      at += 1;
    }
  };
  try {
    script.runInThisContext({ timeout: budgetMs });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return overrun();
  }
  return exhausted ? overrun() : { watcher, hits, overrun: null };
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
