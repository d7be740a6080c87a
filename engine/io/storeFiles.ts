// The store's files: snapshots and journals by generation and number; which of them are good, and how they replace each other.
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { frameRecord, readRecords } from './journal';

/** A place in the order of files: the journal of a place holds what came after the snapshot of the same place. */
export interface Place {
  readonly generation: number;
  readonly number: number;
}

const isBefore = (a: Place, b: Place): boolean =>
  a.generation < b.generation || (a.generation === b.generation && a.number < b.number);
const order = (a: Place, b: Place): number => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0);

interface StoreFile extends Place {
  readonly name: string;
  /** Of a snapshot: the checksum of its bytes. */
  readonly checksum: string | undefined;
}

function listFiles(directory: string, kind: 'snapshot' | 'journal'): readonly StoreFile[] {
  const pattern =
    kind === 'snapshot' ? /^snapshot-(\d+)-(\d+)-([0-9a-f]{8})\.sqlite$/ : /^journal-(\d+)-(\d+)\.log$/;
  return readdirSync(directory)
    .flatMap((name) => {
      const match = pattern.exec(name);
      return match
        ? [{ name, generation: Number(match[1]), number: Number(match[2]), checksum: match[3] }]
        : [];
    })
    .sort(order);
}

export interface Recovered {
  /** The newest good snapshot, or undefined where there is none. */
  readonly snapshot: Uint8Array | undefined;
  /** Journal records after it, in order. */
  readonly records: readonly Buffer[];
  readonly trouble: readonly string[];
}

/** Reads what there is; a damaged snapshot falls back to the one before, a damaged journal is kept aside. */
export function recover(directory: string): Recovered {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const trouble: string[] = [];
  const records: Buffer[] = [];
  const found = findSnapshot(directory, trouble);
  for (const file of listFiles(directory, 'journal')) {
    if (found && isBefore(file, found.file)) continue;
    const path = join(directory, file.name);
    const contents = readRecords(readFileSync(path));
    records.push(...contents.records);
    if (!contents.damaged) continue;
    trouble.push(
      `The journal ${file.name} is damaged at byte ${contents.goodLength}: what it held behind that place is lost; it is kept as ${file.name}.damaged.`,
    );
    keepAside(path, contents.goodLength);
  }
  return { snapshot: found?.bytes, records, trouble };
}

function findSnapshot(
  directory: string,
  trouble: string[],
): { readonly file: StoreFile; readonly bytes: Uint8Array } | undefined {
  for (const file of [...listFiles(directory, 'snapshot')].reverse()) {
    const bytes = readFileSync(join(directory, file.name));
    if (toChecksum(bytes) === file.checksum) return { file, bytes };
    trouble.push(`The snapshot ${file.name} is damaged; the one before it and the journals are used.`);
  }
  return undefined;
}

/** The damaged bytes stay for whoever wants to look; the good ones go on under the old name. */
function keepAside(path: string, goodLength: number): void {
  const bytes = readFileSync(path);
  renameSync(path, `${path}.damaged`);
  const file = openSync(path, 'w', 0o600);
  writeSync(file, bytes.subarray(0, goodLength));
  fsyncSync(file);
  closeSync(file);
}

const toChecksum = (bytes: Uint8Array): string => crc32(bytes).toString(16).padStart(8, '0');

function syncDirectory(directory: string): void {
  // Windows cannot open a directory; its renames are durable without.
  if (process.platform === 'win32') return;
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/** The journal that is being written. */
export class JournalWriter {
  private readonly file: number;
  length = 0;

  constructor(directory: string, place: Place) {
    this.file = openSync(join(directory, `journal-${place.generation}-${place.number}.log`), 'wx', 0o600);
    syncDirectory(directory);
  }

  /** Writes the records and syncs; where that fails nothing of them stays. */
  append(payloads: readonly Buffer[]): void {
    const bytes = Buffer.concat(payloads.map(frameRecord));
    try {
      for (let written = 0; written < bytes.length;)
        written += writeSync(this.file, bytes, written, bytes.length - written, this.length + written);
      fdatasyncSync(this.file);
    } catch (error) {
      ftruncateSync(this.file, this.length);
      throw error;
    }
    this.length += bytes.length;
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Writes a snapshot durably, then removes what the one before it made superfluous. */
export function writeSnapshot(directory: string, place: Place, bytes: Uint8Array): void {
  const name = `snapshot-${place.generation}-${place.number}-${toChecksum(bytes)}.sqlite`;
  const temporary = join(directory, `${name}.tmp`);
  const file = openSync(temporary, 'w', 0o600);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, join(directory, name));
  syncDirectory(directory);
  sweep(directory);
}

/** Keeps the newest two snapshots and the journals since the older one. */
function sweep(directory: string): void {
  const snapshots = listFiles(directory, 'snapshot');
  const oldest = snapshots.at(-2);
  for (const file of snapshots.slice(0, -2)) rmSync(join(directory, file.name), { force: true });
  if (!oldest) return;
  for (const file of listFiles(directory, 'journal'))
    if (isBefore(file, oldest)) rmSync(join(directory, file.name), { force: true });
}
