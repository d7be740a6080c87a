// Jobs of a background worker one after the other: none is given up for the next.
import type { BackgroundWorker } from './backgroundWorker';

/** Each job waits until those before it are done, or were ended. Rejects as the worker does. */
export function inTurn<Job, Result>(
  worker: Pick<BackgroundWorker<Job, Result>, 'run'>,
): (job: Job) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const next = last.then(() => worker.run(job));
    last = next.catch(() => undefined);
    return next;
  };
}
