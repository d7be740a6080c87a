// Reads stretches of local files, all at once; a file that is not there is no error.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ReadAnswer, ReadRequest } from '../ports';

export function readFiles(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
  return Promise.all(requests.map(readOne));
}

async function readOne(request: ReadRequest): Promise<ReadAnswer> {
  let file: FileHandle;
  try {
    file = await open(request.path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'failed', message };
  }
  try {
    const { size } = await file.stat();
    const { from, maxBytes, before, head } = request;
    const start = Math.max(0, from - before);
    const [bytes, behind, first] = await Promise.all([
      readRange(file, from, Math.max(0, Math.min(maxBytes, size - from))),
      readRange(file, start, Math.max(0, Math.min(from, size) - start)),
      readRange(file, 0, Math.min(head, size)),
    ]);
    return { kind: 'read', size, bytes, before: behind, head: first };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  } finally {
    await file.close();
  }
}

async function readRange(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
