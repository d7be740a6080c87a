// resubmit: the script runs again as a new job with the same watchers; the new job is submitted first, the old one cancelled after.
import { toJobEndState } from '../../language/jobStates';
import { findOption, joinDependency, type OptionSources } from '../../language/sbatch/modifyOptions';
import { defaultResubmits } from '../../language/schema';
import { toCancellation } from '../cancellation';
import { WatchError, toWatchError, type WatchErrorCode } from '../errors';
import { isLive } from '../job';
import type { Chain, Job, Submission, Watcher } from '../model';
import { toProgram } from '../program';
import { draftResubmission, type Draft } from '../resubmissionDraft';
import { findWatchers } from '../submit';
import { describeChain } from '../words';
import {
  textOf,
  type ActionPlace,
  type Outcome,
  type OutsideAction,
  type Params,
  type Succession,
} from './action';

const longestRetryMs = 60_000;
/** What may be only a passing fault of the scheduler is tried this often. */
const commandTries = 10;

/** A full disk is one of them: if the new job was handed over, it is found by its row, which was stored before. */
const passing: readonly WatchErrorCode[] = [
  'cluster-unreachable',
  'needs-sign-in',
  'timed-out',
  'submission-unknown',
  'store-unavailable',
];

export const resubmit: OutsideAction = {
  // A job that was begun is looked up by its token, never submitted again.
  resumes: true,
  retryAfter: findRetry,
  run: async (params, place) => {
    const { job, succession } = place;
    const begun = await succession.find();
    if (begun) return await finish(begun, params, place);
    if (job.successor !== null) return fail(`job ${job.id} has been submitted again already`);
    const lives = await findLife(job, succession);
    if (lives === 'cancelled') return fail(`job ${job.id} was cancelled by hand`);
    const plan = planResubmission(place, params, lives === 'alive');
    if ('why' in plan) return fail(plan.why);
    const folder = await place.cluster.findPrivateFolder();
    const submission = { ...plan.submission, ...(folder === null ? {} : { folder }) };
    try {
      return await finish(await succession.begin(submission, plan.chain), params, place);
    } catch (thrown) {
      const error = toWatchError(thrown);
      if (error.code !== 'submission-refused' && error.code !== 'unsupported') throw error;
      return refuse(error.message, job);
    }
  },
};

function findRetry({ code }: WatchError, attempts: number): number | null {
  const isPassing = passing.includes(code) || (code === 'command-failed' && attempts < commandTries);
  return isPassing ? Math.min(longestRetryMs, 1000 * 2 ** Math.min(attempts, 6)) : null;
}

const fail = (why: string): Outcome => ({ success: false, result: `not submitted again: ${why}` });

/** The job may be submitted again by another action; it goes on as it is. */
const refuse = (why: string, job: Job): Outcome => ({
  ...fail(`${why.replace(/\.?$/, '')}${isLive(job) ? `; job ${job.id} goes on` : ''}`),
  job: { successor: null },
});

/** Asked of the scheduler now: a person may have cancelled it a moment ago. */
async function findLife(job: Job, succession: Succession): Promise<'alive' | 'ended' | 'cancelled'> {
  const isByWatcher = typeof job.cancelledBy?.watcher === 'string';
  if (job.cancelledBy?.watcher === null) return 'cancelled';
  if (!isLive(job)) return job.endState === 'cancelled' && !isByWatcher ? 'cancelled' : 'ended';
  const report = await succession.report();
  const endState = report ? toJobEndState(report.state) : 'unknown';
  if (endState === null) return 'alive';
  return endState === 'cancelled' && !isByWatcher ? 'cancelled' : 'ended';
}

