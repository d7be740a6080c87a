// A fault campaign: jobs print numbered lines while things go wrong at random; afterwards every line is accounted for.
import { setTimeout as delay } from 'node:timers/promises';
import { WatchError } from '../../engine/errors';
import { waitFor } from '../waitFor';
import { CountingJob, type Fate } from './countingJob';
import { damageName, listFaults } from './faults';
import { isPoint, points, type Point } from './points';
import { createRandom } from './random';
import type { Fault, FaultStage } from './stage';
import { World } from './world';

export interface CampaignOptions {
  readonly seed: number;
  /** How many faults; product: every fault at every point, once more if the engine did not come to the point in time. */
  readonly faults: number | 'product';
  readonly createStage: (world: World) => FaultStage | Promise<FaultStage>;
  /** At random moments, at named points of the engine's work, or in turn; in turn where absent. */
  readonly moments?: Moments | undefined;
  /** Only faults with such a name. */
  readonly only?: RegExp | undefined;
  /** Only points with such a name. */
  readonly at?: RegExp | undefined;
  readonly onProgress?: (text: string) => void;
}

const allMoments = ['random', 'points', 'both'] as const;
export type Moments = (typeof allMoments)[number];

export const isMoments = (word: string): word is Moments => allMoments.some((moments) => moments === word);

export interface CampaignReport {
  readonly seed: number;
  readonly cluster: string;
  readonly faults: Readonly<Record<string, number>>;
  /** How often the engine was held at a point when a fault struck, by point and fault. */
  readonly points: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Faults that struck at another moment, because the engine did not come to the point in time. */
  readonly elsewhere: number;
  /** Of the whole product: the pairs of fault and point that were tried and did not come about. */
  readonly missing: readonly string[];
  /** What this machine cannot do. */
  readonly absent: readonly string[];
  readonly jobs: number;
  readonly lines: number;
  readonly matched: number;
  readonly destroyed: number;
  readonly gaps: number;
  /** Ends of actions that reach outside: commands, messages, mails, cancellations and resubmissions. */
  readonly outside: number;
  /** Jobs whose beginning a damage of the store took. */
  readonly forgotten: number;
  readonly seconds: number;
  readonly violations: readonly string[];
}

/** Jobs that bring the engine to points that it does not pass all the time. */
const provoked: Readonly<Partial<Record<Point, Fate>>> = {
  submitting: 'completed',
  submitted: 'completed',
  ...{ commanding: 'completed', claimed: 'completed', commanded: 'completed' },
  ...{ posting: 'completed', answering: 'completed', posted: 'completed' },
  ...{ mailing: 'completed', mailed: 'completed', marking: 'completed', marked: 'completed' },
  ...{ entrusted: 'cancelled', acting: 'cancelled', acted: 'cancelled' },
  ...{ resubmitting: 'resubmitted', resubmitted: 'resubmitted' },
};

/** More than there are. */
const mostPairs = 500;

interface Pair {
  readonly point: Point;
  readonly fault: Fault;
}

const isOfMail = (point: Point): boolean => point === 'mailing' || point === 'mailed';

const jobsAtOnce = 4;
/** So long the engine may take to come to a point. */
const arrivalMs = 15_000;
/** It is held no longer than this while the fault strikes: some faults wait for the engine. */
const holdMs = 2000;

export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const world = new World(options.faults === 'product' ? mostPairs : options.faults);
  const stage = await options.createStage(world);
  try {
    return await new Campaign(options, world, stage).run();
  } finally {
    await stage.close();
    await world.close();
  }
}

class Campaign {
  private readonly random;
  private readonly faults: readonly Fault[];
  private running: { readonly job: CountingJob; readonly since: number }[] = [];
  private readonly violations: string[] = [];
  private readonly counts = new Map<string, number>();
  private readonly points = new Map<Point, Map<string, number>>();
  private elsewhere = 0;
  /** Every fault at every point, in random order; what is left of it. */
  private pairs: Pair[] = [];
  /** Pairs whose point did not come in time. */
  private missed: Pair[] = [];
  private struck = 0;
  private readonly sums = { jobs: 0, lines: 0, matched: 0, destroyed: 0, gaps: 0, outside: 0, forgotten: 0 };

  constructor(
    private readonly options: CampaignOptions,
    private readonly world: World,
    private readonly stage: FaultStage,
  ) {
    this.random = createRandom(options.seed);
    const jobs = (): readonly CountingJob[] => this.running.map(({ job }) => job);
    const faults = [...listFaults(world, jobs), ...stage.faults(jobs)];
    this.faults = faults.filter(({ name }) => options.only?.test(name) ?? true);
    if (this.faults.length === 0)
      throw new Error(
        `No fault is called so; there are: ${[...new Set(faults.map(({ name }) => name))].join(', ')}.`,
      );
  }

