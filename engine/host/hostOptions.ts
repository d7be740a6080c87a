// What a host is given, and what its starter gets.
import type { Engine } from '../engine';
import { leaseMs } from '../link/holder';
import type { AccessSettings, Prompter } from '../ports';
import type { EngineEnd } from '../protocol';

/** All in ms. */
export interface HostTimes {
  readonly beatMs: number;
  readonly leaseMs: number;
  /** How long the engine stays when nobody needs it. */
  readonly idleMs: number;
  readonly socketCheckMs: number;
  /** What is being done may take so long when the engine is told to end. */
  readonly finishMs: number;
  /** How long a question waits for the first client to come. */
  readonly arrivalMs: number;
  /** A connection that has not said who it is by then is ended. */
  readonly helloMs: number;
}

export const usualTimes: HostTimes = {
  beatMs: 10_000,
  leaseMs,
  idleMs: 60_000,
  socketCheckMs: 2_000,
  finishMs: 20_000,
  arrivalMs: 10_000,
  helloMs: 15_000,
};

export interface EngineSeeds {
  readonly home: string;
  readonly generation: number;
  readonly version: string;
  /** Where the engine's files stay while it runs. */
  readonly bundleDirectory: string;
  readonly log: (line: string) => void;
  readonly prompter: Prompter;
  /** As they are when it is asked. */
  readonly settings: () => AccessSettings;
  readonly environment: () => Readonly<Record<string, string | undefined>>;
}

export interface HostOptions {
  readonly home: string;
  readonly version: string;
  readonly bundleDirectory: string;
  readonly createEngine: (seeds: EngineSeeds) => Promise<Engine>;
  readonly times?: Partial<HostTimes>;
}

/** The engine in this process. */
export interface RunningHost {
  /** When it has ended, and why; never rejects. */
  readonly ended: Promise<EngineEnd>;
  /** Finishes what is being written; resolves with `ended`. */
  stop(end: EngineEnd): Promise<EngineEnd>;
}
