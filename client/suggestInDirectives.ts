// Opens the list of suggestions while one types in a directive: VS Code itself does not in comments, and shall not in others.
import { commands, window, workspace, type Disposable, type TextDocumentChangeEvent } from 'vscode';
import { isInOpenBlock } from '../language/openBlock';
import { isBatchScript } from './languages';

export const suggestInDirectives = (): Disposable =>
  workspace.onDidChangeTextDocument((event) => {
    if (beginsWord(event)) void commands.executeCommand('editor.action.triggerSuggest', { auto: true });
  });

/** One letter was typed that begins a word of a directive or of an #SBATCH line, in the editor that is looked at. */
function beginsWord({ document, contentChanges }: TextDocumentChangeEvent): boolean {
  const [change, ...others] = contentChanges;
  if (!change || others.length > 0 || !/^\w$/.test(change.text) || change.rangeLength > 0) return false;
  const isShown = document === window.activeTextEditor?.document && isBatchScript(document);
  const { line, character } = change.range.start;
  const before = isShown ? document.lineAt(line).text.slice(0, character) : '';
  if (!before.trimStart().startsWith('#') || /\w$/.test(before)) return false;
  return /^\s*#(?:WATCHER|SBATCH)[ \t]/.test(before) || isInOpenBlock((at) => document.lineAt(at).text, line);
}
