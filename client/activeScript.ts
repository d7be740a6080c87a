// Tells VS Code whether the active editor shows a batch script, so that the button to submit is there and only there.
import { commands, Disposable, window, workspace } from 'vscode';
import { isBatchScript } from './languages';

const marker = /^[ \t]*#(?:WATCHER|SBATCH)\b/m;
/** Directives stand at a script's beginning; characters. */
const lookedAt = 50_000;

export function createActiveScript(): Disposable {
  let told: boolean | undefined;
  const tell = (): void => {
    const document = window.activeTextEditor?.document;
    const isScript =
      document !== undefined && isBatchScript(document) && marker.test(document.getText().slice(0, lookedAt));
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
