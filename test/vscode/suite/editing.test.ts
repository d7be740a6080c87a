// What the editor says of a batch script while it is written.
import assert from 'node:assert/strict';
import {
  commands,
  DiagnosticSeverity,
  extensions,
  languages,
  Position,
  Range,
  WorkspaceEdit,
  workspace,
  type CodeAction,
  type CompletionList,
  type Diagnostic,
  type Hover,
  type MarkdownString,
  type TextDocument,
  type Uri,
} from 'vscode';
import { openScript } from './openScript';
import { waitFor } from '../../waitFor';

const text = `#!/bin/bash
#SBATCH --time=1
#WATCHER patern="loss: ([\\d.]+)" pattern="a"
#WATCHER pattern="a" action=
`;

const ours = (uri: Uri): Diagnostic[] =>
  languages.getDiagnostics(uri).filter(({ source }) => source === 'slurm-watchers');

const codeOf = ({ code }: Diagnostic) => (typeof code === 'object' ? code.value : code);

describe('a batch script in the editor', () => {
  let document: TextDocument;
  before(async () => {
    document = await openScript('job.sbatch', text);
  });

  it('is tested with the installed extension, not with its sources', () => {
    const extension = extensions.getExtension('slurm-watchers.slurm-watchers');
    assert.ok(extension);
    assert.match(extension.extensionPath, /extensions\/slurm-watchers\.slurm-watchers-/);
  });

  it('is a shell script by its name', () => {
    assert.equal(document.languageId, 'shellscript');
  });

  it('has a mistyped key marked, with a page about it', async () => {
    const found = await waitFor('a diagnostic', () =>
      ours(document.uri).find((it) => codeOf(it) === 'unknown-field'),
    );
    assert.equal(found.severity, DiagnosticSeverity.Warning);
    assert.deepEqual(found.range, new Range(2, 9, 2, 15));
    assert.ok(
      typeof found.code === 'object' && /problems\.md#unknown-field$/.test(found.code.target.toString()),
    );
  });

  it('offers its repair', async () => {
    const actions = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new Range(2, 10, 2, 10),
    );
    const fix = actions.find(({ title }) => /pattern/.test(title));
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(', '));
  });

  it('offers actions where one is wanted', async () => {
    const list = await commands.executeCommand<CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new Position(3, 28),
    );
    assert.ok(list.items.some(({ label }) => label === 'cancel_job'));
  });

  it('explains the word under the pointer', async () => {
    const hovers = await commands.executeCommand<Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new Position(3, 11),
    );
    const contents = hovers.flatMap((hover) => hover.contents as MarkdownString[]);
    assert.ok(contents.some(({ value }) => value.includes('Python regular expression')));
  });

  it('is clean again once it is repaired', async () => {
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(2, 0, 4, 0), '#WATCHER pattern="a" action=log_event\n');
    assert.ok(await workspace.applyEdit(edit));
    await waitFor('no diagnostics', () => ours(document.uri).length === 0);
  });

  it('is left alone where it has nothing to do with Slurm', async () => {
    const other = await openScript('other.sh', '#!/bin/bash\r\necho # watcher\r\n');
    const script = await openScript('second.sh', '#WATCHER patern="a" pattern="b"\n');
    await waitFor('the second script was looked at', () => ours(script.uri).length === 1);
    assert.deepEqual(ours(other.uri), []);
  });
});
