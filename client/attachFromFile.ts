// Gives the watchers of a file to a job that is there already: asks which, from where on, and whether they may do what they do.
import type { QuickPickItem, TextDocument } from 'vscode';
import { WatchError } from '../engine/errors';
import type { AttachRequest, EngineRequests } from '../engine/protocol';
import { isOver } from '../engine/rules';
import { count, describeJob, describeSkippedSetup, nameJob } from '../engine/words';
import { reachesOutside } from '../language/actionTable';
import { toJobEndState } from '../language/jobStates';
import type { App } from './app';
import { requestWithConsent, type ConsentQuestion } from './consent';
import { findClusterJob, findJobKey, findSelected } from './choose';
import type { CommandArguments } from './commandArguments';
import { describeReport } from './clusterWords';
import { describeProblems, stopAtErrors } from './problemCheck';
import { pickOne } from './show/inputs';
import { askInDialog, showMessage } from './show/messages';
import { chooseDescription, readDescription, type Description } from './watcherDocuments';
import { toWatcherFile } from './watcherTexts';
import { nameOf } from './documentName';

export interface Target {
  readonly cluster: string;
  /** Key or id. */
  readonly job: string;
  readonly title: string;
  readonly isOver: boolean;
}

export async function attachFromFile(app: App, given: CommandArguments): Promise<void> {
  const target = await chooseTarget(app, given);
  const title = target && `Attach Watchers to ${target.title}`;
  const document = title === undefined ? undefined : await chooseDescription(title);
  if (!target || title === undefined || !document) return;
  const described = readDescription(document);
  if (await stopAtErrors(document, described.problems, 'attached')) return;
  if (described.watchers.length === 0)
    throw new WatchError(
      'bad-request',
      `${nameOf(document)} has no watchers.`,
      'Choose a script with #WATCHER lines, or a watcher file.',
    );
  const from = target.isOver ? 'start' : await askFrom(title);
  if (from === undefined) return;
  const warnings = describeWarnings(document, described);
  // What reaches outside is mostly asked about anyway: one dialog has both.
  const isAskedAnyway = described.watchers.some(({ definition }) =>
    definition.actions.some(({ type }) => reachesOutside(type)),
  );
  if (!isAskedAnyway && !(await mayAttach(target, described, warnings))) return;
  let isTold = !isAskedAnyway;
  const attached = await attachTo(app, {
    ...{ target, from, watchers: described.watchers },
    question: toQuestion(target, described),
    remarks: warnings,
    onAsked: () => (isTold = true),
  });
  if (!attached) return;
  // Of an array its tasks have copies.
  const own = attached.watchers.filter((watcher) => watcher.job === attached.job.key);
  const how = target.isOver
    ? 'It has ended: "Trigger Now" has them go through its output.'
    : from === 'start'
      ? 'They begin at the start of its output.'
      : 'They watch what it prints from now on.';
  const done = `${count(own.length, 'watcher')} of ${nameOf(document)} ${own.length === 1 ? 'was' : 'were'} attached to ${target.title}. ${how}`;
  // What was agreed to before was not asked about: its warnings are told.
  if (isTold || warnings === '') void showMessage('info', done);
  else void showMessage('warning', `${done}\n${warnings}`);
}

/** What is to be attached, and how it is asked about. */
export interface Attachment extends Omit<ConsentQuestion, 'button'> {
  readonly target: Target;
  readonly watchers: readonly Pick<Description['watchers'][number], 'definition'>[];
  readonly from: AttachRequest['from'];
}

/** Attaches once a person has agreed to what needs consent; undefined if they do not. */
export async function attachTo(
  app: App,
  { target: { cluster, job }, watchers, from, ...question }: Attachment,
): Promise<EngineRequests['engine/attach'][1] | undefined> {
  const request = { cluster, job, watchers: toWatcherFile(watchers), from };
  const attached = await requestWithConsent<'engine/attach'>(
    request,
    (given) => app.engine.request('engine/attach', given),
    { ...question, button: 'Attach' },
  );
  if (!attached) return undefined;
  app.engine.mirror.add({ jobs: [attached.job], watchers: attached.watchers });
  void app.clustersTree.refreshJobs(cluster);
  await app.watchersTree.reveal(attached.job.key);
  return attached;
}

