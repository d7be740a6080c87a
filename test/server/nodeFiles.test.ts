// What the server reads of a folder that nobody trusts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readTemplateFiles } from '../../server/nodeFiles';

describe('the watcher files of a folder', () => {
  let root: string;
  let folder: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sw-files-'));
    folder = join(root, 'folder');
    mkdirSync(join(folder, '.vscode'), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const at = (name: string): string => join(folder, '.vscode', `${name}.watchers.json`);
  const names = async (path = folder): Promise<readonly string[]> =>
    (await readTemplateFiles(pathToFileURL(path).href)).map(({ name }) => name.replace('.watchers.json', ''));

  it('are plain files of a reasonable size, and nothing else that may have such a name', async () => {
    writeFileSync(at('good'), '[]');
    writeFileSync(at('empty'), '');
    writeFileSync(join(root, 'secret'), 'secret');
    symlinkSync('/dev/zero', at('endless'));
    symlinkSync(join(root, 'secret'), at('outside'));
    symlinkSync('good.watchers.json', at('inside'));
    symlinkSync('nowhere', at('dangling'));
    mkdirSync(at('directory'));
    // Opened for reading, it would wait for a writer for ever.
    execFileSync('mkfifo', [at('fifo')]);
    writeFileSync(at('large'), '');
    truncateSync(at('large'), 1_000_001);
    writeFileSync(at('just'), '');
    truncateSync(at('just'), 1_000_000);
    writeFileSync(at('z'), '{}');
    assert.deepEqual(await names(), ['good', 'just', 'z']);
  });

  it('are few, and little in all', async () => {
    for (let file = 100; file < 300; file++) writeFileSync(at(String(file)), '[]');
    assert.equal((await names()).length, 100);
    for (let file = 100; file < 110; file++) writeFileSync(at(String(file)), 'x'.repeat(999_999));
    assert.equal((await names()).length, 5);
  });

  it('are not read through a .vscode that leads out of the folder', async () => {
    writeFileSync(at('good'), '[]');
    const other = join(root, 'other');
    mkdirSync(other);
    symlinkSync(join(folder, '.vscode'), join(other, '.vscode'));
    assert.deepEqual(await names(other), []);
    // A folder that is a link is opened as itself.
    symlinkSync(folder, join(root, 'link'));
    assert.deepEqual(await names(join(root, 'link')), ['good']);
  });

  it('are none where there is nothing, or a file', async () => {
    assert.deepEqual(await names(join(root, 'nowhere')), []);
    rmSync(join(folder, '.vscode'), { recursive: true });
    writeFileSync(join(folder, '.vscode'), '');
    assert.deepEqual(await names(), []);
  });
});
