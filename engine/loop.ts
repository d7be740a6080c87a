// One loop per cluster, on the clock: query, read, match, step, commit, act, and when to look again.
import { toWatchError, WatchError, type WatchErrorCode } from './errors';
import { Drains } from './drains';
import { describeEnd, takeReports } from './jobReports';
import type { Ledger } from './ledger';
import type { ClusterStatus, Job, JobKey, Watcher } from './model';
import { runOutbox } from './outbox';
import type { Clock, Cluster, Ids, JobReport, Matcher } from './ports';
import { findStreams, groupByFile, readRound, type DueFile } from './reading';
import { step } from './step';
import { resolveSubmission } from './submit';

export interface LoopOptions {
  readonly cluster: Cluster;
  readonly ledger: Ledger;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly ids: Ids;
  /** A number from 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  readonly onStatus: (status: ClusterStatus) => void;
}

/** So many rounds of 1 MiB a file and tick: a file that grows fast is caught up, and others get their turn. */
const maxRounds = 16;
const longestSleepMs = 60_000;

/** A command failed, or was given up; the cluster itself is there. */
const isOfCommand = (error: unknown): error is WatchError =>
  error instanceof WatchError && (error.code === 'command-failed' || error.code === 'timed-out');

/** A job that was queued again has what its last run printed, until the next one begins. */
const mayPrint = ({ phase, restarts }: Job): boolean =>
  phase === 'running' || phase === 'draining' || (phase === 'queued' && restarts > 0);

export class ClusterLoop {
  readonly cluster: Cluster;
  private callOff: (() => void) | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;
  private nextQuery = 0;
  private lastTick: Pick<ClusterStatus, 'lastTickMs' | 'lastTickCommands' | 'lastTickReads'> = {
    lastTickMs: null,
    lastTickCommands: null,
    lastTickReads: null,
  };
  private trouble:
    | {
        readonly message: string;
        readonly code: WatchErrorCode;
        readonly since: number;
        readonly attempts: number;
      }
    | undefined;
  private readonly drains = new Drains();
  private readonly missing = new Map<JobKey, number>();
  /** Submissions whose fate is not known, and when it is asked for again. */
  private readonly unresolved = new Map<JobKey, number>();
  /** By array: its tasks that had ended before this engine began. */
  private readonly pastTasks = new Map<JobKey, ReadonlySet<JobKey>>();

  constructor(private readonly options: LoopOptions) {
    this.cluster = options.cluster;
  }

  get status(): ClusterStatus {
    const { name, kind, connection, commands, reads } = this.cluster;
    const state = this.trouble
      ? this.trouble.code === 'needs-sign-in'
        ? 'needs-sign-in'
        : 'disconnected'
      : connection;
    return {
      name,
      kind,
      state,
      commands,
      reads,
      ...this.lastTick,
      trouble: this.trouble?.message ?? null,
    };
  }

  /** Runs `work` between ticks: nothing else changes this cluster's jobs meanwhile. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Looks as soon as it can, at jobs too. */
  wake(): void {
    this.nextQuery = 0;
    this.sleep(0);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.callOff?.();
    await this.queue;
    await this.cluster.close();
  }

  private sleep(milliseconds: number): void {
    this.callOff?.();
    if (this.closed) return;
    this.callOff = this.options.clock.after(milliseconds, () => {
      this.callOff = undefined;
      void this.exclusively(() => this.tick());
    });
  }

  private async tick(): Promise<void> {
    if (this.closed) return;
    const begun = this.options.clock.now();
    const { commands, reads } = this.cluster;
    try {
      await this.work();
      await this.recover();
      this.lastTick = {
        lastTickMs: this.options.clock.now() - begun,
        lastTickCommands: this.cluster.commands - commands,
        lastTickReads: this.cluster.reads - reads,
      };
      if (this.jobs.length > 0) this.sleep(this.untilNext());
    } catch (error) {
      await this.fail(error);
    }
  }

  private get now(): number {
    return this.options.clock.now();
  }

  private get jobs(): readonly Job[] {
    return this.options.ledger.jobsOf(this.cluster.name);
  }

