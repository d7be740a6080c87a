// The store's tables in memory: takes changes in, answers queries, gives the image that a snapshot is.
import type { BindParams, Database, SqlJsStatic, SqlValue, Statement } from 'sql.js';
import { WatchError } from '../errors';
import type { Job, Metric, Progress, Watcher, WatchEvent } from '../model';
import type { Change, Recalled, StoredState } from '../ports';
import { completeProgress } from './changeText';
import { migrations } from './schema';
import { isLiveSql, toPageSql, type StoreQuery } from './storeQueries';

/** A row's key, by which the next page is asked for, and the row as JSON. */
export interface PageRow {
  readonly key: number;
  readonly json: string;
}

export class StoreDatabase {
  private readonly statements = new Map<string, Statement>();

  private constructor(private readonly database: Database) {}

  /** From an image or empty; older tables are brought up to date. Throws version-mismatch for newer ones. */
  static open(sql: SqlJsStatic, image?: Uint8Array): StoreDatabase {
    const store = new StoreDatabase(new sql.Database(image));
    store.prepareConnection();
    store.migrate();
    return store;
  }

  /** All or nothing. What was applied already changes nothing when it is applied again. */
  apply(commits: readonly (readonly Change[])[]): void {
    this.database.run('BEGIN');
    try {
      for (const changes of commits) for (const change of changes) this.applyOne(change);
      this.database.run('COMMIT');
    } catch (error) {
      this.database.run('ROLLBACK');
      throw error;
    }
  }

  /** The newest rows before the key `before`, newest first. */
  page(query: StoreQuery, before: number | null, count: number): readonly PageRow[] {
    const { text, values } = toPageSql(query, before, count);
    return this.rows(text, [...values]).map(([key, json]) => ({ key: Number(key), json: String(json) }));
  }

  state(): Omit<StoredState, 'trouble'> {
    const busy = `${isLiveSql} OR key IN (SELECT job FROM outbox)`;
    const live = `SELECT key FROM jobs WHERE ${busy}
      UNION SELECT parent FROM jobs WHERE (${busy}) AND parent IS NOT NULL`;
    return {
      ...this.belongings(live, null),
      outbox: this.objects('SELECT entry FROM outbox ORDER BY seq'),
      lastEventId: this.greatest('events'),
      lastMetricId: this.greatest('metrics'),
    };
  }

  recall(job: string): Recalled {
    return this.belongings('SELECT ?1', [job]);
  }

  /** Of the jobs whose keys a query gives. */
  private belongings(keys: string, values: BindParams): Recalled {
    return {
      jobs: this.objects(`SELECT job FROM jobs WHERE key IN (${keys}) ORDER BY seq`, values),
      watchers: this.rows(
        `SELECT id, job, definition, lines, progress FROM watchers WHERE job IN (${keys}) ORDER BY seq`,
        values,
      ).map(toWatcher),
      metricSteps: this.rows(
        `SELECT job, name, max(step) + 1 FROM metrics WHERE job IN (${keys}) GROUP BY job, name`,
        values,
      ).map(([job, name, next]) => ({ job: String(job), name: String(name), next: Number(next) })),
    };
  }

  /** A complete SQLite file. */
  image(): Uint8Array {
    this.statements.clear();
    const image = this.database.export();
    this.prepareConnection();
    return image;
  }

  close(): void {
    this.database.close();
  }

  private prepareConnection(): void {
    // The journal and the snapshots make it durable; this one lives in memory.
    this.database.run('PRAGMA journal_mode = MEMORY');
    this.database.run('PRAGMA synchronous = OFF');
    this.database.run('PRAGMA temp_store = MEMORY');
  }

  private migrate(): void {
    const hasMeta = this.rows(`SELECT 1 FROM sqlite_master WHERE name = 'meta'`).length > 0;
    const version = hasMeta ? Number(this.rows(`SELECT value FROM meta WHERE key = 'schema'`)[0]?.[0]) : 0;
    if (version > migrations.length)
      throw new WatchError(
        'version-mismatch',
        `The store was written by a newer version: its tables have version ${version}, this one knows ${migrations.length}.`,
        'Update the extension and the command line to the newest version.',
      );
    if (version === migrations.length) return;
    this.database.run('BEGIN');
    for (const step of migrations.slice(version)) this.database.run(step);
    this.run(`INSERT OR REPLACE INTO meta VALUES ('schema', ?)`, [String(migrations.length)]);
    this.database.run('COMMIT');
  }

