// The language client with what it is made of: large, and loaded when a batch script is opened.
import type { LogOutputChannel } from 'vscode';
import { LanguageClient, TransportKind, type Middleware } from 'vscode-languageclient/node';
import { batchScripts } from './languages';
import { changeLineEnds } from './lineEnds';

export function createLanguageClient(module: string, log: LogOutputChannel): LanguageClient {
  return new LanguageClient(
    'slurmWatchers',
    'Slurm Watchers',
    { module, transport: TransportKind.ipc },
    {
      documentSelector: [...batchScripts],
      outputChannel: log,
      initializationOptions: {
        suggestCommand: 'editor.action.triggerSuggest',
        submitCommand: 'slurmWatchers.submitWithWatchers',
        directiveCommands: [
          { title: '$(edit) Open in Builder', command: 'slurmWatchers.editWatcher' },
          { title: '$(beaker) Test Pattern', command: 'slurmWatchers.testPatterns' },
        ],
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
