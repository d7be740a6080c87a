// What one cluster's scheduler is asked for its jobs: when, and what is remembered from one answer to the next.
import type { Drains } from '../drains';
import { WatchError } from '../errors';
import { takeReports } from '../jobReports';
import type { Ledger } from '../ledger';
import type { Job, JobKey } from '../model';
import type { Clock, Cluster, Ids, JobReport, Silence } from '../ports';

export interface QueryParts {
  readonly ledger: Ledger;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly drains: Drains;
}

/** Jobs that are not in the books, asked for in the same query. */
export interface Strangers {
  readonly ids: readonly string[];
  /** `silent`: ids of which nobody could say anything now. */
  readonly onReports: (reports: readonly JobReport[], silent: readonly string[]) => void;
}

/** A command failed, or was given up; the cluster itself is there. */
export const isOfCommand = (error: unknown): error is WatchError =>
  error instanceof WatchError && (error.code === 'command-failed' || error.code === 'timed-out');

export class SchedulerQueries {
  /** On the steady clock. */
  private next = 0;
  private asked = 0;
  private readonly missing = new Map<JobKey, number>();
  /** Jobs that could not be asked for when others could, and why. */
  private readonly silent = new Map<JobKey, string>();
  /** By array: its tasks that had ended before this engine began. */
  private readonly pastTasks = new Map<JobKey, ReadonlySet<JobKey>>();

  constructor(private readonly parts: QueryParts) {}

  /** How often the scheduler was asked, whatever it said. */
  get count(): number {
    return this.asked;
  }

  /** How long until it is asked again, ms; 0 or less if that is due. */
  get pause(): number {
    return this.next - this.parts.clock.steady();
  }

  /** It is asked in the next tick. */
  hasten(): void {
    this.next = 0;
  }

  /** Gives the error if the scheduler does not answer: outputs can be read all the same. Throws if the cluster cannot be reached. */
  async ask(cluster: Cluster, jobs: readonly Job[], strangers?: Strangers): Promise<WatchError | undefined> {
    const refusal = await this.query(cluster, jobs, strangers);
    this.asked += 1;
    return refusal;
  }

  /** The job has ended: the scheduler is not asked for it again. */
  forget(job: JobKey): void {
    this.missing.delete(job);
    this.silent.delete(job);
  }

  /** The array has left the books. */
  forgetTasks(array: JobKey): void {
    this.pastTasks.delete(array);
  }

  private async query(
    cluster: Cluster,
    jobs: readonly Job[],
    strangers?: Strangers,
  ): Promise<WatchError | undefined> {
    const { ledger, ids, clock, drains } = this.parts;
    const { missing, silent } = this;
    let reports: readonly JobReport[];
    let silence: Silence | undefined;
    try {
      const answer = await cluster.query(
        [...jobs.map(({ id }) => id), ...(strangers?.ids ?? [])],
        (told) => (silence = told),
      );
      const isStranger = ({ id }: JobReport): boolean => strangers?.ids.includes(id) === true;
      reports = strangers ? answer.filter((report) => !isStranger(report)) : answer;
      const silent = silence?.ids ?? [];
      strangers?.onReports(answer.filter(isStranger), silent);
    } catch (error) {
      if (isOfCommand(error)) return error;
      throw error;
    }
    const arrays = jobs.filter(
      ({ id, key }) => !this.pastTasks.has(key) && reports.some(({ arrayTask }) => arrayTask?.job === id),
    );
    for (const array of arrays) this.pastTasks.set(array.key, await ledger.findEndedTasks(array));
    const pastTasks = new Set([...this.pastTasks.values()].flatMap((tasks) => [...tasks]));
    await takeReports(jobs, reports, { ledger, ids, drains, missing, pastTasks, silence, silent });
    // Only now: what failed is asked again at the next try, and only an answer is a recovery.
    this.next = clock.steady() + cluster.traits.queryIntervalMs;
    return undefined;
  }
}
