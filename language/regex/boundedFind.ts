// Finds on the caller's own thread: fast where a pattern cannot explode, else within a budget of steps.
import type { Found, FindOptions, Pattern } from './compile';
import { findRisk } from './risk';

/** On longer texts even a search that is only quadratic takes too long without a budget. */
const longText = 20_000;

const risks = new WeakMap<Pattern, boolean>();

function isRisky(pattern: Pattern): boolean {
  let risky = risks.get(pattern);
  if (risky === undefined) risks.set(pattern, (risky = findRisk(pattern) !== undefined));
  return risky;
}

/** What findAll finds; `exhausted` where the budget ran out before all was looked at. */
export function findBounded(pattern: Pattern, text: string, options: FindOptions = {}): Found {
  const bounded = text.length > longText || isRisky(pattern);
  return pattern.findAll(text, Infinity, { ...options, bounded });
}
