// One loop per cluster, on the clock: query, read, match, step, commit, act, and when to look again.
import type { Attempts } from '../attempts';
import { toWatchError, WatchError } from '../errors';
import { countEnds, findWorst, toStates } from '../arrayEnd';
import { Drains } from '../drains';
import { toJobEndState } from '../../language/jobStates';
import { findNextCheck, hasCome } from '../due';
import { isQueried } from '../job';
import { describeEnd, takeReports } from '../jobReports';
import type { Ledger } from '../ledger';
import type { ClusterStatus, Job, JobKey, Time, Watcher } from '../model';
import { ActionRunner } from '../outbox';
import type { Clock, Cluster, Ids, JobReport, Matcher, OpenedCluster, Silence } from '../ports';
import { findStreams, groupByFile, refreshFiles, type DueFile } from './dueFiles';
import { filesAtOnce, firstBytes, readRound, tickBytes, type RoundResult } from './reading';
import { findPausedGaps } from '../resume';
import { resolveSubmission } from '../submit';
import { maxSegment } from '../tail';
import { isOfConnection, Troubles, type Overlooked } from '../troubles';
import { toAbsenceNotes, toUnreadGaps, toUntouchedNotes } from '../unread';
import { hasRun } from './ownBytes';
import { ReadAhead } from './readAhead';
import { lookAtQueued, noteShared } from './rivalLooks';

export interface LoopOptions {
  /** The cluster's name. */
  readonly name: string;
  /** Does not connect; throws not-found. */
  readonly open: () => Promise<OpenedCluster>;
  readonly ledger: Ledger;
  readonly attempts: Attempts;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly ids: Ids;
  /** A number from 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  readonly onStatus: (status: ClusterStatus) => void;
}

const longestSleepMs = 60_000;
/** Clients that come and go do not make failed sign-ins of each other: sites lock accounts. */
const leastRetryMs = 60_000;

/** A command failed, or was given up; the cluster itself is there. */
const isOfCommand = (error: unknown): error is WatchError =>
  error instanceof WatchError && (error.code === 'command-failed' || error.code === 'timed-out');

const isActive = ({ progress }: Watcher): boolean => progress.state === 'active';

/** A file of a job. */
const toName = ({ job, path }: DueFile): string => `${job.key} ${path}`;

/** A job that was queued again has what its last run printed, until the next one begins. */
const mayPrint = ({ phase, restarts }: Job): boolean =>
  phase === 'running' || phase === 'draining' || (phase === 'queued' && restarts > 0);
/** How long an engine that ends waits for actions that are running. */
const farewellMs = 5000;
/** A job that has ended is kept so long for an output that cannot be read. */
const patienceMs = 600_000;
/** Who woke so much later than planned has slept, or its clock was set. */
const sleptMs = 10_000;
/** ms for each second of an interval: a fiftieth. */
const slackPart = 20;
/** How long until a store that refused is tried again, at the latest. */
const storeRetryMs = 5000;

export class ClusterLoop {
  readonly name: string;
  private opened: OpenedCluster | undefined;
  private opening: Promise<OpenedCluster> | undefined;
  private isOutdated = false;
  /** Before that a sign-in is not tried again without a person. */
  private nextRetry = -Infinity;
  private callOff: (() => void) | undefined;
  private readonly sleepers = new Set<() => void>();
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;
  private nextQuery = 0;
  private lastTick: Pick<ClusterStatus, 'lastTickMs' | 'lastTickCommands' | 'lastTickReads'> = {
    lastTickMs: null,
    lastTickCommands: null,
    lastTickReads: null,
  };
  private toldState: ClusterStatus['state'] = 'idle';
  private readonly troubles: Troubles;
  private readonly drains = new Drains();
  private readonly runner: ActionRunner;
  /** Since when the last output of an ended job cannot be read, on the steady clock. */
  private readonly stuck = new Map<JobKey, number>();
  /** How often the scheduler was asked, whatever it said. */
  private questions = 0;
  /** Files that were seen to have changed, by job and path, and how often the scheduler had been asked by then. */
  private readonly changed = new Map<string, number>();
  /** When the tick was due; long ago for the first one. */
  private planned = -Infinity;
  private readonly missing = new Map<JobKey, number>();
  /** Jobs that could not be asked for where others could, and why. */
  private readonly silent = new Map<JobKey, string>();
  /** Submissions whose fate is not known, and when it is asked for again. */
  private readonly unresolved = new Map<JobKey, number>();
  /** By array: its tasks that had ended before this engine began. */
  private readonly pastTasks = new Map<JobKey, ReadonlySet<JobKey>>();

