// What patterns are tested on: a file, a job's output, a document or a selection in it, or a line that is typed.
import { open, stat } from 'node:fs/promises';
import {
  QuickPickItemKind,
  ThemeIcon,
  Uri,
  window,
  workspace,
  type QuickPickItem,
  type TextDocument,
} from 'vscode';
import { WatchError } from '../../engine/errors';
import { count, describeJob, nameJob } from '../../engine/words';
import type { App } from '../app';
import { pickOne, readInput } from '../show/inputs';
import { isScript } from '../watcherDocuments';
import { nameOf } from '../documentName';

/** What is here of an output. */
export interface TestOutput {
  readonly bytes: Uint8Array;
  /** False if only its beginning is here. */
  readonly isWhole: boolean;
}

/** Where an output comes from. */
export type OutputSource = {
  /** For people: `slurm-42.out`. */
  readonly name: string;
  /** By which it is found again; undefined for what is good for once. */
  readonly memory?: RememberedOutput;
} & (
  | { readonly kind: 'bytes'; readonly read: () => Promise<TestOutput> }
  /** Read by the engine, which has its bytes. */
  | { readonly kind: 'job'; readonly job: OutputJob }
);

/** A file, or a job of the engine by its key. */
export type RememberedOutput =
  { readonly kind: 'file'; readonly uri: string } | { readonly kind: 'job'; readonly key: string };

/** As much as the engine's own dry run takes. */
const mostBytes = 64 * 1024 * 1024;
export function fromText(name: string, text: string): OutputSource {
  const bytes = new TextEncoder().encode(text);
  return { kind: 'bytes', name, read: () => Promise.resolve({ bytes, isWhole: true }) };
}

export function fromFile(uri: Uri): OutputSource {
  const name = nameOf({ uri });
  return {
    kind: 'bytes',
    name,
    memory: { kind: 'file', uri: uri.toString() },
    read: () => (uri.scheme === 'file' ? readFile(uri.fsPath) : readOther(uri)),
  };
}

