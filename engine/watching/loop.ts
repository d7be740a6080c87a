// One loop per cluster, on the clock: query, read, match, step, commit, act, and when to look again.
import type { OutsideActions } from '../actions/action';
import type { Attempts } from '../attempts';
import type { Consents } from '../consent';
import { Drains } from '../drains';
import { toWatchError } from '../errors';
import { isLive, isQueried } from '../job';
import type { Ledger } from '../ledger';
import type { ClusterStatus, Job, Time } from '../model';
import { ActionRunner } from '../outbox';
import type { Clock, Cluster, Ids, Matcher, OpenedCluster } from '../ports';
import { Troubles, type Overlooked } from '../troubles';
import { Alarm } from './alarm';
import { ClusterAccess } from './clusterAccess';
import { groupByFile, type DueFile } from './dueFiles';
import { Follows, type FindEnd, type FollowWish } from './follows';
import { InterruptedSubmissions } from './interruptedSubmissions';
import { JobEnds } from './jobEnd';
import { lookAtQueued, noteShared } from './rivalLooks';
import {
  findComeDeadlines,
  findDueWatchers,
  findOverlooked,
  findPause,
  findRetryPause,
  type Plan,
} from './schedule';
import { SchedulerQueries, type Strangers } from './schedulerQueries';
import { StrangerEnds } from './strangerEnds';
import { TickReading } from './tickReading';

export interface LoopOptions {
  /** The cluster's name. */
  readonly name: string;
  /** Does not connect; throws not-found. */
  readonly open: () => Promise<OpenedCluster>;
  readonly ledger: Ledger;
  readonly attempts: Attempts;
  readonly matcher: Matcher;
  readonly actions: OutsideActions;
  readonly consents: Consents;
  readonly clock: Clock;
  readonly ids: Ids;
  /** A number from 0 to 1, for the jitter of retries. */
  readonly random: () => number;
  readonly onStatus: (status: ClusterStatus) => void;
}

/** How long an engine that ends waits for actions that are running. */
const farewellMs = 5000;
/** Maximum time until a store that refused is tried again, ms. */
const storeRetryMs = 5000;

export class ClusterLoop {
  readonly name: string;
  private queue: Promise<unknown> = Promise.resolve();
  private lastTick: Pick<ClusterStatus, 'lastTickMs' | 'lastTickCommands' | 'lastTickReads'> = {
    lastTickMs: null,
    lastTickCommands: null,
    lastTickReads: null,
  };
  private toldState: ClusterStatus['state'] = 'idle';
  /** When the tick was due; long ago for the first one. */
  private planned = -Infinity;
  private readonly alarm: Alarm;
  private readonly troubles: Troubles;
  private readonly access: ClusterAccess;
  private readonly drains = new Drains();
  private readonly follows = new Follows();
  private readonly strangers = new StrangerEnds();
  private readonly submissions: InterruptedSubmissions;
  private readonly queries: SchedulerQueries;
  private readonly reading: TickReading;
  private readonly ends: JobEnds;
  private readonly runner: ActionRunner;

  constructor(
    private readonly options: LoopOptions,
    opened?: OpenedCluster,
  ) {
    const { name, open, ledger, attempts, matcher, actions, consents, clock, ids } = options;
    const { drains, follows } = this;
    this.name = name;
    this.alarm = new Alarm(clock, () => void this.exclusively(() => this.tick()));
    const onChange = (): void => {
      this.announce();
    };
    this.troubles = new Troubles({ name, ledger, clock, onChange });
    const onRecovery = (): void => {
      this.wake();
    };
    this.access = new ClusterAccess({ open, troubles: this.troubles, clock, onRecovery }, opened);
    this.submissions = new InterruptedSubmissions({ ledger, ids, clock });
    this.queries = new SchedulerQueries({ ledger, ids, clock, drains });
    const { troubles, queries } = this;
    this.reading = new TickReading({ ledger, attempts, matcher, clock, drains, queries, follows });
    this.ends = new JobEnds({ name, ledger, clock, troubles, drains, queries, reading: this.reading });
    this.runner = new ActionRunner({
      ...{ name, ledger, actions, consents, clock, ids },
      pause: (milliseconds) => this.pause(milliseconds),
      now: () => this.now,
      exclusively: (work) => this.exclusively(work),
      wake: () => {
        this.sleep(0);
      },
    });
  }

