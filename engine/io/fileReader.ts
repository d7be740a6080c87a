// Reads stretches of local files, all at once; a file that is not there is no error.
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { ReadAnswer, ReadRequest } from '../ports';
import { planStretches, toAnswer, toQuiet, type Stretch } from './stretch';

/** Descriptors, not the handles of `node:fs/promises`: a file takes half as long. */
const open = promisify(fs.open);
const stat = promisify(fs.fstat);
const read = promisify(fs.read);
const close = promisify(fs.close);

export function readFiles(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
  return Promise.all(requests.map(readOne));
}

async function readOne(request: ReadRequest): Promise<ReadAnswer> {
  let file: number;
  try {
    file = await open(request.path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'failed', message };
  }
  try {
    const { size } = await stat(file);
    const plan = planStretches(request, size);
    if (!plan) return toQuiet(size);
    const [around, head] = await Promise.all([readStretch(file, plan.around), readStretch(file, plan.head)]);
    return toAnswer(request, { size, around, head });
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  } finally {
    await close(file);
  }
}

/** Less than was planned where the file was cut meanwhile. */
async function readStretch(file: number, { from, length }: Stretch): Promise<Uint8Array> {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await read(file, buffer, filled, length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
