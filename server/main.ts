// The language server: wires the connection, the documents and one line for each feature.
import { createConnection, ProposedFeatures, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { version } from '../package.json';
import { toClientTraits, type ClientTraits } from './clientTraits';
import { createOpenDocuments, type OpenDocument } from './documents';
import { findCompletions, triggerCharacters } from './features/completion';
import { createPushedDiagnostics, toDiagnosticReport } from './features/diagnostics';
import { findHover } from './features/hover';
import { findDefinition, findHighlights, findReferences } from './features/navigation';
import { findQuickFixes } from './features/quickFixes';
import { findRenamable, rename } from './features/rename';
import { findSignature, signatureTriggers } from './features/signatureHelp';

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
      signatureHelpProvider: { triggerCharacters: signatureTriggers },
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      renameProvider: { prepareProvider: true },
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

interface Asked {
  readonly textDocument: { readonly uri: string };
}

/** Answers with nothing for documents that are not open. */
const on =
  <Params extends Asked, Answer>(answer: (document: OpenDocument, params: Params) => Answer) =>
  (params: Params): Answer | undefined => {
    const document = documents.find(params.textDocument.uri);
    return document && answer(document, params);
  };

connection.languages.diagnostics.on(({ textDocument, previousResultId }) =>
  toDiagnosticReport(documents.find(textDocument.uri), previousResultId),
);
connection.onCompletion(on((document, { position }) => findCompletions(document, position, client)));
connection.onHover(on((document, { position }) => findHover(document, position)));
connection.onSignatureHelp(on((document, { position }) => findSignature(document, position)));
connection.onDefinition(on((document, { position }) => findDefinition(document, position)));
connection.onReferences(
  on((document, { position, context }) => findReferences(document, position, context.includeDeclaration)),
);
connection.onDocumentHighlight(on((document, { position }) => findHighlights(document, position)));
connection.onPrepareRename(on((document, { position }) => findRenamable(document, position)));
connection.onRenameRequest(on((document, { position, newName }) => rename(document, position, newName)));
connection.onCodeAction(on((document, { range }) => findQuickFixes(document, range)));

documents.listen(connection);
connection.listen();
