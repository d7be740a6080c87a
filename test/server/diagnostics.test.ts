// Problems as clients get them: pulled or pushed, with code, link, severity, tags and repair.
import assert from 'node:assert/strict';
import {
  CodeActionRequest,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  PublishDiagnosticsNotification,
  type CodeAction,
  type Diagnostic,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol';
import { waitFor } from '../waitFor';
import { toDiagnostic } from '../../server/features/diagnostics';
import { openFixture, textAt } from './fixture';
import { startServer, type ServerClient } from './serverClient';

describe('diagnostics that are pulled', () => {
  let client: ServerClient;
  before(async () => {
    client = await startServer({ diagnostic: {} });
  });
  after(() => client.stop());

  async function pull(text: string): Promise<Diagnostic[]> {
    const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri: client.open(text) },
    });
    assert.ok(report.kind === 'full');
    return report.items;
  }

  it('have code, link, severity, range and remedy', async () => {
    const [found, ...others] = await pull('echo\n#WATCHER patern="a" pattern="b"');
    assert.deepEqual(others, []);
    assert.ok(found);
    assert.equal(found.code, 'unknown-field');
    assert.equal(found.severity, DiagnosticSeverity.Warning);
    assert.deepEqual(found.range, { start: { line: 1, character: 9 }, end: { line: 1, character: 15 } });
    assert.match(found.message as string, /did you mean "pattern"\?\n./);
    assert.match(found.codeDescription?.href ?? '', /\/docs\/problems\.md#unknown-field$/);
  });

  it('fade what is superfluous', async () => {
    const found = await pull('#WATCHER pattern="(a)" captures=[letter] action=log_event');
    assert.deepEqual(
      found.map(({ code, tags }) => [code, tags]),
      [['unused-capture', [DiagnosticTag.Unnecessary]]],
    );
  });

  it('count a lone carriage return as a line end, as the protocol does', async () => {
    const [found] = await pull('echo a\recho b\n#WATCHER patern="a" pattern="b"');
    assert.deepEqual(found?.range.start, { line: 2, character: 9 });
  });

  it('count in UTF-16 units', async () => {
    const [found] = await pull('#WATCHER name="😀" patern="a" pattern="b"');
    assert.equal(found?.range.start.character, 19);
  });

  it('are none where nothing concerns Slurm', async () => {
    assert.deepEqual(await pull('#!/bin/bash\r\necho hello\r\n'), []);
    assert.equal((await pull('#!/bin/bash\r\n#SBATCH --time=1\r\n')).length, 1);
  });

  it('are unchanged for the same version, and new after a change', async () => {
    const uri = client.open('#WATCHER pattern="("');
    const ask = (previousResultId?: string) =>
      client.connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri },
        ...(previousResultId !== undefined && { previousResultId }),
      });
    const first = await ask();
    assert.equal(first.kind, 'full');
    assert.equal((await ask(first.resultId)).kind, 'unchanged');
    await client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 2 },
      contentChanges: [
        { range: { start: { line: 0, character: 18 }, end: { line: 0, character: 19 } }, text: 'a' },
      ],
    });
    const second = await ask(first.resultId);
    assert.ok(second.kind === 'full');
    assert.deepEqual(second.items, []);
  });

  it('are new for a script that is opened again, whatever its version', async () => {
    const uri = client.open('#WATCHER pattern="a"');
    const ask = (previousResultId?: string) =>
      client.connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri },
        ...(previousResultId !== undefined && { previousResultId }),
      });
    const first = await ask();
    assert.ok(first.kind === 'full' && first.items.length === 0);
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri },
    });
    await client.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'shellscript', version: 1, text: '#WATCHER pattern="("' },
    });
    const second = await ask(first.resultId);
    assert.ok(second.kind === 'full');
    assert.equal(second.items.length, 1);
  });

  it('bring their repair as a quick fix', async () => {
    const uri = client.open('#WATCHER patern="a" action=log_evnt');
    const actions = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range: { start: { line: 0, character: 10 }, end: { line: 0, character: 10 } },
      context: { diagnostics: [], only: ['quickfix'] },
    });
    const [action, ...others] = (actions ?? []) as CodeAction[];
    assert.deepEqual(others, []);
    assert.deepEqual(action?.edit?.changes?.[uri], [
      { range: { start: { line: 0, character: 9 }, end: { line: 0, character: 15 } }, newText: 'pattern' },
    ]);
    assert.equal(action.diagnostics?.[0]?.code, 'unknown-field');
  });
});

