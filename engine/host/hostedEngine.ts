// What the engine's process asks of the engine inside it: every request of the protocol but those that are the host's own.
import type { WatchError } from '../errors';
import type { EngineChange, EngineMethod, EngineRequests, EngineStatus } from '../protocol';

type OwnMethod = 'engine/hello' | 'engine/stop' | 'engine/status';
export type ServedMethod = Exclude<EngineMethod, OwnMethod>;

export interface HostedEngine {
  /** Throws WatchError. */
  readonly handlers: {
    readonly [M in ServedMethod]: (params: EngineRequests[M][0]) => Promise<EngineRequests[M][1]>;
  };
  status(): Pick<EngineStatus, 'activeWatchers' | 'clusters'>;
  /** The returned function ends it. */
  onChange(listener: (change: EngineChange) => void): () => void;
  /** Finishes what is being written; watchers stay and go on with the next engine. */
  close(): Promise<void>;
}

export interface EngineSeeds {
  readonly home: string;
  readonly generation: number;
  readonly version: string;
  /** Where the workers' files are. */
  readonly bundleDirectory: string;
  readonly log: (line: string) => void;
  /** The engine cannot go on, for instance because its store is lost or another engine's: its process is to end. */
  readonly onFailure: (error: WatchError) => void;
}

export type CreateEngine = (seeds: EngineSeeds) => Promise<HostedEngine>;
