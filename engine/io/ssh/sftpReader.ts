// Reads regular files by SFTP on handles that stay open: all at once, two round trips for files that grow.
import type { SFTPWrapper, Stats } from 'ssh2';
import type { ReadAnswer, ReadRequest } from '../../ports';
import type { Connection } from './connection';
import { toIrregular } from '../irregular';
import { planStretches, toAnswer, toQuiet, type Extent, type Stretch } from '../stretch';

/** Every server must give so much at once (draft-ietf-secsh-filexfer-02, 3). */
const chunkSize = 32 * 1024;
/** So many files are open at a time; servers may have a thousand descriptors in all. */
const maxHandles = 200;
const idleMs = 10 * 60_000;

const noSuchFile = 2;
const lostCodes: readonly unknown[] = [6, 7];

/** Servers answer one after another: if none comes within this time, the file that was asked for first is in the way, ms. */
const silenceMs = 10_000;

interface OpenFile extends Extent {
  readonly handle: Buffer;
  readonly usedAt: number;
}

/** A file that keeps the server from answering anything on this channel. */
export class SilentFile extends Error {
  constructor(readonly path: string) {
    super(`${path} gives no answer`);
  }
}

/** What stands at a path is not a file to be read; thrown where a handle is wanted. */
class Irregular extends Error {
  constructor(readonly kind: string) {
    super(kind);
  }
}

export class SftpReader {
  /** Least recently used first. */
  private readonly files = new Map<string, OpenFile>();
  private last: Promise<unknown> = Promise.resolve();
  /** What is asked for and not answered yet, in the order in which the server takes it. */
  private readonly pending = new Map<symbol, string>();
  private silence: NodeJS.Timeout | undefined;
  private onSilence: (file: SilentFile) => void = () => undefined;

  private givenUp = false;
  private readonly closed: Promise<true>;
  private tellClosed: () => void = () => undefined;

  /** `release` gives its channel's place back. */
  constructor(
    private readonly sftp: SFTPWrapper,
    private readonly connection: Connection,
    private readonly release: () => void,
  ) {
    this.closed = new Promise((resolve) => {
      this.tellClosed = () => {
        resolve(true);
      };
    });
  }

  /** Its channel is closed, or is not waited for any more. */
  onClose(): void {
    clearTimeout(this.silence);
    this.release();
    this.tellClosed();
  }

