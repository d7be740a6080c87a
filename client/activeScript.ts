// Tells VS Code whether the active editor shows a batch script, so that the button to submit is there and only there.
import { commands, Disposable, window, workspace } from 'vscode';
import { hasDirective } from '../language/directive/markers';
import { isBatchScript } from './languages';

/** Directives stand at a script's beginning; characters. */
const lookedAt = 50_000;

const isForSlurm = (text: string): boolean => hasDirective(text) || /^[ \t]*#SBATCH\b/m.test(text);

export function createActiveScript(): Disposable {
  let told: boolean | undefined;
  const tell = (): void => {
    const document = window.activeTextEditor?.document;
    const isScript =
      document !== undefined && isBatchScript(document) && isForSlurm(document.getText().slice(0, lookedAt));
    if (isScript !== told) void commands.executeCommand('setContext', 'slurmWatchers.scriptIsOpen', isScript);
    told = isScript;
  };
  tell();
  return Disposable.from(
    window.onDidChangeActiveTextEditor(tell),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document === window.activeTextEditor?.document) tell();
    }),
  );
}
