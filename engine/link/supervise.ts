// Keeps a client connected: comes back after the engine died, was replaced or was stopped, and tells what it does meanwhile.
import { toWatchError, WatchError } from '../errors';
import type { EngineEnd, Welcome } from '../protocol';
import { isReading } from '../requestTable';
import { connectEngine, type ConnectOptions } from './connect';
import type { EngineLink, EngineRequest } from './greet';

export type LinkState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'connected'; readonly welcome: Welcome }
  /** Tried again by itself. */
  | { readonly kind: 'lost'; readonly error: WatchError };

export interface SuperviseOptions extends Omit<ConnectOptions, 'start' | 'onLost'> {
  readonly onState: (state: LinkState) => void;
  /** Connected again: news may have been missed, and is to be fetched. */
  readonly onReconnected: () => void;
}

export interface EngineSupervisor {
  readonly state: LinkState;
  /**
   * Waits for a connection that is being made; throws at once where it is lost. What only reads is asked again after the
   * connection broke. Otherwise as a link's.
   */
  readonly request: EngineRequest;
  /** Tries now, and starts an engine that was stopped on request. */
  start(): void;
  close(): Promise<void>;
}

/** How often, so that a question that the engine dies of does not kill it for ever. */
const mostRepeats = 3;

/** ms; doubled with each failure. */
const [firstPauseMs, longestPauseMs] = [250, 30_000];
/** A connection that held so long was a good one, ms. */
const steadyMs = 30_000;
/** A newer version that takes over has so long to appear, ms. */
const handoverMs = 5_000;
/** How often an engine that somebody else starts is looked for, after a handover and after a stop, ms. */
const [successorPauseMs, strangerPauseMs] = [100, 2_000];

/** Half to one and a half times what the failures so far call for, so that windows do not come back all at once. ms. */
export function pauseAfter(failures: number, random: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)) * (0.5 + random);
}

/** Begins at once. The engine is started again whenever it is gone, unless somebody asked it to stop. */
export function superviseEngine(options: SuperviseOptions): EngineSupervisor {
  const supervisor = new Supervisor(options);
  supervisor.start();
  return supervisor;
}

class Supervisor implements EngineSupervisor {
  readonly #options: SuperviseOptions;
  #state: LinkState = { kind: 'starting' };
  #stateChanged: Promise<void> = Promise.resolve();
  #tellStateChanged: () => void = () => undefined;
  #link: EngineLink | undefined;
  #linkedSince = 0;
  #linkedBefore = false;
  #failures = 0;
  /** From then on an attempt may start an engine, ms since 1970. */
  #startsFrom = 0;
  #attempting = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SuperviseOptions) {
    this.#options = options;
    this.#expectChange();
  }

  get state(): LinkState {
    return this.#state;
  }

  readonly request: EngineRequest = async (method, params, listen) => {
    for (let repeats = 0; ; repeats++) {
      while (this.#state.kind === 'starting') await this.#stateChanged;
      const link = this.#link;
      if (link === undefined) throw this.#state.kind === 'lost' ? this.#state.error : stopped();
      try {
        return await link.request(method, params, listen);
      } catch (error) {
        if (!isBroken(error) || !isReading(method) || repeats === mostRepeats) throw error;
        while (this.#link === link) await this.#stateChanged;
      }
    }
  };

  start(): void {
    this.#startsFrom = 0;
    if (this.#link !== undefined || this.#attempting || this.#closed) return;
    this.#say({ kind: 'starting' });
    this.#attemptAfter(0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const link = this.#link;
    this.#link = undefined;
    this.#say({ kind: 'lost', error: stopped() });
    await link?.close();
  }

  #attemptAfter(pause: number): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => void this.#attempt(), pause);
  }

  async #attempt(): Promise<void> {
    const start = Date.now() >= this.#startsFrom;
    this.#attempting = true;
    try {
      const onLost = (end: EngineEnd | null): void => {
        this.#recover(end);
      };
      this.#welcome(await connectEngine({ ...this.#options, start, onLost }));
    } catch (thrown) {
      this.#bear(toWatchError(thrown), start);
    } finally {
      this.#attempting = false;
    }
  }

  #welcome(link: EngineLink): void {
    if (this.#closed) {
      void link.close();
      return;
    }
    this.#link = link;
    this.#linkedSince = Date.now();
    this.#startsFrom = 0;
    this.#say({ kind: 'connected', welcome: link.welcome });
    if (this.#linkedBefore) this.#options.onReconnected();
    this.#linkedBefore = true;
  }

  /** An attempt has failed. One that only looked says nothing new where there still is no engine. */
  #bear(error: WatchError, started: boolean): void {
    if (this.#closed) return;
    if (started || error.code !== 'engine-unreachable') this.#say({ kind: 'lost', error });
    if (started) this.#attemptAfter(pauseAfter(++this.#failures, Math.random()));
    else this.#attemptAfter(this.#startsFrom === Infinity ? strangerPauseMs : successorPauseMs);
  }

  /** The engine is gone. */
  #recover(end: EngineEnd | null): void {
    this.#link = undefined;
    if (this.#closed) return;
    if (Date.now() - this.#linkedSince > steadyMs) this.#failures = 0;
    if (end === 'asked') this.#startsFrom = Infinity;
    if (end === 'handover') this.#startsFrom = Date.now() + handoverMs;
    this.#say(end === 'asked' ? { kind: 'lost', error: stopped() } : { kind: 'starting' });
    if (end === 'asked' || end === 'handover') this.#attemptAfter(successorPauseMs);
    else this.#attemptAfter(this.#failures === 0 ? 0 : pauseAfter(this.#failures, Math.random()));
    this.#failures++;
  }

  #say(state: LinkState): void {
    this.#state = state;
    this.#tellStateChanged();
    this.#expectChange();
    this.#options.onState(state);
  }

  #expectChange(): void {
    this.#stateChanged = new Promise((resolve) => (this.#tellStateChanged = resolve));
  }
}

/** The link is lost, or will be in a moment. */
function isBroken(error: unknown): boolean {
  const { code } = toWatchError(error);
  return code === 'engine-unreachable' || code === 'engine-stopping';
}

function stopped(): WatchError {
  return new WatchError('engine-stopping', 'The engine was stopped.', 'Start it again when you need it.');
}
