// Archives: files of the store's own schema, at least one a month, for records that have left the main store.
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import type { Recalled } from '../ports';
import { findSystemCode } from './diskError';
import { syncDirectory } from './journal';
import { readImage, stampImage } from './snapshot';
import { StoreDatabase, type PageRow } from './storeDatabase';
import type { StoreQuery } from './storeQueries';

export interface ArchivesOptions {
  readonly directory: string;
  readonly sql: SqlJsStatic;
  readonly onTrouble: (message: string) => void;
}

/** `2026-11` and the second part of it: `archive-2026-11-2.sqlite`. */
export const archiveName = (month: string, part: number): string =>
  `archive-${month}${part > 1 ? `-${part}` : ''}.sqlite`;

export class Archives {
  /** The one that was read last: queries go through an archive page by page. */
  private open: { readonly name: string; readonly database: StoreDatabase } | undefined;
  private readonly told = new Set<string>();

  constructor(private readonly options: ArchivesOptions) {}

  /** `fill` copies into the archive, which is durable when this returns. */
  add(name: string, fill: (archive: StoreDatabase) => void): void {
    const image = this.read(name);
    this.close();
    const database = StoreDatabase.open(this.options.sql, image);
    try {
      fill(database);
      this.write(name, database.image());
    } finally {
      database.close();
    }
  }

  page(
    name: string,
    query: StoreQuery,
    range: { readonly before: number | null; readonly count: number; readonly jobs?: readonly string[] },
  ): readonly PageRow[] {
    return this.use(name)?.page(query, range.before, range.count, range.jobs) ?? [];
  }

  recall(name: string, job: string): Recalled | undefined {
    return this.use(name)?.recall(job);
  }

  /** Nothing happens if it cannot be read. */
  visit(name: string, work: (archive: StoreDatabase) => void): void {
    const archive = this.use(name);
    if (archive) work(archive);
  }

  remove(name: string): void {
    this.close();
    rmSync(join(this.options.directory, name), { force: true });
  }

  /** Archives that were never finished. */
  sweep(): void {
    for (const name of readdirSync(this.options.directory))
      if (/^archive-.*\.tmp$/.test(name)) rmSync(join(this.options.directory, name), { force: true });
  }

  close(): void {
    this.open?.database.close();
    this.open = undefined;
  }

  private use(name: string): StoreDatabase | undefined {
    if (this.open?.name === name) return this.open.database;
    this.close();
    const image = this.read(name);
    if (!image) return undefined;
    const database = StoreDatabase.open(this.options.sql, image);
    this.open = { name, database };
    return database;
  }

  /** Undefined where there is none; a damaged one is kept aside, and told. */
  private read(name: string): Uint8Array | undefined {
    const { directory } = this.options;
    try {
      const image = readImage(directory, name);
      if (image) return image;
      renameSync(join(directory, name), join(directory, `damaged-${name}`));
      this.tell(name, `${name} is damaged; it was kept as damaged-${name}, and what it held is missing.`);
    } catch (error) {
      if (findSystemCode(error) !== 'ENOENT') throw error;
    }
    return undefined;
  }

  private tell(name: string, message: string): void {
    if (this.told.has(name)) return;
    this.told.add(name);
    this.options.onTrouble(message);
  }

  private write(name: string, image: Uint8Array): void {
    const { directory } = this.options;
    const temporary = join(directory, `${name}.tmp`);
    try {
      const handle = openSync(temporary, 'w', 0o600);
      try {
        for (let rest = stampImage(image); rest.length > 0;) rest = rest.subarray(writeSync(handle, rest));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(temporary, join(directory, name));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    syncDirectory(directory);
  }
}
