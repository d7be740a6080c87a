// What an engine has stored, for the page of metrics: values made by rule, answered by the engine's own code.
import {
  NameBuilder,
  SeriesBuilder,
  toNames,
  toPlainNumber,
  type MetricName,
  type MetricSeries,
  type StoredValue,
} from '../../../engine/metricSeries';
import type { EventFacts, JobFacts, NewValues, SeriesAsk } from '../../../webviews/metrics/protocol';

export interface StoredMetric {
  readonly job: string;
  readonly name: string;
  readonly unit: string | null;
  /** Milliseconds from one value to the next. */
  readonly pace: number;
  readonly values: number[];
}

const start = Date.UTC(2026, 10, 30, 10);

export const toFacts = (key: string, index: number): JobFacts => ({
  ...{ key, title: `train (job ${index})`, state: 'running' },
  start: start + index * 3_600_000,
});

export class StoredMetrics {
  readonly jobs = new Map<string, JobFacts>();
  readonly asked: SeriesAsk[] = [];
  events: EventFacts[] = [];

  constructor(readonly metrics: StoredMetric[]) {
    for (const { job } of metrics)
      if (!this.jobs.has(job)) this.jobs.set(job, toFacts(job, this.jobs.size + 11));
  }

  names(jobs: readonly string[]): readonly MetricName[] {
    const own = this.metrics.filter(({ job, values }) => jobs.includes(job) && values.length > 0);
    return toNames(
      own.map((metric, index) => {
        const builder = new NameBuilder(metric.job, metric.name, 12);
        for (let step = 0; step < metric.values.length; step++)
          builder.add({ ...this.#toStored(metric, step), id: index * 1e9 + step });
        return builder;
      }),
    );
  }

  series(ask: SeriesAsk): readonly MetricSeries[] {
    this.asked.push(ask);
    const { by, ...rest } = ask;
    const request = by === undefined ? rest : { ...rest, by };
    return ask.series.map((wanted) => {
      const builder = new SeriesBuilder(wanted, request, true);
      const metric = this.#find(wanted);
      const other = by === undefined ? undefined : this.#find({ job: wanted.job, name: by });
      const length = Math.max(metric?.values.length ?? 0, other?.values.length ?? 0);
      for (let step = 0; step < length; step++) {
        if (other && step < other.values.length) builder.add(other.name, this.#toStored(other, step));
        if (metric && step < metric.values.length) builder.add(metric.name, this.#toStored(metric, step));
      }
      return builder.toSeries();
    });
  }

  /** Stores values, and gives the news of them. */
  store(wanted: { readonly job: string; readonly name: string }, values: readonly number[]): NewValues {
    const metric = this.#find(wanted);
    if (!metric) throw new TypeError(`There is no ${wanted.name}.`);
    const first = metric.values.length;
    for (const value of values) metric.values.push(value);
    const steps = values.map((_, index) => first + index);
    return {
      ...{ job: metric.job, name: metric.name, unit: metric.unit, steps },
      times: steps.map((step) => this.#toStored(metric, step).time),
      values: values.map(toPlainNumber),
    };
  }

  #find({ job, name }: { readonly job: string; readonly name: string }): StoredMetric | undefined {
    return this.metrics.find((metric) => metric.job === job && metric.name === name);
  }

  #toStored({ job, unit, pace, values }: StoredMetric, step: number): StoredValue {
    const time = (this.jobs.get(job)?.start ?? 0) + step * pace;
    return { id: step, time, step, value: values[step] ?? NaN, watcher: 'w1', watcherName: 'loss', unit };
  }
}

/** A loss that falls, with noise that is the same each time. */
export function toLoss(count: number, noise = 0.1): number[] {
  let seed = 7;
  return Array.from({ length: count }, (_, index) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const part = index / Math.max(1, count - 1);
    return 2.4 * Math.exp(-4 * part) + 0.2 + (seed / 2_147_483_648 - 0.5) * noise * (1.2 - part);
  });
}
