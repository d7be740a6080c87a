// Reads files by SFTP on handles that stay open: all at once, two round trips for files that grow.
import type { SFTPWrapper, Stats } from 'ssh2';
import type { ReadAnswer, ReadRequest } from '../../ports';
import type { Connection } from './connection';
import { planStretches, toAnswer, toQuiet, type Stretch } from '../stretch';

/** Every server must give so much at once (draft-ietf-secsh-filexfer-02, 3). */
const chunkSize = 32 * 1024;
/** So many files are open at a time; servers may have a thousand descriptors in all. */
const maxHandles = 200;
const idleMs = 10 * 60_000;

const noSuchFile = 2;
const lostCodes: readonly unknown[] = [6, 7];

interface OpenFile {
  readonly handle: Buffer;
  /** Its size when it was last looked at. */
  readonly size: number;
  readonly usedAt: number;
}

export class SftpReader {
  /** Least recently used first. */
  private readonly files = new Map<string, OpenFile>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sftp: SFTPWrapper,
    private readonly connection: Connection,
  ) {}

  /** One call after the other: they share the handles. Throws what is no answer of the server. */
  read(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    const reading = this.last.then(() => this.readAll(requests));
    this.last = reading.catch(() => undefined); // Whoever asked is told.
    return reading;
  }

  close(): void {
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
      this.orStale(this.readOnce(file.handle, guess)),
      this.orStale(this.readOnce(file.handle, { from: 0, length: start === 0 ? 0 : head })),
      this.orStale(
        this.call<Stats>((done) => {
          this.sftp.fstat(file.handle, done);
        }),
      ),
      this.call<Stats>((done) => {
        this.sftp.stat(path, done);
      }),
    ]);
    if (fresh || !bytes || !first || !inHandle || inHandle.size === file.size || !isSame(inHandle, byPath)) {
      this.forget(path);
      return undefined;
    }
    return this.readPlanned(request, this.keep(path, file.handle, inHandle.size), [
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
    { handle, size }: OpenFile,
    known: readonly { readonly from: number; readonly bytes: Uint8Array }[],
  ): Promise<ReadAnswer> {
    const plan = planStretches(request, size);
    if (!plan) return toQuiet(size);
    const find = async ({ from, length }: Stretch): Promise<Uint8Array> => {
      const begin = known.find((piece) => piece.from === from)?.bytes.subarray(0, length) ?? new Uint8Array();
      if (begin.length === length) return begin;
      const rest = await this.readStretch(handle, {
        from: from + begin.length,
        length: length - begin.length,
      });
      return begin.length === 0 ? rest : Buffer.concat([begin, rest]);
    };
    const [around, head] = await Promise.all([find(plan.around), find(plan.head)]);
    return toAnswer(request, { size, around, head });
  }

  /** Undefined where the server says no: the path tells more than a handle that has gone stale. */
  private orStale<Value>(work: Promise<Value>): Promise<Value | undefined> {
    return work.catch((error: unknown) => {
      if (findCode(error) === undefined) throw error;
      return undefined;
    });
  }

  private async open(path: string): Promise<OpenFile> {
    const handle = await this.call<Buffer>((done) => {
      this.sftp.open(path, 'r', done);
    });
    try {
      const { size } = await this.call<Stats>((done) => {
        this.sftp.fstat(handle, done);
      });
      return this.keep(path, handle, size);
    } catch (error) {
      this.closeHandle(handle);
      throw error;
    }
  }

  private keep(path: string, handle: Buffer, size: number): OpenFile {
    const file = { handle, size, usedAt: performance.now() };
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
  private async readStretch(handle: Buffer, { from, length }: Stretch): Promise<Uint8Array> {
    const buffer = Buffer.alloc(length);
    const starts = Array.from({ length: Math.ceil(length / chunkSize) }, (_, index) => index * chunkSize);
    const filled = await Promise.all(
      starts.map((start) =>
        this.fill(handle, buffer.subarray(start, Math.min(length, start + chunkSize)), from + start),
      ),
    );
    const short = starts.findIndex(
      (start, index) => (filled[index] ?? 0) < Math.min(chunkSize, length - start),
    );
    return short === -1 ? buffer : buffer.subarray(0, short * chunkSize + (filled[short] ?? 0));
  }

  /** As much of it as the server gives at once. */
  private async readOnce(handle: Buffer, { from, length }: Stretch): Promise<Uint8Array> {
    if (length === 0) return Buffer.alloc(0);
    // Most of it stays unused: it is not worth being filled.
    const buffer = Buffer.allocUnsafe(length);
    return buffer.subarray(0, await this.readInto(handle, buffer, from));
  }

  private readInto(handle: Buffer, target: Buffer, position: number): Promise<number> {
    return this.call<number>((done) => {
      this.sftp.read(handle, target, 0, target.length, position, done);
    });
  }

  /** Servers may give less than is asked for, and more is there all the same. */
  private async fill(handle: Buffer, target: Buffer, position: number): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      const count = await this.readInto(handle, target.subarray(filled), position + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled;
  }

  /** ssh2 answers what is pending with an error when the connection is lost. */
  private call<Value>(
    start: (done: (error: Error | undefined, value: Value) => void) => void,
  ): Promise<Value> {
    this.connection.gather();
    return new Promise((resolve, reject) => {
      start((error, value) => {
        if (error) reject(error);
        else resolve(value);
      });
    });
  }
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
