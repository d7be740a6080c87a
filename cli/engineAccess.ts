// The way from the command line to the engine: links for one question, and links that last.
import { join } from 'node:path';
import { connectEngine } from '../engine/link/connect';
import { sightNewest } from '../engine/link/generations';
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
      // Where none is to be started, none is an answer; one that runs elsewhere or is silent is not.
      const newest = start ? undefined : await sightNewest(options.home);
      if (newest === null || newest?.state === 'gone') return undefined;
      return connectEngine({ ...options, start, onChange: nothing, onLost: nothing });
    },
    connectSteadily: ({ onChange, onReconnected }) =>
      Promise.resolve(superviseEngine({ ...options, onChange, onState: nothing, onReconnected })),
  };
}