  constructor(
    private readonly options: LoopOptions,
    opened?: OpenedCluster,
  ) {
    this.opened = opened;
    this.name = options.name;
    this.troubles = new Troubles({
      ...options,
      onChange: () => {
        this.announce();
      },
    });
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
    const cluster = this.opened?.cluster;
    return {
      name: this.name,
      kind: cluster?.kind ?? 'ssh',
      state: this.state,
      commands: cluster?.commands ?? 0,
      reads: cluster?.reads ?? 0,
      ...this.lastTick,
      trouble: this.troubles.message,
    };
  }

  private get state(): ClusterStatus['state'] {
    const { code } = this.troubles;
    if (code !== undefined) return code === 'needs-sign-in' ? code : 'disconnected';
    return this.opened?.cluster.connection ?? 'idle';
  }

  /** The cluster, opened where it is not yet; one whose settings have changed is opened anew while it is not connected. */
  async open(): Promise<OpenedCluster> {
    if (this.opened && this.isOutdated && isAway(this.opened.cluster)) {
      const { cluster } = this.opened;
      this.opened = undefined;
      await cluster.close();
    }
    if (this.opened) return this.opened;
    this.opening ??= this.options.open().finally(() => (this.opening = undefined));
    this.isOutdated = false;
    this.opened = await this.opening;
    return this.opened;
  }

  /** Settings have changed: they count at the next connect. */
  outdate(): void {
    this.isOutdated = true;
  }

  /** Somebody may know now what the cluster waits for. */
  retrySignIn(): void {
    if (this.troubles.code !== 'needs-sign-in' || this.now < this.nextRetry) return;
    this.nextRetry = this.now + leastRetryMs;
    this.opened?.allowSignIn();
    this.wake();
  }

  /** Something is asked of the cluster, between ticks: an answer is a recovery too. `isPerson`: somebody waits for it. */
  async ask<Result>(question: (opened: OpenedCluster) => Promise<Result>, isPerson = true): Promise<Result> {
    try {
      const opened = await this.open();
      if (isPerson) opened.allowSignIn();
      const answer = await question(opened);
      if (this.troubles.code !== undefined) {
        if (isOfConnection(this.troubles.code)) await this.troubles.end([]);
        this.wake();
      }
      return answer;
    } catch (error) {
      this.troubles.note(toWatchError(error));
      throw error;
    } finally {
      this.tellState();
    }
  }

  /** Waits; false where the loop is closed meanwhile. */
  pause(milliseconds: number): Promise<boolean> {
    if (this.closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (): void => {
        this.sleepers.delete(end);
        callOff();
        resolve(!this.closed);
      };
      const callOff = this.options.clock.after(milliseconds, end);
      this.sleepers.add(end);
    });
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
    for (const end of this.sleepers) end();
    await this.queue;
    await this.runner.settle(farewellMs);
    await this.queue;
    await this.opened?.cluster.close();
  }

