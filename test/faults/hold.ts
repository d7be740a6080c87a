// Inside the engine: holds whoever passes the point that the campaign has named, until it lets go.
import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { armedFile, heldFile, type Point } from './points';

/** A campaign that has forgotten us does not hold us for ever. */
const longestMs = 15_000;
const lookMs = 3;

/** The engine's process works in its home. */
export const hold = (point: Point): Promise<void> => holdIn(process.cwd(), point);

export async function holdIn(home: string, point: Point): Promise<void> {
  const held = findHold(home, point);
  const end = performance.now() + longestMs;
  while (held !== undefined && existsSync(held) && performance.now() < end) await delay(lookMs);
}

/** As `hold`, where a thread cannot wait otherwise. */
export function holdThread(point: Point): void {
  const held = findHold(process.cwd(), point);
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + longestMs;
  while (held !== undefined && existsSync(held) && performance.now() < end)
    Atomics.wait(nothing, 0, 0, lookMs);
}

/** The file that holds us, for as long as it is there; undefined if nothing does. */
function findHold(home: string, point: Point): string | undefined {
  const armed = join(home, armedFile);
  const held = join(home, heldFile);
  if (!existsSync(armed)) return undefined;
  try {
    if (readFileSync(armed, 'utf8') !== point) return undefined;
    // Only one of all threads can remove it.
    unlinkSync(armed);
  } catch {
    return undefined;
  }
  writeFileSync(held, point);
  return held;
}
