// How time grows with the size of an input: ratios of this thread's own processor time, the least of several tries.
import assert from 'node:assert/strict';
import { busyBetween, takeMoment } from '../engine/io/processorTime';

/**
 * Four times as much takes four times as long if it is linear, 16 times if it is quadratic; what garbage collection adds to
 * the first stays below the middle of both.
 */
const mostGrowth = 8;
/** Below this a stretch of time says nothing, ms. */
const leastTime = 4;
const tries = 6;

function takeTime(work: () => void, rounds: number): number {
  const begun = takeMoment();
  for (let round = 0; round < rounds; round++) work();
  return busyBetween(begun, takeMoment()) / rounds;
}

/** Asserts that the work is not more than linear: what looks so is tried with larger inputs, and must look so with each. */
export function assertLinear(what: string, toWork: (size: number) => () => void, size: number): void {
  const told: string[] = [];
  for (const scale of [1, 4]) {
    const found = findGrowth(toWork, scale * size);
    if (found === undefined) return;
    told.push(found);
  }
  assert.fail(`${what}: ${told.join('; ')}`);
}

/** In words, or undefined: once in several tries is enough, as noise only adds. */
function findGrowth(toWork: (size: number) => () => void, size: number): string | undefined {
  const [small, large] = [toWork(size), toWork(4 * size)];
  let least = Infinity;
  let most = Infinity;
  for (let attempt = 0; attempt < tries; attempt++) {
    most = Math.min(most, takeTime(large, 1));
    if (most < leastTime) return undefined;
    // As much in all as the large one: both have their share of collected garbage.
    least = Math.min(least, takeTime(small, 4));
    if (attempt >= 2 && most <= mostGrowth * Math.max(least, leastTime / 8)) return undefined;
  }
  return `${size} characters take ${least.toFixed(2)} ms, four times as many ${most.toFixed(2)} ms`;
}
