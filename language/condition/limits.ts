// The bounds of what a condition may compute: no integer, text or list grows without end.
import { PyError } from './values';

/** An integer has at most so many bits, a text or list at most so many items. */
export const maxBits = 200_000;
export const maxItems = 1_000_000;

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

/** int to float, correctly rounded; OverflowError beyond the largest float. */
export function toFloat(value: bigint | number): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float))
    throw new PyError('OverflowError', 'int too large to convert to float');
  return float;
}