/** What becomes of the old job, once the new one is there. */
async function finish(begun: Job, params: Params, place: ActionPlace): Promise<Outcome> {
  const { job, cluster, watcher, cause } = place;
  if (begun.phase === 'refused') return refuse(begun.reason, job);
  if (begun.phase === 'submitting')
    throw new WatchError(
      'submission-unknown',
      `Whether ${begun.name} became a job on ${cluster.name} is not known yet.`,
      'It is found out as soon as the cluster answers; it is never submitted twice.',
    );
  const chain = describeChain(begun);
  const submitted = `submitted again as job ${begun.id}${chain === undefined ? '' : ` (${chain})`}`;
  if (params['cancel_previous'] === false || !isLive(job)) return { success: true, result: submitted };
  try {
    await cluster.cancel(job.id);
  } catch (thrown) {
    const error = toWatchError(thrown);
    // Nobody knows it any more: it has ended long ago.
    if (error.code === 'not-found') return { success: true, result: submitted };
    if (findRetry(error, 0) !== null) throw error;
    return { success: false, result: `${submitted}, but job ${job.id} is not cancelled: ${error.message}` };
  }
  const reason = textOf(params, 'reason') ?? `submitted again as job ${begun.id}`;
  return {
    success: true,
    result: `${submitted}; job ${job.id} is being cancelled`,
    job: { cancelledBy: toCancellation(watcher, cause, reason) },
  };
}

interface Resubmission {
  readonly submission: Submission;
  readonly chain: Chain;
}

/** The submission that continues the job, or why there is none. Pure but for the token. */
function planResubmission(
  { job, watcher, captures, succession }: ActionPlace,
  params: Params,
  lives: boolean,
): Resubmission | { readonly why: string } {
  const { own, watchers } = succession;
  const before = job.submission;
  if (!before) return { why: `job ${job.id} was not submitted with its watchers: its script is not known` };
  if (!own) return { why: `the watcher "${watcher}" was removed` };
  const number = (job.chain?.number ?? 1) + 1;
  const left = countLeft(own);
  if (left <= 0) return { why: `the chain has reached its limit (job ${number - 1} of ${number - 1})` };
  const draft = draftResubmission(before, {
    modifications: params['modifications'],
    names: Object.keys(toProgram(own.definition).unset),
    captures,
  });
  if ('why' in draft) return draft;
  const options = addPassing(draft, { job, params, lives });
  const chain: Chain = { number, of: number + left - 1, from: job.id, watcher };
  const token = succession.nextToken();
  const submission: Submission = {
    token,
    scriptName: before.scriptName,
    script: draft.script,
    cleanScript: draft.cleanScript,
    workdir: before.workdir,
    options,
    lastingOptions: draft.options,
    rendered: draft.rendered,
    watchers: findNextWatchers(before, watchers),
    ...(before.by === undefined ? {} : { by: before.by }),
  };
  return { submission, chain };
}

/** How often the chain may go on by this watcher. */
const countLeft = ({ definition }: Pick<Watcher, 'definition'>): number =>
  definition.remainingResubmits ?? defaultResubmits;

/** Those of the script as they were at first, those that were attached as they are; each may do it once less. */
function findNextWatchers(
  before: Submission,
  watchers: readonly Watcher[],
): NonNullable<Submission['watchers']> {
  const attached = watchers.filter(({ lines }) => lines === null);
  return [...findWatchers(before).filter(({ lines }) => lines !== null), ...attached].map(
    ({ definition, lines }) => ({
      definition: { ...definition, remainingResubmits: Math.max(0, countLeft({ definition }) - 1) },
      lines,
    }),
  );
}

/** Options that this submission alone has: later ones of the chain get their own. */
function addPassing(
  { script, options, given }: Draft,
  { job, params, lives }: { readonly job: Job; readonly params: Params; readonly lives: boolean },
): readonly string[] {
  const sources: OptionSources = { script, options, given };
  const { delay } = params;
  const task = /^\d+_(\d+)$/.exec(job.id)?.[1];
  const waits = lives && params['cancel_previous'] !== false;
  const before = findOption(sources, 'dependency');
  return [
    ...options,
    ...(task === undefined ? [] : [`--array=${task}`]),
    ...(waits ? [`--dependency=${joinDependency(before, `afterany:${job.id}`)}`] : []),
    ...(typeof delay === 'number' && delay > 0 ? [`--begin=now+${Math.ceil(delay)}`] : []),
    ...(sharesOutput(sources) && findOption(sources, 'open-mode') === null ? ['--open-mode=append'] : []),
  ];
}

/** Whether the new job writes to a file of the old one: one whose name has no number of a job in it. */
function sharesOutput(sources: OptionSources): boolean {
  const isShared = (written: string | null): boolean => {
    const pattern = written?.replace(/^--\w+=?/, '') ?? '';
    return pattern !== '' && (pattern.includes('\\') || !/%\d*[AjJ]/.test(pattern));
  };
  return isShared(findOption(sources, 'output')) || isShared(findOption(sources, 'error'));
}
