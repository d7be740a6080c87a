// The store as a fake: all rows in maps, queries by looking at each. What is committed is kept in an array, its disk.
import { WatchError } from '../../engine/errors';
import { isLive } from '../../engine/job';
import {
  NameBuilder,
  SeriesBuilder,
  toNames,
  type MetricName,
  type MetricNamesRequest,
  type MetricSeries,
  type SeriesRequest,
  type StoredValue,
} from '../../engine/metricSeries';
import type { Job, Metric, OutboxEntry, Watcher, WatchEvent } from '../../engine/model';
import type {
  Change,
  EventFilter,
  JobFilter,
  MetricFilter,
  Recalled,
  RecordFilter,
  Store,
  StoredState,
  WatcherFilter,
} from '../../engine/ports';

export class MemoryStore implements Store {
  private readonly jobRows = new Map<string, Job>();
  private readonly watcherRows = new Map<string, Watcher>();
  private readonly eventRows = new Map<number, WatchEvent>();
  private readonly metricRows = new Map<number, Metric>();
  private readonly outboxRows = new Map<string, OutboxEntry>();
  /** Set by tests: the next commits fail. */
  failing = false;

  /** `disk` outlives the store: another store made of it finds everything that was committed. */
  constructor(private readonly disk: Change[] = []) {
    for (const change of disk) this.apply(change);
  }

  load(): Promise<StoredState> {
    const waiting = [...this.outboxRows.values()];
    const isWanted = (job: Job): boolean => isLive(job) || waiting.some((entry) => entry.job === job.key);
    const wanted = [...this.jobRows.values()].filter(isWanted);
    const keys = new Set(wanted.flatMap(({ key, parent }) => (parent === null ? [key] : [key, parent])));
    const steps = new Map<string, StoredState['metricSteps'][number]>();
    for (const { job, name, step } of this.metricRows.values()) {
      if (!keys.has(job)) continue;
      const id = JSON.stringify([job, name]);
      steps.set(id, { job, name, next: Math.max(step + 1, steps.get(id)?.next ?? 0) });
    }
    return Promise.resolve({
      jobs: [...this.jobRows.values()].filter(({ key }) => keys.has(key)),
      watchers: [...this.watcherRows.values()].filter(({ job }) => keys.has(job)),
      outbox: waiting,
      lastEventId: Math.max(0, ...this.eventRows.keys()),
      lastMetricId: Math.max(0, ...this.metricRows.keys()),
      metricSteps: [...steps.values()],
      trouble: [],
    });
  }

  async recall(job: string): Promise<Recalled> {
    const jobs = [...this.jobRows.values()].filter(({ key }) => key === job);
    const watchers = [...this.watcherRows.values()].filter((watcher) => watcher.job === job);
    const steps = new Map<string, number>();
    for (const metric of this.metricRows.values())
      if (metric.job === job) steps.set(metric.name, Math.max(metric.step + 1, steps.get(metric.name) ?? 0));
    const metricSteps = [...steps].map(([name, next]) => ({ job, name, next }));
    return Promise.resolve({ jobs, watchers, metricSteps });
  }

  commit(changes: readonly Change[]): Promise<void> {
    if (this.failing)
      return Promise.reject(new WatchError('store-unavailable', 'The disk is full.', 'Make room.'));
    for (const change of structuredClone(changes)) {
      this.disk.push(change);
      this.apply(change);
    }
    return Promise.resolve();
  }

  jobs(filter: JobFilter): Promise<readonly Job[]> {
    return Promise.resolve(this.findJobs(filter));
  }

  watchers({ watcher, ...filter }: WatcherFilter): Promise<readonly Watcher[]> {
    const keys = new Set(this.findJobs(filter).map(({ key }) => key));
    const isWanted = ({ id, job }: Watcher): boolean =>
      keys.has(job) && (watcher === undefined || id === watcher);
    return Promise.resolve([...this.watcherRows.values()].filter(isWanted));
  }

  events({ kind, action, ...filter }: EventFilter): Promise<readonly WatchEvent[]> {
    const rows = [...this.eventRows.values()].filter(
      (event) =>
        (kind === undefined || event.kind === kind) && (action === undefined || event.action === action),
    );
    return Promise.resolve(this.select(rows, filter));
  }

