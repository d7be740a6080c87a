// The store's tables in memory: takes changes in, answers queries, gives the image that a snapshot is.
import type { BindParams, Database, SqlJsStatic, SqlValue, Statement } from 'sql.js';
import { WatchError } from '../errors';
import type { StoredValue } from '../metricSeries';
import type { Job, Metric, Watcher, WatchEvent } from '../model';
import type { Change, Recalled, StoredState } from '../ports';
import {
  completeEntry,
  completeJob,
  completeWatcher,
  type StoredEntry,
  type StoredJob,
  type StoredWatcher,
} from '../stored';
import { migrations } from './schema';
import { isLiveSql, toPageSql, type StoreQuery } from './storeQueries';

/** A row's key, by which the next page is asked for, and the row as JSON. */
export interface PageRow {
  readonly key: number;
  readonly json: string;
}

/** A page has no more rows after so many characters. */
const pageCharacters = 8 * 1024 * 1024;

/** Whether a page of events or metrics ended because of its length: more may follow. */
export const isFull = (rows: readonly PageRow[]): boolean =>
  rows.reduce((sum, { json }) => sum + json.length, 0) >= pageCharacters;

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

/** Ids of an event and of a metric: the records up to them. */
export interface Bounds {
  readonly event: number;
  readonly metric: number;
}

/** Records that leave, with the jobs that ended before `before` and have no others. */
export interface Leaving extends Bounds {
  readonly before: number;
}

/** Metrics of a job. */
export interface MetricScan {
  readonly job: string;
  readonly names: readonly string[];
  /** The greatest id. */
  readonly upTo: number;
  readonly range: MetricRange;
}

/** Both ends are included. */
export interface MetricRange {
  readonly by: 'step' | 'time';
  readonly from: number;
  readonly to: number;
}

