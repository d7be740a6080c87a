// A home of its own for each test of the engine's process, with real processes that are ended afterwards.
import { buildSync } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { HostTimes } from '../../engine/host/hostOptions';
import { connectEngine, type ConnectOptions } from '../../engine/link/connect';
import type { GenerationRecord } from '../../engine/link/generationRecord';
import { sightNewest, type Sighting } from '../../engine/link/generations';
import type { EngineLink } from '../../engine/link/greet';
import { findProcess } from '../../engine/link/machine';
import { superviseEngine, type EngineSupervisor, type LinkState } from '../../engine/link/supervise';
import type { EngineChange, EngineEnd, Welcome } from '../../engine/protocol';
import { waitFor } from '../waitFor';

const root = dirname(dirname(__dirname));

/** Both programs of these tests, bundled as the product's are: once for all tests of a run. */
export function buildPrograms(): string {
  const directory = mkdtempSync(join(tmpdir(), 'watchers-programs-'));
  buildSync({
    absWorkingDir: root,
    entryPoints: { 'engine/host': 'test/system/fakeHost.ts', racingClient: 'test/system/racingClient.ts' },
    outdir: directory,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
  return directory;
}

export interface Watched {
  readonly supervisor: EngineSupervisor;
  readonly states: LinkState[];
  readonly changes: EngineChange[];
  reconnects: number;
}

export class EngineWorld {
  readonly home: string;
  readonly bundle: string;
  readonly runtime: string;
  readonly #programs: string;
  readonly #directory: string;
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #env = { ...process.env };

  constructor(programs: string, times: Partial<HostTimes> = {}) {
    this.#programs = programs;
    this.#directory = mkdtempSync(join(tmpdir(), 'watchers-world-'));
    this.home = join(this.#directory, 'home');
    this.bundle = join(this.#directory, 'bundle');
    this.runtime = join(this.#directory, 'run');
    mkdirSync(this.runtime, { mode: 0o700 });
    cpSync(join(programs, 'engine'), this.bundle, { recursive: true });
    process.env['XDG_RUNTIME_DIR'] = this.runtime;
    process.env['FAKE_HOST_TIMES'] = JSON.stringify({ socketCheckMs: 50, beatMs: 100, ...times });
  }

  async connect(options: Partial<ConnectOptions> = {}): Promise<EngineLink> {
    const link = await connectEngine({
      ...this.#options(),
      start: true,
      onLost: () => undefined,
      ...options,
    });
    this.#closers.push(() => link.close());
    return link;
  }

  supervise(options: Partial<ConnectOptions> = {}): Watched {
    const states: LinkState[] = [];
    const changes: EngineChange[] = [];
    const supervisor = superviseEngine({
      ...this.#options(),
      ...options,
      onChange: (change) => changes.push(change),
      onState: (state) => states.push(state),
      onReconnected: () => watched.reconnects++,
    });
    const watched: Watched = { supervisor, states, changes, reconnects: 0 };
    this.#closers.push(() => supervisor.close());
    return watched;
  }

  /** A client in a process of its own, when it has been welcomed. */
  async race(version = '1.0.0'): Promise<Welcome> {
    const words = [join(this.#programs, 'racingClient.js'), this.home, this.bundle, version];
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#closers.push(() => endClient(child));
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return JSON.parse(line) as Welcome;
  }

  newest(): Promise<Sighting | null> {
    return sightNewest(this.home);
  }

  async record(): Promise<GenerationRecord> {
    return waitFor('a readable record', async () => (await this.newest())?.record);
  }

  log(): string {
    return readFileSync(join(this.home, 'engine.log'), 'utf8');
  }

  environment(pid: number): string {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').replaceAll('\0', '\n');
  }

  directory(pid: number): string {
    return readlinkSync(`/proc/${pid}/cwd`);
  }

  lives(pid: number): boolean {
    return findProcess(pid) !== null;
  }

  /** As `kill -9` does, with the engine of this world alone. */
  kill(pid: number): void {
    process.kill(pid, 'SIGKILL');
  }

  async ended(): Promise<EngineEnd> {
    return waitFor('the end of the engine', async () => (await this.newest())?.record?.ended?.end);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#closers.map((close) => close()));
    for (const pid of this.#enginesLeft()) this.kill(pid);
    await waitFor('the end of all engines', () => this.#enginesLeft().length === 0);
    for (const name of ['XDG_RUNTIME_DIR', 'FAKE_HOST_TIMES', 'FAKE_ENGINE_DAMAGED'])
      restore(name, this.#env[name]);
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #options(): Omit<ConnectOptions, 'start' | 'onLost'> {
    return {
      home: this.home,
      version: '1.0.0',
      bundleDirectory: this.bundle,
      clientName: 'test',
      keepRunning: null,
      onChange: () => undefined,
    };
  }

  /** Also those that lost an election a moment ago. Every engine of this world has the home on its command line. */
  #enginesLeft(): readonly number[] {
    const pids = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
    return pids.filter(
      (pid) => pid !== process.pid && commandLine(pid).includes(this.home) && findProcess(pid) !== null,
    );
  }
}

function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

async function endClient(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  if (child.exitCode === null) await once(child, 'exit');
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}
