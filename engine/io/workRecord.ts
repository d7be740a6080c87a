// Keeps in a small file what the engine works on: written without waiting for the disk, which a crash of the process survives.
import { closeSync, openSync, ftruncateSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { WorkRecord } from '../ports';

/**
 * A file of its own takes the place of the one that the engine before has: should that engine still live, what it writes goes
 * nowhere. Where the disk refuses, nothing is kept, which is told once.
 */
export function createWorkRecord(path: string, log: (line: string) => void): WorkRecord {
  const left = readLeft(path);
  let file: number | undefined;
  let isTold = false;
  const open = (): number => {
    const fresh = `${path}.${process.pid}`;
    const opened = openSync(fresh, 'w', 0o600);
    renameSync(fresh, path);
    return opened;
  };
  return {
    read: () => left,
    write: (text) => {
      try {
        file ??= open();
        const bytes = Buffer.from(text);
        writeSync(file, bytes, 0, bytes.length, 0);
        ftruncateSync(file, bytes.length);
      } catch (error) {
        if (file !== undefined) closeSync(file);
        file = undefined;
        if (!isTold) log(`${path}: what the engine works on cannot be kept: ${String(error)}`);
        isTold = true;
      }
    },
  };
}

function readLeft(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
