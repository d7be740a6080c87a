// Repairs as the editor makes them: asked for at the problem, applied, and the problem is gone.
import assert from 'node:assert/strict';
import {
  commands,
  EndOfLine,
  languages,
  Range,
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

/** One of each code. */
const cases = repairCases.filter(
  ({ code }, index) => repairCases.findIndex((other) => other.code === code) === index,
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

  it('makes Unix line ends in a script of both', async () => {
    const document = await openScript('both.sh', '#!/bin/bash\r\n#SBATCH -n 1\r\n#WATCHER patern="a"\r\n');
    assert.equal(document.eol, EndOfLine.CRLF);
    await waitFor('both problems', () => find(document.uri, 'unknown-field').length > 0);
    const [action] = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      document.validateRange(new Range(0, 0, 9, 0)),
      'source.fixAll.slurmWatchers',
    );
    assert.ok(action?.edit);
    assert.ok(await workspace.applyEdit(action.edit));
    assert.equal(document.getText(), '#!/bin/bash\n#SBATCH -n 1\n#WATCHER pattern="a"\n');
  });
});