  async run(): Promise<CampaignReport> {
    const begun = performance.now();
    const { faults } = this.options;
    if (faults === 'product') await this.strikeAll();
    else await this.strikeMany(faults);
    while (this.running.length > 0) {
      await delay(100);
      await this.collect();
    }
    this.checkClients();
    return {
      seed: this.options.seed,
      cluster: this.stage.cluster,
      faults: Object.fromEntries(this.counts),
      points: Object.fromEntries([...this.points].map(([point, row]) => [point, Object.fromEntries(row)])),
      elsewhere: this.elsewhere,
      missing: faults === 'product' ? this.missed.map(({ point, fault }) => `${fault.name}, ${point}`) : [],
      absent: this.world.disk === null ? ['full disk: no tmpfs can be mounted here'] : [],
      ...this.sums,
      seconds: Math.round((performance.now() - begun) / 1000),
      violations: this.violations,
    };
  }

  private async strikeMany(faults: number): Promise<void> {
    const { moments = 'both' } = this.options;
    for (let count = 0; count < faults && !this.isHopeless; count++) {
      const isAtPoint = moments === 'points' || (moments === 'both' && count % 2 === 1);
      await this.strikeNext(count, () =>
        isAtPoint ? this.strikeAtPoint(this.nextPair()) : this.strikeAnyTime(),
      );
    }
  }

  private async strikeAll(): Promise<void> {
    const missed = await this.strikePairs(this.listPairs());
    this.missed = [...(await this.strikePairs(missed))];
  }

  /** Gives those whose point did not come in time. */
  private async strikePairs(pairs: readonly Pair[]): Promise<readonly Pair[]> {
    this.missed = [];
    for (const pair of pairs)
      if (!this.isHopeless) await this.strikeNext(this.struck++, () => this.strikeAtPoint(pair));
    return this.missed;
  }

  private get isHopeless(): boolean {
    return this.violations.length > 20;
  }

  private async strikeNext(count: number, strike: () => Promise<string>): Promise<void> {
    await this.collect();
    while (this.running.length < jobsAtOnce && (await this.begin(this.pickFate())));
    // Before it is told: nobody may be listening.
    const struck = await strike();
    this.options.onProgress?.(`${count + 1} ${struck}`);
  }

  private async strikeAnyTime(): Promise<string> {
    await delay(this.random.whole(50, 1500));
    const fault = this.random.pick(this.faults);
    await this.strike(fault);
    return fault.name;
  }

  /** The engine stands still at the point while the fault strikes, and goes on from there, or the next one does. */
  private async strikeAtPoint(pair: Pair): Promise<string> {
    const { point, fault } = pair;
    this.world.arm(point);
    const coming = this.provoke(point);
    const end = performance.now() + arrivalMs;
    while (!this.world.isHeld && performance.now() < end) await delay(5);
    const { isHeld } = this.world;
    const striking = this.strike(fault);
    await Promise.race([striking, delay(holdMs)]);
    this.world.release();
    await striking;
    await coming;
    if (!isHeld) {
      this.elsewhere++;
      this.missed.push(pair);
      return `${fault.name}, not ${point}`;
    }
    const row = this.points.get(point) ?? new Map<string, number>();
    this.points.set(point, row.set(fault.name, (row.get(fault.name) ?? 0) + 1));
    return `${fault.name}, ${point}`;
  }

  /** Every fault at every point, in random order. */
  private listPairs(): Pair[] {
    const { at } = this.options;
    const faults = [...new Set(this.faults)].filter(({ isLong }) => isLong !== true);
    const rest = Object.keys(points)
      .filter(isPoint)
      .filter((point) => (this.stage.hasMailer || !isOfMail(point)) && (at?.test(point) ?? true))
      .flatMap((point) => faults.map((fault) => ({ point, fault })));
    const pairs: Pair[] = [];
    while (rest.length > 0) pairs.push(...rest.splice(this.random.whole(0, rest.length - 1), 1));
    return pairs;
  }

  private nextPair(): Pair {
    if (this.pairs.length === 0) this.pairs = this.listPairs();
    const pair = this.pairs.pop();
    if (pair === undefined) throw new Error('There is no fault to strike at a point.');
    return pair;
  }

