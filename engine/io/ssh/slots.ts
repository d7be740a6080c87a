// So many at a time; whoever comes later waits for a place, in order.

export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** Resolves with what gives the place back, once. `signal` calls the waiting off: it never resolves then. */
  take(signal?: AbortSignal): Promise<() => void> {
    return new Promise((resolve) => {
      const enter = (): void => {
        signal?.removeEventListener('abort', leave);
        resolve(this.makeRelease());
      };
      const leave = (): void => {
        const index = this.waiting.indexOf(enter);
        if (index !== -1) this.waiting.splice(index, 1);
      };
      if (this.free > 0) {
        this.free -= 1;
        enter();
        return;
      }
      this.waiting.push(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  private makeRelease(): () => void {
    let isOut = false;
    return () => {
      if (isOut) return;
      isOut = true;
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    };
  }
}
