// Runs the engine as a process of its own: reads the command line, ends on signals, and never lives on half dead.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { homePaths } from '../link/home';
import { runHost } from './host';
import type { HostOptions, RunningHost } from './hostOptions';
import { createLog } from './log';

/**
 * `host.js --home DIR --version V`. Exit code 0 when the engine has ended in good order or another one holds the home, 1
 * when it failed.
 */
export async function runProcess(
  file: string,
  options: Pick<HostOptions, 'createEngine' | 'times'>,
): Promise<void> {
  const { values } = parseArgs({ options: { home: { type: 'string' }, version: { type: 'string' } } });
  const { home, version } = values;
  if (home === undefined || version === undefined) {
    process.stderr.write('Usage: host.js --home DIRECTORY --version VERSION\n');
    process.exit(2);
  }
  mkdirSync(home, { recursive: true, mode: 0o700 });
  dieOfErrors(createLog(homePaths(home).log));
  const host = await runHost({ home, version, bundleDirectory: dirname(file), ...options });
  if (host === null) process.exit(0);
  endOnSignals(host);
  process.exit((await host.ended) === 'failed' ? 1 : 0);
}

/** A supervisor starts it again, from what is stored. */
function dieOfErrors(log: (line: string) => void): void {
  const die = (error: unknown): void => {
    log(`Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}

function endOnSignals(host: RunningHost): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => void host.stop('closing'));
  }
}