  private applyOne(change: Change): void {
    switch (change.kind) {
      case 'job':
        this.run(upsertJob, jobValues(change.job));
        return;
      case 'watcher':
        this.run(upsertWatcher, watcherValues(change.watcher));
        return;
      case 'progress': {
        const { id, progress } = change;
        this.run('UPDATE watchers SET state = ?, progress = ? WHERE id = ?', [
          progress.state,
          JSON.stringify(progress),
          id,
        ]);
        return;
      }
      case 'removeWatcher':
        this.run('DELETE FROM watchers WHERE id = ?', [change.id]);
        return;
      case 'event':
        this.run(insertEvent, eventValues(change.event));
        return;
      case 'metric':
        this.run(insertMetric, metricValues(change.metric));
        return;
      case 'outbox':
        this.run(upsertOutbox, [change.entry.id, change.entry.job, JSON.stringify(change.entry)]);
        return;
      case 'outboxDone':
        this.run('DELETE FROM outbox WHERE id = ?', [change.id]);
        return;
    }
  }

  private run(text: string, values: BindParams): void {
    this.statement(text).run(values);
  }

  private rows(text: string, values: BindParams = null): SqlValue[][] {
    const statement = this.statement(text);
    const rows: SqlValue[][] = [];
    statement.bind(values);
    while (statement.step()) rows.push(statement.get());
    statement.reset();
    return rows;
  }

  private objects<Value>(text: string, values: BindParams = null): Value[] {
    return this.rows(text, values).map(([json]) => JSON.parse(String(json)) as Value);
  }

  private greatest(table: 'events' | 'metrics'): number {
    return Number(this.rows(`SELECT max(id) FROM ${table}`)[0]?.[0] ?? 0);
  }

  private statement(text: string): Statement {
    const known = this.statements.get(text);
    if (known) return known;
    const statement = this.database.prepare(text);
    this.statements.set(text, statement);
    return statement;
  }
}

/** A row keeps its place when it is written again. */
const upsertJob = `INSERT INTO jobs (key, cluster, id, parent, name, phase, state, job) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET cluster = excluded.cluster, id = excluded.id, parent = excluded.parent,
  name = excluded.name, phase = excluded.phase, state = excluded.state, job = excluded.job`;
const jobValues = (job: Job): SqlValue[] => [
  job.key,
  job.cluster,
  job.id,
  job.parent,
  job.name,
  job.phase,
  job.state,
  JSON.stringify(job),
];

const upsertWatcher = `INSERT INTO watchers (id, job, name, state, lines, definition, progress) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET job = excluded.job, name = excluded.name, state = excluded.state,
  lines = excluded.lines, definition = excluded.definition, progress = excluded.progress`;
const watcherValues = (watcher: Watcher): SqlValue[] => [
  watcher.id,
  watcher.job,
  watcher.definition.name,
  watcher.progress.state,
  JSON.stringify(watcher.lines),
  JSON.stringify(watcher.definition),
  JSON.stringify(watcher.progress),
];
const toWatcher = ([id, job, definition, lines, progress]: SqlValue[]): Watcher => ({
  id: String(id),
  job: String(job),
  definition: JSON.parse(String(definition)) as Watcher['definition'],
  lines: JSON.parse(String(lines)) as Watcher['lines'],
  progress: completeProgress(JSON.parse(String(progress)) as Partial<Progress>),
});

const insertEvent = 'INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
const eventValues = (event: WatchEvent): SqlValue[] => [
  event.id,
  event.time,
  event.cluster,
  event.job,
  event.jobId,
  event.watcherId,
  event.watcher,
  event.kind,
  event.action,
  event.success === null ? null : Number(event.success),
  event.matchedText,
  JSON.stringify(event.captures),
  JSON.stringify(event.params),
  event.result,
];

const insertMetric = 'INSERT OR REPLACE INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
const metricValues = (metric: Metric): SqlValue[] => [
  metric.id,
  metric.time,
  metric.cluster,
  metric.job,
  metric.jobId,
  metric.watcherId,
  metric.watcher,
  metric.name,
  metric.value,
  metric.unit,
  metric.step,
];

const upsertOutbox = `INSERT INTO outbox (id, job, entry) VALUES (?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET job = excluded.job, entry = excluded.entry`;
