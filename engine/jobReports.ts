// What a cluster reports of jobs, and what follows for the books: states, tasks of arrays, ends.
import { jobStateTable, toJobEndState } from '../language/jobStates';
import type { Ledger } from './ledger';
import type { Job, Watcher } from './model';
import type { Ids, JobReport } from './ports';
import { initialProgress } from './progress';

/** A job that so many queries in a row do not know has vanished. */
const maxMissing = 3;

export interface ReportPlace {
  readonly ledger: Ledger;
  readonly ids: Ids;
  /** By job key: how many queries in a row did not know it. */
  readonly missing: Map<string, number>;
}

/** Commits the changes of all reports as one batch. */
export async function takeReports(
  jobs: readonly Job[],
  reports: readonly JobReport[],
  { ledger, ids, missing }: ReportPlace,
): Promise<void> {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const seen = new Set<string>();
  await ledger.observe((batch) => {
    for (const report of reports) {
      const job = byId.get(report.id);
      if (job) {
        seen.add(job.key);
        const next = update(job, report);
        if (next !== job) batch.setJob(next);
      } else if (report.arrayTask) {
        const parent = byId.get(report.arrayTask.job);
        if (!parent) continue;
        const child = toTask(parent, report);
        batch.setJob(child);
        for (const watcher of ledger.watchersOf(parent.key))
          batch.addWatcher(toTaskWatcher(watcher, child, ids.next()));
        batch.tell(child, { kind: 'state', result: `task ${report.arrayTask.task} of array ${parent.id}` });
      }
      if (job && report.isArray && !job.isArray) {
        for (const { id } of ledger.watchersOf(job.key)) {
          const subject = batch.subject(id);
          if (subject)
            batch.apply(
              subject,
              {
                ...subject.watcher.progress,
                state: 'static',
                stateReason: 'its tasks have their own',
                nextCheck: null,
              },
              [],
            );
        }
      }
    }
    for (const job of jobs) {
      if (seen.has(job.key)) {
        missing.delete(job.key);
        continue;
      }
      const count = (missing.get(job.key) ?? 0) + 1;
      missing.set(job.key, count);
      if (count < maxMissing || job.phase === 'draining') continue;
      const vanished: Job = { ...job, phase: 'draining', state: 'UNKNOWN', endState: 'unknown', ended: null };
      batch.setJob(vanished);
      batch.tell(vanished, {
        kind: 'error',
        result: `the cluster no longer knows job ${job.id}; how it ended is unknown`,
      });
    }
  });
}

/** The job as the report shows it; the same object where nothing is new. */
function update(job: Job, report: JobReport): Job {
  // What has ended stays ended: its output is being read.
  if (job.phase === 'draining') return job;
  const endState = toJobEndState(report.state);
  const phase = endState !== null ? 'draining' : isStarted(report) ? 'running' : 'queued';
  const { name, state, reason, started, ended, exitCode, restarts, outputs, isArray } = report;
  const next: Job = {
    ...job,
    name,
    state,
    reason,
    started,
    ended,
    exitCode,
    restarts,
    outputs,
    isArray,
    phase,
    endState,
  };
  return (Object.keys(next) as (keyof Job)[]).every(
    (key) => JSON.stringify(next[key]) === JSON.stringify(job[key]),
  )
    ? job
    : next;
}

const isStarted = ({ state, started }: JobReport): boolean =>
  started !== null && jobStateTable[state].short !== 'PD';

/** The first sight of a task of an array that is known. */
export function toTask(parent: Job, report: JobReport): Job {
  const key = `${parent.key}_${report.arrayTask?.task ?? 0}`;
  return update(
    {
      ...parent,
      key,
      id: report.id,
      parent: parent.key,
      isArray: false,
      phase: 'queued',
      submitted: report.submitted,
    },
    { ...report, isArray: false },
  );
}

const toTaskWatcher = (watcher: Watcher, task: Job, id: string): Watcher => ({
  ...watcher,
  id,
  job: task.key,
  progress: initialProgress,
});

/** One sentence: how it ended, and by whom. */
export function describeEnd({ id, state, exitCode, cancelledBy }: Job): string {
  const code = exitCode === null || exitCode === '0:0' ? '' : ` (exit code ${exitCode})`;
  if (!cancelledBy || state !== 'CANCELLED') return `job ${id} ended: ${state}${code}`;
  const reason = cancelledBy.reason === null ? '' : `: ${cancelledBy.reason}`;
  return `job ${id} ended: CANCELLED by the watcher "${cancelledBy.watcher}"${reason}`;
}
