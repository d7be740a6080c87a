// A pattern test: which watchers, on which output, the dry run in a thread of its own, and the result beside.
import { Uri, window, workspace, type TextDocument } from 'vscode';
import type { DryRun } from '../../engine/dryRun';
import { WatchError } from '../../engine/errors';
import { nameJob } from '../../engine/words';
import { toJobEndState } from '../../language/jobStates';
import type { App } from '../app';
import { findClusterJob, findJobKey, findSelected } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { stopAtErrors } from '../problemCheck';
import { chooseDescription, isScript, readDescription } from '../watcherDocuments';
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
import { printReport, type PatternTest } from './report';
import { TestedOutputs } from './testedOutputs';

/** One line is one tick, and takes so long. */
const tickMs = 1000;

interface Tested {
  /** For people: `train.sh`. */
  readonly name: string;
  /** Where the directives stand; undefined where the watchers are a job's own. */
  readonly script: Uri | undefined;
  readonly watchers: DryRun['watchers'];
}

/**
 * From a code lens: the script and the line of a directive; from menus: a script, an output or a job; from the palette: what
 * is being looked at. `{ output: Uri }` among the arguments names the output.
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
    const output = await source.read(token);
    const entries = output && (await rehearse(app, toDryRun(tested, output), token));
    return entries && { output, entries };
  });
  if (!done) return;
  memory.remember(source.memory);
  const { output, entries } = done;
  const report = printReport({
    script: tested.name,
    output: output.name,
    watchers: tested.watchers.map(({ definition: { name, pattern, timerModeEnabled }, lines }) => ({
      name,
      pattern,
      isTimed: timerModeEnabled,
      line: tested.script ? (lines?.first ?? null) : null,
    })),
    outputs: toTexts(output.outputs),
    entries,
    tickMs,
    endState: output.endState,
    isWhole: output.isWhole,
  });
  await app.patternTests.show({
    title: `Test of ${tested.name} on ${output.name}`,
    script: tested.script,
    report,
  });
}

const toDryRun = (
  { watchers }: Tested,
  { outputs, job, endState, exitCode, isWhole }: TestOutput,
): DryRun => ({
  watchers,
  job,
  outputs,
  tickMs,
  endState,
  exitCode,
  isWhole,
});

function toTexts({ stdout, stderr }: TestOutput['outputs']): PatternTest['outputs'] {
  const decode = (bytes: Uint8Array | null): string | null => bytes && new TextDecoder().decode(bytes);
  return { stdout: decode(stdout), stderr: stderr === stdout ? null : decode(stderr) };
}

// ---- which watchers, on what --------------------------------------------------------------------------------------

/** The output of the job whose node a menu was opened on. */
function findJob(app: App, given: CommandArguments): OutputSource | undefined {
  const listed = findClusterJob(app, given);
  const node = findSelected(given);
  const key = listed ? listed.key : node && findJobKey(app, node);
  const own = key === undefined || key === null ? undefined : app.engine.mirror.findJob(key);
  if (own) return fromJob(app, toOutputJob(own));
  if (!listed) return undefined;
  const { cluster, report } = listed;
  const { id, name, outputs } = report;
  return fromJob(app, {
    cluster,
    job: id,
    id,
    name,
    outputs,
    endState: toJobEndState(report.state),
    exitCode: report.exitCode,
    key: null,
  });
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
  const name = document.uri.path.split('/').at(-1) ?? '';
  return fromText(`the selection in ${name}`, document.getText(editor.selection));
}

function findNamed(given: CommandArguments): OutputSource | undefined {
  const outputs = given.map(
    (argument) => (argument as { readonly output?: unknown } | null | undefined)?.output,
  );
  const uri = outputs.find((output) => output instanceof Uri);
  return uri && fromFile(uri);
}

/** Undefined where the person changed their mind, or has been told of an error. */
async function chooseTested(
  given: CommandArguments,
  script: TextDocument | undefined,
): Promise<Tested | undefined> {
  const document = script ?? (await chooseDescription('Test Patterns'));
  if (!document) return undefined;
  const name = document.uri.path.split('/').at(-1) ?? '';
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
      'Write a directive, as #WATCHER pattern="ERROR" action=log_event.',
    );
  const isOne = typeof line === 'number' && others.length === 0;
  return {
    name: isOne ? `"${first.definition.name}" of ${name}` : name,
    script: document.uri,
    watchers: wanted,
  };
}
