// A clock that stands still until a test moves it; whoever waits is woken in order.
import type { Clock } from '../../engine/ports';

export interface FakeClock extends Clock {
  /** Moves on to `time`, waking on the way whoever waits, and lets all work settle. */
  advanceTo(time: number): Promise<void>;
  /** Sets the time without waking anybody: a clock that jumps. */
  jumpTo(time: number): void;
  /** The computer sleeps so long: whoever waits goes on waiting as if nothing had been. */
  sleep(milliseconds: number): void;
}

interface Waiting {
  readonly at: number;
  readonly wake: () => void;
}

/** Lets promises and immediates run until nothing is left that does not wait for the clock. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 8; round++) await new Promise((resolve) => setImmediate(resolve));
}

export function createFakeClock(start = 0): FakeClock {
  /** What the wall's clock is ahead of the steady one, by which everybody waits. */
  let offset = start;
  let steady = 0;
  let slept = 0;
  const waiting = new Set<Waiting>();
  const findNext = (until: number): Waiting | undefined =>
    [...waiting].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => steady + offset,
    steady: () => steady,
    continuous: () => steady + slept,
    after: (milliseconds, wake) => {
      const entry = { at: steady + milliseconds, wake };
      waiting.add(entry);
      return () => {
        waiting.delete(entry);
      };
    },
    advanceTo: async (time) => {
      await settle();
      const until = time - offset;
      for (let next = findNext(until); next; next = findNext(until)) {
        waiting.delete(next);
        steady = Math.max(steady, next.at);
        next.wake();
        await settle();
      }
      steady = Math.max(steady, until);
    },
    jumpTo: (time) => {
      offset = time - steady;
    },
    sleep: (milliseconds) => {
      slept += milliseconds;
      offset += milliseconds;
    },
  };
}
