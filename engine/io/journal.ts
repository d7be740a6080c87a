// The journal: an append-only file of commits. What `append` wrote and synced survives a power cut.
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { decodeFrames, encodeGroup, type Fault } from './frames';
import { journalName, type Place } from './storeFiles';

/** How much of the journal before it an engine had read when it began its own: what comes after that never counted. */
export interface Predecessor {
  readonly place: Place;
  /** Bytes. */
  readonly length: number;
}

interface Header {
  readonly follows: Predecessor | null;
}

/** Room that is kept: where a file does not grow, a sync need not wait for what the file system notes about it. */
const roomBytes = 256 * 1024;

export class JournalWriter {
  private headerBytes = 0;
  /** Where the file ends: up to there it is filled with zeros. */
  private end = 0;

  private constructor(
    private readonly handle: number,
    readonly place: Place,
    private synced: number,
  ) {}

  /** Creates the file, which must not exist, and makes its name durable. */
  static create(directory: string, place: Place, follows: Predecessor | null): JournalWriter {
    const path = join(directory, journalName(place));
    const handle = openSync(path, 'wx', 0o600);
    try {
      const writer = new JournalWriter(handle, place, 0);
      const header: Header = { follows };
      writer.append([JSON.stringify(header)]);
      writer.headerBytes = writer.synced;
      syncDirectory(directory);
      return writer;
    } catch (error) {
      closeSync(handle);
      rmSync(path, { force: true });
      throw error;
    }
  }

  /** What commits take of the length. */
  get commitBytes(): number {
    return this.synced - this.headerBytes;
  }

  /** Bytes that are durable. */
  get length(): number {
    return this.synced;
  }

  /**
   * Writes all and syncs once. Where it throws, the journal is as it was and must not be used again: after a failed sync
   * the system has forgotten which bytes are not on the disk.
   */
  append(texts: readonly string[]): void {
    const group = encodeGroup(texts);
    try {
      this.write(group);
      fdatasyncSync(this.handle);
    } catch (error) {
      this.cut();
      throw error;
    }
    this.synced += group.length;
  }

  /** Never throws: what counts was synced before. */
  close(): void {
    if (this.end > this.synced) this.cut();
    try {
      closeSync(this.handle);
    } catch {
      // The handle is gone either way.
    }
  }

  private write(group: Buffer): void {
    const end = this.synced + group.length;
    if (end > this.end && this.keepRoom(group)) return;
    writeAll(this.handle, group, this.synced);
    this.end = Math.max(this.end, end);
  }

  /** Writes with room for more behind it; gives whether the disk had so much. */
  private keepRoom(group: Buffer): boolean {
    const bytes = Buffer.concat([group, Buffer.alloc(roomBytes)]);
    try {
      writeAll(this.handle, bytes, this.synced);
    } catch {
      this.cut();
      return false;
    }
    this.end = this.synced + bytes.length;
    return true;
  }

  /** Best effort: the journal that follows says how much of this one counts, and zeros at its end mean nothing. */
  private cut(): void {
    try {
      ftruncateSync(this.handle, this.synced);
      this.end = this.synced;
    } catch {
      // The disk is in trouble already, and the caller hears of it.
    }
  }
}

export interface JournalContent {
  /** Undefined where not even the header can be read. */
  readonly follows: Predecessor | null | undefined;
  /** Texts of commits. */
  readonly commits: readonly string[];
  /** Bytes up to where it can be read. */
  readonly length: number;
  readonly fault: Fault | null;
}

/** Reads the first `limit` bytes. Throws what the file system throws. */
export function readJournal(directory: string, place: Place, limit = Infinity): JournalContent {
  const bytes = readFileSync(join(directory, journalName(place)));
  const frames = decodeFrames(bytes.subarray(0, Math.min(limit, bytes.length)));
  const [header, ...commits] = frames.payloads;
  const isShort = limit !== Infinity && frames.length < limit;
  return {
    follows: header === undefined ? undefined : (JSON.parse(header) as Header).follows,
    commits,
    length: frames.length,
    // What the next journal counts on was durable: where it is missing, no crash took it.
    fault: isShort ? 'damaged' : frames.fault,
  };
}

/** Makes the names of new, renamed and removed files durable. Windows has no such call and needs none. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeAll(handle: number, bytes: Buffer, position: number): void {
  for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at, bytes.length - at, position + at);
}
