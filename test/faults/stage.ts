// The kind of cluster that a campaign runs on: how its jobs are made, and what can go wrong there alone.
import type { CountingJob } from './countingJob';
import type { Random } from './random';
import type { World } from './world';

export interface Fault {
  readonly name: string;
  /** Tried at random moments alone: it takes long, and where it begins makes no difference. */
  readonly isLong?: true;
  /** Done when the fault is over: what it broke may still be coming back. Throws where nobody was told what must be told. */
  readonly strike: (world: World, random: Random) => Promise<void>;
}

/** A job as the scheduler itself accounts for it. */
export interface AccountedJob {
  readonly id: string;
  readonly state: string;
}

export interface FaultStage {
  /** The cluster's name in the engine. */
  readonly cluster: string;
  /** Where its jobs work. */
  readonly workdir: string;
  /** So long after its submission a job must have ended at the latest. */
  readonly patienceMs: number;
  /** Faults of connections and schedulers, beside those of every stage. */
  readonly faults: (jobs: () => readonly CountingJob[]) => readonly Fault[];
  /** All jobs that a submission under this name became; null where nobody counts but the engine. */
  readonly account: ((name: string) => Promise<readonly AccountedJob[]>) | null;
  readonly close: () => Promise<void>;
}

/** Bash on this machine: nothing that is between us and a login node can go wrong. */
export const createSandboxStage = ({ workdir }: World): FaultStage => ({
  cluster: 'sandbox',
  workdir,
  patienceMs: 120_000,
  faults: () => [],
  account: null,
  close: () => Promise.resolve(),
});
