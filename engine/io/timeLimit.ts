// Runs what may take for ever, and stops it when its time is up.
import { Script } from 'node:vm';

/** V8 stops only what a script runs. */
const script = new Script('runWithinLimit()');
declare global {
  var runWithinLimit: () => void;
}

/** False where the work was stopped after so much time on the wall's clock. */
export function runWithin(limitMs: number, work: () => void): boolean {
  globalThis.runWithinLimit = work;
  try {
    script.runInThisContext({ timeout: Math.ceil(limitMs) });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return false;
    throw error;
  }
}
