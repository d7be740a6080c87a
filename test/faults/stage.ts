// The kind of cluster that a campaign runs on: how its jobs are made, and what can go wrong there alone.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJob, readRunner, readTask } from '../../engine/io/sandboxJob';
import { parseAccessSettings } from '../../engine/link/accessSettings';
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
  /** All jobs that submissions under this name became. */
  readonly account: (name: string) => Promise<readonly AccountedJob[]>;
  /** Whether mail of its cluster arrives in the inbox. */
  readonly hasMailer: boolean;
  readonly close: () => Promise<void>;
}

/** Bash on this machine: nothing that is between us and a login node can go wrong. */
export async function createSandboxStage(world: World): Promise<FaultStage> {
  const messages = await world.inbox.open();
  world.surroundings = { settings: parseAccessSettings(messages).value, environment: {} };
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = `${world.inbox.writeMailer()}:${path}`;
  return {
    cluster: 'sandbox',
    workdir: world.workdir,
    patienceMs: 120_000,
    faults: () => [],
    account: (name) => Promise.resolve(account(join(world.home, 'sandbox'), name)),
    hasMailer: true,
    close: () => {
      process.env['PATH'] = path;
      return Promise.resolve();
    },
  };
}

/** A folder without a runner is left of a submission that was interrupted before it was one. */
function account(directory: string, name: string): readonly AccountedJob[] {
  return readdirSync(directory)
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((id) => {
      const folder = join(directory, id);
      const isOwn = readJob(folder)?.name === name && readRunner(folder) !== undefined;
      return isOwn ? [{ id, state: readTask(folder, null)?.state ?? '' }] : [];
    });
}
