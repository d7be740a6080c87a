// The real matcher, seen from the engine's thread: patterns run in a worker that is started again when it dies.
import { WatchError } from '../errors';
import type { Matcher } from '../ports';
import type { MatchAnswers, MatchCall, MatchWorkerData } from './matchProtocol';
import { WorkerCalls } from './workerCalls';

export interface WorkerMatcherOptions {
  /** The bundle of matchWorker.ts. */
  readonly workerPath: string;
  /** Processor time for a pattern and a segment of output, ms; and for each 16 KiB of a request. */
  readonly budgetMs: number;
}

/** Requests fail with `internal` where the worker dies under them; the next one finds another worker. */
export function createWorkerMatcher({ workerPath, budgetMs }: WorkerMatcherOptions): Matcher {
  const calls = new WorkerCalls<MatchCall, MatchAnswers>({
    path: workerPath,
    data: { budgetMs } satisfies MatchWorkerData,
    onDeath: diedError,
  });
  return {
    prepare: () => {
      calls.prepare();
    },
    match: (request) => {
      // Shared memory is seen by both threads. Of other bytes it gets a copy: only whole buffers cross threads, and the caller
      // keeps these.
      if (request.bytes.buffer instanceof SharedArrayBuffer) return calls.call({ ...request, kind: 'match' });
      const bytes = new Uint8Array(request.bytes);
      return calls.call({ ...request, kind: 'match', bytes }, [bytes.buffer]);
    },
    close: () => calls.close(),
  };
}

const diedError = (cause: unknown): WatchError =>
  new WatchError(
    'internal',
    `The match worker ended unexpectedly: ${cause instanceof Error ? cause.message : String(cause)}`,
    'It is started again, and the output is matched at the next look.',
    cause,
  );
