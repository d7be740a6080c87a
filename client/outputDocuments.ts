// An output as a text document, at its end: the file itself where it is this computer's, else the end of it as text.
import {
  FileType,
  Range,
  Selection,
  TextEditorRevealType,
  Uri,
  window,
  workspace,
  type TextDocument,
} from 'vscode';
import { WatchError } from '../engine/errors';
import type { Stream } from '../engine/model';
import { isBehindSsh } from '../engine/rules';
import type { OutputContext } from '../webviews/output/protocol';
import type { App } from './app';

interface OpenedOutput {
  readonly context: Pick<OutputContext, 'cluster' | 'job'>;
  readonly stream: Stream;
}

/** Throws WatchError. */
export async function openOutputDocument(
  { engine, remoteOutputs }: Pick<App, 'engine' | 'remoteOutputs'>,
  { context: { cluster, job }, stream }: OpenedOutput,
): Promise<void> {
  const isRemote = isBehindSsh(await engine.request('engine/clusters', {}), cluster);
  const document = isRemote
    ? await remoteOutputs.open({ cluster, job, id: engine.mirror.findJob(job)?.id ?? job, stream })
    : await openFile(
        (await engine.request('engine/readOutput', { cluster, job, stream, from: 0, maxBytes: 1 })).path,
      );
  const editor = await window.showTextDocument(document, { preview: false });
  const end = document.lineAt(document.lineCount - 1).range.end;
  editor.selection = new Selection(end, end);
  editor.revealRange(new Range(end, end), TextEditorRevealType.Default);
}

async function openFile(path: string): Promise<TextDocument> {
  const uri = Uri.file(path);
  const isFile = await workspace.fs.stat(uri).then(
    ({ type }) => (type & FileType.File) !== 0,
    () => true, // Opening it says what is wrong.
  );
  // A FIFO or a device would be read for ever.
  if (!isFile)
    throw new WatchError('not-found', `${path} is not a regular file.`, 'Nothing of it can be shown.');
  return workspace.openTextDocument(uri).then(undefined, (error: unknown) => {
    throw new WatchError(
      'not-found',
      `${path} cannot be opened.`,
      'A job that has not printed anything yet may have no output file: try again when it runs.',
      error,
    );
  });
}
