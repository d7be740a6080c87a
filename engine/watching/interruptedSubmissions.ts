// Submissions that an engine before this one, or a cut connection, left between the row and the cluster's answer.
import type { Ledger } from '../ledger';
import type { Job, JobKey, Time } from '../model';
import type { Clock, Cluster, Ids } from '../ports';
import { resolveSubmission } from '../submit';
import { isOfCommand } from './schedulerQueries';

export interface SubmissionParts {
  readonly ledger: Ledger;
  readonly ids: Ids;
  readonly clock: Clock;
}

export class InterruptedSubmissions {
  /** Those whose fate could not be judged yet, and when it is asked for again. */
  private readonly unresolved = new Map<JobKey, Time>();

  constructor(private readonly parts: SubmissionParts) {}

  /** When it is asked for these jobs again. */
  timesOf(jobs: readonly Job[]): readonly Time[] {
    return jobs
      .filter(({ phase }) => phase === 'submitting')
      .map(({ key }) => this.unresolved.get(key) ?? this.parts.clock.now());
  }

  async resolve(cluster: Cluster, jobs: readonly Job[]): Promise<void> {
    const { ledger, ids, clock } = this.parts;
    const now = (): Time => clock.now();
    for (const job of jobs) {
      if (job.phase !== 'submitting' || (this.unresolved.get(job.key) ?? 0) > now()) continue;
      try {
        await resolveSubmission(job, { ledger, ids, cluster, now });
        this.unresolved.delete(job.key);
      } catch (error) {
        // One submission that cannot be judged yet keeps nobody from watching.
        if (!isOfCommand(error)) throw error;
        const { message } = error;
        if (!this.unresolved.has(job.key))
          await ledger.commit((batch) => {
            batch.tell(job, { kind: 'error', result: message });
          });
        this.unresolved.set(job.key, now() + cluster.traits.queryIntervalMs);
      }
    }
  }
}
