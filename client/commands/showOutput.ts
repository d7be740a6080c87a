// Show Job Output: the file that a job prints to, at its end.
import { Range, TextEditorRevealType, Uri, window, workspace } from 'vscode';
import { WatchError } from '../../engine/errors';
import type { Job } from '../../engine/model';
import type { App } from '../app';
import { chooseJob } from '../choose';
import type { CommandArguments } from '../commands';
import { nameJob } from '../words';

export async function showOutput(app: App, given: CommandArguments): Promise<void> {
  const job = await chooseJob(app, given, {
    title: 'Show Job Output',
    suits: ({ id }) => id !== '',
    none: 'There is no job with an output.',
  });
  const path = job && (await choosePath(job));
  if (path === undefined) return;
  const document = await workspace.openTextDocument(Uri.file(path)).then(undefined, (error: unknown) => {
    throw new WatchError(
      'not-found',
      `${path} cannot be opened.`,
      'A job that has not printed anything yet may have no output file: try again when it runs.',
      error,
    );
  });
  const editor = await window.showTextDocument(document, { preview: false });
  const end = document.lineAt(document.lineCount - 1).range.end;
  editor.revealRange(new Range(end, end), TextEditorRevealType.Default);
}

async function choosePath(job: Job): Promise<string | undefined> {
  const { stdout, stderr } = job.outputs;
  const items = [
    ...(stdout === null ? [] : [{ label: 'Standard Output', description: stdout, path: stdout }]),
    ...(stderr === null || stderr === stdout
      ? []
      : [{ label: 'Standard Error', description: stderr, path: stderr }]),
  ];
  const [first] = items;
  if (!first)
    throw new WatchError(
      'not-found',
      `The output of ${nameJob(job)} is not known yet.`,
      'Try again when it runs.',
    );
  if (items.length === 1) return first.path;
  return (await window.showQuickPick(items, { title: `Output of ${nameJob(job)}` }))?.path;
}
