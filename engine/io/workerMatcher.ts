// The port Matcher on a worker thread; a worker that dies is replaced.
import { Worker } from 'node:worker_threads';
import { WatchError } from '../errors';
import type { Matcher, MatchResult } from '../ports';
import type { MatchOrder, MatchReply } from './matchProtocol';

export interface WorkerMatcherOptions {
  /** The bundle of matchWorker. */
  readonly workerPath: string;
  /** Time for one pattern and request, ms. */
  readonly budgetMs: number;
}

interface Waiting {
  readonly resolve: (results: readonly MatchResult[]) => void;
  readonly reject: (error: WatchError) => void;
}

export function createWorkerMatcher({ workerPath, budgetMs }: WorkerMatcherOptions): Matcher {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let lastId = 0;

  const start = (): Worker => {
    const fresh = new Worker(workerPath);
    fresh.on('message', (reply: MatchReply) => {
      const request = waiting.get(reply.id);
      waiting.delete(reply.id);
      if ('error' in reply) request?.reject(toError(reply.error));
      else request?.resolve(reply.results);
    });
    const lost = (reason: string): void => {
      if (worker === fresh) worker = undefined;
      for (const { reject } of waiting.values()) reject(toError(reason));
      waiting.clear();
    };
    fresh.on('error', (error) => {
      lost(error.message);
    });
    fresh.on('exit', (code) => {
      lost(`the match worker ended with code ${code}`);
    });
    fresh.unref();
    return fresh;
  };

  return {
    match: (request) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        worker ??= start();
        const order: MatchOrder = { id, request, budgetMs };
        worker.postMessage(order);
      }),
    close: async () => {
      const last = worker;
      worker = undefined;
      await last?.terminate();
    },
  };
}

const toError = (reason: string): WatchError =>
  new WatchError('internal', `Matching failed: ${reason}`, 'It is tried again; the log has the details.');
