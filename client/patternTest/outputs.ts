// What patterns are tested on: a file, a job's output, a document or a selection in it, or a line that is typed.
import { open } from 'node:fs/promises';
import {
  QuickPickItemKind,
  ThemeIcon,
  Uri,
  window,
  workspace,
  type CancellationToken,
  type QuickPickItem,
  type TextDocument,
} from 'vscode';
import { toWatchError, WatchError } from '../../engine/errors';
import type { Stream } from '../../engine/model';
import { isOver } from '../../engine/rules';
import { count, describeJob, nameJob } from '../../engine/words';
import type { JobEndState } from '../../language/jobStates';
import type { App } from '../app';
import { pickOne, readInput } from '../show/inputs';
import { isScript } from '../watcherDocuments';

export interface TestOutput {
  /** For people: `slurm-42.out`. */
  readonly name: string;
  /** Where it is one file for both streams, the same bytes stand for both. */
  readonly outputs: Readonly<Record<Stream, Uint8Array | null>>;
  readonly job: { readonly id: string; readonly name: string; readonly cluster: string };
  /** How the job ends behind it; null: it goes on. */
  readonly endState: JobEndState | null;
  /** Slurm's `code:signal` of the end; null while unknown. */
  readonly exitCode: string | null;
  readonly isWhole: boolean;
}

/** Where an output comes from; reading it may take a while. Undefined where the reading was called off. */
export interface OutputSource {
  readonly name: string;
  /** By which it is found again; undefined for what is good for once. */
  readonly memory?: RememberedOutput;
  read(token: CancellationToken): Promise<TestOutput | undefined>;
}

/** A file, or a job of the engine by its key. */
export type RememberedOutput =
  { readonly kind: 'file'; readonly uri: string } | { readonly kind: 'job'; readonly key: string };

/** As the engine's own dry run. */
const mostBytes = 64 * 1024 * 1024;
/** A job's output is asked for in pieces, in bytes. */
const pieceBytes = 1 << 20;

const noJob = { id: '0', name: 'test', cluster: 'test' };

function ofBytes(name: string, bytes: Uint8Array, isWhole = true): TestOutput {
  return {
    name,
    outputs: { stdout: bytes, stderr: bytes },
    job: noJob,
    endState: 'completed',
    exitCode: null,
    isWhole,
  };
}

export function fromText(name: string, text: string): OutputSource {
  return { name, read: () => Promise.resolve(ofBytes(name, new TextEncoder().encode(text))) };
}

export function fromFile(uri: Uri): OutputSource {
  const name = uri.path.split('/').at(-1) ?? uri.path;
  return {
    name,
    memory: { kind: 'file', uri: uri.toString() },
    read: async () => {
      const { bytes, isWhole } = uri.scheme === 'file' ? await readFile(uri.fsPath) : await readOther(uri);
      return ofBytes(name, bytes, isWhole);
    },
  };
}

interface Whole {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

/** Throws WatchError. */
async function readFile(path: string): Promise<Whole> {
  try {
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

async function readOther(uri: Uri): Promise<Whole> {
  const bytes = await workspace.fs.readFile(uri).then(undefined, (error: unknown) => {
    throw unreadable(uri.path, error);
  });
  return { bytes: bytes.subarray(0, mostBytes), isWhole: bytes.length <= mostBytes };
}

const unreadable = (path: string, error: unknown): WatchError =>
  new WatchError('not-found', `${path} cannot be read.`, 'Choose another output.', error);

/** Of a job as the engine or its cluster knows it. */
export interface OutputJob {
  readonly cluster: string;
  /** Key or id. */
  readonly job: string;
  readonly id: string;
  readonly name: string;
  readonly endState: JobEndState | null;
  /** Slurm's `code:signal` of the end; null while unknown. */
  readonly exitCode: string | null;
  readonly outputs: { readonly stdout: string | null; readonly stderr: string | null };
  readonly key: string | null;
}

export function fromJob({ engine }: App, job: OutputJob): OutputSource {
  const name = `the output of ${job.name} (job ${job.id})`;
  const { cluster, id, endState, exitCode, outputs, key } = job;
  return {
    name,
    ...(key === null ? {} : { memory: { kind: 'job', key } as const }),
    read: async (token) => {
      const read = (stream: Stream): Promise<Whole | undefined> => readStream(engine, { job, stream, token });
      const stdout = await read('stdout');
      const isOne = outputs.stderr === null || outputs.stderr === outputs.stdout;
      const stderr = isOne ? stdout : await read('stderr');
      if (token.isCancellationRequested) return undefined;
      if (!stdout && !stderr)
        throw new WatchError(
          'not-found',
          `Job ${id} has no output yet.`,
          'Try again when it has printed something.',
        );
      return {
        name,
        outputs: { stdout: stdout?.bytes ?? null, stderr: stderr?.bytes ?? null },
        job: { id, name: job.name, cluster },
        endState,
        exitCode,
        isWhole: (stdout?.isWhole ?? true) && (stderr?.isWhole ?? true),
      };
    },
  };
}

/** Undefined where there is none yet. */
async function readStream(
  engine: App['engine'],
  {
    job: { cluster, job },
    stream,
    token,
  }: { readonly job: OutputJob; readonly stream: Stream; readonly token: CancellationToken },
): Promise<Whole | undefined> {
  const pieces: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let from = 0;
  while (from < mostBytes && !token.isCancellationRequested) {
    const request = { cluster, job, stream, from, maxBytes: pieceBytes };
    const piece = await engine.request('engine/readOutput', request).catch((thrown: unknown) => {
      if (toWatchError(thrown).code === 'not-found') return undefined;
      throw thrown;
    });
    if (!piece) return pieces.length === 0 ? undefined : { bytes: Buffer.concat(pieces), isWhole: false };
    pieces.push(encoder.encode(piece.text));
    const isLast = piece.to >= piece.size || piece.to <= from;
    from = piece.to;
    if (isLast) return { bytes: Buffer.concat(pieces), isWhole: true };
  }
  return { bytes: Buffer.concat(pieces), isWhole: false };
}

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

const nameOf = ({ uri }: TextDocument): string => uri.path.split('/').at(-1) ?? uri.path;

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
  return picked && fromJob(app, toOutputJob(picked.job));
}

type EngineJob = NonNullable<ReturnType<App['engine']['mirror']['findJob']>>;

export const toOutputJob = (job: EngineJob): OutputJob => ({
  cluster: job.cluster,
  job: job.key,
  id: job.id,
  name: job.name,
  endState: isOver(job) ? job.endState : null,
  exitCode: isOver(job) ? job.exitCode : null,
  outputs: job.outputs,
  key: job.key,
});

/** The output of last time, where it is still known. */
export async function recallOutput(
  app: App,
  memory: RememberedOutput | undefined,
): Promise<OutputSource | undefined> {
  if (memory?.kind === 'file') return recallFile(Uri.parse(memory.uri));
  const job = memory && app.engine.mirror.findJob(memory.key);
  return job && fromJob(app, toOutputJob(job));
}

const recallFile = (uri: Uri): Promise<OutputSource | undefined> =>
  Promise.resolve(
    workspace.fs.stat(uri).then(
      () => fromFile(uri),
      () => undefined,
    ),
  );
