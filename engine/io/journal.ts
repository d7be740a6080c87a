// The append-only journal: framed records with checksums. Whole records count, a torn last one is cut.
import { crc32 } from 'node:zlib';

/** Length and checksum of the payload, big-endian. */
const headerLength = 8;

export function frameRecord(payload: Buffer): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt32BE(payload.length, 0);
  header.writeUInt32BE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}

export interface JournalContents {
  readonly records: readonly Buffer[];
  /** Bytes that are whole records; what follows is torn or damaged. */
  readonly goodLength: number;
  /** True where whole-looking bytes follow the damage: more than a torn last record. */
  readonly damaged: boolean;
}

export function readRecords(bytes: Buffer): JournalContents {
  const records: Buffer[] = [];
  let at = 0;
  while (at + headerLength <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const end = at + headerLength + length;
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + headerLength, end);
    if (crc32(payload) !== bytes.readUInt32BE(at + 4))
      return { records, goodLength: at, damaged: end < bytes.length };
    records.push(payload);
    at = end;
  }
  return { records, goodLength: at, damaged: false };
}
