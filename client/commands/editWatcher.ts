// Edit Watcher…: the builder for a directive of a script, or for a watcher that is at work.
import { Uri, window, workspace, type TextDocument } from 'vscode';
import { WatchError } from '../../engine/errors';
import { explainNoEdit } from '../../engine/rules';
import type { App } from '../app';
import { chooseWatchers } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { isNode } from '../trees/nodes';

/** From a lens: the script and the line of the directive, from 0. From the palette: where the cursor is, else a list. */
export async function editWatcher(app: App, given: CommandArguments): Promise<void> {
  const [first, line] = given;
  if (first instanceof Uri && typeof line === 'number')
    await openDirective(app, await workspace.openTextDocument(first), line + 1);
  else if (isNode(first) || !(await openAtCursor(app))) await openWatcher(app, given);
}

async function openAtCursor(app: App): Promise<boolean> {
  const editor = window.activeTextEditor;
  if (!editor) return false;
  const { findDirective } = await import('../findDirective.js');
  const found = findDirective(editor.document.getText(), editor.selection.active.line + 1);
  if (!found) return false;
  app.builders.open({ kind: 'directive', script: editor.document.uri.toString(), ...found });
  return true;
}

async function openDirective(app: App, document: TextDocument, line: number): Promise<void> {
  const { findDirective } = await import('../findDirective.js');
  const found = findDirective(document.getText(), line);
  if (!found)
    throw new WatchError(
      'bad-request',
      'This directive is not a watcher yet: there is an error in it.',
      'Correct what the editor marks, or write it anew with “Create Watcher…”.',
    );
  app.builders.open({ kind: 'directive', script: document.uri.toString(), ...found });
}

async function openWatcher(app: App, given: CommandArguments): Promise<void> {
  const watchers = await chooseWatchers(app, given, {
    title: 'Edit Watcher',
    suits: (watcher) => !explainNoEdit(watcher, app.engine.mirror.findJob(watcher.job)),
    none: 'Only watchers of jobs that have not ended can be edited.',
    canPickMany: false,
  });
  for (const { id, definition } of watchers ?? [])
    app.builders.open({ kind: 'watcher', watcher: id, name: definition.name, isCopy: false });
}
