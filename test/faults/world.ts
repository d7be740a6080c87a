// The world of a fault campaign: a home with a real engine in a process of its own, and clients that come and go.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { WatchError } from '../../engine/errors';
import { connectEngine, type EngineLink } from '../../engine/link/connect';
import { sightNewest } from '../../engine/link/generations';
import { findProcess } from '../../engine/link/machine';
import type { EngineMethod, EngineRequests, Surroundings } from '../../engine/protocol';
import { waitFor } from '../waitFor';
import { clockFile } from './clockFile';
import { Inbox } from './inbox';
import { armedFile, commandFile, heldFile, type Point } from './points';

const root = dirname(dirname(__dirname));

const passing = ['engine-unreachable', 'engine-stopping'];

export class World {
  readonly directory = mkdtempSync(join(tmpdir(), 'watchers-faults-'));
  readonly home = join(this.directory, 'home');
  readonly workdir = join(this.directory, 'work');
  readonly store = join(this.home, 'store');
  /** A disk of its own that can be filled; null where nothing can be mounted. */
  readonly disk: string | null;
  private readonly bundle = join(this.directory, 'bundle');
  private link: Promise<EngineLink> | undefined;
  private clockOffset = 0;
  /** What clients say of clusters. */
  surroundings: Surroundings = { settings: null, environment: {} };
  /** Where messages of watchers arrive. */
  readonly inbox = new Inbox(this.directory, this.home);
  /** Changes with each damage of the store, which may take what was acknowledged: before it, and after it. */
  damages = 0;
  /** Ids of events as the clients were told them, one list for each connection. */
  readonly told: number[][] = [];

  /** The more faults, the more history: the disk is to be filled by a fault and not by that. */
  constructor(faults: number) {
    for (const path of [this.home, this.workdir, this.store, join(this.directory, 'run')])
      mkdirSync(path, { recursive: true, mode: 0o700 });
    process.env['XDG_RUNTIME_DIR'] = join(this.directory, 'run');
    cpSync(join(root, 'dist/engine'), this.bundle, { recursive: true });
    buildSync({
      absWorkingDir: root,
      entryPoints: {
        host: 'test/faults/faultHost.ts',
        storeWorker: 'test/faults/faultStoreWorker.ts',
      },
      outdir: this.bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      external: ['cpu-features', '*.node'],
      logLevel: 'error',
    });
    const size = `size=${256 + faults}m,mode=700`;
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', this.store]);
    this.disk = mounted.status === 0 ? this.store : null;
  }

  /** A client of its own; the caller closes it. */
  async connect(): Promise<EngineLink> {
    const ids: number[] = [];
    this.told.push(ids);
    return connectEngine({
      home: this.home,
      version: '1.0.0',
      bundleDirectory: this.bundle,
      clientName: 'test',
      keepRunning: true,
      start: true,
      surroundings: () => this.surroundings,
      onChange: ({ events }) => ids.push(...events.map(({ id }) => id)),
      onLost: () => undefined,
    });
  }

  /** Asks the engine, of another one where it died meanwhile; for questions that may be asked twice. */
  async ask<M extends EngineMethod>(method: M, params: EngineRequests[M][0]): Promise<EngineRequests[M][1]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.askOnce(method, params);
      } catch (error) {
        if (!(error instanceof WatchError) || !passing.includes(error.code) || attempt === 20) throw error;
      }
    }
  }

  /** Where it throws, what came of it is unknown. */
  async askOnce<M extends EngineMethod>(
    method: M,
    params: EngineRequests[M][0],
  ): Promise<EngineRequests[M][1]> {
    const link = (this.link ??= this.connect());
    try {
      return await (await link).request(method, params);
    } catch (error) {
      if (link === this.link) await this.hangUp();
      throw error;
    }
  }

  async hangUp(): Promise<void> {
    const { link } = this;
    this.link = undefined;
    await link?.then((open) => open.close()).catch(() => undefined);
  }

  /** kill -9 of the engine, and of nothing else; what it says of itself and what the system knows must agree. */
  async kill(): Promise<void> {
    const newest = await sightNewest(this.home);
    if (newest?.state !== 'here' || !newest.record) return;
    const { pid, processStart } = newest.record;
    if (processStart === null || findProcess(pid)?.start !== processStart) return;
    process.kill(pid, 'SIGKILL');
    await waitFor('the end of the engine', () => findProcess(pid)?.start !== processStart);
    await this.hangUp();
  }

  log(): string {
    return readFileSync(join(this.home, 'engine.log'), 'utf8');
  }

  setClock(offset: number): void {
    this.clockOffset = offset;
    writeFileSync(join(this.home, clockFile), String(offset));
  }

  /** On the engine's wall clock. */
  now(): number {
    return Date.now() + this.clockOffset;
  }

  /** Holds the next that passes the point, until `release`. */
  arm(point: Point): void {
    writeFileSync(join(this.home, armedFile), point);
  }

  get isHeld(): boolean {
    return existsSync(join(this.home, heldFile));
  }

  /** A command of a watcher runs, as far as the engine that was killed last has told. */
  get isCommanding(): boolean {
    return existsSync(join(this.home, commandFile));
  }

  release(): void {
    for (const name of [armedFile, heldFile]) rmSync(join(this.home, name), { force: true });
  }

  async close(): Promise<void> {
    await this.ask('engine/stop', {}).catch(() => undefined);
    await this.hangUp();
    await this.kill();
    this.inbox.close();
    if (this.disk !== null) spawnSync('umount', ['-l', this.disk]);
    // Jobs that the engine has forgotten print on until they are done.
    await waitFor('the end of all jobs', () => remove(this.directory), 60_000);
  }
}

function remove(directory: string): boolean {
  try {
    rmSync(directory, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}
