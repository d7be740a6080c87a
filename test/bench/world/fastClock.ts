// A clock that runs faster than the real one: a simulated day in minutes, with real files, threads and disks.
import type { Clock } from '../../../engine/ports';

export function createFastClock(speed: number): Clock {
  const begun = performance.now();
  const epoch = Date.now();
  const steady = (): number => (performance.now() - begun) * speed;
  return {
    now: () => Math.round(epoch + steady()),
    steady,
    continuous: steady,
    after: (milliseconds, wake) => {
      const timer = setTimeout(wake, milliseconds / speed);
      return () => {
        clearTimeout(timer);
      };
    },
  };
}
