// Attaching: watchers on a job that is known to the cluster, from the end of its output or from the beginning.
import type { Definition } from '../language/definition';
import { toJobEndState } from '../language/jobStates';
import { maskDefinitions } from '../language/maskedScript';
import { createLineIndex } from '../language/text';
import { parseWatcherFile } from '../language/watcherFile';
import type { OutsideActions } from './actions/action';
import { findUnsupported } from './actions/support';
import type { Consents } from './consent';
import { WatchError } from './errors';
import { newJob } from './job';
import { toTask } from './jobReports';
import type { Ledger } from './ledger';
import type { Job, Progress, Stream, Time, Watcher } from './model';
import { explainBadWebhook, keepAll } from './notificationSecrets';
import type { Cluster, Ids, JobReport, Secrets, Store } from './ports';
import type { AttachRequest, Submitted } from './protocol';
import { findStreams } from './watching/dueFiles';
import { findEnds } from './resume';
import { initialProgress } from './progress';
import { isResubmission } from './resubmission';
import { describeUnnamed, findUnnamed } from './unread';
import { lookAt, opensByAppending, ownFileOf, ownsUnknown, takeLook, withOwnFile } from './watching/ownBytes';
import { isError } from '../language/problem';

export interface KnownJobs {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly cluster: Cluster;
}

export interface AttachPlace extends KnownJobs {
  readonly actions: OutsideActions;
  readonly consents: Pick<Consents, 'require'>;
  readonly secrets?: Secrets | undefined;
  readonly ids: Ids;
  readonly now: () => Time;
}

/** Throws bad-request, unsupported, not-found, needs-consent, and what the cluster throws. On a finished job the watchers are static. */
export async function attach(request: AttachRequest, place: AttachPlace): Promise<Submitted> {
  const { ledger, cluster } = place;
  const read = readDefinitions(request.watchers);
  checkActions(read, place.actions);
  const { definitions, secrets } = maskDefinitions(read);
  const found = await findJobs(request.job, place);
  checkScript(found.job, definitions);
  await place.consents.require({
    what: `Watchers of job ${found.job.id}`,
    cluster: cluster.name,
    submission: found.job.submission,
    definitions,
    loginSetup: null,
    job: found.job.key,
    agreed: request.agreed,
  });
  keepAll(place.secrets, secrets);
  const job = await findOwn(found.job, request.from, place);
  const tasks: Job[] = [];
  for (const task of found.tasks) tasks.push(await findOwn({ ...task, own: job.own }, request.from, place));
  for (const target of [job, ...tasks]) checkOutputs(target, definitions);
  const watchers: Watcher[] = [];
  for (const target of [job, ...tasks])
    for (const definition of definitions) watchers.push(await begin(definition, target, request.from, place));
  await ledger.commit((batch) => {
    for (const target of [job, ...tasks]) batch.setJob(target);
    for (const watcher of watchers) batch.addWatcher(watcher);
    for (const watcher of watchers) {
      const own = [job, ...tasks].find(({ key }) => key === watcher.job) ?? job;
      const result = describeStart(own, watcher);
      batch.tellWatcher({ watcher, job: own }, { kind: 'state', result });
    }
  });
  if (job.phase === 'ended') ledger.forget(job.key);
  return { cluster: cluster.name, job, watchers };
}

/** Throws bad-request. */
export function readDefinitions(text: string): readonly Definition[] {
  const { watchers, problems } = parseWatcherFile(text);
  const error = problems.find(isError);
  if (error) {
    const line = createLineIndex(text).positionAt(error.span.start).line + 1;
    throw new WatchError('bad-request', `Line ${line} of the watchers: ${error.message}`, error.remedy);
  }
  if (watchers.length === 0)
    throw new WatchError('bad-request', 'There is no watcher to attach.', 'Give a pattern and an action.');
  return watchers.map(({ definition }) => definition);
}

/** Throws bad-request and unsupported. */
export function checkActions(definitions: readonly Definition[], actions: OutsideActions): void {
  for (const definition of definitions) {
    const bad = explainBadWebhook(definition);
    if (bad) throw new WatchError('bad-request', bad.message, bad.remedy);
    const type = findUnsupported(definition, actions);
    if (type)
      throw new WatchError(
        'unsupported',
        `This version cannot run the action ${type}.`,
        `Remove ${type} from the watcher "${definition.name}".`,
      );
  }
}

/** Only what was submitted from here can be submitted again. Throws bad-request. */
export function checkScript({ id, submission }: Job, definitions: readonly Definition[]): void {
  const again = definitions.find(({ actions }) => actions.some(isResubmission));
  if (!again || submission) return;
  throw new WatchError(
    'bad-request',
    `Job ${id} cannot be submitted again: its script is not known, as it was submitted elsewhere.`,
    `Submit the script with Slurm Watchers, or remove resubmit from the watcher "${again.name}".`,
  );
}

interface Found {
  readonly job: Job;
  /** Of an array: its tasks that have not ended. */
  readonly tasks: readonly Job[];
}

