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

/** Rows as the tables hold them. */
export interface HistoryRows {
  /** The greatest ids that were archived before: what an archive holds beyond them never counted. */
  readonly after: { readonly event: number; readonly metric: number };
  readonly events: readonly SqlValue[][];
  readonly metrics: readonly SqlValue[][];
  readonly jobs: readonly SqlValue[][];
  readonly watchers: readonly SqlValue[][];
}

/** Of the main store: what an archive holds. */
export interface ArchiveEntry {
  readonly name: string;
  readonly month: string;
  readonly part: number;
  readonly rows: number;
  readonly lastEvent: number | null;
  readonly lastMetric: number | null;
  /** Time of its newest record. */
  readonly until: number;
}

/** Records up to these ids, of one month. */
export interface OldRecords {
  readonly event: number;
  readonly metric: number;
  readonly month: string;
}

const monthOf = (column: string): string => `strftime('%Y-%m', ${column} / 1000, 'unixepoch')`;
const historyTables = ['events', 'metrics'] as const;

export class StoreDatabase {
  private readonly statements = new Map<string, Statement>();
  /** What archivedUpTo gives, once it has been asked. */
  private readonly bounds = new Map<string, number>();

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
  page(
    query: StoreQuery,
    before: number | null,
    count: number,
    jobs?: readonly string[],
  ): readonly PageRow[] {
    const { text, values } = toPageSql(query, { before, count, ...(jobs && { jobs }) });
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
        `SELECT job, name, max(next) FROM (
          SELECT job, name, step + 1 AS next FROM metrics WHERE job IN (${keys})
          UNION ALL SELECT job, name, next FROM metric_steps WHERE job IN (${keys})
        ) GROUP BY job, name`,
        values,
      ).map(([job, name, next]) => ({ job: String(job), name: String(name), next: Number(next) })),
    };
  }

  // ---- history ---------------------------------------------------------------------------------------------------

  /** From the newest to the oldest. */
  archiveEntries(): readonly ArchiveEntry[] {
    return this.rows(
      `SELECT name, month, part, rows, last_event, last_metric, until FROM archives ORDER BY month DESC, part DESC`,
    ).map(([name, month, part, rows, lastEvent, lastMetric, until]) => ({
      name: String(name),
      month: String(month),
      part: Number(part),
      rows: Number(rows),
      lastEvent: lastEvent === null ? null : Number(lastEvent),
      lastMetric: lastMetric === null ? null : Number(lastMetric),
      until: Number(until),
    }));
  }

  /** Keys of the jobs that are in this archive and no longer here. */
  archivedJobs(archive: string): readonly string[] {
    return this.rows('SELECT key FROM archived_jobs WHERE archive = ?', [archive]).map(([key]) =>
      String(key),
    );
  }

  findArchive(job: string): string | undefined {
    const [row] = this.rows('SELECT archive FROM archived_jobs WHERE key = ?', [job]);
    return row && String(row[0]);
  }

  /** The greatest id that has left for an archive. */
  archivedUpTo(table: 'events' | 'metrics'): number {
    return Number(this.rows('SELECT value FROM meta WHERE key = ?', [`archived_${table}`])[0]?.[0] ?? 0);
  }

  /** The oldest records that are due to leave, at most a batch and of one month; undefined where none are. */
  findOld({
    before,
    keepRows,
    batchRows,
  }: {
    readonly before: number;
    readonly keepRows: number;
    readonly batchRows: number;
  }): OldRecords | undefined {
    const [event, metric] = historyTables.map((table) => {
      const newest = this.greatest(table);
      const [firstRecent] = this.rows(`SELECT min(id) FROM ${table} WHERE time >= ?`, [before]);
      const aged = typeof firstRecent?.[0] === 'number' ? firstRecent[0] - 1 : newest;
      const [surplus] = this.rows(`SELECT id FROM ${table} ORDER BY id DESC LIMIT 1 OFFSET ?`, [keepRows]);
      const bound = Math.max(aged, Number(surplus?.[0] ?? 0));
      const [batch] = this.rows(`SELECT id FROM ${table} ORDER BY id LIMIT 1 OFFSET ?`, [batchRows - 1]);
      return Math.min(bound, Number(batch?.[0] ?? bound));
    }) as [number, number];
    const month = historyTables
      .flatMap((table, index) =>
        this.rows(`SELECT ${monthOf('time')} FROM ${table} WHERE id <= ? ORDER BY id LIMIT 1`, [
          [event, metric][index] ?? 0,
        ]),
      )
      .map(([text]) => String(text))
      .sort()[0];
    return month === undefined ? undefined : { event, metric, month };
  }

  /**
   * Takes records of a month out, with jobs of which nothing else is left; `keep` gets them and must have made them durable
   * when it returns. All or nothing.
   */
  moveHistory(
    old: OldRecords & {
      readonly before: number;
      readonly archive: { readonly name: string; readonly part: number };
    },
    keep: (rows: HistoryRows) => void,
  ): void {
    const bounds = historyTables.map((table) => {
      const bound = table === 'events' ? old.event : old.metric;
      const [later] = this.rows(`SELECT min(id) FROM ${table} WHERE id <= ? AND ${monthOf('time')} > ?`, [
        bound,
        old.month,
      ]);
      return typeof later?.[0] === 'number' ? later[0] - 1 : bound;
    }) as [number, number];
    const [event, metric] = bounds;
    const events = this.rows('SELECT * FROM events WHERE id <= ? ORDER BY id', [event]);
    const metrics = this.rows('SELECT * FROM metrics WHERE id <= ? ORDER BY id', [metric]);
    const after = { event: this.archivedUpTo('events'), metric: this.archivedUpTo('metrics') };
    const named = new Set([...events, ...metrics].map((row) => String(row[3])));
    this.database.run('BEGIN');
    try {
      this.run(
        `INSERT INTO metric_steps SELECT job, name, max(step) + 1 FROM metrics WHERE id <= ? GROUP BY job, name
          ON CONFLICT (job, name) DO UPDATE SET next = max(next, excluded.next)`,
        [metric],
      );
      this.run('DELETE FROM events WHERE id <= ?', [event]);
      this.run('DELETE FROM metrics WHERE id <= ?', [metric]);
      const moved = this.findFinished(old.before);
      const keys = JSON.stringify([...new Set([...named, ...moved])]);
      const among = 'IN (SELECT value FROM json_each(?))';
      const jobs = this.rows(
        `SELECT * FROM jobs WHERE key ${among} OR key IN (SELECT parent FROM jobs WHERE key ${among}) ORDER BY seq`,
        [keys, keys],
      );
      const watchers = this.rows(`SELECT * FROM watchers WHERE job ${among} ORDER BY seq`, [keys]);
      const gone = JSON.stringify(moved);
      this.run(`DELETE FROM jobs WHERE key ${among}`, [gone]);
      this.run(`DELETE FROM watchers WHERE job ${among}`, [gone]);
      for (const key of moved)
        this.run('INSERT OR REPLACE INTO archived_jobs VALUES (?, ?)', [key, old.archive.name]);
      for (const [index, table] of historyTables.entries())
        this.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', [
          `archived_${table}`,
          String(Math.max(bounds[index] ?? 0, this.archivedUpTo(table))),
        ]);
      const times = [...events, ...metrics].map((row) => Number(row[1]));
      this.run(
        `INSERT INTO archives VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
          rows = rows + excluded.rows, last_event = coalesce(excluded.last_event, last_event),
          last_metric = coalesce(excluded.last_metric, last_metric), until = max(until, excluded.until)`,
        [
          ...[old.archive.name, old.month, old.archive.part, events.length + metrics.length],
          ...[events.at(-1)?.[0] ?? null, metrics.at(-1)?.[0] ?? null],
          times.reduce((latest, time) => Math.max(latest, time), 0),
        ],
      );
      keep({ after, events, metrics, jobs, watchers });
      this.database.run('COMMIT');
      this.bounds.clear();
    } catch (error) {
      this.database.run('ROLLBACK');
      throw error;
    }
  }

  /** What an archive takes in. */
  addHistory({ after, events, metrics, jobs, watchers }: HistoryRows): void {
    const insert = (table: string, rows: readonly SqlValue[][], columns: number): void => {
      const places = Array.from({ length: columns }, () => '?').join(', ');
      for (const row of rows) this.run(`INSERT OR REPLACE INTO ${table} VALUES (${places})`, row);
    };
    this.database.run('BEGIN');
    this.run('DELETE FROM events WHERE id > ?', [after.event]);
    this.run('DELETE FROM metrics WHERE id > ?', [after.metric]);
    insert('events', events, 14);
    insert('metrics', metrics, 11);
    insert('jobs', jobs, 9);
    insert('watchers', watchers, 8);
    this.database.run('COMMIT');
  }

  forgetArchives(names: readonly string[]): void {
    for (const name of names) {
      this.run('DELETE FROM archives WHERE name = ?', [name]);
      this.run('DELETE FROM metric_steps WHERE job IN (SELECT key FROM archived_jobs WHERE archive = ?)', [
        name,
      ]);
      this.run('DELETE FROM archived_jobs WHERE archive = ?', [name]);
    }
  }

  /** Jobs that ended before `before`, of which no record is left here; an array only once its tasks have left. */
  private findFinished(before: number): readonly string[] {
    return this.rows(
      `SELECT key FROM jobs WHERE NOT (${isLiveSql})
        AND coalesce(json_extract(job, '$.ended'), json_extract(job, '$.submitted')) < ?
        AND key NOT IN (SELECT job FROM events) AND key NOT IN (SELECT job FROM metrics)
        AND key NOT IN (SELECT job FROM outbox)
        AND key NOT IN (SELECT parent FROM jobs WHERE parent IS NOT NULL)`,
      [before],
    ).map(([key]) => String(key));
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
        this.run('DELETE FROM archived_jobs WHERE key = ?', [change.job.key]);
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
        if (change.event.id > this.bound('events')) this.run(insertEvent, eventValues(change.event));
        return;
      case 'metric':
        if (change.metric.id > this.bound('metrics')) this.run(insertMetric, metricValues(change.metric));
        return;
      case 'outbox':
        this.run(upsertOutbox, [change.entry.id, change.entry.job, JSON.stringify(change.entry)]);
        return;
      case 'outboxDone':
        this.run('DELETE FROM outbox WHERE id = ?', [change.id]);
        return;
    }
  }

  /** Ids rise: what is not beyond it was committed before, and is in an archive. */
  private bound(table: 'events' | 'metrics'): number {
    const known = this.bounds.get(table);
    if (known !== undefined) return known;
    const bound = this.archivedUpTo(table);
    this.bounds.set(table, bound);
    return bound;
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
    return Math.max(Number(this.rows(`SELECT max(id) FROM ${table}`)[0]?.[0] ?? 0), this.archivedUpTo(table));
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
