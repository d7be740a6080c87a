// The language server: wires the connection, the documents and one line for each feature.
import { createConnection, ProposedFeatures, TextDocumentSyncKind } from 'vscode-languageserver/node';
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type Range,
  type SemanticTokens,
} from 'vscode-languageserver';
import { version } from '../package.json';
import { cancellation, toCancelled } from './cancellation';
import { toClientTraits, type ClientTraits } from './clientTraits';
import { createOpenDocuments, type OpenDocument, type ScriptText } from './documents';
import { codeActionKinds, findCodeActions } from './features/codeActions';
import { findLenses } from './features/codeLens';
import { findCompletions, resolveCompletion, triggerCharacters } from './features/completion';
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
import { readTemplateFiles } from './nodeFiles';
import { createSettings, readMember, section } from './settings';
import { createTemplateFiles, templatePattern } from './templateFiles';

const connection = createConnection(ProposedFeatures.all, cancellation);
/** What a client told of its settings that cannot be asked for them. */
let toldSettings: unknown;
const settings = createSettings(async (scopeUri) =>
  client.tellsSettings
    ? ((await connection.workspace.getConfiguration({ scopeUri, section })) as unknown)
    : toldSettings,
);
const documents = createOpenDocuments((uri) => settings.known(uri));
const templates = createTemplateFiles(readTemplateFiles);
const pushed = createPushedDiagnostics(documents, settings, (parameters) =>
  connection.sendDiagnostics(parameters),
);
let client: ClientTraits;
let folders: readonly string[] = [];

connection.onInitialize((parameters) => {
  const { capabilities, workspaceFolders } = parameters;
  // Of clients that know no folders yet.
  const rootUri = readMember(parameters, 'rootUri');
  client = toClientTraits(capabilities, parameters.initializationOptions);
  folders = workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === 'string' ? [rootUri] : []);
  if (!client.pullsDiagnostics) pushed.begin(client.showsRelated);
  return {
    serverInfo: { name: 'slurm-watchers', version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: TextDocumentSyncKind.Incremental,
      completionProvider: { triggerCharacters, resolveProvider: true },
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
      ...((client.submitCommand !== undefined || client.directiveCommands.length > 0) && {
        codeLensProvider: {},
      }),
      ...(client.hasFolders && {
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      }),
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

connection.onInitialized(async () => {
  if (client.hasFolders)
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = removed.map(({ uri }) => uri);
      folders = [...folders.filter((uri) => !gone.includes(uri)), ...added.map(({ uri }) => uri)];
      void templates.open(folders);
    });
  if (client.registersSettings)
    await connection.client.register(DidChangeConfigurationNotification.type, { section });
  if (client.watchesFiles)
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: templatePattern }],
    });
  await templates.open(folders);
});
connection.onDidChangeWatchedFiles(({ changes }) => {
  for (const { uri } of changes) void templates.reread(uri);
});
connection.onDidChangeConfiguration((params: { readonly settings?: unknown }) => {
  toldSettings = readMember(params.settings, section);
  settings.forgetAll();
  pushed.repeat();
  if (client.refreshesDiagnostics) void connection.languages.diagnostics.refresh();
});
documents.onDidClose(({ document: { uri } }) => {
  settings.forget(uri);
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
/** The same for what is asked while somebody types, and waits for no parser. */
const onText =
  <Params extends Asked, Answer>(answer: (document: ScriptText, params: Params) => Answer) =>
  (params: Params): Answer | undefined => {
    const document = documents.findText(params.textDocument.uri);
    return document && answer(document, params);
  };

connection.languages.diagnostics.on(async ({ textDocument: { uri }, previousResultId }, token) => {
  await settings.learn(uri);
  if (token.isCancellationRequested) throw toCancelled();
  return toDiagnosticReport(documents.find(uri), previousResultId, client.showsRelated);
});
connection.onCompletion(
  onText((document, { position }) => findCompletions(document, position, { client, templates })),
);
connection.onCompletionResolve((item) => resolveCompletion(item, { client, templates }));
connection.onHover(on((document, { position }) => findHover(document, position)));
connection.onSignatureHelp(onText((document, { position }) => findSignature(document, position)));
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
connection.onDocumentOnTypeFormatting(onText((document, { position }) => continueBlock(document, position)));
connection.onCodeAction(on((document, { range, context }) => findCodeActions(document, range, context)));

/** The protocol wants an answer here for documents that are closed too. */
function findTokensOf(uri: string, range?: Range): SemanticTokens {
  const document = documents.find(uri);
  return document ? findSemanticTokens(document, range) : { data: [] };
}

documents.listen(connection);
connection.listen();
