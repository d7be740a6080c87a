// The server as a client meets it: every answer in the protocol's shapes, whatever is typed, opened or cancelled.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CancellationTokenSource,
  CodeAction,
  CodeActionRequest,
  DocumentRangeFormattingRequest,
  DocumentOnTypeFormattingRequest,
  DocumentFormattingRequest,
  CodeLensRequest,
  CodeLens,
  type CompletionItem,
  CompletionRequest,
  DefinitionRequest,
  Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  type DocumentHighlight,
  DocumentHighlightRequest,
  DocumentLink,
  DocumentLinkRequest,
  DocumentSymbol,
  DocumentSymbolRequest,
  FoldingRange,
  FoldingRangeRequest,
  Hover,
  HoverRequest,
  InlayHint,
  InlayHintRequest,
  Location,
  LSPErrorCodes,
  type Position,
  PrepareRenameRequest,
  type ProtocolConnection,
  Range,
  ReferencesRequest,
  RenameRequest,
  type RequestType,
  type ResponseError,
  SemanticTokens,
  SemanticTokensRangeRequest,
  SemanticTokensRequest,
  type SignatureHelp,
  SignatureHelpRequest,
  type SignatureInformation,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { startServer, type ServerClient } from './serverClient';

const script = `#!/bin/bash
#SBATCH --time=60 --output=logs/%x-%j.out --tme=5
#WATCHER name="😀 loss" pattern="loss: ([\\d.]+) (?P<acc>\\w+)" captures=[loss] condition="float(loss) < 0.5 and acc" action=log_event("low $loss $1 $\{acc:-none}")
#WATCHER_BEGIN
# pattern: "epoch (\\d+)"
# captures: [epoch]
# trigger_job_states: [oom]
# actions:
#   - run_command(command="sbatch next.sh $epoch") if int(epoch) > 3
#   - cancel_job(reason="é 😀")
#WATCHER_END
#WATCHER patern="(" action=log_evnt
echo done
  #SBATCH --ntasks=1
`;

type Checks = readonly (readonly [
  RequestType<never, unknown, unknown> | string,
  object,
  (answer: unknown) => boolean,
])[];

const isList =
  (is: (value: unknown) => boolean) =>
  (answer: unknown): boolean =>
    answer === null || (Array.isArray(answer) && answer.every(is));

/** The package of types has no guards for these. */
const isCompletion = (value: unknown): boolean => {
  const { label, textEdit, sortText } = value as CompletionItem;
  return label !== '' && TextEdit.is(textEdit) && /^\d{3}$/.test(sortText ?? '');
};
const isHighlight = (value: unknown): boolean => Range.is((value as DocumentHighlight).range);
const isSignature = ({ label, parameters = [] }: SignatureInformation): boolean =>
  parameters.every(
    ({ label: [start, end] }) => typeof start === 'number' && typeof end === 'number' && end <= label.length,
  );

const formattingOptions = { tabSize: 2, insertSpaces: true };

/** Everything that can be asked at a place, with what the answer must be. */
function checksAt(uri: string, position: Position): Checks {
  const textDocument = { uri };
  const at = { textDocument, position };
  const range = { start: position, end: position };
  const orNull =
    (is: (value: unknown) => boolean) =>
    (answer: unknown): boolean =>
      answer === null || is(answer);
  return [
    [CompletionRequest.method, at, isList(isCompletion)],
    [HoverRequest.method, at, orNull(Hover.is)],
    [
      SignatureHelpRequest.method,
      at,
      orNull((help) => (help as SignatureHelp).signatures.every(isSignature)),
    ],
    [DefinitionRequest.method, at, isList(Location.is)],
    [ReferencesRequest.method, { ...at, context: { includeDeclaration: true } }, isList(Location.is)],
    [DocumentHighlightRequest.method, at, isList(isHighlight)],
    [PrepareRenameRequest.method, at, orNull((found) => Range.is((found as { range: unknown }).range))],
    [RenameRequest.method, { ...at, newName: 'fresh' }, orNull(WorkspaceEdit.is)],
    [CodeActionRequest.method, { textDocument, range, context: { diagnostics: [] } }, isList(CodeAction.is)],
    [
      DocumentOnTypeFormattingRequest.method,
      { ...at, ch: '\n', options: formattingOptions },
      isList(TextEdit.is),
    ],
  ];
}

