// Moves what is old out of the main store into archives, and finds it there: the main store stays small for ever.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { StoredValue } from '../metricSeries';
import type { Recalled } from '../ports';
import { archiveName, type Archives } from './archives';
import {
  isFull,
  type ArchiveEntry,
  type Bounds,
  type MetricRange,
  type MetricScan,
  type MetricSpan,
  type PageRow,
  type StoreDatabase,
} from './storeDatabase';
import type { StoreQuery } from './storeQueries';

export interface HistoryLimits {
  /** Older records leave the main store, ms. */
  readonly recentMs: number;
  /** So many of the newest events, and of the newest metrics, stay at most. */
  readonly recentRows: number;
  /** Archives are removed after so many months; null: never. */
  readonly keepMonths: number | null;
}

export const usualLimits: HistoryLimits = { recentMs: 30 * 86_400_000, recentRows: 20_000, keepMonths: null };

/** An archive with so many rows is followed by another part of its month: it is read and written as a whole. */
const partRows = 20_000;
/** Records that are moved at once: commits wait for it. */
const batchRows = 5_000;

/** Where a query goes on: in the main store or in an archive, before a key. */
export interface PageCursor {
  /** Name of the archive; null: the main store. */
  readonly archive: string | null;
  readonly before: number | null;
}

/** Metrics of a job. */
export type MetricNames = Omit<MetricScan, 'upTo'>;

export interface HistoryPage {
  readonly rows: readonly PageRow[];
  readonly next: PageCursor | null;
}

type RecordQuery = Extract<StoreQuery, { table: 'events' | 'metrics' }>;

const spanKey = ({ job, name }: Pick<MetricSpan, 'job' | 'name'>): string => JSON.stringify([job, name]);

const isWithin = (span: MetricSpan, { by, from, to }: MetricRange): boolean =>
  span[by][0] <= to && span[by][1] >= from;

export class History {
  /** Of archives, what was asked for. */
  private readonly spans = new Map<
    string,
    { readonly lastMetric: number | null; readonly spans: ReadonlyMap<string, MetricSpan> }
  >();

  constructor(
    private readonly main: StoreDatabase,
    private readonly archives: Archives,
    private readonly limits: HistoryLimits,
  ) {}

  /**
   * Gives names of archives that may be removed once the main store is durable without them. Whatever else waits has its turn
   * between one batch and the next.
   */
  async archiveOld(now: number): Promise<readonly string[]> {
    const before = now - this.limits.recentMs;
    const due = this.main.findDue({ before, keepRows: this.limits.recentRows });
    for (;;) {
      const batch = this.main.findBatch(due, batchRows);
      if (!batch) break;
      this.move(batch, before);
      await nextTurn();
    }
    return this.findExpired(now);
  }

  /** Whether there is anything to move or to remove. */
  isDue(now: number): boolean {
    const { recentMs, recentRows } = this.limits;
    const due = this.main.findDue({ before: now - recentMs, keepRows: recentRows });
    return this.main.findBatch(due, 1) !== undefined || this.listExpired(now).length > 0;
  }

  /** First into the archive, then out of the main store: what a crash leaves in both counts once. */
  private move(batch: Bounds & { readonly month: string }, before: number): void {
    const newest = this.main.archiveEntries()[0];
    const month = newest && newest.month > batch.month ? newest.month : batch.month;
    const leaving = { ...this.main.cutAtMonth(batch, month), before };
    const entry = this.choose(month, newest);
    this.archives.add(entry.name, (archive) => {
      this.main.copyTo(archive, leaving);
    });
    this.main.release(leaving, entry);
  }

  /** The newest rows first. Events and metrics in archives are all older than those of the main store. */
  page(query: StoreQuery, cursor: PageCursor | null, count: number): HistoryPage {
    const at: PageCursor = cursor ?? { archive: null, before: null };
    if (query.table === 'jobs' || query.table === 'watchers') return this.pageJobs(query, at, count);
    const rows =
      at.archive === null
        ? this.main.page(query, at.before, count)
        : this.archives.page(at.archive, query, {
            // What it holds beyond that is in the main store too: a crash came between the two.
            before: Math.min(at.before ?? Infinity, this.main.archivedUpTo(query.table) + 1),
            count,
          });
    const last = rows.at(-1);
    if (last && (rows.length >= count || isFull(rows)))
      return { rows, next: { archive: at.archive, before: last.key } };
    const next = this.findNext(query, at.archive);
    // What was given may have been moved there since.
    const before = last?.key ?? at.before;
    return { rows, next: next === undefined ? null : { archive: next, before } };
  }

  /** Jobs leave one by one: those of the main store and of all archives are put in one order again. */
  private pageJobs(query: StoreQuery, { before }: PageCursor, count: number): HistoryPage {
    const isLive = 'live' in query.filter && query.filter.live;
    const sources = isLive ? [] : this.main.archiveEntries().map(({ name }) => name);
    const rows = [...this.main.page(query, before, count)];
    for (const name of sources) {
      const jobs = this.main.archivedJobs(name);
      if (jobs.length > 0) rows.push(...this.archives.page(name, query, { before, count, jobs }));
    }
    rows.sort((a, b) => b.key - a.key);
    const last = rows[count - 1]?.key;
    if (last === undefined) return { rows, next: null };
    // A key that became free may have been given again: equal ones stay on one page.
    return { rows: rows.filter(({ key }) => key >= last), next: { archive: null, before: last } };
  }