/** A job that is watched, one that was, or one that only the cluster knows. */
export async function findJobs(wanted: string, { ledger, store, cluster }: KnownJobs): Promise<Found> {
  const isWanted = ({ id, key }: Job): boolean => id === wanted || key === wanted;
  const live = ledger.jobsOf(cluster.name).filter(({ phase }) => phase !== 'ended' && phase !== 'submitting');
  const watched = live.find(isWanted);
  if (watched) return { job: watched, tasks: live.filter(({ parent }) => parent === watched.key) };
  const known = (await store.jobs({ cluster: cluster.name, job: wanted })).filter(isWanted).at(-1);
  const reports = await cluster.query([known?.id ?? wanted]);
  const report = reports.find(({ id }) => id === (known?.id ?? wanted));
  const lives = report !== undefined && toJobEndState(report.state) === null;
  if (known && known.phase !== 'refused' && !lives) return { job: known, tasks: [] };
  if (!report)
    throw new WatchError(
      'not-found',
      `${cluster.name} has no job ${wanted}.`,
      'List the jobs of the cluster to see their ids.',
    );
  const job = toNewJob(report, cluster.name);
  const tasks = reports
    .filter(({ arrayTask, state }) => arrayTask?.job === report.id && toJobEndState(state) === null)
    .map((task) => toTask(job, task));
  return { job, tasks };
}

/** A job that somebody submitted without us. */
function toNewJob(report: JobReport, cluster: string): Job {
  const endState = toJobEndState(report.state);
  const { id, isArray, name, state, reason, submitted, started, ended, exitCode, restarts, outputs } = report;
  return newJob({
    key: `${cluster}/${id}@${submitted}`,
    ...{ cluster, id, isArray, name, state, endState, reason, submitted, started, ended },
    phase: endState !== null ? 'ended' : started === null ? 'queued' : 'running',
    ...{ exitCode, restarts, outputs },
  });
}

/** One that waits may get its outputs when it begins. */
function checkOutputs(job: Job, definitions: readonly Definition[]): void {
  const { id, phase, started, isArray, outputs } = job;
  const hasNone = !isArray && outputs.stdout === null && outputs.stderr === null;
  if (phase === 'ended' && hasNone)
    throw new WatchError(
      'not-found',
      `Job ${id} has ended, and the cluster no longer says where its output is.`,
      'Test the watchers on the file itself: slurm-watchers test WATCHERS --output FILE.',
    );
  const [stream] = definitions.flatMap((definition) => findUnnamed(job, definition));
  if (phase === 'ended' || started === null || stream === undefined) return;
  const remedy = hasNone
    ? 'An interactive job prints to its terminal, which cannot be watched: submit a script, or watch for its end alone.'
    : 'Watch its other output.';
  throw new WatchError('bad-request', `${capitalize(describeUnnamed(job, stream))}.`, remedy);
}

/** Of a job that was submitted elsewhere: which bytes of its outputs are its own, as far as that can still be known. */
async function findOwn(job: Job, from: AttachRequest['from'], place: AttachPlace): Promise<Job> {
  const { ledger, cluster, now } = place;
  if (ledger.jobs.has(job.key) || job.phase === 'ended' || job.submission) return job;
  // What is not known yet is taken for the case in which more could go wrong.
  const appends = (await cluster.findOpenMode(job.id)) !== 'truncate';
  let own: Job = { ...job, own: { ...ownsUnknown, appends } };
  const paths = [...new Set([job.outputs.stdout, job.outputs.stderr])].flatMap((path) => path ?? []);
  const looks = await lookAt(paths, (requests) => cluster.read(requests), now());
  for (const [path, look] of looks) {
    if (ownFileOf(own, path).from !== null) continue;
    if (job.started === null) own = takeLook(own, path, look);
    else if (look === 'absent') own = withOwnFile(own, path, { from: 0, before: 'absent' });
    else if (opensByAppending(own) && from === 'end') own = withOwnFile(own, path, { from: look.size });
    else if (opensByAppending(own) && look.size > 0)
      throw new WatchError(
        'bad-request',
        `Job ${job.id} may append to ${path}: where its own part begins is not known.`,
        'Attach to the end of the output instead, or test the watchers on the whole file: slurm-watchers test.',
      );
  }
  return own;
}

const capitalize = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

async function begin(
  definition: Definition,
  job: Job,
  from: AttachRequest['from'],
  { cluster, ids }: AttachPlace,
): Promise<Watcher> {
  const watcher: Watcher = {
    id: ids.next(),
    job: job.key,
    definition,
    lines: null,
    progress: initialProgress,
  };
  if (job.isArray) return { ...watcher, progress: toStatic('its tasks have their own') };
  if (job.phase === 'ended')
    return {
      ...watcher,
      progress: toStatic('the job has ended, so it only acts when it is triggered by hand'),
    };
  if (from === 'start' || definition.pattern === null) return watcher;
  let progress = initialProgress;
  for (const { stream, resumeAt, mark } of await findEnds(job, watcher, cluster))
    progress = {
      ...progress,
      position: { ...progress.position, [stream]: resumeAt },
      seen: { ...progress.seen, [stream]: resumeAt },
      mark: { ...progress.mark, [stream]: mark },
    };
  return { ...watcher, progress };
}

const toStatic = (stateReason: string): Progress => ({ ...initialProgress, state: 'static', stateReason });

function describeStart(job: Job, watcher: Watcher): string {
  const { state, stateReason, position } = watcher.progress;
  if (state === 'static') return `attached: ${stateReason ?? ''}`;
  const streams = findStreams(job, watcher).map(({ stream }) => stream);
  if (streams.every((stream) => position[stream] === 0))
    return 'attached at the beginning of what the job has printed';
  const nameOf = (stream: Stream): string => (streams.length === 1 ? 'the output' : stream);
  const places = streams.map((stream) => `byte ${position[stream]} of ${nameOf(stream)}`);
  return `attached at ${places.join(' and ')}; what was printed before is not matched`;
}