function checksOf(uri: string): Checks {
  const textDocument = { uri };
  const range = { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } };
  return [
    [DocumentSymbolRequest.method, { textDocument }, isList(DocumentSymbol.is)],
    [FoldingRangeRequest.method, { textDocument }, isList(FoldingRange.is)],
    [DocumentLinkRequest.method, { textDocument }, isList(DocumentLink.is)],
    [InlayHintRequest.method, { textDocument, range }, isList(InlayHint.is)],
    [SemanticTokensRequest.method, { textDocument }, SemanticTokens.is],
    [CodeLensRequest.method, { textDocument }, isList(CodeLens.is)],
    [DocumentFormattingRequest.method, { textDocument, options: formattingOptions }, isList(TextEdit.is)],
    [
      DocumentRangeFormattingRequest.method,
      { textDocument, range, options: formattingOptions },
      isList(TextEdit.is),
    ],
    [SemanticTokensRangeRequest.method, { textDocument, range }, SemanticTokens.is],
    [
      DocumentDiagnosticRequest.method,
      { textDocument },
      (answer) => isList(Diagnostic.is)((answer as { items: unknown }).items),
    ],
  ];
}

async function check(connection: ProtocolConnection, checks: Checks): Promise<number> {
  const answers = await Promise.all(
    checks.map(async ([method, params, is]) => {
      const answer: unknown = await connection.sendRequest(method as string, params);
      assert.ok(is(answer), `${method as string} ${JSON.stringify(params)}: ${JSON.stringify(answer)}`);
      return answer !== null && JSON.stringify(answer) !== '[]';
    }),
  );
  return answers.filter(Boolean).length;
}

const everything = {
  diagnostic: {},
  completion: { completionItem: { snippetSupport: true } },
};

const inherited = `#!/bin/bash
#SBATCH --constructor=5 --toString -__proto__ --job-name=valueOf
#WATCHER constructor=1 pattern="(?P<constructor>a)(b) \\N{toString}" captures=[toString, __proto__]
#WATCHER pattern="a(b)" captures=[constructor] condition="constructor > 1 and toString(1) and constructor.valueOf()" action=log_event("$constructor \${toString}")
#WATCHER_BEGIN
# constructor: valueOf
# pattern: "a(?P<hasOwnProperty>b)"
# trigger_job_states: [constructor]
# output: toString
# actions:
#   - constructor: x
#   - log_event(constructor=$hasOwnProperty, level=toString)
#   - run_command(command="constructor $hasOwnProperty; sbatch --constructor toString.sh")
#WATCHER_END
`;

