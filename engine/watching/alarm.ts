// When one cluster's loop wakes: for its next tick, and for what waits between ticks.
import type { Clock } from '../ports';

export class Alarm {
  private callOff: (() => void) | undefined;
  private readonly sleepers = new Set<() => void>();
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  get isClosed(): boolean {
    return this.closed;
  }

  /** Rings once, after so many milliseconds; what was set before is called off. */
  set(milliseconds: number): void {
    this.callOff?.();
    if (this.closed) return;
    this.callOff = this.clock.after(milliseconds, () => {
      this.callOff = undefined;
      this.ring();
    });
  }

  /** Waits; false if it is closed meanwhile. */
  pause(milliseconds: number): Promise<boolean> {
    if (this.closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (): void => {
        this.sleepers.delete(end);
        callOff();
        resolve(!this.closed);
      };
      const callOff = this.clock.after(milliseconds, end);
      this.sleepers.add(end);
    });
  }

  /** Never rings again; what waits ends. */
  close(): void {
    this.closed = true;
    this.callOff?.();
    for (const end of this.sleepers) end();
  }
}
