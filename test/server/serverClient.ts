// A language client for tests: the real server as a process, spoken to over its standard streams.
import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConfigurationRequest,
  createProtocolConnection,
  InitializedNotification,
  InitializeRequest,
  RegistrationRequest,
  ShutdownRequest,
  ExitNotification,
  DidOpenTextDocumentNotification,
  type ClientCapabilities,
  type InitializeResult,
  type ProtocolConnection,
  type Registration,
} from 'vscode-languageserver-protocol/node';

export interface ServerClient {
  readonly connection: ProtocolConnection;
  readonly pid: number | undefined;
  readonly welcome: InitializeResult;
  /** What the server has asked to be told of. */
  readonly registrations: readonly Registration[];
  /** Opens a script under a name of its own, in a folder, and gives its URI. */
  open(text: string, folder?: string): string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The server as its sources are now, where absent; `['dist/cli.js', 'lsp']` is what ships. */
  readonly program?: readonly string[];
  readonly workspace?: ClientCapabilities['workspace'];
  /** URIs of the folders that are open. */
  readonly folders?: readonly string[];
  /** The one folder of clients that know no others. */
  readonly rootUri?: string;
  readonly initializationOptions?: unknown;
  /** What the client says of a script's settings; its capabilities say that it can. */
  readonly settingsOf?: (uri: string | undefined) => unknown;
}

const root = join(__dirname, '../..');
let bundle: string | undefined;

/** One bundle for all servers of a run: translating the sources for each would take most of its time. */
function bundleServer(): string {
  if (bundle !== undefined) return bundle;
  const directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-server-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  bundle = join(directory, 'server.js');
  buildSync({
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  return bundle;
}

export async function startServer(
  textDocument: ClientCapabilities['textDocument'],
  {
    program = [bundleServer(), '--stdio'],
    workspace,
    folders,
    rootUri,
    initializationOptions,
    settingsOf,
  }: ServerOptions = {},
): Promise<ServerClient> {
  const server = spawn(process.execPath, program, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(server.stdout, server.stdin);
  const registrations: Registration[] = [];
  connection.onRequest(RegistrationRequest.type, (params) => {
    registrations.push(...params.registrations);
  });
  connection.onRequest(ConfigurationRequest.type, ({ items }) =>
    items.map(({ scopeUri }) => settingsOf?.(scopeUri) ?? null),
  );
  connection.listen();
  const welcome = await connection.sendRequest<InitializeResult>(InitializeRequest.method, {
    processId: process.pid,
    rootUri: rootUri ?? null,
    workspaceFolders: folders?.map((uri) => ({ uri, name: uri })) ?? null,
    capabilities: {
      textDocument,
      workspace: { ...workspace, ...(settingsOf && { configuration: true }) },
    },
    initializationOptions,
  });
  await connection.sendNotification(InitializedNotification.type, {});
  let count = 0;
  return {
    connection,
    pid: server.pid,
    welcome,
    registrations,
    open: (text, folder = 'file://') => {
      const uri = `${folder}/script${(count += 1)}.sh`;
      void connection.sendNotification(DidOpenTextDocumentNotification.type, {
        textDocument: { uri, languageId: 'shellscript', version: 1, text },
      });
      return uri;
    },
    stop: async () => {
      const exited = once(server, 'exit');
      await connection.sendRequest(ShutdownRequest.method);
      await connection.sendNotification(ExitNotification.type);
      await exited;
      connection.dispose();
    },
  };
}
