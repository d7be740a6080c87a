// The thread that runs patterns.
import { parentPort, workerData } from 'node:worker_threads';
import type { MatchAnswers, MatchCall, MatchWorkerData } from './matchProtocol';
import { matchRequest } from './matchRequest';
import { serveCalls } from './workerCalls';

if (!parentPort) throw new Error('matchWorker runs as a worker thread');
const { budgetMs } = workerData as MatchWorkerData;

serveCalls<MatchCall>(parentPort, (calls, send) => {
  for (const call of calls) {
    try {
      send([call.answer(matchRequest(call.request, budgetMs) satisfies MatchAnswers['match'])]);
    } catch (error) {
      send([call.refuse(error)]);
    }
  }
  return Promise.resolve();
});
