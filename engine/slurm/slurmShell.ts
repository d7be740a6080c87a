// Runs Slurm's commands on a machine: found once, under a time limit, their failures as errors with a remedy.
import { WatchError } from '../errors';
import type { CommandResult, Machine } from '../ports';
import { locateCommand, parseLocation, parseProbe, probeCommand, type Capabilities } from './capabilities';

/** Commands hang for about 20 s while the controller is down, and say so then. */
export const queryLimitMs = 40_000;

export interface AskOptions {
  /** A failure that is an answer. */
  readonly isFine?: (result: CommandResult) => boolean;
  /** As queryLimitMs where absent. */
  readonly limitMs?: number;
}

export interface SlurmShell {
  /** Asked once and kept; what fails is asked again the next time. */
  capabilities(): Promise<Capabilities>;
  /** Throws command-failed where it fails in any way that `isFine` does not know. */
  ask(
    name: string,
    toScript: (capabilities: Capabilities) => string,
    options?: AskOptions,
  ): Promise<CommandResult>;
}

export function createSlurmShell(cluster: string, machine: Machine): SlurmShell {
  let known: Promise<Capabilities> | undefined;

  const probe = async (): Promise<Capabilities> => {
    const setup = parseLocation(
      (await machine.run({ script: locateCommand, timeLimitMs: queryLimitMs })).stdout,
    );
    if (setup === undefined)
      throw new WatchError(
        'command-failed',
        `No sbatch is found on ${cluster}.`,
        'Make it available to login shells there (PATH in ~/.bash_profile, or "module load slurm").',
      );
    const result = await machine.run({ script: setup + probeCommand, timeLimitMs: queryLimitMs });
    if (result.code !== 0) throw toCommandError('scontrol', result);
    return parseProbe(result.stdout, setup);
  };
  const capabilities = (): Promise<Capabilities> => {
    known ??= probe().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };

  return {
    capabilities,
    ask: async (name, toScript, { isFine = () => false, limitMs = queryLimitMs } = {}) => {
      const found = await capabilities();
      const script = found.setup + toScript(found);
      const result = await machine.run({ script, timeLimitMs: limitMs });
      if (result.code !== 0 && !isFine(result)) throw toCommandError(name, result);
      return result;
    },
  };
}

export function toCommandError(name: string, { code, stdout, stderr }: CommandResult): WatchError {
  const words = stderr.trim() || stdout.trim() || `it ended with code ${code}`;
  const isAway = /unable to contact|connect failure|connection refused|timed out/i.test(words);
  const what = name === 'sacct' ? 'Accounting (slurmdbd)' : "Slurm's controller";
  return new WatchError(
    'command-failed',
    `${name} failed: ${words}`,
    isAway ? `${what} does not answer; it is asked again.` : `Try ${name} in a terminal on the cluster.`,
  );
}