  private sleep(milliseconds: number): void {
    this.callOff?.();
    if (this.closed) return;
    if (this.lastTick.lastTickMs !== null) this.planned = this.now + milliseconds;
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
      const { cluster } = await this.open();
      const { commands, reads } = cluster;
      const left = await this.work(cluster);
      await this.troubles.end(overlooked);
      await this.options.ledger.flush();
      this.lastTick = {
        lastTickMs: Math.round(this.steady - begun),
        lastTickCommands: cluster.commands - commands,
        lastTickReads: cluster.reads - reads,
      };
      if (this.jobs.length > 0 || this.isStoreRefusing) this.sleep(left ? 0 : this.untilNext(cluster));
    } catch (error) {
      await this.fail(error, overlooked);
    }
    await this.troubles.lookAtStore();
    this.tellState();
  }

  private tellState(): void {
    if (this.state !== this.toldState) this.announce();
  }

  private announce(): void {
    this.toldState = this.state;
    this.options.onStatus(this.status);
  }

  private get now(): number {
    return this.options.clock.now();
  }

  /** A clock that nobody sets: for how long something lasted. */
  private get steady(): number {
    return this.options.clock.steady();
  }

  private get isStoreRefusing(): boolean {
    return this.options.ledger.storeTrouble !== undefined;
  }

  private get jobs(): readonly Job[] {
    return this.options.ledger.jobsOf(this.name);
  }

  /** Gives whether more output is there already. */
  private async work(cluster: Cluster): Promise<boolean> {
    await this.resolveSubmissions(cluster);
    const known = this.jobs.filter(isQueried);
    const isAsked = known.length > 0 && this.steady >= this.nextQuery;
    const refusal = isAsked ? await this.query(cluster, known) : undefined;
    if (isAsked) {
      this.questions += 1;
      await this.lookAtOthers(cluster);
    }
    let { left } = await this.read(
      cluster,
      this.jobs.flatMap((job) => this.findDueFiles(cluster, job)),
    );
    await this.actOnTimers();
    for (const job of this.jobs) {
      if (job.phase === 'draining' && this.drains.isQuiet(job.key, cluster.traits.settleMs, this.steady))
        left = (await this.end(cluster, job)) || left;
    }
    await this.runner.start(cluster);
    this.forgetEnded();
    if (refusal) throw refusal;
    return left;
  }

  /** What an engine before this one, or a cut connection, left between the row and the cluster's answer. */
  private async resolveSubmissions(cluster: Cluster): Promise<void> {
    for (const job of this.jobs) {
      if (job.phase !== 'submitting' || (this.unresolved.get(job.key) ?? 0) > this.now) continue;
      try {
        await resolveSubmission(job, { ...this.options, cluster, now: () => this.now });
        this.unresolved.delete(job.key);
      } catch (error) {
        // One submission that cannot be judged yet keeps nobody from watching.
        if (!isOfCommand(error)) throw error;
        const { message } = error;
        if (!this.unresolved.has(job.key))
          await this.options.ledger.commit((batch) => {
            batch.tell(job, { kind: 'error', result: message });
          });
        this.unresolved.set(job.key, this.now + cluster.traits.queryIntervalMs);
      }
    }
  }

  /** What jobs that wait will find in their outputs, and which jobs share one. */
  private async lookAtOthers(cluster: Cluster): Promise<void> {
    const place = { ledger: this.options.ledger, cluster, now: this.now };
    await lookAtQueued(this.jobs, place);
    await noteShared(this.jobs, place);
  }

  /** Gives the error where the scheduler does not answer: outputs can be read all the same. */
  private async query(cluster: Cluster, jobs: readonly Job[]): Promise<WatchError | undefined> {
    const { ledger } = this.options;
    let reports: readonly JobReport[];
    let silence: Silence | undefined;
    try {
      reports = await cluster.query(
        jobs.map(({ id }) => id),
        (told) => (silence = told),
      );
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
      silence,
      silent: this.silent,
    });
    // Only now: what failed is asked again at the next try, and only an answer is a recovery.
    this.nextQuery = this.steady + cluster.traits.queryIntervalMs;
    return undefined;
  }

  /** A little of each file first, then round after round, until all is read or the tick's budget is spent. */
  private async read(
    cluster: Cluster,
    due: readonly DueFile[],
  ): Promise<{ readonly left: boolean } & Pick<RoundResult, 'unreadable' | 'absent'>> {
    const { ledger } = this.options;
    const unreadable: RoundResult['unreadable'][number][] = [];
    const absent: DueFile[] = [];
    let budget = tickBytes;
    let hasChanged = false;
    const ahead = due.length <= filesAtOnce ? new ReadAhead((requests) => cluster.read(requests)) : undefined;
    const round = async (files: readonly DueFile[], maxBytes: number): Promise<readonly DueFile[]> => {
      const result = await readRound(files, maxBytes, {
        ...this.options,
        cluster,
        now: () => this.now,
        ahead,
        isConfirmed: (file) => this.questions > (this.changed.get(toName(file)) ?? Infinity),
      });
      for (const file of files) {
        const since = this.changed.get(toName(file));
        if (!result.changed.includes(file)) this.changed.delete(toName(file));
        else if (since === undefined) this.changed.set(toName(file), this.questions);
      }
      if (result.changed.length > 0) this.nextQuery = 0;
      hasChanged ||= result.changed.length > 0;
      this.drains.note(result.sizes, this.steady);
      unreadable.push(...result.unreadable);
      absent.push(...result.absent);
      budget -= result.bytes;
      return refreshFiles(result.unfinished, ledger, isActive);
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
    return { left: files.length > 0 || hasChanged, unreadable, absent };
  }

  /** The files of a running job's watchers that are due; all of them while it drains. */
  private findDueFiles(cluster: Cluster, job: Job): readonly DueFile[] {
    if (!mayPrint(job)) return [];
    if (job.phase === 'draining') this.drains.begin(job.key, this.steady);
    const { now } = this;
    if (job.phase === 'draining' && !hasRun(job)) return [];
    const isDue = (watcher: Watcher): boolean =>
      isActive(watcher) &&
      (job.phase === 'draining' || findDue(watcher, cluster, now) <= now + findSlack(watcher, cluster, now));
    return groupByFile(job, this.options.ledger.watchersOf(job.key).filter(isDue), false);
  }

  private async actOnTimers(): Promise<void> {
    const { now } = this;
    const due = this.jobs
      .filter(({ phase }) => phase === 'running')
      .flatMap(({ key }) => this.options.ledger.watchersOf(key))
      .filter(({ definition, progress: { state, nextTimer } }) => {
        const periodMs = definition.timerIntervalSeconds * 1000;
        return state === 'active' && nextTimer !== null && hasCome(nextTimer, periodMs, now);
      });
    if (due.length === 0) return;
    await this.options.ledger.observe((batch) => {
      for (const { id } of due) batch.observe(id, { kind: 'timer' }, this.now);
    });
  }

  /** The output has been quiet: its last line counts without a line end, then the job is over. Gives whether more is left. */
  private async end(cluster: Cluster, job: Job): Promise<boolean> {
    const { ledger } = this.options;
    const watchers = ledger.watchersOf(job.key);
    const active = watchers.filter(isActive);
    const files = hasRun(job) ? groupByFile(job, active, true) : [];
    const { left, unreadable, absent } = await this.read(cluster, files);
    if (left) return true;
    // The last round may have found out whose they are.
    const own = ledger.jobs.get(job.key) ?? job;
    const missed = hasRun(own)
      ? await findPausedGaps(own, watchers, cluster)
      : { findings: [], unreadable: [] };
    const unread = [...unreadable, ...missed.unreadable];
    if (unread.some(({ isLasting }) => !isLasting) && this.waitsFor(job)) return false;
    const told = [
      ...toUnreadGaps(unread),
      ...missed.findings,
      ...toAbsenceNotes(own, active, absent),
      ...toUntouchedNotes(own, active, unread),
    ];
    // Where something can be stored again from now on, the job is told of it before its end.
    await ledger.flush();
    await this.troubles.lookAtStore();
    const ended: Job = job.isArray
      ? toEndedArray(job, await ledger.findTasks(job))
      : { ...own, phase: 'ended' };
    // Watchers of tasks that never began: those of the array stand for them.
    const neverBegan = job.isArray && (job.taskEnds?.CANCELLED ?? 0) > 0;
    await ledger.observe((batch) => {
      batch.setJob(ended);
      for (const { watcher, observation } of told) batch.observe(watcher, observation, this.now);
      for (const { id } of ledger.watchersOf(job.key))
        batch.observe(id, { kind: 'jobEnd', neverBegan }, this.now);
      batch.tell(ended, { kind: 'state', result: describeEnd(ended) });
    });
    this.drains.end(job.key);
    this.stuck.delete(job.key);
    this.missing.delete(job.key);
    this.silent.delete(job.key);
    return false;
  }

  /** A file server may be away for a while when a job ends. */
  private waitsFor({ key }: Job): boolean {
    const since = this.stuck.get(key) ?? this.steady;
    this.stuck.set(key, since);
    return this.steady - since < patienceMs;
  }

  /**
   * Ended jobs leave the books once nothing of theirs waits in the outbox, tasks not before their array has ended (the
   * cluster shows them as long), and an array once its tasks have left.
   */
  private forgetEnded(): void {
    const { ledger } = this.options;
    const ended = this.jobs.filter(({ phase }) => phase === 'ended');
    if (ended.length === 0) return;
    const busy = new Set([...ledger.outbox.values()].map(({ job }) => job));
    for (const job of ended) {
      const hasTasks = job.isArray && this.jobs.some(({ parent }) => parent === job.key);
      const array = job.parent === null ? undefined : ledger.jobs.get(job.parent);
      if (busy.has(job.key) || hasTasks) continue;
      if (array && array.phase !== 'ended') continue;
      ledger.forget(job.key);
      this.pastTasks.delete(job.key);
    }
  }

  private untilNext(cluster: Cluster): number {
    const { now } = this;
    let earliest = now + Math.min(longestSleepMs, this.nextQuery - this.steady);
    const note = (time: Time): void => {
      earliest = Math.min(earliest, time);
    };
    for (const job of this.jobs) {
      if (job.phase === 'submitting') note(this.unresolved.get(job.key) ?? now);
      if (job.phase === 'draining') note(now + cluster.traits.settleMs);
      if (!mayPrint(job)) continue;
      for (const watcher of this.options.ledger.watchersOf(job.key)) {
        const { nextTimer, state } = watcher.progress;
        if (nextTimer !== null && job.phase === 'running') note(nextTimer);
        if (state === 'active' && findStreams(job, watcher).length > 0) note(findDue(watcher, cluster, now));
      }
    }
    for (const time of this.runner.times) note(time);
    if (this.isStoreRefusing) note(now + storeRetryMs);
    return Math.max(10, earliest - now);
  }

  /** Jobs whose watching this tick goes on with after a pause of the engine or the machine, and how long it was, ms. */
  private findOverlooked(): readonly Overlooked[] {
    if (this.now - this.planned <= sleptMs || this.troubles.code !== undefined) return [];
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

  /** One bad tick: tried again with growing, jittered pauses. */
  private async fail(error: unknown, overlooked: readonly Overlooked[]): Promise<void> {
    const attempts = await this.troubles.begin(error, overlooked);
    // What waits for a person is not tried again without one: sites lock accounts that fail to sign in.
    if (this.troubles.code === 'needs-sign-in') return;
    this.sleep(
      Math.min(longestSleepMs, 1000 * 2 ** Math.min(attempts, 6)) * (0.5 + this.options.random() / 2),
    );
  }
}

/** An array ends in the worst end of its tasks; those that never began were cancelled. */
function toEndedArray(job: Job, tasks: readonly Job[]): Job {
  const taskEnds = countEnds(
    tasks.filter(({ endState }) => endState !== null).map(({ state }) => state),
    job.taskEnds ?? {},
  );
  const states = toStates(taskEnds);
  const state = states.length === 0 ? job.state : findWorst(states);
  return { ...job, phase: 'ended', state, endState: toJobEndState(state), taskEnds };
}

/** When the watcher's output is looked at next. */
const findDue = ({ definition, progress }: Watcher, { traits }: Cluster, now: Time): Time =>
  findNextCheck(definition, progress, { minIntervalMs: traits.minIntervalMs, now });

/**
 * A tick takes along what is due soon: watchers of equal intervals end up in few groups, where each would have a tick of its own
 * otherwise, and each tick goes through all of them.
 */
const findSlack = (
  { definition: { intervalSeconds }, progress: { lastCheck } }: Watcher,
  { traits }: Cluster,
  now: Time,
): number =>
  lastCheck !== null && now - lastCheck >= traits.minIntervalMs ? intervalSeconds * slackPart : 0;

/** Opened anew it loses nothing: it is not connected, and nobody is about to connect. */
function isAway({ connection }: Cluster): boolean {
  return connection !== 'connected' && connection !== 'connecting';
}
