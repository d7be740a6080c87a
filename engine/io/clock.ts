// The real clock.
import { uptime } from 'node:os';
import type { Clock } from '../ports';

export const systemClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  // Node's own clock stands still during a sleep on Linux; that of the system since it was started does not.
  continuous: () => uptime() * 1000,
  after: (milliseconds, wake) => {
    const timer = setTimeout(wake, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
