// A real VS Code as a server on a free port of this machine, in a profile of its own.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '../../waitFor';
import type { Profile } from './profile';

export interface CodeServer {
  readonly port: number;
  /** Rejects when the server ends before it is told to. */
  readonly lost: Promise<never>;
  stop(): Promise<void>;
}

export interface CodeServerOptions {
  /** Whether folders are trusted; true where absent. */
  readonly isTrusting?: boolean;
}

const install = async () => import('../../../scripts/vscodeTestBed.mjs');

function commonWords({ directory }: Profile): string[] {
  const configuration = join(directory, 'config.yaml');
  writeFileSync(configuration, 'auth: none\n');
  return [
    '--config',
    configuration,
    '--user-data-dir',
    join(directory, 'data'),
    '--extensions-dir',
    join(directory, 'extensions'),
  ];
}

export async function installExtension(profile: Profile, vsix: string): Promise<void> {
  const { node, codeServer } = await install();
  await promisify(execFile)(
    node,
    [join(codeServer, 'out/node/entry.js'), ...commonWords(profile), '--install-extension', vsix],
    { env: profile.environment, timeout: 120_000 },
  );
}

export async function startCodeServer(
  profile: Profile,
  { isTrusting = true }: CodeServerOptions = {},
): Promise<CodeServer> {
  const { node, codeServer } = await install();
  const port = await findFreePort();
  const logFile = join(profile.directory, 'server.log');
  const log = openSync(logFile, 'a');
  const words = [
    ...commonWords(profile),
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    '--disable-proxy',
    ...(isTrusting ? ['--disable-workspace-trust'] : []),
    // Ends it if we are killed before we can.
    ...['--idle-timeout-seconds', '90'],
  ];
  // A process group of its own, so that all that belongs to it ends with it.
  const server = spawn(node, [join(codeServer, 'out/node/entry.js'), ...words], {
    env: { ...profile.environment, EXTENSIONS_GALLERY: '{}' },
    stdio: ['ignore', log, log],
    detached: true,
  });
  const exited = once(server, 'exit');
  let isWanted = true;
  const lost = exited.then(() => {
    if (isWanted) throw new Error(`VS Code ended: ${readFileSync(logFile, 'utf8')}`);
    return new Promise<never>(() => undefined);
  });
  lost.catch(() => undefined);
  await Promise.race([
    lost,
    waitFor(
      'VS Code serves',
      () =>
        fetch(`http://127.0.0.1:${port}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    ),
  ]);
  const signalGroup = (signal: NodeJS.Signals): void => {
    try {
      if (server.pid !== undefined) process.kill(-server.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  return {
    port,
    lost,
    stop: async () => {
      isWanted = false;
      signalGroup('SIGTERM');
      const late = setTimeout(signalGroup, 3000, 'SIGKILL');
      await exited;
      clearTimeout(late);
      signalGroup('SIGKILL');
    },
  };
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
