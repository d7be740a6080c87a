// Reads local files in a process of its own, which is ended if a file gives no answer: the engine's threads never wait.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ReadAnswer, ReadRequest } from '../ports';
import { toUnanswered } from './irregular';
import { AnswerReader, printRequests } from './readFrames';
import { Suspects } from './suspects';

export interface FileReaderOptions {
  /** What runs `readFiles`: a Node and its words. */
  readonly program: readonly [string, ...string[]];
  /** A file gets this much time, ms. */
  readonly limitMs?: number;
}

const defaultLimitMs = 5000;
/** Once a file of a call has given no answer, the others of this call get less, ms: they may lie beside it. */
const nextLimitMs = 1000;
/** Its process must have started within this time, ms. */
const startLimitMs = 30_000;

export class FileReader {
  private readonly limitMs: number;
  private readonly main: Lane;
  /** Looks at files that gave no answer before. */
  private readonly side: Lane;
  private readonly suspects: Suspects;
  private last: Promise<unknown> = Promise.resolve();

  constructor({ program, limitMs = defaultLimitMs }: FileReaderOptions) {
    this.limitMs = limitMs;
    this.main = new Lane(program);
    this.side = new Lane(program);
    this.suspects = new Suspects(
      async (path) => (await this.side.ask([toLook(path)], this.limitMs, () => undefined)) === undefined,
      () => performance.now(),
    );
  }

  /** Starts its process, so that the first file need not wait for it. */
  start(): void {
    this.main.prepare();
  }

  /** Answers in the order of the requests; one call after another. Does not throw for files. */
  read(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    const reading = this.last.then(() => this.readAll(requests));
    this.last = reading.catch(() => undefined); // Whoever asked is told.
    return reading;
  }

  close(): void {
    this.main.close();
    this.side.close();
  }

  private async readAll(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    const answers = new Map<ReadRequest, ReadAnswer>();
    this.suspects.review();
    let limitMs = this.limitMs;
    let deaths = 0;
    for (;;) {
      const rest = requests.filter((request) => !answers.has(request) && !this.suspects.has(request.path));
      const trouble = await this.main.ask(rest, limitMs, (request, answer) => {
        answers.set(request, answer);
      });
      if (!trouble) break;
      if (trouble.kind === 'late') {
        this.suspects.add(trouble.request.path);
        limitMs = Math.min(limitMs, nextLimitMs);
      } else if (++deaths > 1) {
        const { message } = trouble;
        return requests.map((request) => answers.get(request) ?? { kind: 'failed', message });
      }
    }
    return requests.map((request) => answers.get(request) ?? toUnanswered(this.limitMs));
  }
}

/** Enough to see whether its file system answers. */
const toLook = (path: string): ReadRequest => ({
  ...{ path, from: 0, maxBytes: 1, before: 0, head: 0 },
  fresh: true,
});

type Trouble =
  | { readonly kind: 'late'; readonly request: ReadRequest }
  | { readonly kind: 'dead'; readonly message: string };

interface Running {
  readonly child: ChildProcess;
  readonly input: Writable;
  readonly output: Readable;
  /** It has said that it runs. */
  isUp: boolean;
  /** Called with what the process writes, and with why it is no more. */
  onData: (chunk: Buffer) => void;
  onEnd: (message: string) => void;
}

/** One process at a time, started when it is needed and started again after it was ended. */
class Lane {
  private running: Running | undefined;
  private isClosed = false;

  constructor(private readonly program: FileReaderOptions['program']) {}

  /** The process that runs, or a new one. */
  prepare(): Running {
    return (this.running ??= this.start());
  }

  /** Gives each answer as it comes; undefined once all are there. Whoever is late is ended. */
  ask(
    requests: readonly ReadRequest[],
    limitMs: number,
    onAnswer: (request: ReadRequest, answer: ReadAnswer) => void,
  ): Promise<Trouble | undefined> {
    if (requests.length === 0) return Promise.resolve(undefined);
    if (this.isClosed) return Promise.resolve({ kind: 'dead', message: 'the engine is stopping' });
    const running = this.prepare();
    const reader = new AnswerReader();
    hold(running, true);
    return new Promise((resolve) => {
      let count = 0;
      let bytes = 0;
      let timer: NodeJS.Timeout | undefined;
      const finish = (trouble?: Trouble): void => {
        clearTimeout(timer);
        running.onData = () => undefined;
        running.onEnd = () => undefined;
        if (trouble) this.end(running);
        else hold(running, false);
        resolve(trouble);
      };
      const wait = (): void => {
        clearTimeout(timer);
        const [request] = requests.slice(count, count + 1);
        const seen = bytes;
        timer = setTimeout(
          () => {
            // This thread may have been busy, or the computer asleep: what has arrived meanwhile comes first.
            setImmediate(() => {
              if (running.onEnd !== end) return;
              if (bytes !== seen) wait();
              else if (request) finish({ kind: 'late', request });
            });
          },
          running.isUp ? limitMs : startLimitMs,
        );
      };
      const end = (message: string): void => {
        finish({ kind: 'dead', message });
      };
      running.onEnd = end;
      running.onData = (chunk) => {
        bytes += chunk.length;
        reader.push(chunk);
        for (let answer = reader.next(); answer; answer = reader.next()) {
          const request = requests[count];
          count += 1;
          if (request) onAnswer(request, answer);
        }
        if (count === requests.length) finish();
        else wait();
      };
      wait();
      running.input.write(printRequests(requests));
    });
  }

  close(): void {
    this.isClosed = true;
    const { running } = this;
    if (!running) return;
    this.end(running);
    running.onEnd('the engine is stopping');
  }

  /** A process that a file system holds in the kernel goes once that lets it; nobody waits for it. */
  private end(running: Running): void {
    if (this.running === running) this.running = undefined;
    running.child.kill('SIGKILL');
    hold(running, false);
  }

  private start(): Running {
    const [program, ...words] = this.program;
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      ...('electron' in process.versions ? { ELECTRON_RUN_AS_NODE: '1' } : {}),
    };
    const child = spawn(program, words, {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      cwd: '/',
      windowsHide: true,
    });
    const running: Running = {
      ...{ child, input: child.stdin, output: child.stdout },
      isUp: false,
      onData: () => undefined,
      onEnd: () => undefined,
    };
    const end = (why: string): void => {
      if (this.running === running) this.running = undefined;
      running.onEnd(`the process that reads files cannot be run: ${why}`);
    };
    child.stdout.on('data', (chunk: Buffer) => {
      const isFirst = !running.isUp;
      running.isUp = true;
      running.onData(isFirst ? chunk.subarray(1) : chunk);
    });
    child.stdin.on('error', () => undefined); // Its end says why.
    child.once('error', (error) => {
      end(error.message);
    });
    child.once('close', (code, signal) => {
      end(signal ?? `exit code ${code ?? 0}`);
    });
    hold(running, false);
    return running;
  }
}

/** It keeps this process alive only while somebody waits for an answer. */
function hold({ child, output, input }: Running, isWaiting: boolean): void {
  const handles = [child, output, input] as readonly Partial<Pick<ChildProcess, 'ref' | 'unref'>>[];
  for (const handle of handles) {
    if (isWaiting) handle.ref?.();
    else handle.unref?.();
  }
}
