// The bounds of what a condition may compute: no value grows without end, and no evaluation takes long.
import { PyError, WorkError } from './pyError';

/** An integer has at most this many bits, a text or list this many items. */
export const maxBits = 200_000;
export const maxItems = 1_000_000;

/**
 * Work is counted in units of about a nanosecond: characters, items and digits that are touched, each with what it costs. An
 * evaluation may do this much.
 */
export const maxWork = 5_000_000;

/** What several evaluations may do together. */
export interface WorkBudget {
  left: number;
}

/** Of the evaluation that runs; outside of evaluations nothing is counted. */
const running = {
  remaining: Infinity,
  /** Whether there may be integers that are larger than a machine word: others cost next to nothing. */
  hasLargeInts: false,
};

/** An evaluation begins, with what it may do; gives what the one around it has left. */
export function beginWork(work: number): number {
  const around = running.remaining;
  running.remaining = work;
  running.hasLargeInts = false;
  return around;
}

/** It ends; gives what it has left. */
export function endWork(around: number): number {
  const left = running.remaining;
  running.remaining = around;
  return left;
}

/** Called before work whose size is known, or after small pieces of what is not. Throws WorkError. */
export function spend(work: number): void {
  running.remaining -= work;
  if (running.remaining < 0) throw new WorkError();
}

export function limit(message: string): PyError {
  return new PyError('LimitError', message);
}

export function checkCount(count: number): void {
  if (count > maxItems) throw limit('the value is too large');
}

/** Refuses texts that are too large. */
export function checkSize(text: string): string {
  checkCount(text.length);
  return text;
}

/** Powers of two between which sizes of integers are told apart: comparing with them costs next to nothing. */
const sizes = Array.from({ length: 13 }, (_, power) => {
  const above = 1n << BigInt(64 * 2 ** power);
  return { words: 2 ** power, above, below: -above };
});

/** Called with each integer that may be large and was not there before. */
export function noteInt(value: bigint): bigint {
  if (isLargeInt(value)) running.hasLargeInts = true;
  return value;
}

/** Whether it is larger than a machine word. */
export const isLargeInt = (value: bigint): boolean => value >= aboveWord || value <= belowWord;

/** How many words of 64 bits an integer has: 0 for small ones, else the next power of two. */
function countWords(value: bigint): number {
  if (!running.hasLargeInts || !isLargeInt(value)) return 0;
  for (const { words, above, below } of sizes) if (value < above && value > below) return words;
  return 2 ** sizes.length;
}
const aboveWord = 1n << 64n;
const belowWord = -aboveWord;

/** Work that goes once through the integer: to add, compare, shift. */
export function spendOnInt(value: bigint): void {
  const words = countWords(value);
  if (words > 0) spend(20 + 3 * words);
}

/** Work that grows faster than the integer: to multiply and divide. */
export function spendOnProduct(value: bigint): void {
  const words = countWords(value);
  if (words > 0) spend(50 + 8 * words ** 1.58);
}

/** Work to read or print it with decimal digits. */
export function spendOnDigits(value: bigint): void {
  const words = countWords(value);
  if (words > 0) spend(100 + 30 * words ** 1.58);
}

/** int to float, correctly rounded; OverflowError beyond the largest float. */
export function toFloat(value: bigint | number): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float))
    throw new PyError('OverflowError', 'int too large to convert to float');
  return float;
}