  /** An archived job is given from its archive; it joins the main store with the next commit of it. */
  recall(job: string): Recalled {
    const known = this.main.recall(job);
    if (known.jobs.length > 0) return known;
    const archive = this.main.findArchive(job);
    const recalled = archive === undefined ? undefined : this.archives.recall(archive, job);
    return recalled ? { ...recalled, metricSteps: known.metricSteps } : known;
  }

  /** How often a metric was stored. */
  countSteps(job: string, name: string): number {
    return this.main.countSteps(job, name);
  }

  metricNames(job: string): readonly string[] {
    return this.main.metricNames(job);
  }

  /**
   * Calls `take` for each value of these metrics, in the order in which they were stored, with the index of its scan. Only those
   * archives are opened that hold some; whatever else waits has its turn between one and the next.
   */
  async scanMetrics(
    scans: readonly MetricNames[],
    take: (scan: number, name: string, stored: StoredValue) => void,
  ): Promise<void> {
    const isArchived = scans.some(({ job, names }) =>
      names.some((name) => this.main.hasArchivedSteps(job, name)),
    );
    if (!isArchived) {
      // All of it is here: none of it has to be kept until archives have had their turn.
      this.eachRecent(scans, take);
      return;
    }
    // What moves meanwhile was in the main store when that was read.
    const upTo = this.main.archivedUpTo('metrics');
    const recent: { readonly scan: number; readonly name: string; readonly stored: StoredValue }[] = [];
    this.eachRecent(scans, (scan, name, stored) => recent.push({ scan, name, stored }));
    for (const archive of await this.findMetricArchives(scans)) {
      this.archives.visit(archive, (database) => {
        for (const [scan, wanted] of scans.entries())
          database.eachMetric({ ...wanted, upTo }, (name, stored) => {
            take(scan, name, stored);
          });
      });
      await nextTurn();
    }
    for (const { scan, name, stored } of recent) take(scan, name, stored);
  }

  /** Those of the main store. */
  private eachRecent(
    scans: readonly MetricNames[],
    take: (scan: number, name: string, stored: StoredValue) => void,
  ): void {
    for (const [scan, wanted] of scans.entries())
      this.main.eachMetric({ ...wanted, upTo: Number.MAX_SAFE_INTEGER }, (name, stored) => {
        take(scan, name, stored);
      });
  }

  /** From the oldest on; the steps of a metric are counted from 0, so that it is known where it begins. */
  private async findMetricArchives(scans: readonly MetricNames[]): Promise<readonly string[]> {
    let open = scans
      .flatMap(({ job, names, range }) => names.map((name) => ({ job, name, range })))
      .filter(({ job, name }) => this.main.hasArchivedSteps(job, name));
    const found: string[] = [];
    for (const entry of this.main.archiveEntries()) {
      if (open.length === 0) break;
      if (entry.lastMetric === null) continue;
      const spans = await this.spansOf(entry);
      const wanted = open.map((metric) => ({ ...metric, span: spans.get(spanKey(metric)) }));
      if (wanted.some(({ span, range }) => span && isWithin(span, range))) found.unshift(entry.name);
      open = wanted.filter(({ span }) => span?.step[0] !== 0);
    }
    return found;
  }

  /** Archives change only by what is added to the newest one: each is looked through once. */
  private async spansOf({ name, lastMetric }: ArchiveEntry): Promise<ReadonlyMap<string, MetricSpan>> {
    const known = this.spans.get(name);
    if (known && known.lastMetric === lastMetric) return known.spans;
    const spans = new Map<string, MetricSpan>();
    this.archives.visit(name, (archive) => {
      for (const span of archive.metricSpans()) spans.set(spanKey(span), span);
    });
    this.spans.set(name, { lastMetric, spans });
    await nextTurn();
    return spans;
  }

  removeArchives(names: readonly string[]): void {
    for (const name of names) {
      this.archives.remove(name);
      this.spans.delete(name);
    }
  }

  close(): void {
    this.archives.close();
  }

  private choose(
    month: string,
    newest: ArchiveEntry | undefined,
  ): Pick<ArchiveEntry, 'name' | 'month' | 'part'> {
    if (newest?.month !== month) return { name: archiveName(month, 1), month, part: 1 };
    const part = newest.rows < partRows ? newest.part : newest.part + 1;
    return { name: archiveName(month, part), month, part };
  }

  private findNext({ table, filter }: RecordQuery, after: string | null): string | undefined {
    const entries = this.main.archiveEntries();
    const rest =
      after === null ? entries : entries.slice(entries.findIndex(({ name }) => name === after) + 1);
    return rest.find((entry) => {
      const last = table === 'events' ? entry.lastEvent : entry.lastMetric;
      const { afterId, since } = filter;
      return last !== null && last > (afterId ?? 0) && entry.until >= (since ?? 0);
    })?.name;
  }

  private findExpired(now: number): readonly string[] {
    const names = this.listExpired(now);
    this.main.forgetArchives(names);
    return names;
  }

  private listExpired(now: number): readonly string[] {
    if (this.limits.keepMonths === null) return [];
    const limit = new Date(now);
    limit.setUTCDate(1);
    limit.setUTCMonth(limit.getUTCMonth() - this.limits.keepMonths);
    const oldest = limit.toISOString().slice(0, 7);
    return this.main.archiveEntries().flatMap(({ month, name }) => (month < oldest ? [name] : []));
  }
}
