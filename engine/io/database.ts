// The SQLite database in memory: schema, changes into rows, filters into queries.
import initSqlJs, { type BindParams, type Database as SqlDatabase, type SqlValue } from 'sql.js';
import type { Job, Metric, OutboxEntry, Watcher, WatchEvent } from '../model';
import type {
  Change,
  EventFilter,
  JobFilter,
  MetricFilter,
  RecordFilter,
  StoredState,
  WatcherFilter,
} from '../ports';

/** Each entry brings the schema from its index to the next version; never changed, only added to. */
const migrations: readonly string[] = [
  `CREATE TABLE jobs (key TEXT PRIMARY KEY, cluster TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, phase TEXT NOT NULL, submitted INTEGER NOT NULL, body TEXT NOT NULL);
   CREATE INDEX jobs_by_phase ON jobs (phase);
   CREATE TABLE watchers (id TEXT PRIMARY KEY, job TEXT NOT NULL, body TEXT NOT NULL, progress TEXT NOT NULL);
   CREATE INDEX watchers_by_job ON watchers (job);
   CREATE TABLE events (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, cluster TEXT NOT NULL, job TEXT NOT NULL, job_id TEXT NOT NULL, watcher TEXT, kind TEXT NOT NULL, body TEXT NOT NULL);
   CREATE INDEX events_by_job ON events (job, id);
   CREATE TABLE metrics (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, cluster TEXT NOT NULL, job TEXT NOT NULL, job_id TEXT NOT NULL, watcher TEXT NOT NULL, name TEXT NOT NULL, step INTEGER NOT NULL, value, body TEXT NOT NULL);
   CREATE INDEX metrics_by_job ON metrics (job, name, id);
   CREATE TABLE outbox (id TEXT PRIMARY KEY, body TEXT NOT NULL);`,
];

/** A job of these phases is history. */
const overPhases = "('ended', 'refused')";

type Row = Record<string, SqlValue>;

export class Database {
  private constructor(private readonly sql: SqlDatabase) {}

  /** `bytes`: a snapshot, or nothing. */
  static async open(bytes: Uint8Array | undefined, wasmPath: string): Promise<Database> {
    const { Database: Sql } = await initSqlJs({ locateFile: () => wasmPath });
    const database = new Database(new Sql(bytes));
    database.migrate();
    return database;
  }

  private migrate(): void {
    const version = Number(this.all('PRAGMA user_version')[0]?.['user_version'] ?? 0);
    migrations.slice(version).forEach((migration, index) => {
      this.sql.exec(`BEGIN; ${migration} PRAGMA user_version = ${version + index + 1}; COMMIT;`);
    });
  }

  /** The whole database as the bytes of an SQLite file. */
  export(): Uint8Array {
    return this.sql.export();
  }

  /** One transaction. */
  apply(changes: readonly Change[]): void {
    this.sql.exec('BEGIN');
    try {
      for (const change of changes) this.applyOne(change);
      this.sql.exec('COMMIT');
    } catch (error) {
      this.sql.exec('ROLLBACK');
      throw error;
    }
  }

