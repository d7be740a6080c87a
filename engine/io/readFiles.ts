// The process that reads local files for the engine, one after another: a file system that hangs holds up this process alone.
import { readSync, writeSync } from 'node:fs';
import type { ReadRequest } from '../ports';
import { printAnswer, lengthBytes } from './readFrames';
import { readRegularFile } from './regularFile';

/** False at the end of the input: the engine is no more. */
function fill(buffer: Buffer): boolean {
  for (let filled = 0; filled < buffer.length;) {
    const count = readSync(0, buffer, filled, buffer.length - filled, null);
    if (count === 0) return false;
    filled += count;
  }
  return true;
}

function write(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;)
    written += writeSync(1, bytes, written, bytes.length - written);
}

/** Each answer goes out before the next file is touched: whoever waits sees which file is in the way. */
function serve(): void {
  // From now on a file that gives no answer is to blame, not the start of a program.
  write(Buffer.of(0));
  const length = Buffer.alloc(lengthBytes);
  while (fill(length)) {
    const text = Buffer.alloc(length.readUInt32LE());
    if (!fill(text)) return;
    for (const request of JSON.parse(text.toString()) as readonly ReadRequest[])
      for (const part of printAnswer(readRegularFile(request))) write(part);
  }
}

try {
  serve();
} catch (error) {
  // Whoever asked has gone.
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
}
