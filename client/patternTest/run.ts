// A pattern test: which watchers, on which output, the dry run in a thread of its own, and the result beside.
import { Uri, window, workspace, type CancellationToken, type TextDocument } from 'vscode';
import type { DryRun } from '../../engine/dryRun';
import { WatchError } from '../../engine/errors';
import { parseAccessSettings } from '../../engine/link/accessSettings';
import { nameJob } from '../../engine/words';
import { findJobName } from '../../language/sbatch/jobName';
import type { App } from '../app';
import { findClusterJob, findJobKey, findSelected } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { stopAtErrors } from '../problemCheck';
import { readSettings } from '../settings';
import { chooseDescription, isScript, readDescription } from '../watcherDocuments';
import { testOnJob, type TestOutcome } from './jobTest';
import {
  chooseOutput,
  fromDocument,
  fromFile,
  fromJob,
  fromText,
  recallOutput,
  toOutputJob,
  type OutputSource,
  type TestOutput,
} from './outputs';
import { showWhereLong } from './patience';
import { rehearse } from './rehearse';
import { printReport } from './report';
import { TestedOutputs } from './testedOutputs';
import { nameOf } from '../documentName';

/** One line is one tick, and takes so long. */
const tickMs = 1000;

interface Tested {
  /** For people: `train.sh`. */
  readonly name: string;
  /** Where the directives stand; undefined where the watchers are a job's own. */
  readonly script: Uri | undefined;
  readonly watchers: DryRun['watchers'];
  /** Of a batch script: what would be submitted again. */
  readonly text?: string;
}

/**
 * From a code lens: the script and the line of a directive; from menus: a script, an output or a job; from the palette: what
 * is being looked at. `{ output: Uri }` or `{ output: { name, text } }` among the arguments names the output.
 */
export async function runPatternTest(app: App, given: CommandArguments): Promise<void> {
  const job = findJob(app, given);
  const place = job ? undefined : await findPlace(given);
  const tested = (job && findOwnWatchers(app, given)) ?? (await chooseTested(given, place?.script));
  if (!tested) return;
  const title = `Test ${tested.name}`;
  const memory = new TestedOutputs(app, tested.script);
  const source =
    job ??
    findNamed(given) ??
    place?.output ??
    (await chooseOutput(app, title, await recallOutput(app, memory.last)));
  if (!source) return;
  const done = await showWhereLong(`Testing ${tested.name} on ${source.name}…`, async (token) => {
    if (source.kind === 'job') {
      const { watchers } = tested;
      const isCalledOff = (): boolean => token.isCancellationRequested;
      return testOnJob(app.engine, { job: source.job, watchers, tickMs }, isCalledOff);
    }
    return testHere(app, tested, await source.read(), token);
  });
  if (!done) return;
  memory.remember(source.memory);
  const report = printReport({
    script: tested.name,
    output: source.name,
    watchers: tested.watchers.map(({ definition: { name, pattern }, lines }) => ({
      name,
      pattern,
      line: tested.script ? (lines?.first ?? null) : null,
    })),
    ...done,
    tickMs,
  });
  await app.patternTests.show({
    title: `Test of ${tested.name} on ${source.name}`,
    script: tested.script,
    report,
  });
}

/** One output stands for both streams, of a job that ends well. Undefined if it was called off. */
async function testHere(
  app: App,
  { watchers, name, text }: Tested,
  { bytes, isWhole }: TestOutput,
  token: CancellationToken,
): Promise<TestOutcome | undefined> {
  const endState = 'completed';
  const job = {
    id: '0',
    name: text === undefined ? 'test' : findJobName(text, name),
    cluster: 'test',
  };
  const outputs = { stdout: bytes, stderr: bytes };
  const { value } = parseAccessSettings({ allowedCommands: readSettings().allowedCommands });
  const { allowedCommands } = value;
  const run: DryRun = {
    ...{ watchers, job, outputs, tickMs, endState, isWhole },
    ...(text !== undefined && { submission: { script: text, options: [] } }),
    ...(allowedCommands && { allowedCommands }),
  };
  const entries = await rehearse(app, run, token);
  const texts = { stdout: new TextDecoder().decode(bytes), stderr: null };
  return entries && { outputs: texts, entries, endState, isWhole };
}

// ---- which watchers, on what --------------------------------------------------------------------------------------

