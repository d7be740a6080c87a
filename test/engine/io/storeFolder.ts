// A folder for real stores, of one test: opens them, and removes itself.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore, type SqliteStoreOptions } from '../../../engine/io/sqliteStore';
import type { Store } from '../../../engine/ports';

export const bundles = join(__dirname, '../../../dist/engine');

/** The path of a bundle that `node scripts/build.mjs` has made. */
export function findBundle(name: string): string {
  const path = join(bundles, name);
  if (!existsSync(path)) throw new Error(`${path} is missing: run node scripts/build.mjs`);
  return path;
}

export class StoreFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'slurm-watchers-store-'));
  private readonly stores: Store[] = [];

  /** A further store on this folder, of generation 1 unless it says otherwise. */
  open(options: Partial<SqliteStoreOptions> = {}): Store {
    const store = createSqliteStore({
      directory: this.path,
      generation: 1,
      workerPath: findBundle('storeWorker.js'),
      wasmPath: findBundle('sql-wasm.wasm'),
      ...options,
    });
    this.stores.push(store);
    return store;
  }

  /** Does what an engine does before it reads anything. */
  takeGeneration(generation: number): void {
    writeFileSync(join(this.path, `generation-${generation}`), '', { flag: 'wx' });
  }

  files(): string[] {
    return readdirSync(this.path).sort();
  }

  async close(): Promise<void> {
    for (const store of this.stores.splice(0)) await store.close();
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.path, { recursive: true, force: true });
  }
}
