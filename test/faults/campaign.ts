// A fault campaign: jobs print numbered lines while things go wrong at random; afterwards every line is accounted for.
import { setTimeout as delay } from 'node:timers/promises';
import { WatchError } from '../../engine/errors';
import { CountingJob } from './countingJob';
import { damageName, listFaults } from './faults';
import { createRandom } from './random';
import type { FaultStage } from './stage';
import { World } from './world';

export interface CampaignOptions {
  readonly seed: number;
  /** How many faults. */
  readonly faults: number;
  readonly createStage: (world: World) => FaultStage | Promise<FaultStage>;
  readonly onProgress?: (text: string) => void;
}

export interface CampaignReport {
  readonly seed: number;
  readonly faults: Readonly<Record<string, number>>;
  /** What this machine cannot do. */
  readonly absent: readonly string[];
  readonly jobs: number;
  readonly lines: number;
  readonly matched: number;
  readonly destroyed: number;
  readonly gaps: number;
  /** Jobs whose beginning a damage of the store took. */
  readonly forgotten: number;
  readonly seconds: number;
  readonly violations: readonly string[];
}

const jobsAtOnce = 4;
/** A job's end is waited for so long after its last line. */
const patienceMs = 120_000;

export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  const world = new World();
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
  private running: { readonly job: CountingJob; readonly since: number }[] = [];
  private readonly violations: string[] = [];
  private readonly counts = new Map<string, number>();
  private readonly sums = { jobs: 0, lines: 0, matched: 0, destroyed: 0, gaps: 0, forgotten: 0 };

  constructor(
    private readonly options: CampaignOptions,
    private readonly world: World,
    private readonly stage: FaultStage,
  ) {
    this.random = createRandom(options.seed);
  }

  async run(): Promise<CampaignReport> {
    const begun = performance.now();
    const faults = [
      ...listFaults(this.world, () => this.running.map(({ job }) => job)),
      ...this.stage.faults,
    ];
    for (let count = 0; count < this.options.faults; count++) {
      await this.collect();
      while (this.running.length < jobsAtOnce && (await this.begin()));
      await delay(this.random.whole(50, 1500));
      const fault = this.random.pick(faults);
      try {
        await fault.strike(this.world, this.random);
      } catch (error) {
        this.violations.push(
          `${fault.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      }
      this.counts.set(fault.name, (this.counts.get(fault.name) ?? 0) + 1);
      if (fault.name === damageName) await this.dropForgotten();
      this.options.onProgress?.(`${count + 1} ${fault.name}`);
      if (this.violations.length > 20) break;
    }
    while (this.running.length > 0) {
      await delay(100);
      await this.collect();
    }
    this.checkClients();
    return {
      seed: this.options.seed,
      faults: Object.fromEntries(this.counts),
      absent: this.world.disk === null ? ['full disk: no tmpfs can be mounted here'] : [],
      ...this.sums,
      seconds: Math.round((performance.now() - begun) / 1000),
      violations: this.violations,
    };
  }

  /** False where the disk is still full: nothing is handed over then. */
  private async begin(): Promise<boolean> {
    try {
      const job = await CountingJob.submit(this.world, this.stage.cluster, this.random);
      this.running.push({ job, since: performance.now() });
      return true;
    } catch (error) {
      const isRefused = error instanceof WatchError && error.code === 'store-unavailable';
      if (!isRefused) this.violations.push(`submitting: ${String(error)}`);
      return false;
    }
  }

  /** A damage may take the beginning of a job with all that follows; the log says that something was lost. */
  private async dropForgotten(): Promise<void> {
    const kept: typeof this.running = [];
    for (const entry of this.running) {
      if (await entry.job.isKnown(this.world)) kept.push(entry);
      else this.sums.forgotten++;
    }
    if (kept.length < this.running.length && !/is damaged|is missing/.test(this.world.log()))
      this.violations.push('jobs were forgotten, and nobody was told');
    this.running = kept;
  }

  private async collect(): Promise<void> {
    for (const entry of [...this.running]) {
      const isLate = performance.now() - entry.since > patienceMs;
      if (isLate) this.violations.push(await entry.job.describe(this.world));
      else if (!(await entry.job.hasEnded(this.world))) continue;
      this.running = this.running.filter((other) => other !== entry);
      const { violations, ...sums } = await entry.job.judge(this.world);
      this.violations.push(...violations);
      this.sums.jobs++;
      for (const key of ['lines', 'matched', 'destroyed', 'gaps'] as const) this.sums[key] += sums[key];
    }
  }

  /** No connection was told an event twice, and all in their order. */
  private checkClients(): void {
    for (const ids of this.world.told)
      if (ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? 0)))
        this.violations.push(`a client was told events out of order: ${ids.slice(0, 50).join(' ')}`);
  }
}
