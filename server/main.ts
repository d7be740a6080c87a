// The language server: wires the connection, the documents and one line for each feature.
import { createConnection, ProposedFeatures, TextDocumentSyncKind } from 'vscode-languageserver/node';
import type { Range, SemanticTokens } from 'vscode-languageserver';
import { version } from '../package.json';
import { toClientTraits, type ClientTraits } from './clientTraits';
import { createOpenDocuments, type OpenDocument } from './documents';
import { codeActionKinds, findCodeActions } from './features/codeActions';
import { findLenses } from './features/codeLens';
import { findCompletions, triggerCharacters } from './features/completion';
import { createPushedDiagnostics, toDiagnosticReport } from './features/diagnostics';
import { findFoldings } from './features/folding';
import { continueBlock, formatDirectives, formattingTrigger } from './features/formatting';
import { findHover } from './features/hover';
import { findInlayHints } from './features/inlayHints';
import { findLinks } from './features/links';
import { findDefinition, findHighlights, findReferences } from './features/navigation';
import { findRenamable, rename } from './features/rename';
import { findSemanticTokens, legend } from './features/semanticTokens';
import { findSignature, signatureTriggers } from './features/signatureHelp';
import { findSymbols } from './features/symbols';

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
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      documentLinkProvider: { resolveProvider: false },
      inlayHintProvider: true,
      documentFormattingProvider: true,
      documentRangeFormattingProvider: true,
      documentOnTypeFormattingProvider: { firstTriggerCharacter: formattingTrigger },
      semanticTokensProvider: { legend, full: true, range: true },
      ...(client.submitCommand !== undefined && { codeLensProvider: {} }),
      codeActionProvider: { codeActionKinds },
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
connection.onDocumentSymbol(on((document) => findSymbols(document)));
connection.onFoldingRanges(on((document) => findFoldings(document)));
connection.onDocumentLinks(on((document) => findLinks(document)));
connection.onCodeLens(on((document) => findLenses(document, client)));
connection.languages.inlayHint.on(on((document, { range }) => findInlayHints(document, range)));
connection.languages.semanticTokens.on(({ textDocument }) => findTokensOf(textDocument.uri));
connection.languages.semanticTokens.onRange(({ textDocument, range }) =>
  findTokensOf(textDocument.uri, range),
);
connection.onDocumentFormatting(on((document) => formatDirectives(document)));
connection.onDocumentRangeFormatting(on((document, { range }) => formatDirectives(document, range)));
connection.onDocumentOnTypeFormatting(on((document, { position }) => continueBlock(document, position)));
connection.onCodeAction(on((document, { range, context }) => findCodeActions(document, range, context)));

/** The protocol wants an answer here for documents that are closed too. */
function findTokensOf(uri: string, range?: Range): SemanticTokens {
  const document = documents.find(uri);
  return document ? findSemanticTokens(document, range) : { data: [] };
}

documents.listen(connection);
connection.listen();
