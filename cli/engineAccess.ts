// The way from the command line to the engine: links for one question, and links that last.
import { join } from 'node:path';
import { pickEnvironment, readConfigFile } from '../engine/link/accessSettings';
import { connectEngine, type ConnectOptions } from '../engine/link/connect';
import { sightNewest } from '../engine/link/generations';
import { findHome } from '../engine/link/home';
import { superviseEngine } from '../engine/link/supervise';
import type { Context } from './commands/command';
import type { Terminal } from './terminal';

export interface Access {
  /** Where this package's bundles lie: the engine's are in `engine/` below. */
  readonly bundleDirectory: string;
  readonly version: string;
}

const nothing = (): void => undefined;

export function createEngineAccess(
  { bundleDirectory, version }: Access,
  terminal: Terminal,
): Pick<Context, 'connect' | 'connectSteadily'> {
  const home = findHome();
  const readOptions = async () => {
    const settings = await readConfigFile(home);
    const environment = pickEnvironment(process.env);
    return {
      home,
      clientName: 'cli',
      version,
      bundleDirectory: join(bundleDirectory, 'engine'),
      keepRunning: null,
      canAsk: terminal.canAsk,
      surroundings: () => ({ settings, environment }),
      onQuestion: (request) => terminal.ask(request),
    } as const satisfies Partial<ConnectOptions>;
  };
  return {
    connect: async ({ start }) => {
      // Where none is to be started, none is an answer; one that runs elsewhere or is silent is not.
      const newest = start ? undefined : await sightNewest(home);
      if (newest === null || newest?.state === 'gone') return undefined;
      return connectEngine({ ...(await readOptions()), start, onChange: nothing, onLost: nothing });
    },
    connectSteadily: async ({ onChange, onConnected, onLost }) =>
      superviseEngine({
        ...(await readOptions()),
        onChange,
        onState: ({ kind }) => {
          if (kind === 'connected') onConnected();
          else onLost();
        },
        onReconnected: nothing,
      }),
  };
}
