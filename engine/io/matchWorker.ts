// The thread that runs patterns: each stretch of output is cut once for all, equal patterns run once.
import { parentPort, workerData } from 'node:worker_threads';
import type { MatchRequest, MatchResult } from '../ports';
import type { MatchAnswers, MatchCall, MatchWorkerData } from './matchProtocol';
import { OutputChunk } from './outputChunk';
import { searchPattern, type Found } from './patternSearch';
import { serveCalls } from './workerCalls';

if (!parentPort) throw new Error('matchWorker runs as a worker thread');
const { budgetMs } = workerData as MatchWorkerData;

serveCalls<MatchCall>(parentPort, (calls, send) => {
  for (const call of calls) {
    try {
      send([call.answer(match(call.request) satisfies MatchAnswers['match'])]);
    } catch (error) {
      send([call.refuse(error)]);
    }
  }
  return Promise.resolve();
});

function match({ bytes, offset, patterns }: MatchRequest): readonly MatchResult[] {
  const chunk = new OutputChunk(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset);
  const found = new Map<string, Found>();
  return patterns.map(({ watcher, pattern, from }) => {
    const key = `${chunk.findFrom(from)} ${pattern}`;
    const { hits, stopped } = found.get(key) ?? searchPattern(pattern, from, chunk, budgetMs);
    found.set(key, { hits, stopped });
    const overrun = stopped === null ? null : { from: stopped, to: offset + bytes.length };
    return { watcher, hits, overrun };
  });
}
