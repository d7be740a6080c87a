// The language server's other half: starts it at the first batch script, and not before.
import { join } from 'node:path';
import { Disposable, workspace, type ExtensionContext, type TextDocument } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { tellError } from './errorBoundary';
import { isBatchScript } from './languages';
import type { Log } from './log';

export function startLanguageClient(context: ExtensionContext, log: Log): Disposable {
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

/** Loads the client's code: activation does not wait for that. */
async function createClient(module: string, log: Log): Promise<LanguageClient> {
  const loaded = await import('./languageClientParts.js');
  return loaded.createLanguageClient(module, log.channel);
}
