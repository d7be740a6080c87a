// The other end of a page's background worker: each job is answered in its turn.
import type { WorkerMessage } from './backgroundWorker';

export function answerJobs(work: (job: never) => unknown): void {
  addEventListener('message', ({ data: { id, content } }: MessageEvent<WorkerMessage<never>>) => {
    postMessage({ id, content: work(content) } satisfies WorkerMessage<unknown>);
  });
}
