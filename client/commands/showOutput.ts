// Show Job Output: the file that a job prints to, at its end.
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
import { WatchError } from '../../engine/errors';
import type { Job, Stream } from '../../engine/model';
import { nameJob } from '../../engine/words';
import type { App } from '../app';
import { chooseJob, findClusterJob } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { pickOne } from '../show/inputs';
import { isBehindSsh } from '../../engine/rules';

export async function showOutput(app: App, given: CommandArguments): Promise<void> {
  const source = findListed(app, given) ?? (await chooseWatched(app, given));
  const output = source && (await chooseOutput(source));
  if (!output) return;
  const isRemote = isBehindSsh(await app.engine.request('engine/clusters', {}), source.cluster);
  const document = isRemote
    ? await app.remoteOutputs.open({ cluster: source.cluster, job: source.id, stream: output.stream })
    : await openFile(output.path);
  const editor = await window.showTextDocument(document, { preview: false });
  const end = document.lineAt(document.lineCount - 1).range.end;
  editor.selection = new Selection(end, end);
  editor.revealRange(new Range(end, end), TextEditorRevealType.Default);
}

interface Source {
  readonly cluster: string;
  readonly id: string;
  readonly title: string;
  readonly outputs: Job['outputs'];
}

/** A job of the tree of clusters, watched or not; what the engine knows of its own job's output is more. */
function findListed(app: App, given: CommandArguments): Source | undefined {
  const listed = findClusterJob(app, given);
  if (!listed) return undefined;
  const { cluster, report, key } = listed;
  const own = key === null ? undefined : app.engine.mirror.findJob(key);
  const outputs =
    own?.outputs.stdout === undefined || own.outputs.stdout === null ? report.outputs : own.outputs;
  return { cluster, id: report.id, title: `${report.name} (job ${report.id})`, outputs };
}

async function chooseWatched(app: App, given: CommandArguments): Promise<Source | undefined> {
  const job = await chooseJob(app, given, {
    title: 'Show Job Output',
    suits: ({ id }) => id !== '',
    none: 'There is no job with an output.',
  });
  return job && { cluster: job.cluster, id: job.id, title: nameJob(job), outputs: job.outputs };
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

interface Output {
  readonly stream: Stream;
  readonly path: string;
}

async function chooseOutput({ outputs: { stdout, stderr }, title }: Source): Promise<Output | undefined> {
  const items = [
    ...(stdout === null
      ? []
      : [{ label: 'Standard Output', description: stdout, path: stdout, stream: 'stdout' as const }]),
    ...(stderr === null || stderr === stdout
      ? []
      : [{ label: 'Standard Error', description: stderr, path: stderr, stream: 'stderr' as const }]),
  ];
  const [first] = items;
  if (!first)
    throw new WatchError('not-found', `The output of ${title} is not known yet.`, 'Try again when it runs.');
  if (items.length === 1) return first;
  return pickOne(items, { title: `Output of ${title}` });
}
