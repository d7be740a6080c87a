// Settings as clients tell them: asked for each folder, followed when they change, and told by clients that cannot be asked.
import assert from 'node:assert/strict';
import {
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DocumentDiagnosticRequest,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol';
import { waitFor } from '../waitFor';
import { startServer, type ServerClient } from './serverClient';

/** ssync knows no cooldown. */
const script = '#WATCHER pattern="a" cooldown=5m action=log_event\n';

async function pull(client: ServerClient, uri: string, previousResultId?: string) {
  const report = await client.connection.sendRequest(DocumentDiagnosticRequest.type, {
    textDocument: { uri },
    ...(previousResultId !== undefined && { previousResultId }),
  });
  return {
    kind: report.kind,
    resultId: report.resultId,
    codes: report.kind === 'full' ? report.items.map(({ code }) => code) : [],
  };
}

describe('the settings of scripts', () => {
  let asking = true;
  let client: ServerClient;
  let refreshes = 0;
  before(async () => {
    client = await startServer(
      { diagnostic: {} },
      {
        settingsOf: (uri) => ({ lint: { ssync: asking && uri?.startsWith('file:///strict/') } }),
        workspace: {
          didChangeConfiguration: { dynamicRegistration: true },
          diagnostics: { refreshSupport: true },
        },
      },
    );
    client.connection.onRequest(DiagnosticRefreshRequest.type, () => {
      refreshes += 1;
    });
  });
  after(() => client.stop());

  it('are asked for each folder', async () => {
    assert.deepEqual((await pull(client, client.open(script, 'file:///loose'))).codes, []);
    assert.deepEqual((await pull(client, client.open(script, 'file:///strict'))).codes, ['ignored-by-ssync']);
  });

  it('are followed when they change', async () => {
    const uri = client.open(script, 'file:///strict');
    const first = await pull(client, uri);
    assert.equal((await pull(client, uri, first.resultId)).kind, 'unchanged');
    assert.ok(
      client.registrations.some(({ method }) => method === DidChangeConfigurationNotification.method),
    );
    asking = false;
    await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    await waitFor('the client is asked to pull anew', () => refreshes === 1);
    assert.deepEqual(await pull(client, uri, first.resultId), { kind: 'full', resultId: '1', codes: [] });
  });
});

describe('the list of allowed commands', () => {
  it('is the one of the settings', async () => {
    let allowedCommands: unknown = null;
    const client = await startServer(
      { diagnostic: {} },
      {
        settingsOf: () => ({ allowedCommands }),
        workspace: { didChangeConfiguration: { dynamicRegistration: true } },
      },
    );
    const making = '#WATCHER pattern="a" action=run_command(command="make clean")\n';
    const printing = '#WATCHER pattern="a" action=run_command(command="echo clean")\n';
    const told = ['command-not-allowed'];
    let previous: string | undefined;
    const uri = client.open(making);
    for (const [list, ofMake, ofEcho] of [
      [null, told, []],
      [['make'], [], told],
      [['two words'], told, told],
      [['make', 'echo'], [], []],
    ] as const) {
      allowedCommands = list;
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      const report = await pull(client, uri, previous);
      assert.deepEqual(report.codes, ofMake, JSON.stringify(list));
      previous = report.resultId;
      assert.deepEqual((await pull(client, client.open(printing))).codes, ofEcho, JSON.stringify(list));
    }
    await client.stop();
  });
});

describe('settings that a client tells by itself', () => {
  it('are followed too, and their problems pushed anew', async () => {
    const client = await startServer({});
    const pushed: PublishDiagnosticsParams[] = [];
    client.connection.onNotification(
      PublishDiagnosticsNotification.method,
      (params: PublishDiagnosticsParams) => {
        pushed.push(params);
      },
    );
    const uri = client.open(script);
    const latest = () => pushed.filter((params) => params.uri === uri).at(-1)?.diagnostics.length;
    await waitFor('no problem', () => latest() === 0);
    for (const [settings, count] of [
      [{ slurmWatchers: { lint: { ssync: true } } }, 1],
      [{ slurmWatchers: 'nonsense' }, 0],
    ] as const) {
      await client.connection.sendNotification(DidChangeConfigurationNotification.type, { settings });
      await waitFor(`${count} problems`, () => latest() === count);
    }
    await client.stop();
  });
});