async function chooseTarget(app: App, given: CommandArguments): Promise<Target | undefined> {
  const node = findSelected(given);
  if (node?.kind === 'clusterJob') return findListed(app, given);
  if (node) {
    const key = findJobKey(app, node);
    const own = (await listTargets(app)).find(({ job }) => job === key);
    if (own) return own;
    throw new WatchError('not-found', 'This job has no id yet.', 'Try again when its cluster has taken it.');
  }
  const items: (QuickPickItem & { target: Target })[] = (await findTargets(app)).map((target) => ({
    label: target.title,
    description: target.description,
    target,
  }));
  const options = {
    title: 'Attach Watchers',
    placeHolder: 'The job that is to be watched',
    matchOnDescription: true,
  };
  return (await pickOne(items, options))?.target;
}

type ListedTarget = Target & { readonly description: string };

const listTargets = async (app: App): Promise<readonly ListedTarget[]> => [
  ...(await findKnown(app)),
  ...findListedAlone(app),
];

/** Those of the engine, then what else expanded clusters list. Throws WatchError if there are none. */
export async function findTargets(app: App): Promise<readonly ListedTarget[]> {
  const targets = await listTargets(app);
  if (targets.length > 0) return targets;
  throw new WatchError(
    'not-found',
    'No job is known to attach watchers to.',
    'Expand a cluster in the view Clusters & Jobs, which lists your jobs there.',
  );
}

/** The engine's own, those that live first. */
async function findKnown({ engine }: App): Promise<readonly ListedTarget[]> {
  const jobs = (await engine.request('engine/jobs', {})).filter(
    ({ id, phase }) => id !== '' && phase !== 'refused',
  );
  const newest = [...jobs].sort((a, b) => Number(isOver(a)) - Number(isOver(b)) || b.submitted - a.submitted);
  return newest.map((job) => ({
    cluster: job.cluster,
    job: job.key,
    title: nameJob(job),
    isOver: isOver(job),
    description: `${job.cluster} · ${describeJob(job, Date.now())}`,
  }));
}

/** What clusters that are expanded list beyond those. */
function findListedAlone({ clustersTree: { nodes } }: App): readonly ListedTarget[] {
  return nodes.statuses.flatMap(({ name: cluster }) =>
    (nodes.contentOf(cluster).jobs ?? [])
      .filter(({ key }) => key === null)
      .map(({ report }) => ({
        cluster,
        job: report.id,
        title: `${report.name} (job ${report.id})`,
        isOver: toJobEndState(report.state) !== null,
        description: `${cluster} · ${describeReport(report, Date.now())}`,
      })),
  );
}

function findListed(app: App, given: CommandArguments): Target | undefined {
  const listed = findClusterJob(app, given);
  if (!listed) return undefined;
  const { cluster, report, key } = listed;
  const title = `${report.name} (job ${report.id})`;
  return { cluster, job: key ?? report.id, title, isOver: toJobEndState(report.state) !== null };
}

const places: readonly (QuickPickItem & { from: AttachRequest['from'] })[] = [
  { label: 'From now on', detail: 'What the job has printed so far is not matched', from: 'end' },
  { label: 'From the beginning of its output', detail: 'Also what it has printed so far', from: 'start' },
];

export const askFrom = async (title: string): Promise<AttachRequest['from'] | undefined> =>
  (
    await pickOne(places, {
      title,
      placeHolder: 'Where the watchers begin',
      ignoreFocusOut: true,
    })
  )?.from;

const toQuestion = ({ title }: Target, { watchers }: Description): string =>
  `Attach ${count(watchers.length, 'watcher')} to ${title}?`;

/** What is to be known before the watchers are attached, in lines; empty if nothing. */
function describeWarnings(document: TextDocument, { problems, hasLoginSetup }: Description): string {
  const name = nameOf(document);
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  return [
    ...(hasLoginSetup ? [describeSkippedSetup(name)] : []),
    ...(warnings.length === 0 ? [] : [`Warnings of ${name}:`, ...describeProblems(document, warnings)]),
  ].join('\n');
}

/** Nobody is asked if there are no warnings. */
async function mayAttach(target: Target, described: Description, warnings: string): Promise<boolean> {
  if (warnings === '') return true;
  const attach = 'Attach';
  return (await askInDialog(toQuestion(target, described), warnings, attach)) === attach;
}