  /** Has the engine come to points that it does not pass all the time. */
  private async provoke(point: Point): Promise<void> {
    if (point === 'starting' || point === 'loaded') {
      await this.world.kill();
      // Where the fault keeps it from starting, the next question starts it.
      await this.world.ask('engine/status', {}).catch((error: unknown) => {
        if (!(error instanceof WatchError && error.code.startsWith('store-'))) this.note('starting', error);
      });
    } else if (point === 'seeking' || point === 'found') await this.interruptCommand();
    else {
      const fate = provoked[point];
      if (fate !== undefined) await this.begin(fate);
    }
  }

  /** Kills the engine while it has a command run, and starts the next one. */
  private async interruptCommand(): Promise<void> {
    await this.begin('completed');
    await waitFor('a command', () => this.world.isCommanding, arrivalMs / 2).catch(() => undefined);
    await this.world.kill();
    await this.world.ask('engine/status', {}).catch((error: unknown) => {
      this.note('seeking', error);
    });
  }

  private pickFate(): Fate {
    const number = this.random.next();
    return number < 0.15 ? 'cancelled' : number < 0.3 ? 'resubmitted' : 'completed';
  }

  private async strike(fault: Fault): Promise<void> {
    try {
      await fault.strike(this.world, this.random);
    } catch (error) {
      this.note(fault.name, error);
    }
    this.counts.set(fault.name, (this.counts.get(fault.name) ?? 0) + 1);
    if (fault.name === damageName) await this.dropForgotten();
  }

  private note(doing: string, error: unknown): void {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.violations.push(`${doing}: ${words}`);
  }

  /** False where it became no job, as on a full disk. */
  private async begin(fate: Fate): Promise<boolean> {
    try {
      const job = await CountingJob.submit(this.world, { stage: this.stage, fate }, this.random);
      if (job !== null) this.running.push({ job, since: performance.now() });
      return job !== null;
    } catch (error) {
      this.note('submitting', error);
      return false;
    }
  }

  /** A damage may take the beginning of a job with all that follows. */
  private async dropForgotten(): Promise<void> {
    const forgotten = new Set<CountingJob>();
    for (const { job } of this.running) if (!(await job.isKnown(this.world))) forgotten.add(job);
    this.sums.forgotten += forgotten.size;
    this.running = this.running.filter(({ job }) => !forgotten.has(job));
  }

  private async collect(): Promise<void> {
    for (const entry of [...this.running]) {
      if (!(await entry.job.hasEnded(this.world))) {
        if (performance.now() - entry.since <= this.stage.patienceMs) continue;
        this.violations.push(`not ended: ${await entry.job.describe(this.world)}`);
      }
      this.running = this.running.filter((other) => other !== entry);
      const { violations, ...sums } = await entry.job.judge(this.world);
      this.violations.push(...violations, ...(await this.compareAccount(entry.job)));
      const next = await entry.job.findNext(this.world);
      if (next && (await next.isKnown(this.world)))
        this.running.push({ job: next, since: performance.now() });
      this.sums.jobs++;
      for (const key of ['lines', 'matched', 'destroyed', 'gaps', 'outside'] as const)
        this.sums[key] += sums[key];
    }
  }

  /** The scheduler knows exactly the jobs of this name that the engine knows, and says the same of this one's end. */
  private async compareAccount(job: CountingJob): Promise<readonly string[]> {
    const { id, name } = job;
    const { account, cluster } = this.stage;
    const findOwn = async (): Promise<readonly { readonly id: string; readonly state: string }[]> => {
      const jobs = await this.world.ask('engine/jobs', { cluster });
      return jobs
        .filter((known) => known.submission?.scriptName === name && known.id !== '')
        .map((known) => ({ id: known.id, state: known.state }));
    };
    const agrees = async (): Promise<boolean> => {
      const [own, accounted] = [await findOwn(), await account(name)];
      const idsOf = (jobs: typeof own): string =>
        jobs
          .map((known) => known.id)
          .sort()
          .join();
      const stateIn = (jobs: typeof own): string | undefined => jobs.find((known) => known.id === id)?.state;
      // What was submitted again, and then forgotten, is submitted once more.
      const isSame =
        idsOf(own) === idsOf(accounted) || (job.fate === 'resubmitted' && job.isDamaged(this.world));
      return isSame && stateIn(own) === stateIn(accounted);
    };
    return waitFor(`the account of job ${id}`, agrees, 30_000).then(
      () => [],
      async () => [
        `job ${id} is judged; known are ${JSON.stringify(await findOwn())}, accounted are ${JSON.stringify(await account(name))}`,
      ],
    );
  }

  /** No connection was told an event twice, and all in their order. */
  private checkClients(): void {
    for (const ids of this.world.told)
      if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? 0)))
        this.violations.push(`a client was told events out of order: ${ids.slice(0, 50).join(' ')}`);
  }
}
