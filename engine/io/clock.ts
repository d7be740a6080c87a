// The real clock.
import type { Clock } from '../ports';

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after: (milliseconds, wake) => {
    const timer = setTimeout(wake, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