describe('the protocol', function () {
  this.timeout(60_000);
  let client: ServerClient;
  before(async () => {
    client = await startServer(everything, { initializationOptions: { submitCommand: 'submit' } });
  });
  after(() => client.stop());

  it('is spoken in UTF-16, with incremental changes', () => {
    const { positionEncoding, textDocumentSync } = client.welcome.capabilities;
    assert.deepEqual([positionEncoding, textDocumentSync], ['utf-16', 2]);
  });

  for (const [name, text] of [
    ['the example', readFileSync(join(__dirname, '../../examples/train.sh'), 'utf8')],
    ['a script', script],
    ['the same with Windows line ends', script.replaceAll('\n', '\r\n')],
    ['words that every object of JavaScript has', inherited],
  ] as const)
    it(`has the shapes of the protocol at every character of ${name}`, async () => {
      const uri = client.open(text);
      let answered = await check(client.connection, checksOf(uri));
      for (const [line, content] of text.split('\n').entries())
        for (let character = 0; character <= content.length; character++)
          answered += await check(client.connection, checksAt(uri, { line, character }));
      assert.ok(answered > 300, `only ${answered} answers said something`);
    });

  it('is kept at places that are not there, and for documents that are not open', async () => {
    const uri = client.open('#WATCHER');
    await check(client.connection, checksAt(uri, { line: 50, character: 500 }));
    await check(client.connection, checksAt('file:///never-opened.sh', { line: 0, character: 0 }));
    await check(client.connection, checksOf('file:///never-opened.sh'));
  });

  it('follows a script that is typed letter by letter, and taken back', async () => {
    const text =
      '#WATCHER pattern="l😀 (\\d+)" captures=[x] condition="float(x) > 1" action=log_event("$x")\n';
    const uri = client.open('');
    let version = 1;
    const change = (start: Position, end: Position, added: string): Promise<void> =>
      client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version: (version += 1) },
        contentChanges: [{ range: { start, end }, text: added }],
      });
    const at = (character: number): Position => ({ line: 0, character });
    for (let index = 0; index < text.length; index++) {
      await change(at(index), at(index), text[index] ?? '');
      await check(client.connection, checksAt(uri, at(index)).slice(0, 2));
    }
    const whole = await client.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
    });
    assert.deepEqual(whole.kind === 'full' && whole.items, []);
    for (let index = text.length - 2; index > 8; index--) await change(at(index), at(index + 1), '');
    await check(client.connection, checksOf(uri));
  });

  it('is kept for texts that are no scripts', async () => {
    for (const text of [
      '\0\u0001\ud800',
      '#WATCHER '.repeat(2000),
      `#WATCHER pattern="${'('.repeat(500)}`,
      '#WATCHER_BEGIN\n'.repeat(300),
      '#SBATCH --'.repeat(500),
    ]) {
      const uri = client.open(text);
      await check(client.connection, [...checksOf(uri), ...checksAt(uri, { line: 0, character: 12 })]);
    }
  });

  it('keeps 100 documents apart', async () => {
    const uris = Array.from({ length: 100 }, (_, index) =>
      client.open(`#WATCHER name=n${index} pattern="a"\n`.repeat((index % 3) + 1)),
    );
    const outlines = await Promise.all(
      uris.map((uri) => client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } })),
    );
    outlines.forEach((outline, index) => {
      assert.ok(outline);
      assert.equal(outline[0]?.name, `n${index}`);
      assert.equal(outline.length, (index % 3) + 1);
    });
    for (const uri of uris)
      await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
        textDocument: { uri },
      });
    const gone = await client.connection.sendRequest(DocumentSymbolRequest.type, {
      textDocument: { uri: uris[0] ?? '' },
    });
    assert.equal(gone, null);
  });

  it('does not work on what was cancelled before its turn', async () => {
    const uri = client.open(`${script}echo\n`.repeat(100));
    const cancelled = new CancellationTokenSource();
    const asked = Array.from({ length: 60 }, () =>
      client.connection.sendRequest(
        DocumentFormattingRequest.type,
        { textDocument: { uri }, options: formattingOptions },
        cancelled.token,
      ),
    );
    cancelled.cancel();
    const answers = await Promise.allSettled(asked);
    const refused = answers.filter((answer) => answer.status === 'rejected');
    assert.ok(refused.length > 50, `only ${refused.length} of ${answers.length} were left`);
    for (const { reason } of refused)
      assert.equal((reason as ResponseError).code, LSPErrorCodes.RequestCancelled);
  });

  it('answers on after requests that were cancelled, and after ones that it does not know', async () => {
    const uri = client.open(script);
    const cancelled = new CancellationTokenSource();
    const asked = client.connection.sendRequest(
      DocumentSymbolRequest.type,
      { textDocument: { uri } },
      cancelled.token,
    );
    cancelled.cancel();
    await asked.catch((error: unknown) => {
      assert.match(String(error), /cancel/i);
    });
    await assert.rejects(client.connection.sendRequest('textDocument/nothing', {}), /Unhandled method/);
    await check(client.connection, checksOf(uri));
  });

  it('is kept where a document is opened twice and changed after it was closed', async () => {
    const uri = client.open(script);
    await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'shellscript', version: 9, text: '#WATCHER pattern="(" ' },
    });
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri },
    });
    await client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 10 },
      contentChanges: [{ text: 'x' }],
    });
    await check(client.connection, checksOf(uri));
  });
});

describe('slurm-watchers lsp', () => {
  it('is the same server, without and with --stdio', async () => {
    for (const program of [
      ['dist/cli.js', 'lsp'],
      ['dist/cli.js', 'lsp', '--stdio'],
    ]) {
      const shipped = await startServer(everything, {
        program,
        initializationOptions: { submitCommand: 'submit' },
      });
      assert.equal(shipped.welcome.serverInfo?.name, 'slurm-watchers');
      await check(shipped.connection, checksOf(shipped.open(script)));
      await shipped.stop();
    }
  });
});
