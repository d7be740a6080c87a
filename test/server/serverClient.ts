// A language client for tests: the real server as a process, spoken to over its standard streams.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  createProtocolConnection,
  InitializedNotification,
  InitializeRequest,
  ShutdownRequest,
  ExitNotification,
  DidOpenTextDocumentNotification,
  type ClientCapabilities,
  type InitializeResult,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';

export interface ServerClient {
  readonly connection: ProtocolConnection;
  readonly welcome: InitializeResult;
  /** Opens a script under a name of its own and gives its URI. */
  open(text: string): string;
  stop(): Promise<void>;
}

const root = join(__dirname, '../..');

/** The server's sources; `['dist/cli.js', 'lsp']` is what ships. */
const sources: readonly string[] = ['--import', 'tsx', 'server/main.ts', '--stdio'];

export async function startServer(
  textDocument: ClientCapabilities['textDocument'],
  program = sources,
): Promise<ServerClient> {
  const server = spawn(process.execPath, program, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(server.stdout, server.stdin);
  connection.listen();
  const welcome = await connection.sendRequest<InitializeResult>(InitializeRequest.method, {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument },
  });
  await connection.sendNotification(InitializedNotification.type, {});
  let count = 0;
  return {
    connection,
    welcome,
    open: (text) => {
      const uri = `file:///script${(count += 1)}.sh`;
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
