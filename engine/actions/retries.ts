// How long messages are tried: what a service does not take now is tried again, for about an hour in all.
import type { WatchError } from '../errors';
import type { WatchErrorCode } from '../errors';

const [firstDelayMs, longestDelayMs] = [5000, 300_000];
const mostAttempts = 16;

const passing: readonly WatchErrorCode[] = ['service-unreachable', 'needs-sign-in'];

/** Not timed-out: what may have been taken is not sent again. Ms until the next attempt, and as long as the service asks for; null if there is none. */
export function findDelay(error: WatchError, attempts: number): number | null {
  if (!passing.includes(error.code) || attempts >= mostAttempts) return null;
  const asked = 'afterMs' in error && typeof error.afterMs === 'number' ? error.afterMs : 0;
  return Math.max(asked, Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempts, 10)));
}