  private async work(): Promise<void> {
    await this.resolveSubmissions();
    const known = this.jobs.filter(
      ({ phase }) => phase === 'queued' || phase === 'running' || phase === 'draining',
    );
    const refusal = known.length > 0 && this.now >= this.nextQuery ? await this.query(known) : undefined;
    await this.read(this.jobs.flatMap((job) => this.findDueFiles(job)));
    await this.actOnTimers();
    for (const job of this.jobs) {
      if (job.phase === 'draining' && this.drains.isQuiet(job.key, this.cluster.traits.settleMs, this.now))
        await this.end(job);
    }
    await runOutbox({ ...this.options, now: () => this.now });
    this.forgetEnded();
    if (refusal) throw refusal;
  }

  /** What an engine before this one, or a cut connection, left between the row and the cluster's answer. */
  private async resolveSubmissions(): Promise<void> {
    for (const job of this.jobs) {
      if (job.phase !== 'submitting' || (this.unresolved.get(job.key) ?? 0) > this.now) continue;
      try {
        await resolveSubmission(job, { ...this.options, now: () => this.now });
        this.unresolved.delete(job.key);
      } catch (error) {
        // One submission that cannot be judged yet keeps nobody from watching.
        if (!isOfCommand(error)) throw error;
        const { message } = error;
        if (!this.unresolved.has(job.key))
          await this.options.ledger.commit((batch) => {
            batch.tell(job, { kind: 'error', result: message });
          });
        this.unresolved.set(job.key, this.now + this.cluster.traits.queryIntervalMs);
      }
    }
  }

  /** Gives the error where the scheduler does not answer: outputs can be read all the same. */
  private async query(jobs: readonly Job[]): Promise<WatchError | undefined> {
    const { ledger } = this.options;
    let reports: readonly JobReport[];
    try {
      reports = await this.cluster.query(jobs.map(({ id }) => id));
    } catch (error) {
      if (isOfCommand(error)) return error;
      throw error;
    }
    const arrays = jobs.filter(
      ({ id, key }) => !this.pastTasks.has(key) && reports.some(({ arrayTask }) => arrayTask?.job === id),
    );
    for (const array of arrays) this.pastTasks.set(array.key, await ledger.findEndedTasks(array));
    const pastTasks = new Set([...this.pastTasks.values()].flatMap((tasks) => [...tasks]));
    await takeReports(jobs, reports, {
      ...this.options,
      drains: this.drains,
      missing: this.missing,
      pastTasks,
    });
    // Only now: what failed is asked again at the next try, and only an answer is a recovery.
    this.nextQuery = this.now + this.cluster.traits.queryIntervalMs;
    return undefined;
  }

  /** Round after round, until all is read or the tick's budget is spent; gives what is left. */
  private async read(due: readonly DueFile[]): Promise<readonly DueFile[]> {
    let files = due;
    for (let round = 0; files.length > 0 && round < maxRounds; round++) {
      const { unfinished, sizes } = await readRound(files, { ...this.options, now: () => this.now });
      this.drains.note(sizes, this.now);
      files = this.refresh(unfinished);
    }
    return files;
  }

  /** The files of a running job's watchers that are due; all of them while it drains. */
  private findDueFiles(job: Job): readonly DueFile[] {
    if (!mayPrint(job)) return [];
    if (job.phase === 'draining') this.drains.begin(job.key, this.now);
    const isDue = ({ progress }: Watcher): boolean =>
      progress.state === 'active' &&
      (job.phase === 'draining' || progress.nextCheck === null || progress.nextCheck <= this.now);
    return groupByFile(job, this.options.ledger.watchersOf(job.key).filter(isDue), false);
  }

  /** The same files with what the last round made of their watchers. */
  private refresh(files: readonly DueFile[]): readonly DueFile[] {
    const { ledger } = this.options;
    return files.flatMap((file) => {
      const readers = file.readers.flatMap(({ watcher, stream }) => {
        const current = ledger.watchers.get(watcher.id);
        return current?.progress.state === 'active' ? [{ watcher: current, stream }] : [];
      });
      return readers.length > 0 ? [{ ...file, readers }] : [];
    });
  }

  private async actOnTimers(): Promise<void> {
    const due = this.jobs
      .filter(({ phase }) => phase === 'running')
      .flatMap(({ key }) => this.options.ledger.watchersOf(key))
      .filter(({ progress }) => progress.nextTimer !== null && progress.nextTimer <= this.now);
    await this.options.ledger.commit((batch) => {
      for (const { id } of due) {
        const subject = batch.subject(id);
        if (subject) batch.apply(subject, ...step(subject, { kind: 'timer' }, this.now));
      }
    });
  }

