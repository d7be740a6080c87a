// Whether a planned moment has come, by a wall clock that people and time servers may set forward and back.
import type { Definition } from '../language/definition';
import type { Progress, Time } from './model';

/** A moment further ahead than was ever planned was planned by a clock that has been set back since: it has come. */
export const hasCome = (time: Time, longestMs: number, now: Time): boolean =>
  time <= now || time - now > longestMs;

/** Whether less than `spanMs` lies between then and now, in whichever direction the clock was set. */
export const isWithin = (then: Time, spanMs: number, now: Time): boolean => Math.abs(now - then) < spanMs;

/** The longest a watcher's output was ever meant to wait: its interval with the most backoff, and with trouble. */
const maxBackoff = 5;

/** When its output is looked at: no more often than its cluster wants. */
export function findNextCheck(
  { intervalSeconds }: Definition,
  { nextCheck, lastCheck }: Progress,
  { minIntervalMs, now }: { readonly minIntervalMs: number; readonly now: Time },
): Time {
  const isDue = nextCheck === null || hasCome(nextCheck, intervalSeconds * 1000 * maxBackoff, now);
  const earliest = lastCheck === null || lastCheck > now ? now : lastCheck + minIntervalMs;
  return Math.max(isDue ? now : nextCheck, earliest);
}
