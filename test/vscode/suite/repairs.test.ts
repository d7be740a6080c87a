// Repairs as the editor makes them: asked for at the problem, applied, and the problem is gone.
import assert from 'node:assert/strict';
import {
  commands,
  EndOfLine,
  languages,
  Selection,
  window,
  workspace,
  type CodeAction,
  type Diagnostic,
  type Uri,
} from 'vscode';
import { waitFor } from '../../waitFor';
import { repairCases } from '../../server/repairCases';
import { openScript } from './openScript';

const find = (uri: Uri, wanted: string): Diagnostic[] =>
  languages
    .getDiagnostics(uri)
    .filter(
      ({ source, code }) => source === 'slurm-watchers' && typeof code === 'object' && code.value === wanted,
    );

/** One of each code; a change of line ends gets lost on its way to an extension that asks for it. */
const cases = repairCases.filter(
  ({ code }, index) =>
    code !== 'crlf-script' && repairCases.findIndex((other) => other.code === code) === index,
);

describe('a repair in the editor', () => {
  for (const [index, { code, before, title, after }] of cases.entries())
    it(`${code}: ${title}`, async () => {
      const document = await openScript(`repair${index}.sh`, before);
      const [problem] = await waitFor('the problem', () => {
        const found = find(document.uri, code);
        return found.length > 0 && found;
      });
      assert.ok(problem);
      const count = find(document.uri, code).length;
      const actions = await commands.executeCommand<CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        problem.range,
        'quickfix',
      );
      const action = actions.find((offered) => offered.title === title);
      assert.ok(action?.edit, actions.map((offered) => offered.title).join(', '));
      assert.ok(await workspace.applyEdit(action.edit));
      await waitFor('the problem is gone', () => find(document.uri, code).length < count);
      assert.equal(document.getText(), after);
    });

  for (const [what, kind, before, after] of [
    ['by itself', 'quickfix', '#!/bin/bash\r\n#SBATCH -n 1\r\n', '#!/bin/bash\n#SBATCH -n 1\n'],
    [
      'with all others',
      'source.fixAll.slurmWatchers',
      '#!/bin/bash\r\n#SBATCH -n 1\r\n#WATCHER patern="a"\r\n',
      '#!/bin/bash\n#SBATCH -n 1\n#WATCHER pattern="a"\n',
    ],
  ] as const)
    it(`makes Unix line ends, ${what}`, async () => {
      const document = await openScript(`lines ${what}.sh`, before);
      assert.equal(document.eol, EndOfLine.CRLF);
      const [problem] = await waitFor('the problem', () => {
        const found = find(document.uri, 'crlf-script');
        return found.length > 0 && found;
      });
      const editor = window.activeTextEditor;
      assert.ok(problem && editor?.document === document);
      editor.selection = new Selection(problem.range.start, problem.range.start);
      // The editor drops the question where its own look for repairs comes in between: one presses again.
      await waitFor('the line ends of Unix', async () => {
        await commands.executeCommand('editor.action.codeAction', { kind, apply: 'first' });
        return waitFor('what it makes', () => document.eol === EndOfLine.LF, 4000).catch(() => false);
      });
      await waitFor('all is repaired', () => document.getText() === after);
      // The server looks at the text a moment after it has changed.
      await waitFor('no problem is left', () => find(document.uri, 'unknown-field').length === 0);
    });
});
