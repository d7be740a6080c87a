// The filters of the port as SQL: which rows, and each row as the JSON text of the model's object.
import { jobPhases } from '../job';
import type { EventFilter, JobFilter, MetricFilter, WatcherFilter } from '../ports';

export type StoreQuery =
  | { readonly table: 'jobs'; readonly filter: JobFilter }
  | { readonly table: 'watchers'; readonly filter: WatcherFilter }
  | { readonly table: 'events'; readonly filter: EventFilter }
  | { readonly table: 'metrics'; readonly filter: MetricFilter };

export interface Sql {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

interface Table {
  /** Rises with every row. */
  readonly key: string;
  readonly json: string;
}

/** A metric's null is not a number; the infinities come as `9.0e+999`, which JSON.parse reads as infinite. */
const tables: Readonly<Record<StoreQuery['table'], Table>> = {
  jobs: { key: 'seq', json: 'job' },
  watchers: {
    key: 'seq',
    json: `json_object('id', id, 'job', job, 'definition', json(definition), 'lines', json(lines), 'progress', json(progress))`,
  },
  events: {
    key: 'id',
    json: `json_object('id', id, 'time', time, 'cluster', cluster, 'job', job, 'jobId', job_id,
      'watcherId', watcher_id, 'watcher', watcher, 'kind', kind, 'action', action,
      'success', json(iif(success IS NULL, 'null', iif(success, 'true', 'false'))), 'matchedText', matched_text,
      'captures', json(captures), 'params', json(params), 'result', result, 'cause', json(cause), 'output', output, 'place', json(place))`,
  },
  metrics: {
    key: 'id',
    json: `json_object('id', id, 'time', time, 'cluster', cluster, 'job', job, 'jobId', job_id,
      'watcherId', watcher_id, 'watcher', watcher, 'name', name, 'value', value, 'unit', unit, 'step', step)`,
  },
};

/** The words of the index `jobs_live`, which serves only queries that say the same. */
export const isLiveSql = `phase NOT IN (${Object.entries(jobPhases)
  .flatMap(([phase, { isLive }]) => (isLive ? [] : [`'${phase}'`]))
  .join(', ')})`;

/**
 * The newest `count` rows before the key `before`, newest first: columns key and json. `jobs`: of jobs and watchers only
 * those with these keys.
 */
export function toPageSql(
  query: StoreQuery,
  {
    before,
    count,
    jobs,
  }: { readonly before: number | null; readonly count: number; readonly jobs?: readonly string[] },
): Sql {
  const { key, json } = tables[query.table];
  const conditions = new Conditions();
  if (before !== null) conditions.add((value) => `${key} < ${value}`, before);
  addFilter(conditions, query);
  if (jobs && (query.table === 'jobs' || query.table === 'watchers')) {
    const column = query.table === 'jobs' ? 'key' : 'job';
    conditions.add((list) => `${column} IN (SELECT value FROM json_each(${list}))`, JSON.stringify(jobs));
  }
  return {
    text: `SELECT ${key}, ${json} FROM ${query.table}${conditions.text} ORDER BY ${key} DESC LIMIT ${count}`,
    values: conditions.values,
  };
}

class Conditions {
  readonly values: (string | number)[] = [];
  private readonly parts: string[] = [];

  get text(): string {
    return this.parts.length === 0 ? '' : ` WHERE ${this.parts.join(' AND ')}`;
  }

  /** `toSql` gets the placeholder of the value; a value that is absent is no condition. */
  add(toSql: (placeholder: string) => string, value: string | number | undefined): void {
    if (value === undefined) return;
    this.values.push(value);
    this.parts.push(toSql(`?${this.values.length}`));
  }

  addText(sql: string): void {
    this.parts.push(sql);
  }
}

function addFilter(conditions: Conditions, query: StoreQuery): void {
  switch (query.table) {
    case 'jobs':
      conditions.add((cluster) => `cluster = ${cluster}`, query.filter.cluster);
      conditions.add((job) => `key IN (${keysOf(job)})`, query.filter.job);
      if (query.filter.live !== undefined) conditions.addText(livelinessOf(query.filter.live));
      return;
    case 'watchers':
      conditions.add(
        (cluster) => `job IN (SELECT key FROM jobs WHERE cluster = ${cluster})`,
        query.filter.cluster,
      );
      conditions.add((job) => `job IN (${keysOf(job)})`, query.filter.job);
      conditions.add((watcher) => `id = ${watcher}`, query.filter.watcher);
      if (query.filter.live !== undefined)
        conditions.addText(`job IN (SELECT key FROM jobs WHERE ${livelinessOf(query.filter.live)})`);
      return;
    case 'events':
      conditions.add((kind) => `kind = ${kind}`, query.filter.kind);
      conditions.add((action) => `action = ${action}`, query.filter.action);
      break;
    case 'metrics':
      conditions.add((name) => `name = ${name}`, query.filter.name);
      break;
  }
  const { filter } = query;
  conditions.add((cluster) => `cluster = ${cluster}`, filter.cluster);
  conditions.add((job) => `job IN (${keysOf(job)})`, filter.job);
  conditions.add((watcher) => `watcher_id = ${watcher}`, filter.watcher);
  conditions.add((id) => `id > ${id}`, filter.afterId);
  conditions.add((id) => `id < ${id}`, filter.beforeId);
  conditions.add((since) => `time >= ${since}`, filter.since);
}

const livelinessOf = (live: boolean): string => (live ? isLiveSql : `NOT (${isLiveSql})`);

/** Keys of the jobs that a text names: by key, by id, or by their array's. */
const keysOf = (job: string): string =>
  `SELECT key FROM jobs WHERE key = ${job} OR id = ${job}
  UNION SELECT task.key FROM jobs task JOIN jobs template ON task.parent = template.key
  WHERE template.key = ${job} OR template.id = ${job}`;
