// Runs what may take for ever, and stops it when its time is up.
import { Script } from 'node:vm';

/** V8 stops only what a script runs. */
const script = new Script('runWithinLimit()');
declare global {
  var runWithinLimit: () => void;
}

/** Undefined where the work ended by itself; where it was stopped, how much processor time it had, ms. */
export function runWithin(limitMs: number, work: () => void): number | undefined {
  globalThis.runWithinLimit = work;
  const before = process.cpuUsage();
  try {
    script.runInThisContext({ timeout: Math.ceil(limitMs) });
    return undefined;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'))
      throw error;
    const { user, system } = process.cpuUsage(before);
    return Math.min((user + system) / 1000, limitMs);
  }
}