/** The output of the job whose node a menu was opened on. */
function findJob(app: App, given: CommandArguments): OutputSource | undefined {
  const listed = findClusterJob(app, given);
  const node = findSelected(given);
  const key = listed ? listed.key : node && findJobKey(app, node);
  const own = key === undefined || key === null ? undefined : app.engine.mirror.findJob(key);
  if (own) return fromJob(toOutputJob(own));
  if (!listed) return undefined;
  const { cluster, report } = listed;
  const { id, name } = report;
  return fromJob({ cluster, job: id, id, name, key: null });
}

/** The watcher of the node, or all of its job; undefined where it has none. */
function findOwnWatchers(app: App, given: CommandArguments): Tested | undefined {
  const { mirror } = app.engine;
  const node = findSelected(given);
  const key = node?.kind === 'clusterJob' ? findClusterJob(app, given)?.key : node && findJobKey(app, node);
  const job = key === undefined || key === null ? undefined : mirror.findJob(key);
  if (!job) return undefined;
  const all = mirror.watchersOf(job.key);
  const watchers = node?.kind === 'watcher' ? all.filter(({ id }) => id === node.watcher) : all;
  const [first, ...others] = watchers;
  if (!first) return undefined;
  const name =
    others.length === 0 ? `the watcher "${first.definition.name}"` : `the watchers of ${nameJob(job)}`;
  return { name, script: undefined, watchers };
}

interface Place {
  /** What has the watchers, where the person looks at that. */
  readonly script?: TextDocument;
  /** What they are tested on, where the person looks at that. */
  readonly output?: OutputSource;
}

/** The document that a menu or a lens names, else the active editor's with its selection. */
async function findPlace(given: CommandArguments): Promise<Place> {
  const [uri] = given;
  if (!(uri instanceof Uri)) return toPlace(window.activeTextEditor?.document);
  // One that is too large for an editor is read all the same.
  const document = await workspace.openTextDocument(uri).then(undefined, () => undefined);
  return document ? toPlace(document) : { output: fromFile(uri) };
}

function toPlace(document: TextDocument | undefined): Place {
  if (!document || document.uri.scheme === 'slurm-watchers-test') return {};
  return isScript(document) ? { script: document } : { output: fromActive(document) };
}

/** The selection where there is one. */
function fromActive(document: TextDocument): OutputSource {
  const editor = window.visibleTextEditors.find((visible) => visible.document === document);
  if (!editor || editor.selection.isEmpty) return fromDocument(document);
  return fromText(`the selection in ${nameOf(document)}`, document.getText(editor.selection));
}

function findNamed(given: CommandArguments): OutputSource | undefined {
  const outputs = given.map(
    (argument) => (argument as { readonly output?: unknown } | null | undefined)?.output,
  );
  const uri = outputs.find((output) => output instanceof Uri);
  if (uri) return fromFile(uri);
  const named = outputs.find(isNamedText);
  return named && fromText(named.name, named.text);
}

const isNamedText = (output: unknown): output is { readonly name: string; readonly text: string } => {
  const { name, text } = (output ?? {}) as Partial<Record<'name' | 'text', unknown>>;
  return typeof name === 'string' && typeof text === 'string';
};

/** Undefined where the person changed their mind, or has been told of an error. */
async function chooseTested(
  given: CommandArguments,
  script: TextDocument | undefined,
): Promise<Tested | undefined> {
  const document = script ?? (await chooseDescription('Test Patterns'));
  if (!document) return undefined;
  const name = nameOf(document);
  const [, line] = given;
  const { watchers, problems } = readDescription(document);
  const isWanted = (first: number, last: number): boolean =>
    typeof line !== 'number' || (first <= line + 1 && line + 1 <= last);
  const wanted = watchers.filter(({ lines }) => isWanted(lines.first, lines.last));
  // Of one directive the others' errors say nothing; one that could not be read has none but its own.
  const lineOf = (offset: number): number => document.positionAt(offset).line + 1;
  const next =
    watchers.find(({ lines }) => typeof line === 'number' && lines.first > line + 1)?.lines.first ?? Infinity;
  const own =
    typeof line !== 'number'
      ? problems
      : problems.filter(({ span }) => lineOf(span.start) >= line + 1 && lineOf(span.start) < next);
  if (await stopAtErrors(document, own, 'tested')) return undefined;
  const [first, ...others] = wanted;
  if (!first)
    throw new WatchError(
      'bad-request',
      `${name} has no watchers.`,
      'Write a directive, such as #WATCHER pattern="ERROR" action=log_event.',
    );
  const isOne = typeof line === 'number' && others.length === 0;
  return {
    name: isOne ? `"${first.definition.name}" of ${name}` : name,
    script: document.uri,
    watchers: wanted,
    ...(isScript(document) && { text: document.getText() }),
  };
}
