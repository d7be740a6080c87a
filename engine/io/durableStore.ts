// The store behind its worker's port: tables in memory, a journal for what is new, snapshots that replace the journal.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { WatchError } from '../errors';
import type { MetricName, MetricNamesRequest, MetricSeries, SeriesRequest } from '../metricSeries';
import type { Recalled, StoredState } from '../ports';
import { parseChanges } from './changeText';
import { toDiskError } from './diskError';
import { JournalWriter, syncDirectory, type Predecessor } from './journal';
import { findStrays, recover, type Recovery } from './recovery';
import { writeSnapshot } from './snapshot';
import { Archives } from './archives';
import { History, type HistoryLimits, type HistoryPage, type PageCursor } from './history';
import { findMetricNames, findMetricSeries } from './metricHistory';
import { StoreDatabase } from './storeDatabase';
import {
  comparePlaces,
  findFormerGeneration,
  findNewestGeneration,
  journalName,
  listStoreFiles,
  snapshotName,
  temporaryName,
  type Place,
} from './storeFiles';
import type { StoreQuery } from './storeQueries';

export interface DurableStoreOptions {
  /** Where journals and snapshots are; made where it is missing. */
  readonly directory: string;
  /** Where the `generation-<n>` files are that fence them. */
  readonly home: string;
  readonly generation: number;
  /** How much journal there may be before a snapshot replaces it. */
  readonly snapshotBytes: number;
  readonly sql: SqlJsStatic;
  readonly limits: HistoryLimits;
  /** What went wrong beside any request, for people. */
  readonly onTrouble: (message: string) => void;
}

/** Many short lives of an engine leave many short journals. */
const maxJournals = 16;

/** From this part of the size on a snapshot is made at the end, too: the next start then has less to replay. */
const worthSaving = 1 / 16;

/** Commits that are taken into the tables at once: as objects they take many times their bytes. */
const applyAtOnce = 1000;

/** Throws WatchError: store-unavailable, store-damaged, superseded, version-mismatch. */
export class DurableStore {
  private writer: JournalWriter | undefined;
  private unapplied: string[] = [];
  private superseded: WatchError | undefined;
  private snapshotting: Promise<void> | undefined;
  /** What the next journal follows. */
  private last: Predecessor | null;
  /** In journals that were left, since the newest snapshot. */
  private journalBytes: number;
  private snapshotAt: number;
  private newestSnapshot: Place | null;
  private trouble: readonly string[];
  private readonly history: History;

  private constructor(
    private readonly options: DurableStoreOptions,
    private readonly database: StoreDatabase,
    private part: number,
    recovery: Recovery,
  ) {
    const { directory, sql, onTrouble, limits } = options;
    this.history = new History(database, new Archives({ directory, sql, onTrouble }), limits);
    this.last = recovery.last;
    this.journalBytes = recovery.journalBytes;
    this.snapshotAt = recovery.journals < maxJournals ? options.snapshotBytes : 0;
    this.newestSnapshot = recovery.snapshot?.place ?? null;
    this.trouble = recovery.damage.trouble;
  }

