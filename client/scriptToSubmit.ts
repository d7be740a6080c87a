// The script that is to be submitted, saved: the bytes that run are the bytes that are in its file.
import { Uri, window, workspace, type TextDocument } from 'vscode';
import { WatchError } from '../engine/errors';
import type { CommandArguments } from './commandArguments';

/** Undefined where the person would not give it a name. Throws WatchError where there is none or it is no file. */
export async function saveScript([target]: CommandArguments): Promise<TextDocument | undefined> {
  const document =
    target instanceof Uri ? await workspace.openTextDocument(target) : window.activeTextEditor?.document;
  if (!document)
    throw new WatchError('bad-request', 'No script is open.', 'Open a batch script, then submit it.');
  const { scheme } = document.uri;
  if (scheme !== 'file' && scheme !== 'vscode-remote' && scheme !== 'untitled')
    throw new WatchError(
      'unsupported',
      `A script of the kind "${scheme}" cannot be submitted: it is not a file on this machine.`,
      'Save a copy of it in a folder, and submit that.',
    );
  if (!document.isUntitled && !document.isDirty) return document;
  const saved = await workspace.save(document.uri);
  return saved && workspace.openTextDocument(saved);
}
