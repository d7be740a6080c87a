// The way from the command line to the engine: links for one question, and links that last.
import { join } from 'node:path';
import { pickEnvironment, readConfigFile } from '../engine/link/accessSettings';
import { connectEngine, type ConnectOptions } from '../engine/link/connect';
import { sightNewest } from '../engine/link/generations';
import { findHome } from '../engine/link/home';
import { superviseEngine } from '../engine/link/supervise';
import type { EngineLink } from '../engine/link/greet';
import type { Context, SteadyLink } from './commands/command';
import { sayLongWaits } from './longWaits';
import type { Output } from './output';
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
  output: Pick<Output, 'note'>,
): Pick<Context, 'connect' | 'connectSteadily'> {
  const home = findHome();
  let questions = 0;
  const ask: Terminal['ask'] = async (request) => {
    questions += 1;
    try {
      return await terminal.ask(request);
    } finally {
      questions -= 1;
    }
  };
  const waits = {
    note: (text: string) => {
      output.note(text);
    },
    isAsking: () => questions > 0,
  };
  const withNotes = (link: Pick<EngineLink, 'request' | 'close'>): SteadyLink => ({
    request: sayLongWaits((method, params) => link.request(method, params), waits),
    close: () => link.close(),
  });
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
      onQuestion: ask,
    } as const satisfies Partial<ConnectOptions>;
  };
  return {
    connect: async ({ start }) => {
      // Where none is to be started, none is an answer; one that runs elsewhere or is silent is not.
      const newest = start ? undefined : await sightNewest(home);
      if (newest === null || newest?.state === 'gone') return undefined;
      const link = await connectEngine({
        ...(await readOptions()),
        ...{ start, onChange: nothing, onLost: nothing },
      });
      return { ...withNotes(link), welcome: link.welcome };
    },
    connectSteadily: async ({ onChange, onConnected, onLost }) =>
      withNotes(
        superviseEngine({
          ...(await readOptions()),
          onChange,
          onState: ({ kind }) => {
            if (kind === 'connected') onConnected();
            else onLost();
          },
          onReconnected: nothing,
        }),
      ),
  };
}
