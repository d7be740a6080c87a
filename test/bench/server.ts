// The language server at its boundary, over standard streams, on a large script; bash-language-server beside it for orientation.
// Needs the built command line (`npm run build`). Prints JSON: milliseconds, median and 95th percentile.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import {
  CodeActionRequest,
  CompletionRequest,
  DidChangeTextDocumentNotification,
  DocumentDiagnosticRequest,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  HoverRequest,
  PublishDiagnosticsNotification,
  SemanticTokensRequest,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol';
import { parseScript } from '../../language/script';
import { startServer, type ServerClient } from '../server/serverClient';
import { createLargeScript } from './largeScript';

const root = join(__dirname, '../..');
const ours = ['dist/cli.js', 'lsp'];
const theirs = ['node_modules/bash-language-server/out/cli.js', 'start'];
const rounds = 100;
/** It takes seconds for each. */
const theirRounds = 10;
/** What the server waits for after the last key stroke before it pushes. */
const debounce = 100;

const { text, directiveLines } = createLargeScript();
const lines = text.split('\n');

interface Spread {
  readonly first: number;
  readonly median: number;
  readonly p95: number;
}

function toSpread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const round = (time: number): number => Math.round(time * 100) / 100;
  return { first: round(times[0] ?? 0), median: round(at(0.5)), p95: round(at(0.95)) };
}

/** One after the other, as a person's editor asks. */
async function measure(count: number, ask: (round: number) => Promise<unknown>): Promise<Spread> {
  const times: number[] = [];
  for (let round = 0; round < count; round++) {
    const begun = performance.now();
    await ask(round);
    times.push(performance.now() - begun);
  }
  return toSpread(times);
}

/** A letter typed into a comment's end at a directive of its own each round. */
function createTyping(
  client: ServerClient,
  uri: string,
): (round: number) => Promise<{ line: number; version: number }> {
  let version = 1;
  return async (round) => {
    const line = directiveLines[(round * 37) % directiveLines.length] ?? 0;
    // Inline: its last character; a block: its first field.
    const target = lines[line]?.endsWith('_BEGIN') ? line + 1 : line;
    const character = lines[target]?.indexOf('watcher ') ?? 0;
    version += 1;
    await client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [
        {
          range: { start: { line: target, character }, end: { line: target, character } },
          text: 'x',
        },
      ],
    });
    return { line: target, version };
  };
}

const hoverPlace = (round: number): { line: number; character: number } => {
  const line = directiveLines[(round * 53) % directiveLines.length] ?? 0;
  const target = lines[line]?.endsWith('_BEGIN') ? line + 2 : line;
  return { line: target, character: (lines[target]?.indexOf('pattern') ?? 0) + 14 };
};

async function measureOurs() {
  const client = await startServer(
    {
      diagnostic: {},
      completion: {
        completionItem: { snippetSupport: true, resolveSupport: { properties: ['documentation'] } },
      },
    },
    { program: ours },
  );
  const uri = client.open(text);
  const textDocument = { uri };
  const { connection } = client;
  const pull = async () => {
    const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument });
    assert.ok(report.kind === 'full');
    return report.items;
  };
  const opened = await measure(1, pull);
  const type = createTyping(client, uri);
  const diagnostics = await measure(rounds, async (round) => {
    await type(round);
    await pull();
  });
  const completion = await measure(rounds, async (round) => {
    const { line } = await type(round);
    const character = (lines[line]?.length ?? 0) + round + 1;
    await connection.sendRequest(CompletionRequest.type, { textDocument, position: { line, character } });
  });
  const completionOfField = await measure(rounds, async (round) => {
    const line = directiveLines[((round * 41) % 250) * 2 + 1] ?? 0;
    const items = await connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position: { line, character: '#WATCHER '.length },
    });
    assert.ok(Array.isArray(items) && items.length > 5);
  });
  const hover = await measure(rounds, async (round) => {
    assert.ok(await connection.sendRequest(HoverRequest.type, { textDocument, position: hoverPlace(round) }));
  });
  const wholes = {
    semanticTokens: await measure(20, () =>
      connection.sendRequest(SemanticTokensRequest.type, { textDocument }),
    ),
    symbols: await measure(20, () => connection.sendRequest(DocumentSymbolRequest.type, { textDocument })),
    codeActions: await measure(20, (round) => {
      const position = hoverPlace(round);
      return connection.sendRequest(CodeActionRequest.type, {
        textDocument,
        range: { start: position, end: position },
        context: { diagnostics: [] },
      });
    }),
    formatting: await measure(5, () =>
      connection.sendRequest(DocumentFormattingRequest.type, {
        textDocument,
        options: { tabSize: 2, insertSpaces: true },
      }),
    ),
  };
  await client.stop();
  return {
    opened,
    diagnostics,
    completion,
    completionOfField,
    hover,
    ...wholes,
    pushed: await measurePushed(ours, debounce),
  };
}

/** From the key stroke to the diagnostics of its version, less the debounce. */
async function measurePushed(program: readonly string[], waits: number): Promise<Spread> {
  const client = await startServer({ publishDiagnostics: { versionSupport: true } }, { program });
  const waiting = new Map<number, () => void>();
  client.connection.onNotification(
    PublishDiagnosticsNotification.method,
    ({ version = 0 }: PublishDiagnosticsParams) => {
      waiting.get(version)?.();
    },
  );
  const opened = new Promise<void>((resolve) => waiting.set(1, resolve));
  const uri = client.open(text);
  await opened;
  const type = createTyping(client, uri);
  let next = 1;
  const spread = await measure(20, async (round) => {
    const told = new Promise<void>((resolve) => waiting.set((next += 1), resolve));
    await type(round);
    await told;
  });
  await client.stop();
  return toSpread([spread.first - waits, spread.median - waits, spread.p95 - waits]);
}

async function measureTheirs() {
  const client = await startServer(
    { completion: { completionItem: { snippetSupport: true } }, publishDiagnostics: {} },
    {
      program: theirs,
      settingsOf: () => ({ backgroundAnalysisMaxFiles: 0, shellcheckPath: '', shfmt: { path: '' } }),
    },
  );
  const uri = client.open(text);
  const textDocument = { uri };
  const type = createTyping(client, uri);
  const word = lines.findIndex((line) => line.startsWith('run_step'));
  const completion = await measure(theirRounds, async (round) => {
    await type(round);
    await client.connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position: { line: word, character: 4 },
    });
  });
  const hover = await measure(theirRounds, () =>
    client.connection.sendRequest(HoverRequest.type, {
      textDocument,
      position: { line: word, character: 4 },
    }),
  );
  const symbols = await measure(theirRounds, () =>
    client.connection.sendRequest(DocumentSymbolRequest.type, { textDocument }),
  );
  await client.stop();
  return { completion, hover, symbols };
}

async function main(): Promise<void> {
  for (const [file] of [ours, theirs])
    if (!existsSync(join(root, file ?? '')))
      throw new Error(`${file ?? ''} is missing: run "npm run build".`);
  const { directives, problems } = parseScript(text);
  const script = { lines: lines.length - 1, directives: directives.length, problems: problems.length };
  const result = {
    benchmark: 'server',
    node: process.version,
    processor: cpus()[0]?.model,
    goals: { diagnosticsP95: 15, completionP95: 5, hoverP95: 5 },
    script,
    ours: await measureOurs(),
    bashLanguageServer: await measureTheirs(),
  };
  console.log(JSON.stringify(result, null, 2));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
