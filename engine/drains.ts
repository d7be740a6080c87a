// Finished jobs whose output is still being read: complete once it has not grown for a while.
import type { JobKey, Time } from './model';

interface Drain {
  quietSince: Time;
  readonly sizes: Map<string, number>;
}

export class Drains {
  private readonly drains = new Map<JobKey, Drain>();
  private readonly held = new Set<JobKey>();

  /** Begins with the first call for a job. */
  begin(job: JobKey, now: Time): void {
    if (!this.drains.has(job)) this.drains.set(job, { quietSince: now, sizes: new Map() });
  }

  /** What was seen of the sizes of outputs, of any jobs. */
  note(
    sizes: readonly { readonly job: JobKey; readonly path: string; readonly size: number }[],
    now: Time,
  ): void {
    for (const { job, path, size } of sizes) {
      const drain = this.drains.get(job);
      if (!drain || drain.sizes.get(path) === size) continue;
      drain.sizes.set(path, size);
      drain.quietSince = now;
    }
  }

  isQuiet(job: JobKey, settleMs: number, now: Time): boolean {
    const drain = this.drains.get(job);
    return drain !== undefined && !this.held.has(job) && now - drain.quietSince >= settleMs;
  }

  /** The job may live again: it is not complete before `confirm`. */
  hold(job: JobKey): void {
    this.held.add(job);
  }

  confirm(job: JobKey): void {
    this.held.delete(job);
  }

  /** It is complete, or lives again. */
  end(job: JobKey): void {
    this.drains.delete(job);
    this.held.delete(job);
  }
}
