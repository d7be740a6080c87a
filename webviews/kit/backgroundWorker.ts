// Work beside the page, which is ended when it takes too long: patterns of people may.

export interface BackgroundWorker<Job, Result> {
  /** The last job counts: one that waits or runs is given up, and its promise never settles. Rejects with TooSlow after the limit. */
  readonly run: (job: Job) => Promise<Result>;
  readonly dispose: () => void;
}

export class TooSlow extends Error {
  constructor(limitMs: number) {
    super(`It took longer than ${limitMs} ms.`);
    this.name = 'TooSlow';
  }
}

interface Running<Result> {
  readonly id: number;
  readonly resolve: (result: Result) => void;
  readonly timer: number;
}

/** What crosses to the worker and back. */
export interface WorkerMessage<Content> {
  readonly id: number;
  readonly content: Content;
}

/** A page may not start a worker from where its files are: it is started from a copy of the text. */
async function startWorker(address: string): Promise<Worker> {
  const response = await fetch(address);
  const copy = URL.createObjectURL(new Blob([await response.text()], { type: 'text/javascript' }));
  const worker = new Worker(copy);
  URL.revokeObjectURL(copy);
  return worker;
}

/** `limitMs` is for one job, without what it takes to start the worker. */
export function createBackgroundWorker<Job, Result>(
  address: string,
  limitMs: number,
): BackgroundWorker<Job, Result> {
  let worker: Promise<Worker> | undefined;
  let running: Running<Result> | undefined;
  let lastId = 0;

  const end = (): void => {
    void worker?.then((one) => {
      one.terminate();
    });
    worker = undefined;
  };
  const start = async (): Promise<Worker> => {
    const started = await startWorker(address);
    started.addEventListener('message', ({ data: { id, content } }: MessageEvent<WorkerMessage<Result>>) => {
      if (id !== running?.id) return;
      clearTimeout(running.timer);
      const { resolve } = running;
      running = undefined;
      resolve(content);
    });
    return started;
  };

  return {
    run: async (job) => {
      lastId += 1;
      const id = lastId;
      // What still runs for nobody would keep this one waiting.
      if (running) {
        clearTimeout(running.timer);
        running = undefined;
        end();
      }
      const ready = await (worker ??= start()).catch((thrown: unknown) => {
        // The next job tries it anew.
        worker = undefined;
        throw thrown;
      });
      if (id !== lastId) return new Promise<never>(() => undefined);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          running = undefined;
          end();
          reject(new TooSlow(limitMs));
        }, limitMs);
        running = { id, resolve, timer };
        ready.postMessage({ id, content: job } satisfies WorkerMessage<Job>);
      });
    },
    dispose: end,
  };
}
