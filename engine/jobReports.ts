// What a cluster reports of jobs, and what follows for the books: states, tasks of arrays, requeues, ends.
import { jobStateTable, toJobEndState } from '../language/jobStates';
import { nameCanceller } from './cancellation';
import type { Drains } from './drains';
import type { Batch, Ledger } from './ledger';
import type { Job, JobKey, Watcher } from './model';
import type { Ids, JobReport, Silence } from './ports';
import { initialProgress } from './progress';
import { withOwnFilesAlone } from './watching/ownBytes';
import { findScriptOutputs } from './slurm/scriptOutputs';
import { isOf, isOfSomeSubmission } from './slurm/scriptToken';
import { describeCounts } from './words';

/** A job that so many queries in a row do not know has vanished. */
const maxMissing = 3;

export interface ReportPlace {
  readonly ledger: Ledger;
  readonly ids: Ids;
  readonly drains: Drains;
  /** By job key: how many queries in a row did not know it. */
  readonly missing: Map<string, number>;
  /** Tasks of these jobs that have ended and left the books. */
  readonly pastTasks: ReadonlySet<JobKey>;
  /** Jobs that could not be asked for, where others could. */
  readonly silence?: Silence | undefined;
  /** By job key: why it could not be asked for, as it was told. */
  readonly silent: Map<JobKey, string>;
}

/** Commits the changes of all reports on live jobs as one batch. */
export async function takeReports(
  jobs: readonly Job[],
  reports: readonly JobReport[],
  place: ReportPlace,
): Promise<void> {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const seen = new Set<string>();
  await place.ledger.observe((batch) => {
    for (const report of reports) {
      const job = byId.get(report.id);
      if (job) {
        seen.add(job.key);
        takeReport(job, report, batch, place);
      } else if (report.arrayTask) {
        const parent = byId.get(report.arrayTask.job);
        if (parent) takeTask(parent, report, batch, place);
      }
    }
    for (const job of jobs) if (!seen.has(job.key)) takeAbsence(job, batch, place);
  });
}

function takeReport(job: Job, report: JobReport, batch: Batch, place: ReportPlace): void {
  const { drains, missing, silent } = place;
  if (isLate(job, report)) {
    takeAbsence(job, batch, place);
    return;
  }
  missing.delete(job.key);
  silent.delete(job.key);
  if (!isSame(job, report)) {
    if (job.phase === 'draining') drains.confirm(job.key);
    else vanish(job, `the cluster has another job ${job.id} now; how this one ended is unknown`, batch);
    return;
  }
  const next = update(job, report);
  if (next.phase === 'draining') {
    // What may be queued again by itself has ended only when the next answer says so too.
    if (job.phase !== 'draining' && report.requeueable) drains.hold(job.key);
    else drains.confirm(job.key);
  } else if (job.phase === 'draining') drains.end(job.key);
  if (next === job) return;
  batch.setJob(next);
  if (next.restarts > job.restarts && wasReported(job))
    batch.tell(next, { kind: 'state', result: `job ${job.id} was queued again (${next.restarts})` });
  if (report.isArray && !job.isArray) handToTasks(job, batch, place);
}

/** Before the first report the submit time is our own clock's. */
const wasReported = ({ isArray, outputs, state, started }: Job): boolean =>
  isArray || outputs.stdout !== null || started !== null || state !== 'PENDING';

/**
 * A job of ours is known by the token in its script's path; any other one, and where Slurm does not tell the path, by its first
 * submit time, which only a requeue changes: that counts, and leads from it in accounting.
 */
function isSame(job: Job, { submitted, restarts, words = '', earlier = [] }: JobReport): boolean {
  if (job.submission && isOf(job.submission, words)) return true;
  if (job.submission && isOfSomeSubmission(words)) return false;
  if (!wasReported(job) || submitted === job.submitted || earlier.includes(job.submitted)) return true;
  return restarts > 0 && restarts >= job.restarts && submitted > job.submitted;
}

/** Accounting still shows the end of a run after which the job was queued again. */
const isLate = (job: Job, { state, submitted, restarts }: JobReport): boolean =>
  toJobEndState(state) !== null && submitted === job.submitted && restarts < job.restarts;

/** The watchers of an array are templates: its tasks have their own. */
function handToTasks(job: Job, batch: Batch, { ledger }: ReportPlace): void {
  for (const { id } of ledger.watchersOf(job.key)) {
    const subject = batch.subject(id);
    if (!subject) continue;
    const { progress } = subject.watcher;
    const handed = { state: 'static', stateReason: 'its tasks have their own', nextCheck: null } as const;
    batch.apply(subject, { ...progress, ...handed }, []);
  }
}

