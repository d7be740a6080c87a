// Submitting: the script is checked and agreed to, its login set-up run, the job's row is stored before anything is handed over, watchers begin with the id.
import { maskDefinitions, maskScript } from '../language/maskedScript';
import { findLoginCommands, parseScript, type Script } from '../language/script';
import { createLineIndex } from '../language/text';
import type { OutsideActions } from './actions/action';
import { findUnsupported } from './actions/support';
import type { Consents } from './consent';
import { WatchError } from './errors';
import { newJob } from './job';
import type { Batch, Ledger } from './ledger';
import type { Chain, Job, Submission, Time, Watcher } from './model';
import { explainBadWebhook, keepAll } from './notificationSecrets';
import type { Cluster, FoundSubmission, Ids, OpenedCluster, Secrets } from './ports';
import { initialProgress } from './progress';
import type { SubmitRequest, Submitted } from './protocol';
import { toSubmissionProblems } from './rules';
import { count, describeChain, toOneLine } from './words';
import { lookAtSubmission } from './watching/submissionLook';
import { isError } from '../language/problem';

export interface SubmitPlace {
  readonly ledger: Ledger;
  readonly cluster: Cluster;
  readonly ids: Ids;
  readonly now: () => Time;
}

export interface HandoverPlace extends SubmitPlace {
  /** Waits so many milliseconds; false where there is no time to wait. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
}

/** What a submission is before the cluster's turn comes. */
interface PreparingPlace extends Pick<SubmitPlace, 'cluster' | 'ids'>, Pick<OpenedCluster, 'findWorkdir'> {
  readonly actions: OutsideActions;
  readonly consents: Pick<Consents, 'require'>;
  readonly secrets?: Secrets | undefined;
  readonly by?: string | undefined;
  /** Given what the login set-up prints as it comes. */
  readonly tell?: ((text: string) => void) | undefined;
}

/** An interrupted submission is looked for so long while somebody waits for the answer, ms. */
const searchMs = 60_000;
const [firstPauseMs, longestPauseMs] = [500, 5_000];

/** A script that may be handed in, and what its login set-up has printed; null: it has none. */
export interface Prepared {
  readonly submission: Submission;
  readonly loginOutput: string | null;
}

/**
 * Checks the script, sees that what it may do was agreed to, and runs its login set-up: others of the cluster are not held up by
 * it. Throws script-problems, unsupported, bad-request, needs-consent, submission-refused, and what a cluster throws that cannot
 * be reached: nothing was submitted then.
 */
export async function prepareSubmission(request: SubmitRequest, place: PreparingPlace): Promise<Prepared> {
  const { cluster, ids, by } = place;
  const script = checkScript(request, place.actions);
  // Connects: whoever cannot sign in has submitted nothing.
  const workdir = await place.findWorkdir(request.workdir);
  const { scriptName, options, agreed } = request;
  const loginSetup = findLoginCommands(script);
  const { definitions } = maskDefinitions(script.watchers.map(({ definition }) => definition));
  const { text, secrets } = maskScript(request.script, script);
  const written = { script: text, cleanScript: script.cleanText, workdir, options };
  const wanted = { definitions, loginSetup, submission: written, cluster: cluster.name, job: null, agreed };
  const isNew = await place.consents.require({ ...wanted, what: scriptName });
  const folder = await cluster.findPrivateFolder();
  keepAll(place.secrets, secrets);
  const submission: Submission = {
    token: ids.next(),
    scriptName,
    ...written,
    ...(by !== undefined && {
      by: isNew ? `${by}; it reports that you have agreed to what it may do` : by,
    }),
    ...(folder === null ? {} : { folder }),
  };
  const loginOutput = loginSetup === null ? null : await setUp(loginSetup, submission, place);
  return { submission, loginOutput };
}

/** Gives what it has printed. Throws submission-refused if it fails. */
async function setUp(
  commands: string,
  { scriptName, workdir }: Submission,
  { cluster, tell }: Pick<PreparingPlace, 'cluster' | 'tell'>,
): Promise<string> {
  const { code, output } = await cluster.setUp(commands, workdir, tell ?? (() => undefined));
  if (code === 0) return output;
  const printed = output.trimEnd();
  throw new WatchError(
    'submission-refused',
    `${scriptName} was not submitted: its login set-up ended with exit code ${code}${printed === '' ? ', and printed nothing.' : `:\n${printed}`}`,
    'Correct what is between #LOGIN_SETUP_BEGIN and #LOGIN_SETUP_END, and submit it again.',
  );
}

/** What a submission that continues another job adds to the books, in the transaction that stores it. */
export interface Continuation {
  readonly chain: Chain;
  /** Ids of the jobs before it that have ended and been read to their ends. */
  readonly past: readonly string[];
  readonly note: (batch: Batch, job: Job) => void;
}

/**
 * Its row is stored before it is handed over. Throws submission-refused, and what a cluster throws that cannot be reached: nothing
 * was submitted then; submission-unknown where that will be found out. Otherwise the job runs or waits, and is watched.
 */
export async function submit(
  { submission, loginOutput }: Prepared,
  place: HandoverPlace,
  continuation?: Continuation,
): Promise<Submitted> {
  const { ledger, cluster } = place;
  const look = await lookAtSubmission(submission, cluster, place.now());
  const { chain = null, past = [] } = continuation ?? {};
  const own = past.length === 0 ? look : { ...look, past };
  const job: Job = { ...toJob(submission, cluster.name, place.now()), own, chain };
  await ledger.commit((batch) => {
    batch.setJob(job);
    continuation?.note(batch, job);
    if (loginOutput !== null) batch.tell(job, { kind: 'state', result: describeSetUp(loginOutput) });
  });
  try {
    const submitted = await begin(job, await handOver(submission, place), place);
    return { ...submitted, ...(loginOutput !== null && { loginOutput }) };
  } catch (error) {
    if (isRefusal(error)) await refuse(job, error.message, ledger);
    throw error;
  }
}

function describeSetUp(output: string): string {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  return `the login set-up has succeeded${last === '' ? '' : `: ${toOneLine(last)}`}`;
}

const isRefusal = (error: unknown): error is WatchError =>
  error instanceof WatchError && (error.code === 'submission-refused' || error.code === 'unsupported');

/** What broke on the way is looked for by its token, which also keeps it from arriving late. */
async function handOver(submission: Submission, place: HandoverPlace): Promise<FoundSubmission> {
  const { cluster } = place;
  try {
    return await cluster.submit(submission);
  } catch (error) {
    if (!(error instanceof WatchError) || isRefusal(error)) throw error;
    return await search(submission, place, error);
  }
}

async function search(
  submission: Submission,
  place: HandoverPlace,
  cause: WatchError,
): Promise<FoundSubmission> {
  const { cluster, now, pause } = place;
  const begun = now();
  let reason = cause;
  for (let wait = firstPauseMs; ; wait = Math.min(longestPauseMs, wait * 2)) {
    const isLate = now() - begun >= searchMs || reason.code === 'needs-sign-in';
    if (isLate || !(await pause(wait))) throw toUnknown(submission, cluster, reason);
    try {
      const found = await cluster.findSubmission(submission);
      if (found) return found;
      throw lost(submission, cluster);
    } catch (error) {
      if (!(error instanceof WatchError) || isRefusal(error)) throw error;
      reason = error;
    }
  }
}

function lost({ scriptName }: Submission, { name }: Cluster): WatchError {
  return new WatchError(
    'submission-refused',
    `${scriptName} was not submitted: the connection to ${name} broke before it had arrived.`,
    'Submit it again.',
  );
}

/** Its row stays: the loop asks the cluster by the token. */
function toUnknown({ scriptName }: Submission, { name }: Cluster, cause: WatchError): WatchError {
  return new WatchError(
    'submission-unknown',
    `Whether ${scriptName} became a job on ${name} is not known yet: ${cause.message}`,
    'Do not submit it again: it is found out as soon as the cluster answers, and its watchers begin then.',
    cause,
  );
}

/** After an interruption: whether the cluster knows the submission. */
export async function resolveSubmission(job: Job, place: SubmitPlace): Promise<void> {
  if (!job.submission) return;
  const found = await place.cluster.findSubmission(job.submission);
  if (found) await begin(job, found, place);
  else await refuse(job, 'the submission was interrupted before the cluster had it', place.ledger);
}

async function begin(
  job: Job,
  { id, given }: FoundSubmission,
  { ledger, cluster, ids }: SubmitPlace,
): Promise<Submitted> {
  const watchers = (job.submission ? findWatchers(job.submission) : []).map((watcher): Watcher => ({
    ...watcher,
    id: ids.next(),
    job: job.key,
    progress: initialProgress,
  }));
  const submission = job.submission && { ...job.submission, ...(given && { given }) };
  const submitted: Job = { ...job, id, submission, phase: 'queued' };
  await ledger.commit((batch) => {
    batch.setJob(submitted);
    for (const watcher of watchers) batch.addWatcher(watcher);
    batch.tell(submitted, {
      kind: 'state',
      result: `submitted ${job.submission?.scriptName ?? 'a script'} as job ${id} with ${count(watchers.length, 'watcher')}${describeOrigin(job)}`,
    });
  });
  return { cluster: cluster.name, job: submitted, watchers };
}

/** Who watches the job of a submission. */
export const findWatchers = ({
  script,
  watchers,
}: Submission): readonly Pick<Watcher, 'definition' | 'lines'>[] =>
  watchers ??
  parseScript(script).watchers.map(({ definition, line, endLine }) => ({
    definition,
    lines: { first: line, last: endLine },
  }));

const describeOrigin = (job: Job): string => {
  const chain = describeChain(job);
  return chain === undefined ? describeCaller(job.submission?.by) : ` (${chain})`;
};

/** What an event adds of the client that asked for it. */
export const describeCaller = (by: string | undefined): string => (by === undefined ? '' : `, by ${by}`);

async function refuse(job: Job, reason: string, ledger: Ledger): Promise<void> {
  const refused: Job = { ...job, phase: 'refused', reason };
  await ledger.commit((batch) => {
    batch.setJob(refused);
    const result = `not submitted: ${reason}${describeOrigin(job)}`;
    batch.tell(refused, { kind: 'error', result });
  });
  ledger.forget(job.key);
}

function checkScript({ script: text, scriptName }: SubmitRequest, actions: OutsideActions): Script {
  const script = parseScript(text);
  const index = createLineIndex(text);
  const errors = toSubmissionProblems(script.problems).filter(isError);
  const [first] = errors;
  if (first) {
    const line = index.positionAt(first.span.start).line + 1;
    const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
    throw new WatchError('script-problems', `${scriptName}:${line}: ${first.message}${more}`, first.remedy);
  }
  for (const { definition, line } of script.watchers) {
    const bad = explainBadWebhook(definition);
    if (bad) throw new WatchError('script-problems', `${scriptName}:${line}: ${bad.message}`, bad.remedy);
    const type = findUnsupported(definition, actions);
    if (type)
      throw new WatchError(
        'unsupported',
        `${scriptName}:${line}: this version cannot run the action ${type}.`,
        `Remove ${type} from the watcher "${definition.name}", or submit the script without watching.`,
      );
  }
  return script;
}

const toJob = (submission: Submission, cluster: string, now: Time): Job =>
  newJob({
    key: `${cluster}/${submission.token}`,
    cluster,
    name: submission.scriptName,
    submitted: now,
    submission,
  });
