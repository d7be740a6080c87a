// The engine's process: the host with the real engine in it. Loaded instead of run, it offers the same to the loader.
import { createEngine } from '../io/createEngine';
import { runHost as runHostWith } from './host';
import type { HostOptions, RunningHost } from './hostOptions';
import { runProcess } from './process';

/** The engine inside the process that loads this file, for places where no process can be started. */
export function runHost(options: Omit<HostOptions, 'createEngine'>): Promise<RunningHost | null> {
  return runHostWith({ ...options, createEngine });
}

if (require.main === module) void runProcess(__filename, { createEngine });