/** Where the values of a metric lie that a database has. */
export interface MetricSpan {
  readonly job: string;
  readonly name: string;
  readonly step: readonly [first: number, last: number];
  readonly time: readonly [first: number, last: number];
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
    this.transact(() => {
      for (const changes of commits) for (const change of changes) this.applyOne(change);
    });
  }

  /** The newest rows before the key `before`, newest first; of events and metrics fewer if they are `isFull`. */
  page(
    query: StoreQuery,
    before: number | null,
    count: number,
    jobs?: readonly string[],
  ): readonly PageRow[] {
    const { text, values } = toPageSql(query, { before, count, ...(jobs && { jobs }) });
    const isBounded = query.table === 'events' || query.table === 'metrics';
    const rows: PageRow[] = [];
    let left = pageCharacters;
    const statement = this.statement(text);
    statement.bind([...values]);
    while ((!isBounded || left > 0) && statement.step()) {
      const [key, json] = statement.get();
      const row = { key: Number(key), json: String(json) };
      left -= row.json.length;
      rows.push(row);
    }
    statement.reset();
    return rows;
  }

  state(): Omit<StoredState, 'trouble'> {
    const busy = `${isLiveSql} OR key IN (SELECT job FROM outbox)`;
    const live = `SELECT key FROM jobs WHERE ${busy}
      UNION SELECT parent FROM jobs WHERE (${busy}) AND parent IS NOT NULL`;
    return {
      ...this.belongings(live, null),
      outbox: this.objects<StoredEntry>('SELECT entry FROM outbox ORDER BY seq').map(completeEntry),
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
      jobs: this.objects<StoredJob>(`SELECT job FROM jobs WHERE key IN (${keys}) ORDER BY seq`, values).map(
        completeJob,
      ),
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

  // ---- metrics ---------------------------------------------------------------------------------------------------

  /** Calls `take` for each value, in the order in which they were stored; ids up to `upTo`. */
  eachMetric(
    { job, names, upTo, range }: MetricScan,
    take: (name: string, stored: StoredValue) => void,
  ): void {
    const among = names.map((_, index) => `?${index + 2}`).join(', ');
    const where = `job = ?1 AND name IN (${among})`;
    const values = [job, ...names];
    const [first] = this.rows(
      `SELECT name, watcher_id, watcher, unit FROM metrics WHERE ${where} LIMIT 1`,
      values,
    );
    if (!first) return;
    const usual = toSource(first);
    const next = values.length + 1;
    // Texts take most of the time: of those that are as in the first row nothing is taken out.
    const isUsual = ['name', 'watcher_id', 'watcher', 'unit']
      .map((column, index) => `${column} IS ?${next + index}`)
      .join(' AND ');
    const others = 'json_array(name, watcher_id, watcher, unit)';
    // Of one name, steps rise with ids, and there is an index of them.
    const order = names.length === 1 ? 'step' : 'id';
    const statement = this.statement(
      `SELECT id, time, step, value, iif(${isUsual}, NULL, ${others}) FROM metrics
        WHERE ${where} AND +id <= ?${next + 4} AND ${range.by} BETWEEN ?${next + 5} AND ?${next + 6} ORDER BY ${order}`,
    );
    statement.bind([...values, ...first, upTo, range.from, range.to]);
    while (statement.step()) {
      const [id, time, step, value, other] = statement.get();
      const source = other === null ? usual : toSource(JSON.parse(String(other)) as SqlValue[]);
      // Made for each of very many values: literals are fast.
      take(source.name, {
        id: Number(id),
        time: Number(time),
        step: Number(step),
        value: value === null ? NaN : Number(value),
        watcher: source.watcher,
        watcherName: source.watcherName,
        unit: source.unit,
      });
    }
    statement.reset();
  }

  metricSpans(): readonly MetricSpan[] {
    return this.rows(
      'SELECT job, name, min(step), max(step), min(time), max(time) FROM metrics GROUP BY job, name',
    ).map(([job, name, firstStep, lastStep, firstTime, lastTime]) => ({
      ...{ job: String(job), name: String(name) },
      step: [Number(firstStep), Number(lastStep)],
      time: [Number(firstTime), Number(lastTime)],
    }));
  }

  /** How often a metric was stored, archived values included. */
  countSteps(job: string, name: string): number {
    const [row] = this.rows(
      `SELECT max(next) FROM (SELECT max(step) + 1 AS next FROM metrics WHERE job = ?1 AND name = ?2
        UNION ALL SELECT next FROM metric_steps WHERE job = ?1 AND name = ?2)`,
      [job, name],
    );
    return Number(row?.[0] ?? 0);
  }

  /** Of the main store: whether values of it may be in archives. */
  hasArchivedSteps(job: string, name: string): boolean {
    return this.rows('SELECT 1 FROM metric_steps WHERE job = ? AND name = ?', [job, name]).length > 0;
  }

  /** Names of a job's metrics, here and in archives. */
  metricNames(job: string): readonly string[] {
    return this.rows(
      'SELECT name FROM metrics WHERE job = ?1 UNION SELECT name FROM metric_steps WHERE job = ?1',
      [job],
    ).map(([name]) => String(name));
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

  /** Up to which ids records are due to leave: they are older than `before`, or more than `keepRows` are newer. */
  findDue({ before, keepRows }: { readonly before: number; readonly keepRows: number }): Bounds {
    const [event, metric] = historyTables.map((table) => {
      const newest = this.greatest(table);
      const [firstRecent] = this.rows(`SELECT min(id) FROM ${table} WHERE time >= ?`, [before]);
      const aged = typeof firstRecent?.[0] === 'number' ? firstRecent[0] - 1 : newest;
      // Ids rise by one, or by more.
      return Math.max(aged, newest - keepRows);
    }) as [number, number];
    return { event, metric };
  }

  /** The oldest of them, at most `batchRows` of each kind, with the month of the first; undefined where none are left. */
  findBatch(due: Bounds, batchRows: number): (Bounds & { readonly month: string }) | undefined {
    const [event, metric] = historyTables.map((table) => {
      const bound = table === 'events' ? due.event : due.metric;
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

  /** The same, up to the last record before the first one of a later month. */
  cutAtMonth(bounds: Bounds, month: string): Bounds {
    const [event, metric] = historyTables.map((table) => {
      const bound = table === 'events' ? bounds.event : bounds.metric;
      const [later] = this.rows(`SELECT min(id) FROM ${table} WHERE id <= ? AND ${monthOf('time')} > ?`, [
        bound,
        month,
      ]);
      return typeof later?.[0] === 'number' ? later[0] - 1 : bound;
    }) as [number, number];
    return { event, metric };
  }

  /** Copies what leaves, and the jobs and watchers that it belongs to; what is there already is replaced. All or nothing. */
  copyTo(archive: StoreDatabase, leaving: Leaving): void {
    const { event, metric } = leaving;
    const keys = JSON.stringify([...new Set([...this.findNamed(leaving), ...this.findFinished(leaving)])]);
    const among = 'IN (SELECT value FROM json_each(?1))';
    this.database.run(`ATTACH '${archive.path}' AS archive`);
    try {
      this.database.run('PRAGMA archive.journal_mode = MEMORY');
      this.database.run('PRAGMA archive.synchronous = OFF');
      this.transact(() => {
        // What an archive holds beyond what was archived before never counted: a crash came in between.
        this.database.run('DELETE FROM archive.events WHERE id > ?', [this.archivedUpTo('events')]);
        this.database.run('DELETE FROM archive.metrics WHERE id > ?', [this.archivedUpTo('metrics')]);
        this.database.run('INSERT OR REPLACE INTO archive.events SELECT * FROM main.events WHERE id <= ?', [
          event,
        ]);
        this.database.run('INSERT OR REPLACE INTO archive.metrics SELECT * FROM main.metrics WHERE id <= ?', [
          metric,
        ]);
        this.database.run(
          `INSERT OR REPLACE INTO archive.jobs SELECT * FROM main.jobs
            WHERE key ${among} OR key IN (SELECT parent FROM main.jobs WHERE key ${among}) ORDER BY seq`,
          [keys],
        );
        this.database.run(
          `INSERT OR REPLACE INTO archive.watchers SELECT * FROM main.watchers WHERE job ${among} ORDER BY seq`,
          [keys],
        );
      });
    } finally {
      this.database.run('DETACH archive');
    }
  }

  /** Takes out what `archive` has now durably. All or nothing. */
  release(leaving: Leaving, archive: Pick<ArchiveEntry, 'name' | 'month' | 'part'>): void {
    const { event, metric } = leaving;
    const moved = this.findFinished(leaving);
    const [counts] = this.rows(
      `SELECT count(*), max(time) FROM (SELECT time FROM events WHERE id <= ?1
        UNION ALL SELECT time FROM metrics WHERE id <= ?2)`,
      [event, metric],
    );
    const [lastEvent] = this.rows('SELECT max(id) FROM events WHERE id <= ?', [event]);
    const [lastMetric] = this.rows('SELECT max(id) FROM metrics WHERE id <= ?', [metric]);
    this.transact(() => {
      this.run(
        `INSERT INTO metric_steps SELECT job, name, max(step) + 1 FROM metrics WHERE id <= ? GROUP BY job, name
          ON CONFLICT (job, name) DO UPDATE SET next = max(next, excluded.next)`,
        [metric],
      );
      this.run('DELETE FROM events WHERE id <= ?', [event]);
      this.run('DELETE FROM metrics WHERE id <= ?', [metric]);
      for (const key of moved) {
        this.run('DELETE FROM jobs WHERE key = ?', [key]);
        this.run('DELETE FROM watchers WHERE job = ?', [key]);
        this.run('INSERT OR REPLACE INTO archived_jobs VALUES (?, ?)', [key, archive.name]);
      }
      for (const [table, bound] of [
        ['events', event],
        ['metrics', metric],
      ] as const)
        this.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', [
          `archived_${table}`,
          String(Math.max(bound, this.archivedUpTo(table))),
        ]);
      this.run(
        `INSERT INTO archives VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
          rows = rows + excluded.rows, last_event = coalesce(excluded.last_event, last_event),
          last_metric = coalesce(excluded.last_metric, last_metric), until = max(until, excluded.until)`,
        [
          ...[archive.name, archive.month, archive.part, counts?.[0] ?? 0],
          ...[lastEvent?.[0] ?? null, lastMetric?.[0] ?? null, counts?.[1] ?? 0],
        ],
      );
    });
    this.bounds.clear();
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

  /** Jobs of the records that leave. */
  private findNamed({ event, metric }: Leaving): readonly string[] {
    return this.rows('SELECT job FROM events WHERE id <= ?1 UNION SELECT job FROM metrics WHERE id <= ?2', [
      event,
      metric,
    ]).map(([key]) => String(key));
  }

  /** Jobs that ended before `before`, of which no other record is left here; an array only once its tasks have left. */
  private findFinished({ before, event, metric }: Leaving): readonly string[] {
    return this.rows(
      `SELECT key FROM jobs WHERE NOT (${isLiveSql})
        AND coalesce(json_extract(job, '$.ended'), json_extract(job, '$.submitted')) < ?1
        AND NOT EXISTS (SELECT 1 FROM events WHERE events.job = jobs.key AND events.id > ?2)
        AND NOT EXISTS (SELECT 1 FROM metrics WHERE metrics.job = jobs.key AND metrics.id > ?3)
        AND key NOT IN (SELECT job FROM outbox)
        AND key NOT IN (SELECT parent FROM jobs WHERE parent IS NOT NULL)`,
      [before, event, metric],
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
        if (change.event.output !== null) this.run(cutOutputs, []);
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

  private transact(work: () => void): void {
    this.database.run('BEGIN');
    try {
      work();
      this.database.run('COMMIT');
    } catch (error) {
      this.database.run('ROLLBACK');
      throw error;
    }
  }

  /** Of the file in memory that sql.js keeps it in: another database can attach it there. */
  private get path(): string {
    const { database } = this;
    if ('filename' in database && typeof database.filename === 'string') return `/${database.filename}`;
    throw new Error('sql.js does not say where it keeps a database');
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
const toWatcher = ([id, job, definition, lines, progress]: SqlValue[]): Watcher =>
  completeWatcher({
    id: String(id),
    job: String(job),
    definition: JSON.parse(String(definition)) as StoredWatcher['definition'],
    lines: JSON.parse(String(lines)) as Watcher['lines'],
    progress: JSON.parse(String(progress)) as StoredWatcher['progress'],
  });

/** Outputs of commands are large, and the main store is in memory: older ones keep their end. */
const wholeOutputs = 500;
const cutOutputs = `UPDATE events SET output = substr(output, -2000) WHERE id IN
  (SELECT id FROM events WHERE length(output) > 2000 ORDER BY id DESC LIMIT -1 OFFSET ${wholeOutputs})`;

const insertEvent =
  'INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';
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
  event.cause && JSON.stringify(event.cause),
  event.output,
  event.place && JSON.stringify(event.place),
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

/** Whose a stored value is. */
const toSource = ([name, watcher, watcherName, unit]: SqlValue[]): Pick<
  StoredValue,
  'watcher' | 'watcherName' | 'unit'
> & { readonly name: string } => ({
  ...{ name: String(name), watcher: String(watcher), watcherName: String(watcherName) },
  unit: typeof unit === 'string' ? unit : null,
});

const upsertOutbox = `INSERT INTO outbox (id, job, entry) VALUES (?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET job = excluded.job, entry = excluded.entry`;
