// One loop per cluster, on the clock: query, read, match, step, commit, act, and when to look again.
import type { WatchErrorCode } from './errors';
import { toWatchError } from './errors';
import { Drains } from './drains';
import { hasCome, isCheckDue } from './due';
import { describeEnd, takeReports } from './jobReports';
import type { Ledger } from './ledger';
import type { ClusterStatus, Job, JobKey, Watcher } from './model';
import { ActionRunner } from './outbox';
import type { Clock, Cluster, Ids, Matcher } from './ports';
import {
  filesAtOnce,
  findStreams,
  firstBytes,
  groupByFile,
  readRound,
  tickBytes,
  toUnreadGaps,
  type DueFile,
  type RoundResult,
} from './reading';
import { findPausedGaps } from './resume';
import { step } from './step';
import { resolveSubmission } from './submit';
import { maxSegment } from './tail';

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

const longestSleepMs = 60_000;
/** How long an engine that ends waits for actions that are running. */
const farewellMs = 5000;
/** A job that has ended is kept so long for an output that cannot be read. */
const patienceMs = 600_000;
/** Who woke so much later than planned has slept, or its clock was set. */
const sleptMs = 10_000;
/** How long until a store that refused is tried again, at the latest. */
const storeRetryMs = 5000;

export class ClusterLoop {
  readonly cluster: Cluster;
  private callOff: (() => void) | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;
  private nextQuery = 0;
  private lastTickMs: number | null = null;
  private trouble:
    | {
        readonly message: string;
        readonly code: WatchErrorCode;
        readonly since: number;
        readonly attempts: number;
      }
    | undefined;
  private readonly drains = new Drains();
  private readonly runner: ActionRunner;
  /** Since when the last output of an ended job cannot be read, on the steady clock. */
  private readonly stuck = new Map<JobKey, number>();
  /** When the tick was due; long ago for the first one. */
  private planned = -Infinity;
  private storeFailedAt: number | undefined;
  private readonly missing = new Map<JobKey, number>();

  constructor(private readonly options: LoopOptions) {
    this.cluster = options.cluster;
    this.runner = new ActionRunner({
      ...options,
      now: () => this.now,
      exclusively: (work) => this.exclusively(work),
      wake: () => {
        this.sleep(0);
      },
    });
  }

