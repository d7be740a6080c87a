// Templates of folders in completion: per folder, followed when their files change, without a word about broken ones.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CompletionRequest,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  FileChangeType,
  type CompletionItem,
} from 'vscode-languageserver-protocol';
import { waitFor } from '../waitFor';
import { startServer, type ServerClient } from './serverClient';

describe('templates of folders', () => {
  let client: ServerClient;
  const root = mkdtempSync(join(tmpdir(), 'sw-templates-'));
  const toUri = (folder: string): string => pathToFileURL(join(root, folder)).href;
  const write = (folder: string, name: string, content: unknown): string => {
    const path = join(root, folder, '.vscode', name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return pathToFileURL(path).href;
  };

  before(async () => {
    write('a', 'team.watchers.json', [
      { name: 'team loss', pattern: 'loss (\\d+)', captures: ['loss'] },
      {
        name: 'no words for this',
        pattern: 'x',
        actions: [{ type: 'log_event', params: { message: 'a\nb' } }],
      },
    ]);
    write('a', 'broken.watchers.json', '{');
    write('a', 'other.json', [{ name: 'other', pattern: 'x' }]);
    write('a/inner', 'x.watchers.json', { name: 'inner', pattern: 'x' });
    write('b', 'mine.watchers.json', { watchers: [{ name: 'mine', pattern: 'm' }] });
    client = await startServer(
      { completion: { completionItem: { snippetSupport: true } } },
      {
        folders: [toUri('a'), `${toUri('b')}/`],
        workspace: { workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
      },
    );
  });
  after(async () => {
    await client.stop();
    rmSync(root, { recursive: true });
  });

  it('are those of the root for clients without folders', async () => {
    const simple = await startServer({}, { rootUri: toUri('b') });
    const labels = async (): Promise<readonly string[]> => {
      const items = await simple.connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri: simple.open('#WA', toUri('b')) },
        position: { line: 0, character: 3 },
      });
      return Array.isArray(items) ? items.map(({ label }) => label) : [];
    };
    try {
      await waitFor('the templates of the root', async () => (await labels()).includes('mine'));
    } finally {
      await simple.stop();
    }
  });

  async function complete(text: string, folder: string | undefined): Promise<CompletionItem[]> {
    const items = await client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri: client.open(text, folder) },
      position: { line: 0, character: text.length },
    });
    assert.ok(Array.isArray(items));
    return items;
  }
  const own = ['team loss', 'inner', 'mine', 'late', 'no words for this', 'other'];
  const offered = async (folder: string | undefined, text = '#WA'): Promise<string[]> =>
    (await complete(text, folder)).map(({ label }) => label).filter((label) => own.includes(label));

  it('are offered in the scripts of their folder, before the built-in ones', async () => {
    await waitFor('the templates are read', async () => (await offered(toUri('a'))).length > 0);
    assert.deepEqual(await offered(toUri('a')), ['team loss']);
    assert.deepEqual(await offered(`${toUri('b')}/deep/down`), ['mine']);
    const labels = (await complete('#WA', toUri('a'))).map(({ label }) => label);
    assert.ok(labels.indexOf('team loss') < labels.indexOf('Out of memory'));
  });

  it('are all offered in scripts that are in no folder', async () => {
    assert.deepEqual(await offered('untitled:'), ['team loss', 'mine']);
  });

  it('bring their patterns', async () => {
    const item = (await complete('#WATCHER pattern="', toUri('a'))).find(
      ({ label }) => label === 'team loss',
    );
    assert.equal(item?.textEdit?.newText, 'loss (\\\\d+)"');
    assert.equal(item.detail, 'loss (\\d+)');
  });

  it('are written as directives', async () => {
    const item = (await complete('#WA', toUri('a'))).find(({ label }) => label === 'team loss');
    assert.match(item?.textEdit?.newText ?? '', /^#WATCHER name="\$\{1:team loss\}" pattern="\$\{2:loss \(/);
    assert.match(item?.detail ?? '', /team\.watchers\.json/);
  });

  it('are read anew when a file changes', async () => {
    const watched = client.registrations.find(
      ({ method }) => method === DidChangeWatchedFilesNotification.method,
    );
    assert.match(JSON.stringify(watched?.registerOptions), /\.vscode\/\*\.watchers\.json/);
    const uri = write('b', 'late.watchers.json', { name: 'late', pattern: 'x' });
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri, type: FileChangeType.Created }],
    });
    await waitFor('the new template', async () => (await offered(toUri('b'))).includes('late'));
    rmSync(join(root, 'b/.vscode/late.watchers.json'));
    await client.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
      changes: [{ uri, type: FileChangeType.Deleted }],
    });
    await waitFor('it is gone', async () => !(await offered(toUri('b'))).includes('late'));
  });

  it('come and go with their folders; the innermost counts', async () => {
    const inner = { uri: toUri('a/inner'), name: 'inner' };
    await client.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, {
      event: { added: [inner], removed: [{ uri: toUri('a'), name: 'a' }] },
    });
    await waitFor('the inner folder', async () => (await offered(inner.uri)).includes('inner'));
    assert.deepEqual(await offered(inner.uri), ['inner']);
    assert.deepEqual(await offered(toUri('a')), ['mine', 'inner']);
  });
});
