// Line ends are no text for VS Code: repairs that write other ones become a change of the document's line ends.
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

const takesLineEnd = (document: TextDocument, { range, newText }: TextEdit): boolean =>
  newText === '\n' && document.getText(range) === '\r\n';
