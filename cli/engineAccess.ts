// The way from the command line to the engine: links for one question, and links that last.
import { join } from 'node:path';
import { WatchError } from '../engine/errors';
import { connectEngine } from '../engine/link/connect';
import { findHome } from '../engine/link/home';
import { superviseEngine } from '../engine/link/supervise';
import type { Context } from './commands/command';

export interface Access {
  /** Where this package's bundles lie: the engine's are in `engine/` below. */
  readonly bundleDirectory: string;
  readonly version: string;
}

const nothing = (): void => undefined;

export function createEngineAccess({
  bundleDirectory,
  version,
}: Access): Pick<Context, 'connect' | 'connectSteadily'> {
  const options = {
    home: findHome(),
    clientName: 'cli',
    version,
    bundleDirectory: join(bundleDirectory, 'engine'),
    keepRunning: null,
  } as const;
  return {
    connect: async ({ start }) => {
      try {
        return await connectEngine({ ...options, start, onChange: nothing, onLost: nothing });
      } catch (error) {
        // Where none was to be started, none is an answer.
        if (!start && error instanceof WatchError && error.code === 'engine-unreachable') return undefined;
        throw error;
      }
    },
    connectSteadily: ({ onChange, onReconnected }) =>
      Promise.resolve(superviseEngine({ ...options, onChange, onState: nothing, onReconnected })),
  };
}
