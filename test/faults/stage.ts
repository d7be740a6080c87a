// The kind of cluster that a campaign runs on: how its jobs are made, and what can go wrong there alone.
import type { Random } from './random';
import type { World } from './world';

export interface Fault {
  readonly name: string;
  /** Done when the fault is over: what it broke may still be coming back. */
  readonly strike: (world: World, random: Random) => Promise<void>;
}

export interface FaultStage {
  /** The cluster's name in the engine. */
  readonly cluster: string;
  /** Faults of connections and schedulers, beside those of every stage. */
  readonly faults: readonly Fault[];
  readonly close: () => Promise<void>;
}

/** Bash on this machine: nothing that is between us and a login node can go wrong. */
export const createSandboxStage = (): FaultStage => ({
  cluster: 'sandbox',
  faults: [],
  close: () => Promise.resolve(),
});
