// Runs code that may take for ever: stops it, and tells a slow pattern from a busy machine.
import { Script } from 'node:vm';

/** Work that can be stopped anywhere and taken up again: `step` goes on with the piece that it was stopped in. */
export interface Work {
  /** Does all that remains. */
  step(): void;
  /** When the piece that is being done was begun, as performance.now() says. */
  readonly pieceBegun: number;
}

export interface Limits {
  /** No single piece may take longer, ms of processor time. */
  readonly pieceMs: number;
  /** All pieces together, ms of processor time. */
  readonly totalMs: number;
}

/** A machine that gives us next to no time is waited for so many times longer. */
const patience = 20;

/** V8 stops only what a script runs. */
const script = new Script('runLimitedStep()');
declare global {
  var runLimitedStep: () => void;
}

/** False where the work was stopped because it exceeded a limit. */
export function runWithin({ pieceMs, totalMs }: Limits, work: Work): boolean {
  const begun = performance.now();
  let spent = 0;
  globalThis.runLimitedStep = () => {
    work.step();
  };
  for (;;) {
    const before = process.cpuUsage();
    if (runScript(pieceMs)) return true;
    const now = performance.now();
    const spentNow = Math.min(toMilliseconds(process.cpuUsage(before)), pieceMs);
    spent += spentNow;
    // What was stopped shortly after its piece began, or while other processes had the processor, deserves a whole turn.
    const isHopeless = now - work.pieceBegun >= pieceMs / 2 && spentNow >= pieceMs / 2;
    if (isHopeless || spent >= totalMs || now - begun >= patience * totalMs) return false;
  }
}

/** False where the time was up. */
function runScript(timeout: number): boolean {
  try {
    script.runInThisContext({ timeout });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return false;
    throw error;
  }
}

const toMilliseconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;
