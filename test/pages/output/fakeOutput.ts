// A job's output in the place of the engine's: a file that is read, followed, searched and counted, and a job about it.
import type { Stream } from '../../../engine/model';
import type { OutputNews } from '../../../engine/protocol';
import { findBounded } from '../../../language/regex/boundedFind';
import { compilePattern } from '../../../language/regex/compile';
import { WatchError } from '../../../engine/errors';
import type { PageServer } from '../../../client/panels/panelKind';
import type { Mark, OfFollow, OutputProtocol, Place, ShownJob } from '../../../webviews/output/protocol';

export interface FakeFile {
  readonly size: number;
  readonly read: (from: number, to: number) => Buffer;
}

export const toFile = (content: string | Buffer): FakeFile => {
  const bytes = Buffer.from(content);
  return { size: bytes.length, read: (from, to) => bytes.subarray(from, to) };
};

const lineLength = 64;

/** `line 0000000001 ……` and so on, as many bytes as are wanted, none of which is kept. */
export const toEndlessFile = (size: number): FakeFile => ({
  size,
  read: (from, to) => {
    const first = Math.floor(from / lineLength);
    const last = Math.ceil(Math.min(to, size) / lineLength);
    const lines: string[] = [];
    for (let index = first; index < last; index += 1)
      lines.push(`line ${String(index + 1).padStart(10, '0')} `.padEnd(lineLength - 1, '.') + '\n');
    const start = from - first * lineLength;
    return Buffer.from(lines.join('')).subarray(start, start + Math.min(to, size) - from);
  },
});

const context = 64 * 1024;
const pieceBytes = 64 * 1024;
const scanBytes = 8 * 1024 * 1024;

type Tell = <Name extends keyof OutputProtocol['news']>(
  name: Name,
  value: OutputProtocol['news'][Name],
) => void;

const isTail = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

export class FakeOutput {
  readonly files: Partial<Record<Stream, FakeFile>>;
  job: ShownJob;
  marks: readonly Mark[] = [];
  place: Place | null = null;
  /** What the page has asked for beside reading. */
  readonly asked: { readonly name: string; readonly params: unknown }[] = [];
  /** Bytes that were read. */
  readBytes = 0;
  readonly following = new Set<Stream>();
  /** Refuses everything, as when there is no engine. */
  obstacle: WatchError | undefined;
  #tell: Tell = () => undefined;
  /** When pieces come, as the engine says. */
  time = Date.UTC(2026, 10, 30, 12, 3, 11);

  constructor(files: Partial<Record<Stream, FakeFile>>, job: Partial<ShownJob> = {}) {
    this.files = files;
    this.job = {
      ...{ name: 'ft-bert', id: '9', cluster: 'hpc', state: 'running', look: 'running' },
      ...{ started: Date.now() - 754_000, ended: null, limitSeconds: 14_400, canCancel: true },
      outputs: {
        stdout: '/home/ada/ft-bert-9.out',
        stderr: files.stderr ? '/home/ada/ft-bert-9.err' : '/home/ada/ft-bert-9.out',
      },
      ...job,
    };
  }

