// Reads a stretch of one local file at once, on the thread that asks: of a regular file only, opened so that nothing waits.
import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import type { ReadAnswer, ReadRequest } from '../ports';
import { toIrregular } from './irregular';
import { planStretches, toAnswer, toQuiet, type Stretch } from './stretch';

/** Somebody may put a FIFO or a terminal in the place of a file after it was looked at. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** A file that is not there is not an error. */
export function readRegularFile(request: ReadRequest): ReadAnswer {
  try {
    // Looked at before it is opened: opening the reading end of a FIFO lets its writer go on.
    const kind = describeKind(statSync(request.path));
    if (kind !== undefined) return toIrregular(kind);
    const file = openSync(request.path, flags);
    try {
      return readOpen(file, request);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { kind: 'missing' } : { kind: 'failed', message };
  }
}

function readOpen(file: number, request: ReadRequest): ReadAnswer {
  const stats = fstatSync(file);
  const kind = describeKind(stats);
  if (kind !== undefined) return toIrregular(kind);
  const { size } = stats;
  const modified = Math.floor(stats.mtimeMs);
  const plan = planStretches(request, size);
  if (!plan) return toQuiet({ size, modified });
  const [around, head] = [readStretch(file, plan.around), readStretch(file, plan.head)];
  return toAnswer(request, { size, modified, around, head });
}

/** Less than was planned if the file was cut meanwhile. */
function readStretch(file: number, { from, length }: Stretch): Uint8Array {
  const buffer = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, buffer, filled, length - filled, from + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

function describeKind(stats: Stats): string | undefined {
  if (stats.isFile()) return undefined;
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