  metrics({ name, ...filter }: MetricFilter): Promise<readonly Metric[]> {
    const rows = [...this.metricRows.values()].filter((metric) => name === undefined || metric.name === name);
    return Promise.resolve(this.select(rows, filter));
  }

  metricSeries(request: SeriesRequest): Promise<readonly MetricSeries[]> {
    const { series, by } = request;
    return Promise.resolve(
      series.map((wanted) => {
        const ofJob = this.metricsOf(wanted.job);
        const countOf = (name: string | undefined): number =>
          ofJob.filter((metric) => metric.name === name).length;
        const builder = new SeriesBuilder(
          wanted,
          request,
          by !== undefined && countOf(by) === countOf(wanted.name),
        );
        for (const metric of ofJob) builder.add(metric.name, toStoredValue(metric));
        return builder.toSeries();
      }),
    );
  }

  metricNames({ jobs, recent }: MetricNamesRequest): Promise<readonly MetricName[]> {
    return Promise.resolve(
      jobs.flatMap((job) => {
        const ofJob = this.metricsOf(job);
        const names = [...new Set(ofJob.map(({ name }) => name))];
        return toNames(
          names.map((name) => {
            const builder = new NameBuilder(job, name, recent);
            for (const metric of ofJob) if (metric.name === name) builder.add(toStoredValue(metric));
            return builder;
          }),
        );
      }),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private apply(change: Change): void {
    switch (change.kind) {
      case 'job':
        this.jobRows.set(change.job.key, change.job);
        return;
      case 'watcher':
        this.watcherRows.set(change.watcher.id, change.watcher);
        return;
      case 'progress': {
        const watcher = this.watcherRows.get(change.id);
        if (watcher) this.watcherRows.set(change.id, { ...watcher, progress: change.progress });
        return;
      }
      case 'removeWatcher':
        this.watcherRows.delete(change.id);
        return;
      case 'event':
        this.eventRows.set(change.event.id, change.event);
        return;
      case 'metric':
        this.metricRows.set(change.metric.id, change.metric);
        return;
      case 'outbox':
        this.outboxRows.set(change.entry.id, change.entry);
        return;
      case 'outboxDone':
        this.outboxRows.delete(change.id);
        return;
    }
  }

  private findJobs({ cluster, job: wanted, live }: JobFilter): Job[] {
    return [...this.jobRows.values()].filter(
      (job) =>
        (cluster === undefined || job.cluster === cluster) &&
        (live === undefined || isLive(job) === live) &&
        (wanted === undefined || this.isNamed(job, wanted)),
    );
  }

  /** By its key or id, or by its array's. */
  private isNamed({ key, id, parent }: Job, text: string): boolean {
    if (key === text || id === text) return true;
    const array = parent === null ? undefined : this.jobRows.get(parent);
    return array !== undefined && this.isNamed(array, text);
  }

  private metricsOf(job: string): readonly Metric[] {
    return [...this.metricRows.values()].filter((metric) => metric.job === job).sort((a, b) => a.id - b.id);
  }

  private select<Row extends WatchEvent | Metric>(
    rows: readonly Row[],
    filter: RecordFilter,
  ): readonly Row[] {
    const { cluster, job, watcher, afterId, beforeId, since, limit } = filter;
    const keys = job === undefined ? undefined : new Set(this.findJobs({ job }).map(({ key }) => key));
    const found = rows
      .filter(
        (row) =>
          (cluster === undefined || row.cluster === cluster) &&
          (keys === undefined || keys.has(row.job)) &&
          (watcher === undefined || row.watcherId === watcher) &&
          (afterId === undefined || row.id > afterId) &&
          (beforeId === undefined || row.id < beforeId) &&
          (since === undefined || row.time >= since),
      )
      .sort((a, b) => a.id - b.id);
    return limit === undefined ? found : found.slice(Math.max(0, found.length - limit));
  }
}

const toStoredValue = ({ id, time, step, value, watcherId, watcher, unit }: Metric): StoredValue => ({
  ...{ id, time, step, value, unit },
  ...{ watcher: watcherId, watcherName: watcher },
});