  static async open(options: DurableStoreOptions): Promise<DurableStore> {
    const { directory, home, generation } = options;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const { journals, snapshots, unfinished } = listStoreFiles(directory);
      const places = [...journals, ...snapshots, ...unfinished];
      if (Math.max(findNewestGeneration(home), ...places.map((place) => place.generation)) > generation)
        throw supersededError();
      const own = places.filter((place) => place.generation === generation);
      const strays = findStrays(directory, findFormerGeneration(home, generation));
      const recovery = recover(directory, strays);
      const database = StoreDatabase.open(options.sql, recovery.snapshot?.image);
      applyAll(database, recovery.commits);
      const store = new DurableStore(
        options,
        database,
        Math.max(-1, ...own.map(({ part }) => part)),
        recovery,
      );
      if (recovery.damage.broken) await store.beginAnew();
      keepAside(directory, recovery.damage.files, 'damaged');
      store.trouble = [
        ...store.trouble,
        ...keepAside(directory, strays, 'stray').map(describeStray(directory)),
      ];
      new Archives(options).sweep();
      for (const place of unfinished) rmSync(join(directory, temporaryName(place)), { force: true });
      return store;
    } catch (error) {
      throw toDiskError(error, directory);
    }
  }

  /** The trouble that was found when it was opened is told once. */
  load(): StoredState {
    this.absorb();
    const { trouble } = this;
    this.trouble = [];
    return { ...this.database.state(), trouble };
  }

  /** Makes all commits durable; where it throws they do not count once another commit was made. */
  write(commits: readonly string[]): void {
    if (this.superseded) throw this.superseded;
    let counting: number | undefined;
    try {
      this.writer ??= this.createJournal();
      counting = this.writer.length;
      this.writer.append(commits);
      // Whoever takes our place does so before reading: either it reads what was just synced, or we see it here.
      this.checkFence();
    } catch (error) {
      const reason = toDiskError(error, this.options.directory);
      if (reason.code !== 'superseded') this.leaveJournal(counting);
      throw reason;
    }
    for (const commit of commits) this.unapplied.push(commit);
  }

  /** Takes what was written into the tables, and has a snapshot made when it is time. For after the acknowledgement. */
  absorb(): void {
    if (!this.applyWritten()) return;
    if (this.unsavedBytes >= this.snapshotAt) this.beginSnapshot();
  }

  /** Has what is too old moved to archives, and archives whose time is over removed; both need a snapshot to be durable. */
  retire(now: number): void {
    this.absorb();
    if (this.history.isDue(now)) this.beginSnapshot();
  }

  private beginSnapshot(): void {
    this.snapshotting ??= this.makeSnapshot(this.unsavedBytes).finally(() => {
      this.snapshotting = undefined;
    });
  }

  recall(job: string): Recalled {
    this.absorb();
    return this.history.recall(job);
  }

  page(query: StoreQuery, cursor: PageCursor | null, count: number): HistoryPage {
    this.absorb();
    return this.history.page(query, cursor, count);
  }

  metricSeries(request: SeriesRequest): Promise<readonly MetricSeries[]> {
    this.absorb();
    return findMetricSeries(this.history, request);
  }

  metricNames(request: MetricNamesRequest): Promise<readonly MetricName[]> {
    this.absorb();
    return findMetricNames(this.history, request);
  }

  /** Waits for the snapshot that is being made. */
  async settle(): Promise<void> {
    await this.snapshotting;
  }

  async close(): Promise<void> {
    this.absorb();
    await this.settle();
    if (this.unsavedBytes >= this.snapshotAt * worthSaving) await this.makeSnapshot(this.unsavedBytes);
    this.writer?.close();
    this.writer = undefined;
    this.history.close();
    this.database.close();
  }

  /** Gives whether anything was new. */
  private applyWritten(): boolean {
    const commits = this.unapplied;
    this.unapplied = [];
    applyAll(this.database, commits);
    return commits.length > 0;
  }

  /** Journal since the newest snapshot. */
  private get unsavedBytes(): number {
    return this.journalBytes + (this.writer?.commitBytes ?? 0);
  }

  private nextPlace(): Place {
    this.part++;
    return { generation: this.options.generation, part: this.part };
  }

  private createJournal(): JournalWriter {
    return JournalWriter.create(this.options.directory, this.nextPlace(), this.last);
  }

  /** The next commit begins another journal; of this one `length` bytes count. */
  private leaveJournal(length = this.writer?.length ?? 0): void {
    if (!this.writer) return;
    this.last = { place: this.writer.place, length };
    this.journalBytes += this.writer.commitBytes;
    this.writer.close();
    this.writer = undefined;
  }

  private checkFence(): void {
    if (findNewestGeneration(this.options.home) > this.options.generation)
      this.superseded = supersededError();
    if (this.superseded) throw this.superseded;
  }

  /** Never throws: without a snapshot the journal goes on. */
  private async makeSnapshot(bytes: number): Promise<void> {
    try {
      this.checkFence();
      const expired = await this.history.archiveOld(Date.now());
      this.applyWritten();
      this.leaveJournal();
      this.writer = this.createJournal();
      const previous = this.newestSnapshot;
      await this.replaceJournals(this.writer.place);
      this.checkFence();
      this.sweep(previous);
      this.history.removeArchives(expired);
    } catch (error) {
      if (this.superseded) return;
      this.snapshotAt = bytes + this.options.snapshotBytes;
      this.options.onTrouble(
        `No snapshot of the store could be made: ${toDiskError(error, this.options.directory).message}`,
      );
    }
  }

  /** After a damage: what could be read becomes the beginning of another chain of journals. */
  private async beginAnew(): Promise<void> {
    this.writer = this.createJournal();
    await this.replaceJournals(this.writer.place);
  }

  private async replaceJournals(place: Place): Promise<void> {
    const before = this.journalBytes;
    await writeSnapshot(this.options.directory, place, this.database.image());
    this.newestSnapshot = place;
    this.journalBytes -= before;
    this.snapshotAt = this.options.snapshotBytes;
  }

  /** Removes what came before the previous snapshot: it is kept, with its journals, until the next one follows. */
  private sweep(previous: Place | null): void {
    if (!previous) return;
    const { directory } = this.options;
    const { journals, snapshots } = listStoreFiles(directory);
    const isOld = (place: Place): boolean => comparePlaces(place, previous) < 0;
    for (const place of snapshots.filter(isOld))
      rmSync(join(directory, snapshotName(place)), { force: true });
    for (const place of journals.filter(isOld)) rmSync(join(directory, journalName(place)), { force: true });
  }
}

function applyAll(database: StoreDatabase, commits: readonly string[]): void {
  for (let at = 0; at < commits.length; at += applyAtOnce)
    database.apply(commits.slice(at, at + applyAtOnce).map(parseChanges));
}

/** Files that cannot be used stay, under names that nothing reads and that are given. */
function keepAside(directory: string, names: readonly string[], why: 'damaged' | 'stray'): readonly string[] {
  const kept = names.map((name) => {
    let aside = `${why}-${name}`;
    for (let copy = 2; existsSync(join(directory, aside)); copy++) aside = `${why}-${name}.${copy}`;
    renameSync(join(directory, name), join(directory, aside));
    return aside;
  });
  if (names.length > 0) syncDirectory(directory);
  return kept;
}

const describeStray =
  (directory: string) =>
  (name: string): string =>
    `A file that does not belong to this store was in ${directory}, and is now called ${name}: it has a greater number than any engine had here, and follows from nothing. If it is of a copy that you brought here, bring back all files of that copy.`;

const supersededError = (): WatchError =>
  new WatchError(
    'superseded',
    'Another engine has taken over; this one writes nothing more.',
    'Nothing needs to be done: the newer engine goes on where this one stopped.',
  );
