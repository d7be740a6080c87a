// The engine's process with a fake engine in it; bundled by the tests in the place of `engine/host/main.ts`.
import { runHost as runHostWith } from '../../engine/host/host';
import type { HostOptions, HostTimes, RunningHost } from '../../engine/host/hostOptions';
import { runProcess } from '../../engine/host/process';
import { createFakeEngine } from '../engine/host/fakeEngine';

const times = JSON.parse(process.env['FAKE_HOST_TIMES'] ?? '{}') as Partial<HostTimes>;

export function runHost(options: Omit<HostOptions, 'createEngine'>): Promise<RunningHost | null> {
  return runHostWith({ ...options, times, createEngine: createFakeEngine });
}

if (require.main === module) void runProcess(__filename, { createEngine: createFakeEngine, times });
