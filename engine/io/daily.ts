// Work that is done at the beginning and then once a day, by the wall's clock: a computer that slept is not late by its sleep.
import { isWithin } from '../due';
import type { Clock } from '../ports';

const lookMs = 3_600_000;
const dayMs = 24 * lookMs;

/** The first time as soon as whoever calls has finished; the returned function ends it. */
export function startDaily(work: () => void, clock: Pick<Clock, 'now' | 'after'>): () => void {
  let last: number | undefined;
  let callOff: () => void = () => undefined;
  const look = (): void => {
    const now = clock.now();
    callOff = clock.after(lookMs, look);
    if (last !== undefined && isWithin(last, dayMs, now)) return;
    last = now;
    work();
  };
  callOff = clock.after(0, look);
  return () => {
    callOff();
  };
}