  /** The output has been quiet: its last line counts without a line end, then the job is over. */
  private async end(job: Job): Promise<void> {
    const { ledger } = this.options;
    const active = ledger.watchersOf(job.key).filter(({ progress }) => progress.state === 'active');
    const left = await this.read(groupByFile(job, active, true));
    if (left.length > 0) return;
    const ended: Job = { ...job, phase: 'ended' };
    await ledger.commit((batch) => {
      batch.setJob(ended);
      for (const { id } of ledger.watchersOf(job.key)) {
        const subject = batch.subject(id);
        if (subject) batch.apply(subject, ...step(subject, { kind: 'jobEnd' }, this.now));
      }
      batch.tell(ended, { kind: 'state', result: describeEnd(ended) });
    });
    this.drains.end(job.key);
    this.missing.delete(job.key);
  }

  /**
   * Ended jobs leave the books once nothing of theirs waits in the outbox, tasks not before their array has ended (the
   * cluster shows them as long), and an array once its tasks have left.
   */
  private forgetEnded(): void {
    const { ledger } = this.options;
    const busy = new Set([...ledger.outbox.values()].map(({ job }) => job));
    for (const job of this.jobs) {
      const hasTasks = job.isArray && this.jobs.some(({ parent }) => parent === job.key);
      const array = job.parent === null ? undefined : ledger.jobs.get(job.parent);
      if (job.phase !== 'ended' || busy.has(job.key) || hasTasks) continue;
      if (array && array.phase !== 'ended') continue;
      ledger.forget(job.key);
      this.pastTasks.delete(job.key);
    }
  }

  private untilNext(): number {
    const times = [this.nextQuery];
    for (const job of this.jobs) {
      if (job.phase === 'submitting') times.push(this.unresolved.get(job.key) ?? this.now);
      if (job.phase === 'draining') times.push(this.now + this.cluster.traits.settleMs);
      if (!mayPrint(job)) continue;
      for (const watcher of this.options.ledger.watchersOf(job.key)) {
        const { nextCheck, nextTimer, state } = watcher.progress;
        if (nextTimer !== null && job.phase === 'running') times.push(nextTimer);
        if (state === 'active' && findStreams(job, watcher).length > 0) times.push(nextCheck ?? this.now);
      }
    }
    for (const { notBefore } of this.options.ledger.outbox.values()) times.push(notBefore);
    return Math.max(10, Math.min(longestSleepMs, ...times.map((time) => time - this.now)));
  }

  private async recover(): Promise<void> {
    if (!this.trouble) return;
    const { since } = this.trouble;
    this.trouble = undefined;
    this.options.onStatus(this.status);
    const seconds = Math.round((this.now - since) / 1000);
    await this.tellJobs(
      'state',
      `watching goes on after ${seconds} s; what was printed meanwhile is matched now`,
    );
  }

  /** One bad tick: told once, tried again with growing, jittered pauses. */
  private async fail(thrown: unknown): Promise<void> {
    const error = toWatchError(thrown);
    const { attempts, since } = this.trouble ?? { attempts: 0, since: this.now };
    const isNew = this.trouble === undefined;
    const message = `${error.message} ${error.remedy}`;
    this.trouble = { message, code: error.code, since, attempts: attempts + 1 };
    this.options.onStatus(this.status);
    this.sleep(
      Math.min(longestSleepMs, 1000 * 2 ** Math.min(attempts, 6)) * (0.5 + this.options.random() / 2),
    );
    if (isNew) await this.tellJobs('error', `${this.cluster.name}: ${message}`);
  }

  /** An event of every live job; where even that cannot be stored, the status has it. */
  private async tellJobs(kind: 'state' | 'error', result: string): Promise<void> {
    try {
      await this.options.ledger.commit((batch) => {
        for (const job of this.jobs)
          if (this.options.ledger.watchersOf(job.key).length > 0) batch.tell(job, { kind, result });
      });
    } catch (error) {
      const { message, code } = toWatchError(error);
      this.trouble ??= { message, code, since: this.now, attempts: 1 };
      this.options.onStatus(this.status);
    }
  }
}
