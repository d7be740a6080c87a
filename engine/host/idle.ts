// Decides when nobody needs the engine any more, and waits a while in case somebody comes.

export interface Need {
  readonly clients: number;
  /** Watchers that are active, and actions that are under way. */
  readonly work: number;
  /** Whether watching goes on without clients; null, nobody had an opinion, means yes. */
  readonly keepRunning: boolean | null;
}

export function isNeeded(need: Need): boolean {
  if (need.clients > 0) return true;
  return need.work > 0 && need.keepRunning !== false;
}

/** Calls `onIdle` once after the engine was not needed for `idleMs` without a break. */
export class IdleTimer {
  readonly #idleMs: number;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(idleMs: number, onIdle: () => void) {
    this.#idleMs = idleMs;
    this.#onIdle = onIdle;
  }

  update(need: Need): void {
    if (isNeeded(need)) this.stop();
    else this.#timer ??= setTimeout(this.#onIdle, this.#idleMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
