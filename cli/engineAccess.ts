// The way from the command line to the engine: links for one question, and links that last.
import { join } from 'node:path';
import { pickEnvironment } from '../engine/link/accessSettings';
import { connectEngine, type ConnectOptions } from '../engine/link/connect';
import { sightNewest } from '../engine/link/generations';
import { findHome } from '../engine/link/home';
import { superviseEngine } from '../engine/link/supervise';
import type { EngineLink } from '../engine/link/greet';
import type { Context, SettingsOption, SteadyLink } from './commands/command';
import { sayLongWaits } from './longWaits';
import type { Output } from './output';
import { createSettingsReader } from './settings';
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
): Pick<Context, 'connect' | 'connectSteadily' | 'readAllowedCommands'> {
  const home = findHome();
  const reader = createSettingsReader(home, output);
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
    request: sayLongWaits((method, params, listen) => link.request(method, params, listen), waits),
    close: () => link.close(),
  });
  const readOptions = async ({ settings: need }: SettingsOption) => {
    const settings = need === 'optional' ? await reader.readIfRight() : await reader.read();
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
    connect: async ({ start, ...options }) => {
      // Where none is to be started, none is an answer; one that runs elsewhere or is silent is not.
      const newest = start ? undefined : await sightNewest(home);
      if (newest === null || newest?.state === 'gone') return undefined;
      const link = await connectEngine({
        ...(await readOptions(options)),
        ...{ start, onChange: nothing, onLost: nothing },
      });
      return { ...withNotes(link), welcome: link.welcome };
    },
    connectSteadily: async ({ onChange, onConnected, onLost, ...options }) =>
      withNotes(
        superviseEngine({
          ...(await readOptions(options)),
          onChange,
          onState: ({ kind }) => {
            if (kind === 'connected') onConnected();
            else onLost();
          },
          onReconnected: nothing,
        }),
      ),
    readAllowedCommands: async () => (await reader.readIfRight())?.allowedCommands,
  };
}
