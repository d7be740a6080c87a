// Clients of a fake engine on a real socket of a home.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { Clients } from '../../../engine/host/clients';
import { ClientValues } from '../../../engine/host/clientValues';
import { Questions } from '../../../engine/host/questions';
import { createFakeEngine } from './fakeEngine';

export interface ServedClients {
  readonly clients: Clients;
  readonly questions: Questions;
  readonly server: Server;
}

export interface Serving {
  readonly token: string;
  readonly helloMs?: number;
  readonly log?: (line: string) => void;
}

/** They listen at `s` in the home. */
export async function serveClients(
  home: string,
  { token, helloMs = 30_000, log = () => undefined }: Serving,
): Promise<ServedClients> {
  const values = new ClientValues(home, () => undefined);
  const questions = new Questions({ clients: () => clients.asked, firstClient: Promise.resolve() });
  const clients: Clients = new Clients({
    questions,
    values,
    welcome: { version: '1.0.0', pid: 1, generation: 1 },
    engine: createFakeEngine({
      ...{ home, generation: 1, version: '1.0.0', bundleDirectory: '', log: () => undefined },
      prompter: questions,
      settings: () => values.settings,
      environment: () => values.environment,
    }),
    readToken: () => Promise.resolve(token),
    helloMs,
    log,
    started: Date.now(),
    onStop: () => Promise.resolve(),
    onCount: () => undefined,
  });
  const server = createServer((socket) => {
    clients.accept(socket);
  });
  await once(server.listen(join(home, 's')), 'listening');
  return { clients, questions, server };
}
