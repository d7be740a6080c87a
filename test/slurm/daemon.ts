// A daemon in the foreground as a child of the test: started, waited for, stopped, and ended with the test at the latest.
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';

export interface Daemon {
  readonly pid: number;
  readonly alive: boolean;
  /** Asks it to end, and makes it after `patienceMs`. */
  stop(patienceMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

export interface DaemonOptions {
  readonly log: string;
  readonly env?: NodeJS.ProcessEnv;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startDaemon(
  command: string,
  words: readonly string[],
  { log, env = {} }: DaemonOptions,
): Daemon {
  const file = openSync(log, 'a');
  const child = spawn(command, words, { stdio: ['ignore', file, file], env: { ...process.env, ...env } });
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      running.delete(child);
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  return {
    pid: child.pid ?? -1,
    get alive() {
      return running.has(child);
    },
    kill: (signal) => void child.kill(signal),
    stop: async (patienceMs = 5000) => {
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await ended;
      clearTimeout(impatience);
    },
  };
}

/** Ports on loopback that nobody listens on now. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen(0, '127.0.0.1', () => {
            resolve(server);
          });
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
