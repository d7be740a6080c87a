// With each answer of the scheduler: how the outputs of waiting jobs look now, and which running jobs write to one file.
import type { Ledger } from '../ledger';
import type { Job, Time } from '../model';
import type { Cluster } from '../ports';
import { lookAt, ownFileOf, Rivals, takeLook } from './ownBytes';

interface LookPlace {
  readonly ledger: Ledger;
  readonly cluster: Cluster;
  readonly now: Time;
}

const pathsOf = ({ isArray, outputs: { stdout, stderr } }: Job): readonly string[] =>
  isArray ? [] : [...new Set([stdout, stderr])].flatMap((path) => path ?? []);

/** Earlier jobs may still write to them: the last look before a job begins counts. Names with a number in them are new. */
export async function lookAtQueued(jobs: readonly Job[], { ledger, cluster, now }: LookPlace): Promise<void> {
  const waiting = jobs
    .filter(({ phase, restarts }) => phase === 'queued' && restarts === 0)
    .map((job) => ({ job, paths: pathsOf(job).filter((path) => ownFileOf(job, path).from === null) }))
    .filter(({ paths }) => paths.length > 0);
  if (waiting.length === 0) return;
  const paths = [...new Set(waiting.flatMap((each) => each.paths))];
  const looks = await lookAt(paths, (requests) => cluster.read(requests), now);
  const take = (job: Job, own: readonly string[]): Job => {
    let next = job;
    for (const path of own) {
      const look = looks.get(path);
      if (look !== undefined) next = takeLook(next, path, look);
    }
    return next;
  };
  await ledger.observe((batch) => {
    for (const { job, paths: own } of waiting) {
      const current = ledger.jobs.get(job.key) ?? job;
      const next = take(current, own);
      if (next !== current) batch.setJob(next);
    }
  });
}

/** Told once for each job: whose line is whose is beyond what a file tells. */
export async function noteShared(jobs: readonly Job[], { ledger, cluster }: LookPlace): Promise<void> {
  const rivals = new Rivals(jobs, cluster.others);
  const shared = jobs.flatMap((job) => {
    if (job.phase !== 'running' || job.own.isShared || ledger.watchersOf(job.key).length === 0) return [];
    for (const path of pathsOf(job)) {
      const beside = rivals.findBeside(job, path);
      if (beside) return [{ job, path, id: beside.id }];
    }
    return [];
  });
  if (shared.length === 0) return;
  await ledger.observe((batch) => {
    for (const { job, path, id } of shared) {
      const current = ledger.jobs.get(job.key) ?? job;
      const told: Job = { ...current, own: { ...current.own, isShared: true } };
      batch.setJob(told);
      const result = `job ${id} writes to ${path} too: its lines are matched as if they were this job's`;
      batch.tell(told, { kind: 'state', result });
    }
  });
}
