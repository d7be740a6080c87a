// What a folder brings: its setting for ssync, and its own templates, both followed while the window is open.
import assert from 'node:assert/strict';
import {
  commands,
  ConfigurationTarget,
  languages,
  Position,
  Uri,
  workspace,
  type CompletionList,
  type TextDocument,
} from 'vscode';
import { waitFor } from '../../waitFor';
import { openScript } from './openScript';

describe('a folder', () => {
  let document: TextDocument;
  before(async () => {
    document = await openScript('folder.sh', '#WATCHER pattern="a" cooldown=5m action=log_event\n#W\n');
  });

  it('asks for what ssync would drop', async () => {
    const configuration = workspace.getConfiguration('slurmWatchers.lint', document.uri);
    const codes = () =>
      languages
        .getDiagnostics(document.uri)
        .map(({ code }) => (typeof code === 'object' ? code.value : code));
    assert.ok(!codes().includes('ignored-by-ssync'));
    await configuration.update('ssync', true, ConfigurationTarget.Workspace);
    await waitFor('the hint', () => codes().includes('ignored-by-ssync'));
    await configuration.update('ssync', undefined, ConfigurationTarget.Workspace);
    await waitFor('no hint', () => !codes().includes('ignored-by-ssync'));
  });

  it('has templates of its own', async () => {
    const [folder] = workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const file = Uri.joinPath(folder.uri, '.vscode/team.watchers.json');
    const offers = async (): Promise<boolean> => {
      const list = await commands.executeCommand<CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new Position(1, 2),
      );
      return list.items.some(({ label }) => label === 'team loss');
    };
    assert.ok(!(await offers()));
    await workspace.fs.writeFile(
      file,
      new TextEncoder().encode('[{"name": "team loss", "pattern": "loss"}]'),
    );
    await waitFor('the template', offers);
    await workspace.fs.delete(file);
    await waitFor('it is gone', async () => !(await offers()));
  });
});
