// The language server at its boundary, over standard streams, on a large script; bash-language-server beside it for orientation.
// Needs the built command line (`npm run build`). Prints JSON: milliseconds, median and 95th percentile.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
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
import { createLargeScript } from './world/largeScript';

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
  /** Of the server's process on average, whatever else the machine does; undefined where /proc is not there. */
  readonly processor: number | undefined;
}

const round = (time: number): number => Math.round(time * 100) / 100;

function toSpread(times: readonly number[]): Omit<Spread, 'processor'> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { first: round(times[0] ?? 0), median: round(at(0.5)), p95: round(at(0.95)) };
}

/** Milliseconds of processor time of a process until now, in steps of ten. Source: proc_pid_stat(5). */
function readProcessorTime({ pid }: ServerClient): number | undefined {
  const path = `/proc/${pid ?? 0}/stat`;
  if (!existsSync(path)) return undefined;
  const fields = readFileSync(path, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

interface Rounds {
  readonly client: ServerClient;
  readonly count: number;
  /** What the server waits for by intention, taken off. */
  readonly waits?: number;
}

/** One after the other, as a person's editor asks. */
async function measure(
  { client, count, waits = 0 }: Rounds,
  ask: (round: number) => Promise<unknown>,
): Promise<Spread> {
  const times: number[] = [];
  const before = readProcessorTime(client);
  for (let index = 0; index < count; index++) {
    const begun = performance.now();
    await ask(index);
    times.push(performance.now() - begun - waits);
  }
  const after = readProcessorTime(client);
  const processor = before === undefined || after === undefined ? undefined : round((after - before) / count);
  return { ...toSpread(times), processor };
}

/** A letter typed into the name of another directive each round. */
function createTyping(
  client: ServerClient,
  uri: string,
): (round: number) => Promise<{ line: number; version: number }> {
  let version = 1;
  return async (round) => {
    const line = directiveLines[(round * 37) % directiveLines.length] ?? 0;
    // A block's name stands in its second line.
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
  const opened = await measure({ client, count: 1 }, pull);
  const type = createTyping(client, uri);
  const diagnostics = await measure({ client, count: rounds }, async (round) => {
    await type(round);
    await pull();
  });
  const completion = await measure({ client, count: rounds }, async (round) => {
    const { line } = await type(round);
    const character = (lines[line]?.length ?? 0) + round + 1;
    await connection.sendRequest(CompletionRequest.type, { textDocument, position: { line, character } });
  });
  const completionOfField = await measure({ client, count: rounds }, async (round) => {
    const line = directiveLines[((round * 41) % 250) * 2 + 1] ?? 0;
    const items = await connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position: { line, character: '#WATCHER '.length },
    });
    assert.ok(Array.isArray(items) && items.length > 5);
  });
  const hover = await measure({ client, count: rounds }, async (round) => {
    assert.ok(await connection.sendRequest(HoverRequest.type, { textDocument, position: hoverPlace(round) }));
  });
  const wholes = {
    semanticTokens: await measure({ client, count: 20 }, () =>
      connection.sendRequest(SemanticTokensRequest.type, { textDocument }),
    ),
    symbols: await measure({ client, count: 20 }, () =>
      connection.sendRequest(DocumentSymbolRequest.type, { textDocument }),
    ),
    codeActions: await measure({ client, count: 20 }, (round) => {
      const position = hoverPlace(round);
      return connection.sendRequest(CodeActionRequest.type, {
        textDocument,
        range: { start: position, end: position },
        context: { diagnostics: [] },
      });
    }),
    formatting: await measure({ client, count: 5 }, () =>
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
    pushed: await measurePushed(),
  };
}

/** From the key stroke to the diagnostics of its version, less the debounce. */
async function measurePushed(): Promise<Spread> {
  const client = await startServer({ publishDiagnostics: { versionSupport: true } }, { program: ours });
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
  const spread = await measure({ client, count: 20, waits: debounce }, async (round) => {
    const told = new Promise<void>((resolve) => waiting.set((next += 1), resolve));
    await type(round);
    await told;
  });
  await client.stop();
  return spread;
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
  const completion = await measure({ client, count: theirRounds }, async (round) => {
    await type(round);
    await client.connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position: { line: word, character: 4 },
    });
  });
  const hover = await measure({ client, count: theirRounds }, () =>
    client.connection.sendRequest(HoverRequest.type, {
      textDocument,
      position: { line: word, character: 4 },
    }),
  );
  const symbols = await measure({ client, count: theirRounds }, () =>
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
