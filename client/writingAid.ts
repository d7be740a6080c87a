// Helps while directives are typed: opens suggestions, which VS Code does not in comments, and goes on with blocks at Enter.
import {
  commands,
  Position,
  window,
  workspace,
  type Disposable,
  type TextDocument,
  type TextDocumentChangeEvent,
  type TextEditor,
} from 'vscode';
import { continuesBlock, isInDirective } from '../language/directive/markers';
import { isBatchScript } from './languages';

/** Comments of other scripts and other lines are left alone: a setting for suggestions in comments would change them all. */
export const createWritingAid = (): Disposable =>
  workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
    const editor = window.activeTextEditor;
    const [change, ...others] = contentChanges;
    if (document !== editor?.document || !isBatchScript(document)) return;
    if (!change || others.length > 0 || change.rangeLength > 0 || reason !== undefined) return;
    if (beginsWord(document, change))
      void commands.executeCommand('editor.action.triggerSuggest', { auto: true });
    else if (/^\r?\n[ \t]*$/.test(change.text)) void goOn(editor, change.range.start.line + 1);
  });

/** One letter was typed that begins a marker, or a word of a directive or of an #SBATCH line. */
function beginsWord(document: TextDocument, { text, range }: Change): boolean {
  const { line, character } = range.start;
  const before = /^\w$/.test(text) ? document.lineAt(line).text.slice(0, character) : '';
  if (/^\s*#[Ww]?$/.test(before)) return /^\s*#wa?$/i.test(before + text);
  if (!before.trimStart().startsWith('#') || /\w$/.test(before)) return false;
  return /^\s*#SBATCH[ \t]/.test(before) || isInDirective(before, (at) => document.lineAt(at).text, line);
}

type Change = TextDocumentChangeEvent['contentChanges'][number];

/** Where VS Code formats on type, the language server does this. */
async function goOn(editor: TextEditor, line: number): Promise<void> {
  const { document } = editor;
  const formats = workspace.getConfiguration('editor', document).get<boolean>('formatOnType') === true;
  if (formats || !continuesBlock((at) => document.lineAt(at).text, line)) return;
  const end = new Position(line, document.lineAt(line).text.length);
  await editor.edit(
    (edit) => {
      edit.insert(end, '# ');
    },
    { undoStopBefore: false, undoStopAfter: false },
  );
}