describe('the places that belong to a problem', () => {
  const cases: readonly [code: string, script: string, places: readonly string[]][] = [
    [
      'duplicate-field',
      '#WATCHER pattern="a" pattern="b" action=log_event("x", level=info, level=error)',
      ['0: pattern "pattern" is written here too', '0: level "level" is written here too'],
    ],
    [
      'duplicate-name',
      '#WATCHER name=x pattern="a"\n#WATCHER name=x pattern="b"',
      ['0: #WATCHER name=x pattern="a" The watcher with the same name'],
    ],
    [
      'string-compared-with-number',
      '#WATCHER pattern="é (\\d+)" captures=[x] condition="x > 1"',
      ['0: (\\d+) The group of "x"'],
    ],
    ['unused-capture', '#WATCHER pattern="(?P<x>a)"', ['0: (?P<x>a) The group of "x"']],
    [
      'unknown-variable',
      '#WATCHER pattern="(?P<loss>a)" action=log_event("$los $loss")',
      ['0: loss The capture "loss"'],
    ],
    [
      'cancel-before-resubmit',
      '#WATCHER_BEGIN\n# pattern: a\n# actions:\n#   - cancel_job\n#   - resubmit\n#WATCHER_END',
      ['4: resubmit The resubmit that is not reached'],
    ],
    ['capture-count', '#WATCHER pattern="(a)" captures=[x, y]', ['0: (a) The pattern']],
    ['unknown-field', '#WATCHER patern="a"', []],
  ];
  for (const [code, script, places] of cases)
    it(code, () => {
      const { document } = openFixture(script);
      const found = document.problems
        .filter((problem) => problem.code === code)
        .flatMap((problem) => toDiagnostic(document, problem, true).relatedInformation ?? []);
      for (const related of found) assert.ok(DiagnosticRelatedInformation.is(related));
      assert.deepEqual(
        found.map(({ location, message }) => `${textAt(document, location.range)} ${message}`),
        places,
      );
    });
  it('are few, however many there are', () => {
    const { document } = openFixture('#WATCHER name=a pattern="a"\n'.repeat(100));
    const counts = document.problems.map(
      (problem) => toDiagnostic(document, problem, true).relatedInformation?.length,
    );
    assert.ok(counts.length > 0 && counts.every((count) => count === 20), String(counts));
  });
  it('are told to clients that show them alone', async () => {
    for (const shows of [true, false]) {
      const client = await startServer({ diagnostic: { relatedInformation: shows } });
      const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, {
        textDocument: { uri: client.open('#WATCHER pattern="(?P<x>a)"') },
      });
      assert.ok(report.kind === 'full');
      assert.equal(report.items[0]?.relatedInformation?.length, shows ? 1 : undefined);
      await client.stop();
    }
  });
});

describe('diagnostics that are pushed', () => {
  let client: ServerClient;
  const pushed: PublishDiagnosticsParams[] = [];
  before(async () => {
    client = await startServer({});
    client.connection.onNotification(
      PublishDiagnosticsNotification.method,
      (params: PublishDiagnosticsParams) => {
        pushed.push(params);
      },
    );
  });
  after(() => client.stop());

  it('are not offered for pulling', () => {
    assert.equal(client.welcome.capabilities.diagnosticProvider, undefined);
  });

  it('come after opening and after the last of several changes, and go with the document', async () => {
    const uri = client.open('#WATCHER pattern="("');
    const latest = (version: number) =>
      pushed.find((params) => params.uri === uri && params.version === version);
    await waitFor('the problem of version 1', () => latest(1)?.diagnostics.length === 1);
    for (const [version, text] of [
      [2, '#WATCHER pattern=")"'],
      [3, '#WATCHER pattern="a"'],
    ] as const) {
      void client.connection.sendNotification(DidChangeTextDocumentNotification.type, {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
    }
    await waitFor('no problem in version 3', () => latest(3)?.diagnostics.length === 0);
    assert.equal(latest(2), undefined);
    await client.connection.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri },
    });
    await waitFor('an empty list', () =>
      pushed.some((params) => params.uri === uri && params.version === undefined),
    );
  });
});
