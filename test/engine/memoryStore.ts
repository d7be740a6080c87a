// A store in memory: the fake of the store's conformance suite. What it holds outlives the engine that wrote it.
import type { Job, Metric, OutboxEntry, Watcher, WatchEvent } from '../../engine/model';
import type { Change, JobFilter, RecordFilter, Store } from '../../engine/ports';
import { WatchError } from '../../engine/errors';

export class MemoryStore implements Store {
  private readonly jobRows = new Map<string, Job>();
  private readonly watcherRows = new Map<string, Watcher>();
  private readonly outboxRows = new Map<string, OutboxEntry>();
  private readonly eventRows: WatchEvent[] = [];
  private readonly metricRows: Metric[] = [];
  /** Set by tests: the next commits fail. */
  failing = false;

  load(): ReturnType<Store['load']> {
    const busy = new Set([...this.outboxRows.values()].map(({ job }) => job));
    const jobs = [...this.jobRows.values()].filter((job) => isLive(job) || busy.has(job.key));
    const keys = new Set(jobs.map(({ key }) => key));
    const next = new Map<string, { job: string; name: string; next: number }>();
    for (const { job, name, step } of this.metricRows)
      if (keys.has(job)) next.set(`${job}\n${name}`, { job, name, next: step + 1 });
    return Promise.resolve({
      jobs,
      watchers: [...this.watcherRows.values()].filter(({ job }) => keys.has(job)),
      outbox: [...this.outboxRows.values()],
      lastEventId: this.eventRows.at(-1)?.id ?? 0,
      lastMetricId: this.metricRows.at(-1)?.id ?? 0,
      metricSteps: [...next.values()],
      trouble: [],
    });
  }

  commit(changes: readonly Change[]): Promise<void> {
    if (this.failing)
      return Promise.reject(new WatchError('store-unavailable', 'The disk is full.', 'Make room.'));
    for (const change of structuredClone(changes)) this.apply(change);
    return Promise.resolve();
  }

  private apply(change: Change): void {
    switch (change.kind) {
      case 'job':
        this.jobRows.set(change.job.key, change.job);
        break;
      case 'watcher':
        this.watcherRows.set(change.watcher.id, change.watcher);
        break;
      case 'progress': {
        const watcher = this.watcherRows.get(change.id);
        if (watcher) this.watcherRows.set(change.id, { ...watcher, progress: change.progress });
        break;
      }
      case 'removeWatcher':
        this.watcherRows.delete(change.id);
        break;
      case 'event':
        this.eventRows.push(change.event);
        break;
      case 'metric':
        this.metricRows.push(change.metric);
        break;
      case 'outbox':
        this.outboxRows.set(change.entry.id, change.entry);
        break;
      case 'outboxDone':
        this.outboxRows.delete(change.id);
        break;
    }
  }

  jobs(filter: JobFilter): Promise<readonly Job[]> {
    return Promise.resolve([...this.jobRows.values()].filter((job) => fitsJob(job, filter)));
  }

  watchers(filter: JobFilter & { readonly watcher?: string }): Promise<readonly Watcher[]> {
    return Promise.resolve(
      [...this.watcherRows.values()].filter(({ id, job }) => {
        const owner = this.jobRows.get(job);
        return (
          owner !== undefined &&
          fitsJob(owner, filter) &&
          (filter.watcher === undefined || filter.watcher === id)
        );
      }),
    );
  }

  events(filter: RecordFilter & { readonly kind?: string }): Promise<readonly WatchEvent[]> {
    return Promise.resolve(
      newest(
        this.eventRows.filter(
          (event) => fitsRecord(event, filter) && (filter.kind === undefined || event.kind === filter.kind),
        ),
        filter,
      ),
    );
  }

  metrics(filter: RecordFilter & { readonly name?: string }): Promise<readonly Metric[]> {
    return Promise.resolve(
      newest(
        this.metricRows.filter(
          (metric) =>
            fitsRecord(metric, filter) && (filter.name === undefined || metric.name === filter.name),
        ),
        filter,
      ),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const isLive = ({ phase }: Job): boolean => phase !== 'ended' && phase !== 'refused';

const isOf = (id: string, key: string, job: string | undefined): boolean =>
  job === undefined || key === job || id === job || id.startsWith(`${job}_`);

const fitsJob = (job: Job, { cluster, job: wanted, live }: JobFilter): boolean =>
  (cluster === undefined || job.cluster === cluster) &&
  isOf(job.id, job.key, wanted) &&
  (live === undefined || live === isLive(job));

const fitsRecord = (
  record: WatchEvent | Metric,
  { cluster, job, watcher, afterId, since }: RecordFilter,
): boolean =>
  (cluster === undefined || record.cluster === cluster) &&
  isOf(record.jobId, record.job, job) &&
  (watcher === undefined || record.watcherId === watcher) &&
  (afterId === undefined || record.id > afterId) &&
  (since === undefined || record.time >= since);

const newest = <Row>(rows: readonly Row[], { limit }: RecordFilter): readonly Row[] =>
  limit === undefined ? rows : rows.slice(Math.max(0, rows.length - limit));