/** Throws WatchError. */
async function readFile(path: string): Promise<TestOutput> {
  try {
    // A FIFO or a device would be read for ever.
    if (!(await stat(path)).isFile()) throw new Error('it is not a regular file');
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(Math.min(size, mostBytes));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return { bytes: bytes.subarray(0, bytesRead), isWhole: size <= mostBytes };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function readOther(uri: Uri): Promise<TestOutput> {
  const bytes = await workspace.fs.readFile(uri).then(undefined, (error: unknown) => {
    throw unreadable(uri.path, error);
  });
  return { bytes: bytes.subarray(0, mostBytes), isWhole: bytes.length <= mostBytes };
}

const unreadable = (path: string, error: unknown): WatchError =>
  new WatchError('not-found', `${path} cannot be read.`, 'Choose another output.', error);

/** A job as the engine or its cluster knows it. */
export interface OutputJob {
  readonly cluster: string;
  /** Key or id. */
  readonly job: string;
  readonly id: string;
  readonly name: string;
  /** Of a job that the engine knows. */
  readonly key: string | null;
}

export const fromJob = (job: OutputJob): OutputSource => ({
  kind: 'job',
  name: `the output of ${job.name} (job ${job.id})`,
  ...(job.key === null ? {} : { memory: { kind: 'job', key: job.key } as const }),
  job,
});

// ---- choosing -----------------------------------------------------------------------------------------------------

interface SourceItem extends QuickPickItem {
  /** Undefined where the person changed their mind. */
  readonly choose: () => Promise<OutputSource | undefined>;
}

/** Undefined where the person changed their mind. */
export async function chooseOutput(
  app: App,
  title: string,
  last: OutputSource | undefined,
): Promise<OutputSource | undefined> {
  const item = (
    icon: string,
    label: string,
    { description, choose }: Pick<SourceItem, 'description' | 'choose'>,
  ): SourceItem => ({ iconPath: new ThemeIcon(icon), label, description: description ?? '', choose });
  const separate = (label: string): SourceItem => ({
    label,
    kind: QuickPickItemKind.Separator,
    choose: () => Promise.resolve(undefined),
  });
  const direct = (source: OutputSource) => (): Promise<OutputSource> => Promise.resolve(source);
  const items = [
    ...(last
      ? [separate('last time'), item('history', last.name, { choose: direct(last) }), separate('others')]
      : []),
    ...findOpen().map(({ source, description }) =>
      item('file', source.name, { description, choose: direct(source) }),
    ),
    item('output', 'Output of a Job…', {
      description: 'as it is now',
      choose: () => chooseJobOutput(app, title),
    }),
    item('folder-opened', 'Choose a File…', {
      description: 'as slurm-42.out',
      choose: () => chooseFile(title),
    }),
    item('edit', 'Type a Line…', { description: 'as the job would print it', choose: () => typeLine(title) }),
  ];
  const placeHolder = 'What the patterns are tested on';
  const picked = await pickOne(items, { title, placeHolder, matchOnDescription: true });
  return picked?.choose();
}

/** Selections and documents of editors that show no script. */
function findOpen(): readonly { readonly source: OutputSource; readonly description: string }[] {
  const selected = window.visibleTextEditors.flatMap(({ document, selection }) => {
    if (!isOutput(document) || selection.isEmpty) return [];
    const name = `Selection in ${nameOf(document)}`;
    const lines = selection.end.line - selection.start.line + 1;
    const description = count(lines, 'line');
    return [{ source: fromText(name, document.getText(selection)), description }];
  });
  const documents = workspace.textDocuments
    .filter(isOutput)
    .map((document) => ({ source: fromDocument(document), description: 'open in an editor' }));
  return [...selected, ...documents];
}

const hidden = ['slurm-watchers-test', 'slurm-watchers-script', 'output', 'git', 'vscode', 'vscode-settings'];

const isOutput = (document: TextDocument): boolean =>
  !hidden.includes(document.uri.scheme) && !isScript(document);

/** What is not saved counts too; of a file its bytes, since documents take carriage returns for line ends. */
export function fromDocument(document: TextDocument): OutputSource {
  if (document.uri.scheme === 'file' && !document.isDirty) return fromFile(document.uri);
  return fromText(nameOf(document), document.getText());
}

async function chooseFile(title: string): Promise<OutputSource | undefined> {
  const [uri] = (await window.showOpenDialog({ title, openLabel: 'Test on It' })) ?? [];
  return uri && fromFile(uri);
}

async function typeLine(title: string): Promise<OutputSource | undefined> {
  const text = await readInput({
    title,
    prompt: 'A line as the job would print it',
    placeHolder: 'epoch 3: loss=0.31',
    ignoreFocusOut: true,
  });
  return text === undefined || text === '' ? undefined : fromText('a typed line', text);
}

async function chooseJobOutput(app: App, title: string): Promise<OutputSource | undefined> {
  const jobs = (await app.engine.request('engine/jobs', {})).filter(
    ({ id, isArray }) => id !== '' && !isArray,
  );
  if (jobs.length === 0)
    throw new WatchError(
      'not-found',
      'There is no job with an output.',
      'Submit one, or test on a file. Jobs that are not watched are tested from the view Clusters & Jobs.',
    );
  const items = [...jobs]
    .sort((a, b) => b.submitted - a.submitted)
    .map((job) => ({ label: nameJob(job), description: describeJob(job, Date.now()), job }));
  const picked = await pickOne(items, {
    title,
    placeHolder: 'The job',
    matchOnDescription: true,
  });
  return picked && fromJob(toOutputJob(picked.job));
}

type EngineJob = NonNullable<ReturnType<App['engine']['mirror']['findJob']>>;

export const toOutputJob = (job: EngineJob): OutputJob => ({
  cluster: job.cluster,
  job: job.key,
  id: job.id,
  name: job.name,
  key: job.key,
});

/** The output of last time, where it is still known. */
export async function recallOutput(
  app: App,
  memory: RememberedOutput | undefined,
): Promise<OutputSource | undefined> {
  if (memory?.kind === 'file') return recallFile(Uri.parse(memory.uri));
  const job = memory && app.engine.mirror.findJob(memory.key);
  return job && fromJob(toOutputJob(job));
}

const recallFile = (uri: Uri): Promise<OutputSource | undefined> =>
  Promise.resolve(
    workspace.fs.stat(uri).then(
      () => fromFile(uri),
      () => undefined,
    ),
  );
