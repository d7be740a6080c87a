// Inside the engine: holds whoever passes the point that the campaign has named, until it lets go.
import { existsSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { armedFile, heldFile, type Point } from './points';

/** A campaign that has forgotten us does not hold us for ever. */
const longestMs = 15_000;
const lookMs = 3;

/** The engine's process works in its home. */
const [armed, held] = [join(process.cwd(), armedFile), join(process.cwd(), heldFile)];

export async function hold(point: Point): Promise<void> {
  if (!isHeld(point)) return;
  const end = performance.now() + longestMs;
  while (existsSync(held) && performance.now() < end) await delay(lookMs);
}

/** As `hold`, where a thread cannot wait otherwise. */
export function holdThread(point: Point): void {
  if (!isHeld(point)) return;
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + longestMs;
  while (existsSync(held) && performance.now() < end) Atomics.wait(nothing, 0, 0, lookMs);
}

function isHeld(point: Point): boolean {
  if (!existsSync(armed)) return false;
  try {
    if (readFileSync(armed, 'utf8') !== point) return false;
    // Only one of all threads can remove it.
    unlinkSync(armed);
  } catch {
    return false;
  }
  writeFileSync(held, point);
  return true;
}