  readonly serve = (tell: Tell): PageServer<OutputProtocol>['answers'] => {
    this.#tell = tell;
    this.following.clear();
    const note = (name: string, params: unknown): null => {
      this.#check();
      this.asked.push({ name, params });
      return null;
    };
    return {
      open: () => {
        this.#check();
        const { job, marks, place } = this;
        this.place = null;
        return { job, marks, place };
      },
      follow: ({ stream, from }) => {
        this.#check();
        this.following.add(stream);
        const file = this.files[stream];
        if (!file) {
          this.tell(stream, { kind: 'absent', time: this.time });
          return { path: this.job.outputs[stream] ?? '', from: 0 };
        }
        const start = from ?? this.#alignedStart(file);
        this.#send(stream, start);
        return { path: this.job.outputs[stream] ?? '', from: start };
      },
      unfollow: ({ stream }) => {
        this.following.delete(stream);
        return null;
      },
      read: ({ stream, from, maxBytes }) => {
        this.#check();
        const file = this.#fileOf(stream);
        const piece = this.#cut(file, from, from + maxBytes);
        this.readBytes += piece.to - piece.from;
        return { path: '', size: file.size, ...piece };
      },
      search: ({ stream, pattern, from, limit }) => {
        this.#check();
        const file = this.#fileOf(stream);
        const { value, problems } = compilePattern(pattern);
        if (!value)
          throw new WatchError(
            'bad-request',
            `The pattern cannot be used: ${problems[0]?.message ?? ''}.`,
            '',
          );
        const to = Math.min(file.size, from + scanBytes);
        const matches: { line: number; segment: number; text: string }[] = [];
        let at = from;
        for (const line of file.read(from, to).toString('latin1').split('\n')) {
          if (findBounded(value, line).matches.length > 0) matches.push({ line: at, segment: at, text: '' });
          at += line.length + 1;
        }
        return {
          matches: matches.slice(0, limit),
          unmatched: [],
          to,
          size: file.size,
          isEnd: to === file.size,
        };
      },
      countLines: ({ stream, from, to, lines }) => {
        this.#check();
        const file = this.#fileOf(stream);
        const end = Math.min(file.size, to ?? Infinity, from + scanBytes);
        const bytes = file.read(from, end);
        let [counted, next] = [0, 0];
        while (counted < (lines ?? Infinity)) {
          const feed = bytes.indexOf(10, next);
          if (feed === -1) break;
          counted += 1;
          next = feed + 1;
        }
        const isFound = counted === lines;
        const isDone = isFound || end === Math.min(file.size, to ?? Infinity);
        return { to: isFound ? from + next : end, lines: counted, size: file.size, isDone };
      },
      cancelJob: (params) => note('cancelJob', params),
      showEvent: (params) => note('showEvent', params),
      copy: (params) => note('copy', params),
      openAsText: (params) => note('openAsText', params),
    };
  };

  tell(stream: Stream, news: OfFollow<OutputNews>): void {
    this.#tell('output', { stream, news });
  }

  readonly news: Tell = (name, value) => {
    this.#tell(name, value);
  };

  /** The job prints. */
  print(text: string, stream: Stream = 'stdout'): void {
    const known = this.files[stream];
    const before = known?.read(0, known.size) ?? Buffer.alloc(0);
    this.files[stream] = toFile(Buffer.concat([before, Buffer.from(text)]));
    if (this.following.has(stream)) this.#send(stream, before.length);
  }

  #check(): void {
    if (this.obstacle) throw this.obstacle;
  }

  #fileOf(stream: Stream): FakeFile {
    const file = this.files[stream];
    if (!file)
      throw new WatchError(
        'not-found',
        'Job 9 has no output yet.',
        'Try again when it has printed something.',
      );
    return file;
  }

  #alignedStart(file: FakeFile): number {
    if (file.size <= context) return 0;
    const from = file.size - context;
    return from + file.read(from, file.size).indexOf(10) + 1;
  }

  #send(stream: Stream, from: number): void {
    const file = this.#fileOf(stream);
    for (let at = from; at < file.size;) {
      const piece = this.#cut(file, at, Math.min(file.size, at + pieceBytes));
      this.tell(stream, { kind: 'text', time: this.time, size: file.size, ...piece });
      at = piece.to;
    }
  }

  #cut(file: FakeFile, from: number, to: number): { from: number; to: number; text: string } {
    const bytes = file.read(from, Math.min(to + 4, file.size));
    let [start, end] = [0, Math.min(bytes.length, to - from)];
    while (from > 0 && start < 3 && isTail(bytes[start])) start += 1;
    while (end > start && isTail(bytes[end])) end -= 1;
    return { from: from + start, to: from + end, text: bytes.subarray(start, end).toString() };
  }
}