  get status(): ClusterStatus {
    const { cluster, state } = this.access;
    return {
      name: this.name,
      kind: cluster?.kind ?? 'ssh',
      state,
      commands: cluster?.commands ?? 0,
      reads: cluster?.reads ?? 0,
      ...this.lastTick,
      trouble: this.troubles.message,
    };
  }

  /** Settings have changed: they count at the next connect. */
  outdate(): void {
    this.access.outdate();
  }

  /** Somebody may know now what the cluster waits for. */
  retrySignIn(): void {
    if (this.access.allowSignIn()) this.wake();
  }

  /** Something is asked of the cluster, between ticks: an answer is a recovery too. `isPerson`: somebody waits for it. */
  async ask<Result>(question: (opened: OpenedCluster) => Promise<Result>, isPerson = true): Promise<Result> {
    try {
      return await this.access.ask(question, isPerson);
    } finally {
      this.tellState();
    }
  }

  /** A person may have given what actions wait for. */
  releaseActions(): void {
    if (this.runner.times.length === 0) return;
    this.runner.release();
    this.sleep(0);
  }

  /** Waits; false if the loop is closed meanwhile. */
  pause(milliseconds: number): Promise<boolean> {
    return this.alarm.pause(milliseconds);
  }

  /** Runs `work` between ticks: nothing else changes this cluster's jobs meanwhile. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Looks as soon as it can, at jobs too. */
  wake(): void {
    this.queries.hasten();
    this.sleep(0);
  }

  /** Somebody follows an output; the returned function ends it. */
  follow(wish: FollowWish): () => void {
    const end = this.follows.add(wish);
    if (wish.key === null) this.queries.hasten();
    this.sleep(0);
    return end;
  }

  async close(): Promise<void> {
    this.alarm.close();
    await this.queue;
    await this.runner.settle(farewellMs);
    await this.queue;
    await this.access.close();
  }

  private sleep(milliseconds: number): void {
    if (this.lastTick.lastTickMs !== null) this.planned = this.now + milliseconds;
    this.alarm.set(milliseconds);
  }

  private async tick(): Promise<void> {
    if (this.alarm.isClosed) return;
    const begun = this.options.clock.steady();
    const overlooked = this.troubles.code === undefined ? findOverlooked(this.plan, this.planned) : [];
    try {
      const { cluster } = await this.access.open();
      const { commands, reads } = cluster;
      const left = await this.work(cluster);
      await this.troubles.end(overlooked);
      await this.options.ledger.flush();
      this.lastTick = {
        lastTickMs: Math.round(this.options.clock.steady() - begun),
        lastTickCommands: cluster.commands - commands,
        lastTickReads: cluster.reads - reads,
      };
      if (this.jobs.length > 0 || this.isStoreRefusing || !this.follows.isEmpty)
        this.sleep(left ? 0 : this.untilNext(cluster));
    } catch (error) {
      await this.fail(error, overlooked);
    }
    await this.troubles.lookAtStore();
    this.tellState();
  }

  private tellState(): void {
    if (this.access.state !== this.toldState) this.announce();
  }

  private announce(): void {
    this.toldState = this.access.state;
    this.options.onStatus(this.status);
  }

  private get now(): Time {
    return this.options.clock.now();
  }

  private get isStoreRefusing(): boolean {
    return this.options.ledger.storeTrouble !== undefined;
  }

  private get jobs(): readonly Job[] {
    return this.options.ledger.jobsOf(this.name);
  }

  private get plan(): Plan {
    const { ledger } = this.options;
    return { jobs: this.jobs, watchersOf: (job) => ledger.watchersOf(job), now: this.now };
  }

