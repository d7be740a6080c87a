// Line ends are no text for VS Code: a repair that takes `\r` away becomes a change of the document's line ends.
import { CodeAction, EndOfLine, TextEdit, WorkspaceEdit, type TextDocument } from 'vscode';
import type { Middleware } from 'vscode-languageclient';

export const changeLineEnds: NonNullable<Middleware['provideCodeActions']> = async (
  document,
  range,
  context,
  token,
  next,
) => {
  const actions = await next(document, range, context, token);
  for (const action of actions ?? [])
    if (action instanceof CodeAction && action.edit) action.edit = translate(document, action.edit);
  return actions;
};

function translate(document: TextDocument, edit: WorkspaceEdit): WorkspaceEdit {
  const edits = edit.get(document.uri);
  const others = edits.filter((one) => !takesLineEnd(document, one));
  if (others.length === edits.length) return edit;
  const changed = new WorkspaceEdit();
  changed.set(document.uri, [TextEdit.setEndOfLine(EndOfLine.LF), ...others]);
  return changed;
}

/** Behind the last character of a line that VS Code knows there is nothing but the line end. */
const takesLineEnd = (document: TextDocument, { range: { start, end }, newText }: TextEdit): boolean =>
  newText === '' &&
  start.line === end.line &&
  end.character > start.character &&
  start.character >= document.lineAt(start.line).text.length;
