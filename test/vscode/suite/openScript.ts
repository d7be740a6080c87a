// Writes a script into the workspace and opens it in an editor.
import assert from 'node:assert/strict';
import { Uri, window, workspace, type TextDocument } from 'vscode';

export async function openScript(name: string, text: string): Promise<TextDocument> {
  const folder = workspace.workspaceFolders?.[0];
  assert.ok(folder);
  const uri = Uri.joinPath(folder.uri, name);
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await workspace.openTextDocument(uri);
  await window.showTextDocument(document);
  return document;
}