  private applyOne(change: Change): void {
    switch (change.kind) {
      case 'job': {
        const { key, cluster, id, parent, phase, submitted } = change.job;
        this.run('INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?)', [
          key,
          cluster,
          id,
          parent,
          phase,
          submitted,
          JSON.stringify(change.job),
        ]);
        break;
      }
      case 'watcher': {
        const { progress, ...body } = change.watcher;
        this.run('INSERT OR REPLACE INTO watchers VALUES (?, ?, ?, ?)', [
          body.id,
          body.job,
          JSON.stringify(body),
          JSON.stringify(progress),
        ]);
        break;
      }
      case 'progress':
        this.run('UPDATE watchers SET progress = ? WHERE id = ?', [
          JSON.stringify(change.progress),
          change.id,
        ]);
        break;
      case 'removeWatcher':
        this.run('DELETE FROM watchers WHERE id = ?', [change.id]);
        break;
      case 'event': {
        const { id, time, cluster, job, jobId, watcherId, kind } = change.event;
        this.run('INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
          id,
          time,
          cluster,
          job,
          jobId,
          watcherId,
          kind,
          JSON.stringify(change.event),
        ]);
        break;
      }
      case 'metric': {
        const { value, ...body } = change.metric;
        const { id, time, cluster, job, jobId, watcherId, name, step } = body;
        // SQLite has no nan and JSON no infinities: as text they stay what they are.
        const stored = Number.isFinite(value) ? value : String(value);
        this.run('INSERT OR REPLACE INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
          id,
          time,
          cluster,
          job,
          jobId,
          watcherId,
          name,
          step,
          stored,
          JSON.stringify(body),
        ]);
        break;
      }
      case 'outbox':
        this.run('INSERT OR REPLACE INTO outbox VALUES (?, ?)', [
          change.entry.id,
          JSON.stringify(change.entry),
        ]);
        break;
      case 'outboxDone':
        this.run('DELETE FROM outbox WHERE id = ?', [change.id]);
        break;
    }
  }

  load(trouble: readonly string[]): StoredState {
    const live = `SELECT key FROM jobs WHERE phase NOT IN ${overPhases} OR key IN (SELECT json_extract(body, '$.job') FROM outbox)`;
    const steps = this.all(
      `SELECT job, name, MAX(step) + 1 AS next FROM metrics WHERE job IN (${live}) GROUP BY job, name`,
    );
    return {
      jobs: this.all(`SELECT body FROM jobs WHERE key IN (${live})`).map(toJob),
      watchers: this.all(`SELECT body, progress FROM watchers WHERE job IN (${live})`).map(toWatcher),
      outbox: this.all('SELECT body FROM outbox ORDER BY rowid').map((row) => parseBody(row) as OutboxEntry),
      lastEventId: this.maximum('events'),
      lastMetricId: this.maximum('metrics'),
      metricSteps: steps.map(({ job, name, next }) => ({
        job: String(job),
        name: String(name),
        next: Number(next),
      })),
      trouble,
    };
  }

  private maximum(table: 'events' | 'metrics'): number {
    return Number(this.all(`SELECT COALESCE(MAX(id), 0) AS last FROM ${table}`)[0]?.['last'] ?? 0);
  }

  jobs(filter: JobFilter): readonly Job[] {
    const where = toWhere(filter, { key: 'key', id: 'id' });
    return this.all(`SELECT body FROM jobs ${where.text} ORDER BY submitted, rowid`, where.values).map(toJob);
  }

  watchers(filter: WatcherFilter): readonly Watcher[] {
    const where = toWhere(filter, { key: 'jobs.key', id: 'jobs.id' });
    const query = `SELECT watchers.body, watchers.progress FROM watchers JOIN jobs ON jobs.key = watchers.job ${where.text} ORDER BY jobs.submitted, watchers.rowid`;
    return this.all(query, where.values).map(toWatcher);
  }

  events(filter: EventFilter): readonly WatchEvent[] {
    return this.records('events', filter, filter.kind === undefined ? [] : [['kind = ?', filter.kind]]).map(
      (row) => parseBody(row) as WatchEvent,
    );
  }

  metrics(filter: MetricFilter): readonly Metric[] {
    return this.records('metrics', filter, filter.name === undefined ? [] : [['name = ?', filter.name]]).map(
      (row) => ({
        ...(parseBody(row) as Omit<Metric, 'value'>),
        value: Number(row['value']),
      }),
    );
  }

  /** In rising order; with a limit the newest so many. */
  private records(
    table: 'events' | 'metrics',
    filter: RecordFilter,
    more: readonly (readonly [string, SqlValue])[],
  ): Row[] {
    const where = toWhere(filter, { key: 'job', id: 'job_id' }, [
      ...more,
      ...(filter.afterId === undefined ? [] : [['id > ?', filter.afterId] as const]),
      ...(filter.since === undefined ? [] : [['time >= ?', filter.since] as const]),
      ...(filter.watcher === undefined ? [] : [['watcher = ?', filter.watcher] as const]),
    ]);
    const limit = filter.limit === undefined ? '' : `LIMIT ${Math.max(0, Math.trunc(filter.limit))}`;
    return this.all(`SELECT * FROM ${table} ${where.text} ORDER BY id DESC ${limit}`, where.values).reverse();
  }

  private run(text: string, values: BindParams): void {
    this.sql.run(text, values);
  }

  private all(text: string, values: BindParams = []): Row[] {
    const statement = this.sql.prepare(text, values);
    const rows: Row[] = [];
    try {
      while (statement.step()) rows.push(statement.getAsObject());
    } finally {
      statement.free();
    }
    return rows;
  }
}

const parseBody = (row: Row): unknown => JSON.parse(String(row['body']));
const toJob = (row: Row): Job => parseBody(row) as Job;
const toWatcher = (row: Row): Watcher => ({
  ...(parseBody(row) as Omit<Watcher, 'progress'>),
  progress: JSON.parse(String(row['progress'])) as Watcher['progress'],
});

interface Where {
  readonly text: string;
  readonly values: SqlValue[];
}

/** A job is named by its key or id; the id of an array stands for its tasks too. */
function toWhere(
  { cluster, job, live, watcher }: JobFilter & { readonly watcher?: string },
  columns: { readonly key: string; readonly id: string },
  more: readonly (readonly [string, SqlValue])[] = [],
): Where {
  const terms: string[] = [];
  const values: SqlValue[] = [];
  const add = (text: string, ...added: SqlValue[]): void => {
    terms.push(text);
    values.push(...added);
  };
  if (cluster !== undefined) add('cluster = ?', cluster);
  if (job !== undefined)
    add(`(${columns.key} = ? OR ${columns.id} = ? OR ${columns.id} GLOB ? || '_*')`, job, job, job);
  if (live === true) add(`phase NOT IN ${overPhases}`);
  if (live === false) add(`phase IN ${overPhases}`);
  if (watcher !== undefined && columns.key === 'jobs.key') add('watchers.id = ?', watcher);
  for (const [text, value] of more) add(text, value);
  return { text: terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`, values };
}
