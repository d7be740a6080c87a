// What is known of the metrics of jobs: asked for once, kept up by news, and asked for again where news is missing.
import { addToName, beginName } from '../engine/metricNews';
import type { MetricName } from '../engine/metricSeries';
import type { JobKey, Metric } from '../engine/model';

/** This many of the newest values are kept of each, for pictures of where they go. */
export const recentValues = 8;

export interface MetricBookParts {
  /** In the order in which names were stored first. */
  readonly ask: (jobs: readonly JobKey[]) => Promise<readonly MetricName[]>;
  /** Those that are worth a look. */
  readonly jobs: () => readonly JobKey[];
  readonly onChange: () => void;
}

export class MetricBook {
  readonly #names = new Map<JobKey, Map<string, MetricName>>();
  #filling: Promise<void> | undefined;
  #isFilled = false;
  /** News of metrics that came while they were asked for. */
  #early: Metric[] = [];
  readonly #asking = new Set<JobKey>();

  constructor(private readonly parts: MetricBookParts) {}

  get names(): ReadonlyMap<JobKey, ReadonlyMap<string, MetricName>> {
    return this.#names;
  }

  /** Asks for all, unless that is known and kept up; rejects with what the question was refused with. */
  fill(): Promise<void> {
    if (this.#isFilled) return Promise.resolve();
    return (this.#filling ??= this.#fill().finally(() => {
      this.#filling = undefined;
    }));
  }

  /** News may have been missed: what is known counts until it is filled again. */
  lose(): void {
    this.#isFilled = false;
  }

  /** What was stored, in rising order. */
  take(metrics: readonly Metric[]): void {
    if (metrics.length === 0) return;
    if (this.#filling || this.#asking.size > 0) this.#early.push(...metrics);
    if (!this.#isFilled) return;
    this.#apply(metrics);
    this.parts.onChange();
  }

  async #fill(): Promise<void> {
    const names = await this.parts.ask(this.parts.jobs());
    this.#names.clear();
    this.#put(names);
    this.#isFilled = true;
    this.#apply(this.#early.splice(0));
    this.parts.onChange();
  }

  #put(names: readonly MetricName[]): void {
    for (const name of names) this.#ofJob(name.job).set(name.name, name);
  }

  #ofJob(job: JobKey): Map<string, MetricName> {
    const known = this.#names.get(job) ?? new Map<string, MetricName>();
    this.#names.set(job, known);
    return known;
  }

  #apply(metrics: readonly Metric[]): void {
    const groups = new Map<string, Metric[]>();
    for (const metric of metrics) {
      const key = `${metric.job}\n${metric.name}`;
      const group = groups.get(key);
      if (group) group.push(metric);
      else groups.set(key, [metric]);
    }
    for (const group of groups.values()) this.#add(group);
  }

  #add(group: readonly Metric[]): void {
    const [first] = group;
    if (!first) return;
    const ofJob = this.#ofJob(first.job);
    const known = ofJob.get(first.name);
    const next = known ? addToName(known, group, recentValues) : beginName(group, recentValues);
    if (next) ofJob.set(first.name, next);
    else void this.#askAgain(first.job);
  }

  async #askAgain(job: JobKey): Promise<void> {
    if (this.#asking.has(job)) return;
    this.#asking.add(job);
    try {
      this.#put(await this.parts.ask([job]));
    } catch {
      // Whoever fills the book the next time is told.
      this.#isFilled = false;
    } finally {
      this.#asking.delete(job);
    }
    if (!this.#filling && this.#asking.size === 0) this.#apply(this.#early.splice(0));
    this.parts.onChange();
  }
}
