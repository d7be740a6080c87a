// The store as a fake: the changes in an array, queries by looking at all of them. The array is the disk.
import type { Job, Metric, OutboxEntry, Watcher, WatchEvent } from '../../engine/model';
import type { Change, JobFilter, RecordFilter, Store, StoredState, WatcherFilter } from '../../engine/ports';

/** `disk` outlives the store: another store made of it finds everything that was committed. */
export function createMemoryStore(disk: Change[] = []): Store {
  const jobs = new Map<string, Job>();
  const watchers = new Map<string, Watcher>();
  const events = new Map<number, WatchEvent>();
  const metrics = new Map<number, Metric>();
  const outbox = new Map<string, OutboxEntry>();

  const apply = (change: Change): void => {
    switch (change.kind) {
      case 'job':
        jobs.set(change.job.key, change.job);
        return;
      case 'watcher':
        watchers.set(change.watcher.id, change.watcher);
        return;
      case 'progress': {
        const watcher = watchers.get(change.id);
        if (watcher) watchers.set(change.id, { ...watcher, progress: change.progress });
        return;
      }
      case 'removeWatcher':
        watchers.delete(change.id);
        return;
      case 'event':
        events.set(change.event.id, change.event);
        return;
      case 'metric':
        metrics.set(change.metric.id, change.metric);
        return;
      case 'outbox':
        outbox.set(change.entry.id, change.entry);
        return;
      case 'outboxDone':
        outbox.delete(change.id);
        return;
    }
  };
  disk.forEach(apply);

  const isLive = (job: Job): boolean => job.phase !== 'ended' && job.phase !== 'refused';
  const isNamed = (job: Job, text: string): boolean => job.key === text || job.id === text;
  const fits = (job: Job, filter: JobFilter): boolean => {
    const parent = job.parent === null ? undefined : jobs.get(job.parent);
    return (
      (filter.cluster === undefined || job.cluster === filter.cluster) &&
      (filter.live === undefined || isLive(job) === filter.live) &&
      (filter.job === undefined ||
        isNamed(job, filter.job) ||
        (parent !== undefined && isNamed(parent, filter.job)))
    );
  };
  const findJobs = (filter: JobFilter): Job[] => [...jobs.values()].filter((job) => fits(job, filter));
  const findWatchers = ({ watcher: id, ...filter }: WatcherFilter): Watcher[] => {
    const keys = new Set(findJobs(filter).map(({ key }) => key));
    return [...watchers.values()].filter(
      (watcher) => keys.has(watcher.job) && (id === undefined || watcher.id === id),
    );
  };
  const findRecords = <Row extends WatchEvent | Metric>(
    rows: Iterable<Row>,
    filter: RecordFilter,
    isWanted: (row: Row) => boolean,
  ): Row[] => {
    const keys =
      filter.job === undefined ? undefined : new Set(findJobs({ job: filter.job }).map(({ key }) => key));
    const found = [...rows].filter(
      (row) =>
        (filter.cluster === undefined || row.cluster === filter.cluster) &&
        (keys === undefined || keys.has(row.job)) &&
        (filter.watcher === undefined || row.watcherId === filter.watcher) &&
        (filter.afterId === undefined || row.id > filter.afterId) &&
        (filter.since === undefined || row.time >= filter.since) &&
        isWanted(row),
    );
    found.sort((a, b) => a.id - b.id);
    return filter.limit === undefined ? found : found.slice(Math.max(0, found.length - filter.limit));
  };

  const load = (): StoredState => {
    const live = findJobs({ live: true });
    const keys = new Set(live.flatMap(({ key, parent }) => (parent === null ? [key] : [key, parent])));
    const steps = new Map<string, { job: string; name: string; next: number }>();
    for (const { job, name, step } of metrics.values()) {
      if (!keys.has(job)) continue;
      const next = Math.max(step + 1, steps.get(JSON.stringify([job, name]))?.next ?? 0);
      steps.set(JSON.stringify([job, name]), { job, name, next });
    }
    return {
      jobs: [...jobs.values()].filter(({ key }) => keys.has(key)),
      watchers: [...watchers.values()].filter(({ job }) => keys.has(job)),
      outbox: [...outbox.values()],
      lastEventId: Math.max(0, ...events.keys()),
      lastMetricId: Math.max(0, ...metrics.keys()),
      metricSteps: [...steps.values()],
      trouble: [],
    };
  };

  return {
    load: () => Promise.resolve(load()),
    commit: (changes) => {
      for (const change of structuredClone(changes)) {
        disk.push(change);
        apply(change);
      }
      return Promise.resolve();
    },
    jobs: (filter) => Promise.resolve(findJobs(filter)),
    watchers: (filter) => Promise.resolve(findWatchers(filter)),
    events: (filter) =>
      Promise.resolve(
        findRecords(events.values(), filter, ({ kind }) => filter.kind === undefined || kind === filter.kind),
      ),
    metrics: (filter) =>
      Promise.resolve(
        findRecords(
          metrics.values(),
          filter,
          ({ name }) => filter.name === undefined || name === filter.name,
        ),
      ),
    close: () => Promise.resolve(),
  };
}