  get status(): ClusterStatus {
    const { name, kind, commands } = this.cluster;
    const state = this.trouble
      ? this.trouble.code === 'needs-sign-in'
        ? 'needs-sign-in'
        : 'disconnected'
      : 'connected';
    return {
      name,
      kind,
      state,
      commands,
      lastTickMs: this.lastTickMs,
      trouble: this.trouble?.message ?? this.storeTrouble,
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
    await this.runner.settle(farewellMs);
    await this.queue;
    await this.cluster.close();
  }

  private sleep(milliseconds: number): void {
    this.callOff?.();
    if (this.closed) return;
    if (this.lastTickMs !== null) this.planned = this.now + milliseconds;
    this.callOff = this.options.clock.after(milliseconds, () => {
      this.callOff = undefined;
      void this.exclusively(() => this.tick());
    });
  }

  private async tick(): Promise<void> {
    if (this.closed) return;
    const begun = this.steady;
    const overlooked = this.findOverlooked();
    try {
      const left = await this.work();
      await this.recover(overlooked);
      await this.options.ledger.flush();
      await this.tellStore();
      this.lastTickMs = Math.round(this.steady - begun);
      if (this.jobs.length > 0 || this.storeTrouble !== null) this.sleep(left ? 0 : this.untilNext());
    } catch (error) {
      await this.fail(error);
    }
  }

  private get now(): number {
    return this.options.clock.now();
  }

  /** A clock that nobody sets: for how long something lasted. */
  private get steady(): number {
    return this.options.clock.steady();
  }

  private get storeTrouble(): string | null {
    const error = this.options.ledger.storeTrouble;
    return error ? `${error.message} ${error.remedy}` : null;
  }

  private get jobs(): readonly Job[] {
    return this.options.ledger.jobsOf(this.cluster.name);
  }

  /** Gives whether more output is there already. */
  private async work(): Promise<boolean> {
    await this.resolveSubmissions();
    const known = this.jobs.filter(
      ({ phase }) => phase === 'queued' || phase === 'running' || phase === 'draining',
    );
    if (known.length > 0 && this.steady >= this.nextQuery) {
      const reports = await this.cluster.query(known.map(({ id }) => id));
      await takeReports(known, reports, { ...this.options, missing: this.missing });
      // Only now: what failed is asked again at the next try, and only an answer is a recovery.
      this.nextQuery = this.steady + this.cluster.traits.queryIntervalMs;
    }
    let { left } = await this.read(this.jobs.flatMap((job) => this.findDueFiles(job)));
    await this.actOnTimers();
    for (const job of this.jobs) {
      if (job.phase === 'draining' && this.drains.isQuiet(job.key, this.cluster.traits.settleMs, this.steady))
        left = (await this.end(job)) || left;
    }
    await this.runner.start();
    this.forgetEnded();
    return left;
  }

  /** What an engine before this one left between the row and the cluster's answer. */
  private async resolveSubmissions(): Promise<void> {
    for (const job of this.jobs) {
      if (job.phase === 'submitting') await resolveSubmission(job, { ...this.options, now: () => this.now });
    }
  }

  /** A little of each file first, then round after round, until all is read or the tick's budget is spent. */
  private async read(
    due: readonly DueFile[],
  ): Promise<{ readonly left: boolean; readonly unreadable: RoundResult['unreadable'] }> {
    const unreadable: RoundResult['unreadable'][number][] = [];
    let budget = tickBytes;
    const round = async (files: readonly DueFile[], maxBytes: number): Promise<readonly DueFile[]> => {
      const result = await readRound(files, maxBytes, { ...this.options, now: () => this.now });
      this.drains.note(result.sizes, this.steady);
      unreadable.push(...result.unreadable);
      budget -= result.bytes;
      return this.refresh(result.unfinished);
    };
    let files = due.length > 0 ? await round(due, firstBytes) : [];
    while (files.length > 0 && budget > 0) {
      const next: DueFile[] = [];
      for (let at = 0; at < files.length; at += filesAtOnce) {
        const group = files.slice(at, at + filesAtOnce);
        next.push(...(budget > 0 ? await round(group, maxSegment) : group));
      }
      files = next;
    }
    return { left: files.length > 0, unreadable };
  }

  /** The files of a running job's watchers that are due; all of them while it drains. */
  private findDueFiles(job: Job): readonly DueFile[] {
    if (job.phase !== 'running' && job.phase !== 'draining') return [];
    if (job.phase === 'draining') this.drains.begin(job.key, this.steady);
    const isDue = ({ definition, progress }: Watcher): boolean =>
      progress.state === 'active' && (job.phase === 'draining' || isCheckDue(definition, progress, this.now));
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
      .filter(({ definition, progress: { state, nextTimer } }) => {
        const periodMs = definition.timerIntervalSeconds * 1000;
        return state === 'active' && nextTimer !== null && hasCome(nextTimer, periodMs, this.now);
      });
    await this.options.ledger.observe((batch) => {
      for (const { id } of due) {
        const subject = batch.subject(id);
        if (subject) batch.apply(subject, ...step(subject, { kind: 'timer' }, this.now));
      }
    });
  }

  /** The output has been quiet: its last line counts without a line end, then the job is over. Gives whether more is left. */
  private async end(job: Job): Promise<boolean> {
    const { ledger } = this.options;
    const watchers = ledger.watchersOf(job.key);
    const active = watchers.filter(({ progress }) => progress.state === 'active');
    const { left, unreadable } = await this.read(groupByFile(job, active, true));
    if (left) return true;
    if (unreadable.length > 0 && this.waitsFor(job)) return false;
    const missed = await findPausedGaps(job, watchers, this.cluster);
    const ended: Job = { ...job, phase: 'ended' };
    await ledger.observe((batch) => {
      batch.setJob(ended);
      for (const { watcher, observation } of [...toUnreadGaps(unreadable), ...missed]) {
        const subject = batch.subject(watcher);
        if (subject) batch.apply(subject, ...step(subject, observation, this.now));
      }
      for (const { id } of ledger.watchersOf(job.key)) {
        const subject = batch.subject(id);
        if (subject) batch.apply(subject, ...step(subject, { kind: 'jobEnd' }, this.now));
      }
      batch.tell(ended, { kind: 'state', result: describeEnd(ended) });
    });
    this.drains.end(job.key);
    this.stuck.delete(job.key);
    this.missing.delete(job.key);
    return false;
  }

  /** A file server may be away for a while when a job ends. */
  private waitsFor({ key }: Job): boolean {
    const since = this.stuck.get(key) ?? this.steady;
    this.stuck.set(key, since);
    return this.steady - since < patienceMs;
  }

  /** Ended jobs leave the books once nothing of theirs waits in the outbox, and an array once its tasks have left. */
  private forgetEnded(): void {
    const { ledger } = this.options;
    const busy = new Set([...ledger.outbox.values()].map(({ job }) => job));
    for (const job of this.jobs) {
      const hasTasks = job.isArray && this.jobs.some(({ parent }) => parent === job.key);
      if (job.phase === 'ended' && !busy.has(job.key) && !hasTasks) ledger.forget(job.key);
    }
  }

  private untilNext(): number {
    const times = [this.now + this.nextQuery - this.steady];
    for (const job of this.jobs) {
      if (job.phase === 'draining') times.push(this.now + this.cluster.traits.settleMs);
      if (job.phase !== 'running') continue;
      for (const watcher of this.options.ledger.watchersOf(job.key)) {
        const { nextCheck, nextTimer, state } = watcher.progress;
        if (nextTimer !== null) times.push(nextTimer);
        if (state === 'active' && findStreams(job, watcher).length > 0) times.push(nextCheck ?? this.now);
      }
    }
    times.push(...this.runner.times);
    if (this.storeTrouble !== null) times.push(this.now + storeRetryMs);
    return Math.max(10, Math.min(longestSleepMs, ...times.map((time) => time - this.now)));
  }

  /** Jobs whose watching this tick goes on with after a pause of the engine or the machine, and how long it was, ms. */
  private findOverlooked(): readonly { readonly job: Job; readonly ms: number }[] {
    if (this.now - this.planned <= sleptMs || this.trouble) return [];
    return this.jobs.flatMap((job) => {
      if (job.phase !== 'running' && job.phase !== 'draining') return [];
      const dues = this.options.ledger
        .watchersOf(job.key)
        .flatMap(({ progress: { state, nextCheck } }) =>
          state === 'active' && nextCheck !== null ? [nextCheck] : [],
        );
      const ms = dues.length > 0 ? this.now - Math.min(...dues) : 0;
      return ms > sleptMs ? [{ job, ms }] : [];
    });
  }

  private async recover(overlooked: readonly { readonly job: Job; readonly ms: number }[]): Promise<void> {
    if (!this.trouble) {
      await this.options.ledger.observe((batch) => {
        for (const { job, ms } of overlooked) batch.tell(job, { kind: 'state', result: describeOutage(ms) });
      });
      return;
    }
    const { since } = this.trouble;
    this.trouble = undefined;
    this.options.onStatus(this.status);
    await this.tellJobs('state', describeOutage(this.steady - since));
  }

  /** What happened while the disk refused was kept in memory, and is stored with the first commit that succeeds. */
  private async tellStore(): Promise<void> {
    const error = this.options.ledger.storeTrouble;
    if (error && this.storeFailedAt === undefined) {
      this.storeFailedAt = this.steady;
      this.options.onStatus(this.status);
    } else if (!error && this.storeFailedAt !== undefined) {
      const seconds = Math.round((this.steady - this.storeFailedAt) / 1000);
      this.storeFailedAt = undefined;
      this.options.onStatus(this.status);
      await this.tellJobs(
        'error',
        `nothing could be stored for ${seconds} s; what was seen meanwhile is stored now`,
      );
    }
  }

  /** One bad tick: told once, tried again with growing, jittered pauses. */
  private async fail(thrown: unknown): Promise<void> {
    const error = toWatchError(thrown);
    const { attempts, since } = this.trouble ?? { attempts: 0, since: this.steady };
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
      await this.options.ledger.observe((batch) => {
        for (const job of this.jobs)
          if (this.options.ledger.watchersOf(job.key).length > 0) batch.tell(job, { kind, result });
      });
    } catch (error) {
      const { message, code } = toWatchError(error);
      this.trouble ??= { message, code, since: this.steady, attempts: 1 };
      this.options.onStatus(this.status);
    }
  }
}

const describeOutage = (ms: number): string =>
  `watching goes on after ${Math.round(ms / 1000)} s; what was printed meanwhile is matched now`;