  /** False where it has not closed within the time. */
  async waitForClose(limitMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, limitMs);
    });
    try {
      return await Promise.race([this.closed, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * One call after the other: they share the handles. Throws what is not an answer of the server, and SilentFile when a
   * file keeps it from answering; it may answer yet if nobody closes it.
   */
  read(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    const reading = this.last.then(
      () =>
        new Promise<readonly ReadAnswer[]>((resolve, reject) => {
          this.onSilence = reject;
          this.readAll(requests).then(resolve, reject);
        }),
    );
    this.last = reading.catch(() => undefined); // Whoever asked is told.
    return reading;
  }

  /** A file of it gave no answer. */
  get isGivenUp(): boolean {
    return this.givenUp;
  }

  /** Something was asked for that the server has not answered. */
  get isWaiting(): boolean {
    return this.pending.size > 0;
  }

  close(): void {
    clearTimeout(this.silence);
    this.sftp.end();
  }

  private async readAll(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    const answers = new Map<ReadRequest, ReadAnswer>();
    const byPath = groupByPath(requests);
    for (let index = 0; index < byPath.length; index += maxHandles) {
      const wave = byPath.slice(index, index + maxHandles);
      await Promise.all(
        wave.map(async (group) => {
          // The same file for two jobs: they share a handle.
          for (const request of group) answers.set(request, await this.readOne(request));
        }),
      );
      this.closeIdle();
    }
    return requests.map((request) => answers.get(request) ?? { kind: 'missing' });
  }

  private async readOne(request: ReadRequest): Promise<ReadAnswer> {
    try {
      return (await this.readOpen(request)) ?? (await this.readByPath(request));
    } catch (error) {
      if (error instanceof Irregular) {
        this.forget(request.path);
        return toIrregular(error.kind);
      }
      const code = findCode(error);
      if (this.connection.loss || code === undefined || lostCodes.includes(code)) throw error;
      this.forget(request.path);
      return code === noSuchFile
        ? { kind: 'missing' }
        : { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  /**
   * In one round trip what is new in an open file, if that is little. Undefined where the file must be opened by its path:
   * it has not grown (network file systems cache what a handle shows), or the path means another one now.
   */
  private async readOpen(request: ReadRequest): Promise<ReadAnswer | undefined> {
    const { path, from, before, maxBytes, head, fresh } = request;
    const file = this.files.get(path);
    if (!file) return undefined;
    const start = Math.max(0, from - before);
    const guess = { from: start, length: from - start + Math.min(maxBytes, chunkSize) };
    // Servers answer in order: the size that comes behind the bytes covers them.
    const [bytes, first, inHandle, byPath] = await Promise.all([
      this.orStale(this.readOnce({ path, handle: file.handle }, guess)),
      this.orStale(this.readOnce({ path, handle: file.handle }, { from: 0, length: start === 0 ? 0 : head })),
      this.orStale(this.fstat(path, file.handle)),
      this.stat(path),
    ]);
    if (fresh || !bytes || !first || !inHandle || inHandle.size === file.size || !isSame(inHandle, byPath)) {
      this.forget(path);
      return undefined;
    }
    return this.readPlanned(request, this.keep(path, file.handle, inHandle), [
      { from: start, bytes },
      { from: 0, bytes: first },
    ]);
  }

  private async readByPath(request: ReadRequest): Promise<ReadAnswer> {
    return this.readPlanned(request, await this.open(request.path), []);
  }

  /** What is wanted of a file whose size is known; `known` has been read already. */
  private async readPlanned(
    request: ReadRequest,
    { handle, size, modified }: OpenFile,
    known: readonly { readonly from: number; readonly bytes: Uint8Array }[],
  ): Promise<ReadAnswer> {
    const plan = planStretches(request, size);
    if (!plan) return toQuiet({ size, modified });
    const file = { path: request.path, handle };
    const find = async ({ from, length }: Stretch): Promise<Uint8Array> => {
      const begin = known.find((piece) => piece.from === from)?.bytes.subarray(0, length) ?? new Uint8Array();
      if (begin.length === length) return begin;
      const rest = await this.readStretch(file, {
        from: from + begin.length,
        length: length - begin.length,
      });
      return begin.length === 0 ? rest : Buffer.concat([begin, rest]);
    };
    const [around, head] = await Promise.all([find(plan.around), find(plan.head)]);
    return toAnswer(request, { size, modified, around, head });
  }

  /** Undefined where the server says no: the path tells more than a handle that has gone stale. */
  private orStale<Value>(work: Promise<Value>): Promise<Value | undefined> {
    return work.catch((error: unknown) => {
      if (findCode(error) === undefined) throw error;
      return undefined;
    });
  }

  /** Looked at before it is opened: a FIFO keeps the server, and with it all files of the cluster, until somebody writes. */
  private async open(path: string): Promise<OpenFile> {
    const kind = describeKind(await this.stat(path));
    if (kind !== undefined) throw new Irregular(kind);
    const handle = await this.call<Buffer>(path, (done) => {
      this.sftp.open(path, 'r', done);
    });
    try {
      return this.keep(path, handle, await this.fstat(path, handle));
    } catch (error) {
      this.closeHandle(handle);
      throw error;
    }
  }

  private stat(path: string): Promise<Stats> {
    return this.call<Stats>(path, (done) => {
      this.sftp.stat(path, done);
    });
  }

  private fstat(path: string, handle: Buffer): Promise<Stats> {
    return this.call<Stats>(path, (done) => {
      this.sftp.fstat(handle, done);
    });
  }

  private keep(path: string, handle: Buffer, { size, mtime }: Stats): OpenFile {
    // A server need not say it.
    const modified = (mtime as number | undefined) === undefined ? null : mtime * 1000;
    const file = { handle, size, modified, usedAt: performance.now() };
    this.files.delete(path);
    this.files.set(path, file);
    return file;
  }

  private forget(path: string): void {
    const file = this.files.get(path);
    if (!file) return;
    this.files.delete(path);
    this.closeHandle(file.handle);
  }

  private closeHandle(handle: Buffer): void {
    if (!this.connection.loss) this.sftp.close(handle, () => undefined); // A handle that is gone is closed too.
  }

  private closeIdle(): void {
    const now = performance.now();
    for (const [path, { usedAt }] of this.files) {
      if (this.files.size <= maxHandles && now - usedAt < idleMs) return;
      this.forget(path);
    }
  }

  /** Less than is wanted where the file ends before. */
  private async readStretch(file: Handle, { from, length }: Stretch): Promise<Uint8Array> {
    const buffer = Buffer.alloc(length);
    const starts = Array.from({ length: Math.ceil(length / chunkSize) }, (_, index) => index * chunkSize);
    const filled = await Promise.all(
      starts.map((start) =>
        this.fill(file, buffer.subarray(start, Math.min(length, start + chunkSize)), from + start),
      ),
    );
    const short = starts.findIndex(
      (start, index) => (filled[index] ?? 0) < Math.min(chunkSize, length - start),
    );
    return short === -1 ? buffer : buffer.subarray(0, short * chunkSize + (filled[short] ?? 0));
  }

  /** As much of it as the server gives at once. */
  private async readOnce(file: Handle, { from, length }: Stretch): Promise<Uint8Array> {
    if (length === 0) return Buffer.alloc(0);
    // Most of it stays unused: it is not worth being filled.
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, await this.readInto(file, buffer, from));
  }

  private readInto({ path, handle }: Handle, target: Buffer, position: number): Promise<number> {
    return this.call<number>(path, (done) => {
      this.sftp.read(handle, target, 0, target.length, position, done);
    });
  }

  /** Servers may give less than is asked for, and more is there all the same. */
  private async fill(file: Handle, target: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      const count = await this.readInto(file, target.subarray(filled), position + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  /** ssh2 answers what is pending with an error when the connection is lost. */
  private call<Value>(
    path: string,
    start: (done: (error: Error | undefined, value: Value) => void) => void,
  ): Promise<Value> {
    this.connection.gather();
    const id = Symbol(path);
    this.pending.set(id, path);
    if (this.pending.size === 1) this.expectAnswer();
    return new Promise((resolve, reject) => {
      start((error, value) => {
        this.pending.delete(id);
        this.expectAnswer();
        if (error) reject(error);
        else resolve(value);
      });
    });
  }

  /** The time begins anew with each answer. */
  private expectAnswer(): void {
    if (this.pending.size === 0) {
      clearTimeout(this.silence);
      this.silence = undefined;
    } else if (this.silence) this.silence.refresh();
    else
      this.silence = setTimeout(() => {
        this.silence = undefined;
        // This thread may have been busy, or the computer asleep: what has arrived meanwhile comes first.
        const [first] = this.pending.keys();
        setImmediate(() => {
          const [id, path] = [...this.pending][0] ?? [];
          if (id === undefined || path === undefined) return;
          if (id !== first) {
            this.expectAnswer();
            return;
          }
          this.givenUp = true;
          this.onSilence(new SilentFile(path));
        });
      }, silenceMs);
  }
}

/** An open file, and the path by which it was opened. */
interface Handle {
  readonly path: string;
  readonly handle: Buffer;
}

/** Undefined for a regular file, and if the server does not say what it is. */
function describeKind(stats: Stats): string | undefined {
  if ((stats.mode as number | undefined) === undefined || stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function groupByPath(requests: readonly ReadRequest[]): readonly (readonly ReadRequest[])[] {
  const groups = new Map<string, ReadRequest[]>();
  for (const request of requests) {
    const group = groups.get(request.path);
    if (group) group.push(request);
    else groups.set(request.path, [request]);
  }
  return [...groups.values()];
}

const isSame = (a: Stats, b: Stats): boolean =>
  a.size === b.size && a.mtime === b.mtime && a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;

/** The server's status code; what has none came from elsewhere. */
const findCode = (error: unknown): number | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
