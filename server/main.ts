// The language server: wires the connection, the documents and one line for each feature.
import { createConnection, ProposedFeatures, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { version } from '../package.json';
import { toClientTraits, type ClientTraits } from './clientTraits';
import { createOpenDocuments } from './documents';
import { findCompletions, triggerCharacters } from './features/completion';
import { createPushedDiagnostics, toDiagnosticReport } from './features/diagnostics';
import { findHover } from './features/hover';
import { findQuickFixes } from './features/quickFixes';

const connection = createConnection(ProposedFeatures.all);
const documents = createOpenDocuments();
const pushed = createPushedDiagnostics(documents, (parameters) => connection.sendDiagnostics(parameters));
let client: ClientTraits;

connection.onInitialize(({ capabilities, initializationOptions }) => {
  client = toClientTraits(capabilities, initializationOptions);
  if (!client.pullsDiagnostics) pushed.begin();
  return {
    serverInfo: { name: 'slurm-watchers', version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters },
      hoverProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      ...(client.pullsDiagnostics && {
        diagnosticProvider: {
          identifier: 'slurm-watchers',
          interFileDependencies: false,
          workspaceDiagnostics: false,
        },
      }),
    },
  };
});

connection.languages.diagnostics.on(({ textDocument, previousResultId }) =>
  toDiagnosticReport(documents.find(textDocument.uri), previousResultId),
);
connection.onCompletion(({ textDocument, position }) => {
  const document = documents.find(textDocument.uri);
  return document && findCompletions(document, position, client);
});
connection.onHover(({ textDocument, position }) => {
  const document = documents.find(textDocument.uri);
  return document && findHover(document, position);
});
connection.onCodeAction(({ textDocument, range }) => {
  const document = documents.find(textDocument.uri);
  return document && findQuickFixes(document, range);
});

documents.listen(connection);
connection.listen();
