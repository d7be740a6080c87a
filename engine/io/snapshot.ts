// Snapshots: plain SQLite files that carry a checksum of themselves, written so that a name never stands for half a file.
import { createReadStream, readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncDirectory } from './journal';
import { snapshotName, temporaryName, type Place } from './storeFiles';

/** Where SQLite's header has the application id, four bytes that mean nothing to SQLite: the checksum's place. */
const checksumOffset = 68;

/** Temporary file, sync, a look whether it reads as it was written, rename, sync of the directory. Stamps the image. */
export async function writeSnapshot(directory: string, place: Place, image: Uint8Array): Promise<void> {
  const bytes = stampImage(image);
  const temporary = join(directory, temporaryName(place));
  try {
    await writeDurably(temporary, bytes);
    if (!(await readsAs(temporary, bytes))) throw new Error(`${temporary} does not read as it was written`);
    await rename(temporary, join(directory, snapshotName(place)));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  syncDirectory(directory);
}

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readsAs(path: string, bytes: Buffer): Promise<boolean> {
  let at = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    if (!piece.equals(bytes.subarray(at, at + piece.length))) return false;
    at += piece.length;
  }
  return at === bytes.length;
}

/** The image itself, with the checksum in its place. */
export function stampImage(image: Uint8Array): Buffer {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength);
  bytes.writeUInt32BE(checksumOf(bytes), checksumOffset);
  return bytes;
}

export const readSnapshot = (directory: string, place: Place): Uint8Array | undefined =>
  readImage(directory, snapshotName(place));

/** Undefined where the file is not what was written. Throws what the file system throws. */
export function readImage(directory: string, name: string): Uint8Array | undefined {
  const bytes = readFileSync(join(directory, name));
  return isWhole(bytes) ? bytes : undefined;
}

const isWhole = (bytes: Buffer): boolean =>
  bytes.length > checksumOffset + 4 && bytes.readUInt32BE(checksumOffset) === checksumOf(bytes);

function checksumOf(bytes: Buffer): number {
  const before = crc32(bytes.subarray(0, checksumOffset));
  return crc32(bytes.subarray(checksumOffset + 4), crc32(Buffer.alloc(4), before));
}
