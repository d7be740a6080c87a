// The language server's other half: starts it at the first batch script, and not before.
import { join } from 'node:path';
import {
  Disposable,
  workspace,
  type ExtensionContext,
  type LogOutputChannel,
  type TextDocument,
} from 'vscode';
import type { LanguageClient, Middleware } from 'vscode-languageclient/node';
import { tellError } from './errorBoundary';
import { batchScripts, isBatchScript } from './languages';
import { changeLineEnds } from './lineEnds';

export function startLanguageClient(context: ExtensionContext, log: LogOutputChannel): Disposable {
  let client: Promise<LanguageClient> | undefined;
  const startFor = (document: TextDocument): void => {
    if (client || !isBatchScript(document)) return;
    client = createClient(join(context.extensionPath, 'dist/server.js'), log);
    client
      .then((created) => created.start())
      .catch((error: unknown) => {
        tellError(log, error);
      });
  };
  for (const document of workspace.textDocuments) startFor(document);
  const listening = workspace.onDidOpenTextDocument(startFor);
  return new Disposable(() => {
    listening.dispose();
    void client?.then((created) => created.dispose());
  });
}

/** Loads the client's code with it: activation does not wait for that. */
async function createClient(module: string, log: LogOutputChannel): Promise<LanguageClient> {
  const { LanguageClient: Client, TransportKind } = await import('vscode-languageclient/node');
  return new Client(
    'slurmWatchers',
    'Slurm Watchers',
    { module, transport: TransportKind.ipc },
    {
      documentSelector: [...batchScripts],
      outputChannel: log,
      initializationOptions: {
        suggestCommand: 'editor.action.triggerSuggest',
        submitCommand: 'slurmWatchers.submitWithWatchers',
      },
      middleware: { provideCodeLenses: forDocument, provideCodeActions: changeLineEnds },
    },
  );
}

/** The server knows a document by its address alone; commands want the document that the lens stands in. */
const forDocument: NonNullable<Middleware['provideCodeLenses']> = async (document, token, next) => {
  const lenses = await next(document, token);
  for (const { command } of lenses ?? []) {
    const words: unknown[] = command?.arguments ?? [];
    if (command) command.arguments = [document.uri, ...words.slice(1)];
  }
  return lenses;
};
