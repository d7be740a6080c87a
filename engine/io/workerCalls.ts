// Requests to a worker thread and their answers: started when it is needed, started again when it has died.
import { Worker, type MessagePort, type Transferable } from 'node:worker_threads';
import { WatchError, toWatchError } from '../errors';
import type { ErrorData } from '../protocol';

interface Call<Request> {
  readonly id: number;
  readonly request: Request;
}

type WireError = ErrorData & { readonly message: string };

type Reply = { readonly id: number } & ({ readonly answer: unknown } | { readonly error: WireError });

/** From the worker: replies to calls, or a sentence that belongs to no call. */
type FromWorker = { readonly replies: readonly Reply[] } | { readonly notice: string };

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: WatchError) => void;
}

export interface WorkerCallsOptions {
  /** The worker's bundle. */
  readonly path: string;
  readonly data: unknown;
  /** What calls fail with when the worker dies under them. */
  readonly onDeath: (cause: unknown) => WatchError;
  readonly onNotice?: (notice: string) => void;
}

/** `Answers` maps the kind of each request to its answer. The worker keeps the process alive only while a call waits. */
export class WorkerCalls<
  Request extends { readonly kind: string },
  Answers extends Record<Request['kind'], unknown>,
> {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private closed = false;

  constructor(private readonly options: WorkerCallsOptions) {}

  get isRunning(): boolean {
    return this.worker !== undefined;
  }

  /** Starts the worker, so that the first call need not wait for it. */
  prepare(): void {
    if (this.closed || this.worker) return;
    this.worker = this.start();
    this.worker.unref();
  }

  /** Throws what the worker threw, as a WatchError. */
  call<Kind extends Request['kind']>(
    request: Extract<Request, { kind: Kind }>,
    transfer: readonly Transferable[] = [],
  ): Promise<Answers[Kind]> {
    if (this.closed) return Promise.reject(closedError());
    const worker = (this.worker ??= this.start());
    worker.ref();
    this.lastId++;
    const call: Call<Request> = { id: this.lastId, request };
    return new Promise<Answers[Kind]>((resolve, reject) => {
      this.waiting.set(call.id, { resolve, reject });
      worker.postMessage(call, transfer);
    });
  }

  /** Ends the worker; calls that still wait fail. */
  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    this.worker = undefined;
    this.failAll(closedError());
    await worker?.terminate();
  }

  private start(): Worker {
    const worker = new Worker(this.options.path, { workerData: this.options.data, execArgv: [] });
    const end = (cause: unknown): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.failAll(this.options.onDeath(cause));
    };
    worker.on('message', (message: FromWorker) => {
      this.receive(message, worker);
    });
    worker.on('error', end);
    worker.on('exit', (code) => {
      end(new Error(`The worker ended with code ${code}`));
    });
    return worker;
  }

  private receive(message: FromWorker, worker: Worker): void {
    if ('notice' in message) {
      this.options.onNotice?.(message.notice);
      return;
    }
    for (const reply of message.replies) {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('error' in reply)
        waiting?.reject(new WatchError(reply.error.code, reply.error.message, reply.error.remedy));
      else waiting?.resolve(reply.answer as never);
    }
    if (this.waiting.size === 0) worker.unref();
  }

  private failAll(error: WatchError): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

const closedError = (): WatchError =>
  new WatchError('engine-stopping', 'The engine is stopping.', 'Try again when it has started again.');

/** A call as its worker sees it. */
export interface Incoming<Request> {
  readonly request: Request;
  answer(answer: unknown): Reply;
  refuse(error: unknown): Reply;
}

/**
 * The worker's end: `handle` gets all calls that have come since the last time, in their order; what it returns is sent
 * at once.
 */
export function serveCalls<Request>(
  port: MessagePort,
  handle: (calls: readonly Incoming<Request>[], send: (replies: readonly Reply[]) => void) => Promise<void>,
): void {
  let calls: Incoming<Request>[] = [];
  port.on('message', ({ id, request }: Call<Request>) => {
    calls.push({
      request,
      answer: (answer) => ({ id, answer }),
      refuse: (error) => {
        const { code, message, remedy } = toWatchError(error);
        return { id, error: { code, message, remedy } };
      },
    });
    if (calls.length > 1) return;
    setImmediate(() => {
      const taken = calls;
      calls = [];
      void handle(taken, (replies) => {
        port.postMessage({ replies } satisfies FromWorker);
      });
    });
  });
}

export function sendNotice(port: MessagePort, notice: string): void {
  port.postMessage({ notice } satisfies FromWorker);
}