  /** Gives whether more output is there already. */
  private async work(cluster: Cluster): Promise<boolean> {
    await this.submissions.resolve(cluster, this.jobs);
    const known = this.jobs.filter(isQueried);
    const strangers = this.findStrangers();
    const isAsked = (known.length > 0 || strangers !== undefined) && this.queries.pause <= 0;
    const refusal = isAsked ? await this.queries.ask(cluster, known, strangers) : undefined;
    if (isAsked && known.length > 0) await this.lookAtOthers(cluster);
    this.follows.noteEnds((wish) => this.findEnd(wish), this.options.clock.steady());
    const { left } = await this.reading.read(cluster, this.findDueFiles(cluster));
    await this.actOnDeadlines();
    const isMore = await this.ends.endQuiet(cluster);
    this.follows.noteEnds((wish) => this.findEnd(wish), this.options.clock.steady());
    this.follows.finish(cluster.traits, this.options.clock.steady());
    await this.runner.start(cluster);
    this.ends.forget();
    if (refusal) throw refusal;
    return left || isMore;
  }

  private findStrangers(): Strangers | undefined {
    const { strangers: ids } = this.follows;
    if (ids.length === 0) return undefined;
    return {
      ids,
      onReports: (reports, silent) => {
        this.strangers.note(ids, reports, silent);
      },
    };
  }

  /** How the job of an output that is followed has ended. */
  private findEnd({ key, jobId, endState }: FollowWish): ReturnType<FindEnd> {
    if (key === null) return this.strangers.find(jobId);
    const job = this.options.ledger.jobs.get(key);
    if (job && isLive(job)) return undefined;
    return { endState: job?.endState ?? endState };
  }

  /** What jobs that wait will find in their outputs, and which jobs share one. */
  private async lookAtOthers(cluster: Cluster): Promise<void> {
    const place = { ledger: this.options.ledger, cluster, now: this.now };
    await lookAtQueued(this.jobs, place);
    await noteShared(this.jobs, place);
  }

  private findDueFiles({ traits }: Cluster): readonly DueFile[] {
    const { jobs, watchersOf, now } = this.plan;
    for (const { key, phase } of jobs)
      if (phase === 'draining') this.drains.begin(key, this.options.clock.steady());
    return jobs.flatMap((job) =>
      groupByFile(job, findDueWatchers(job, watchersOf(job.key), { traits, now }), false),
    );
  }

  private async actOnDeadlines(): Promise<void> {
    const due = findComeDeadlines(this.plan);
    if (due.length === 0) return;
    await this.options.ledger.observe((batch) => {
      for (const { watcher, deadline } of due)
        batch.observe(watcher, { kind: 'deadline', deadline }, this.now);
    });
  }

  private untilNext({ traits }: Cluster): number {
    const { plan } = this;
    const others = [
      ...(plan.jobs.some(isQueried) || this.follows.strangers.length > 0
        ? [plan.now + this.queries.pause]
        : []),
      ...this.findFollowTimes(plan.now),
      ...this.submissions.timesOf(plan.jobs),
      ...this.runner.times,
      ...(this.isStoreRefusing ? [plan.now + storeRetryMs] : []),
    ];
    return findPause(plan, { traits, others });
  }

  private findFollowTimes(now: Time): readonly Time[] {
    const { nextLook } = this.follows;
    if (nextLook === undefined) return [];
    const untilLook = Math.max(0, nextLook - this.options.clock.steady());
    return [now + untilLook];
  }

  /** One bad tick: tried again with growing, jittered pauses. */
  private async fail(error: unknown, overlooked: readonly Overlooked[]): Promise<void> {
    const failuresBefore = await this.troubles.begin(error, overlooked);
    this.follows.tellTrouble(toWatchError(error).message);
    // What waits for a person is not tried again without one: sites lock accounts that fail to sign in.
    if (this.troubles.code === 'needs-sign-in') return;
    this.sleep(findRetryPause(failuresBefore, this.options.random()));
  }
}