function takeTask(parent: Job, report: JobReport, batch: Batch, place: ReportPlace): void {
  const { ledger, ids, drains, pastTasks } = place;
  const task = toTask(parent, report);
  // Slurm shows ended tasks for a while; ours have been read already.
  if (ledger.jobs.has(task.key) || pastTasks.has(task.key)) return;
  batch.setJob(task);
  if (task.phase === 'draining' && report.requeueable) drains.hold(task.key);
  for (const watcher of ledger.watchersOf(parent.key))
    batch.addWatcher(toTaskWatcher(watcher, task, ids.next()));
  batch.tell(task, { kind: 'state', result: `task ${report.arrayTask?.task ?? ''} of array ${parent.id}` });
}

function takeAbsence(job: Job, batch: Batch, { drains, missing, silence, silent }: ReportPlace): void {
  if (job.phase === 'draining') {
    // Forgotten: it will not be queued again.
    drains.confirm(job.key);
    return;
  }
  if (silence?.ids.includes(job.id)) {
    const { message, remedy } = silence.cause;
    if (!silent.has(job.key))
      batch.tell(job, {
        kind: 'error',
        result: `what became of job ${job.id} cannot be known yet: ${message}. ${remedy}`,
      });
    silent.set(job.key, message);
    return;
  }
  silent.delete(job.key);
  const count = (missing.get(job.key) ?? 0) + 1;
  missing.set(job.key, count);
  if (count >= maxMissing)
    vanish(job, `the cluster no longer knows job ${job.id}; how it ended is unknown`, batch);
}

function vanish(job: Job, result: string, batch: Batch): void {
  const vanished: Job = {
    ...job,
    outputs: fillOutputs(job, job),
    phase: 'draining',
    state: 'UNKNOWN',
    endState: 'unknown',
    ended: null,
  };
  batch.setJob(vanished);
  batch.tell(vanished, { kind: 'error', result });
}

/** The job as the report shows it; the same object where nothing is new. */
function update(job: Job, report: JobReport): Job {
  const endState = toJobEndState(report.state);
  // What has ended stays ended, unless it lives again, or nobody knew how it had ended.
  if (job.phase === 'draining' && endState !== null && job.state !== 'UNKNOWN') return job;
  const phase = endState !== null ? 'draining' : isStarted(report) ? 'running' : 'queued';
  const { name, state, reason, started, ended, exitCode, restarts, isArray } = report;
  const next: Job = {
    ...job,
    name: name === '' ? job.name : name,
    state,
    reason,
    submitted: wasReported(job) ? job.submitted : report.submitted,
    started,
    ended,
    exitCode,
    restarts: Math.max(job.restarts, restarts),
    // A new run is another life: it may be cancelled again, and nobody has cancelled it yet.
    cancelledBy: restarts > job.restarts ? null : job.cancelledBy,
    taskEnds: isArray && endState !== null && report.unbegun ? { CANCELLED: report.unbegun } : job.taskEnds,
    outputs: isArray ? report.outputs : fillOutputs(job, report),
    isArray,
    phase,
    endState,
  };
  return (Object.keys(next) as (keyof Job)[]).every(
    (key) => next[key] === job[key] || JSON.stringify(next[key]) === JSON.stringify(job[key]),
  )
    ? job
    : next;
}

/** Accounting knows no paths: then those count that were known before, or that the script asks for. */
function fillOutputs(
  job: Job,
  { outputs, nodes }: { readonly outputs: Job['outputs']; readonly nodes?: string },
): Job['outputs'] {
  if (outputs.stdout !== null && outputs.stderr !== null) return outputs;
  const known = job.outputs.stdout === null ? findScriptOutputs(job, nodes ?? '') : job.outputs;
  return { stdout: outputs.stdout ?? known.stdout, stderr: outputs.stderr ?? known.stderr };
}

const isStarted = ({ state, started }: JobReport): boolean =>
  started !== null && jobStateTable[state].short !== 'PD';

/** The first sight of a task of an array that is known. */
export function toTask(parent: Job, report: JobReport): Job {
  const key = `${parent.key}_${report.arrayTask?.task ?? 0}`;
  return withOwnFilesAlone(
    update(
      {
        ...parent,
        key,
        id: report.id,
        parent: parent.key,
        isArray: false,
        taskEnds: null,
        successor: null,
        phase: 'queued',
        submitted: report.submitted,
      },
      { ...report, isArray: false },
    ),
  );
}

const toTaskWatcher = (watcher: Watcher, task: Job, id: string): Watcher => ({
  ...watcher,
  id,
  job: task.key,
  progress: initialProgress,
});

/** One sentence: how it ended, and by whom. */
export function describeEnd({ id, state, exitCode, taskEnds, cancelledBy }: Job): string {
  const code =
    exitCode === null || exitCode === '0:0' ? describeCounts(taskEnds) : ` (exit code ${exitCode})`;
  if (!cancelledBy || state !== 'CANCELLED') return `job ${id} ended: ${state}${code}`;
  const reason = cancelledBy.reason === null ? '' : `: ${cancelledBy.reason}`;
  return `job ${id} ended: CANCELLED by ${nameCanceller(cancelledBy)}${reason}`;
}
