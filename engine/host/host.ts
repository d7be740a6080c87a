// The engine's host: takes the election, serves clients, and ends when it is told to, not needed, or superseded.
import { mkdir } from 'node:fs/promises';
import type { Engine } from '../engine';
import { toWatchError, WatchError } from '../errors';
import { sweepBundles } from '../link/bundle';
import { listGenerations, sightGeneration, type GenerationRecord } from '../link/generations';
import { leaseMs } from '../link/holder';
import { homePaths } from '../link/home';
import { findProcess, identifyMachine } from '../link/machine';
import { protocolVersion, type EngineChange, type EngineEnd } from '../protocol';
import { ActiveMark } from './activeMark';
import { Clients } from './clients';
import { sweepGenerations, takeGeneration } from './election';
import { Endpoint } from './endpoint';
import { IdleTimer } from './idle';
import { Lease } from './lease';
import { createLog } from './log';

/** All in ms. */
export interface HostTimes {
  readonly beatMs: number;
  readonly leaseMs: number;
  /** How long the engine stays when nobody needs it. */
  readonly idleMs: number;
  readonly socketCheckMs: number;
  /** What is being done may take so long when the engine is told to end. */
  readonly finishMs: number;
}

const usualTimes: HostTimes = {
  beatMs: 10_000,
  leaseMs,
  idleMs: 60_000,
  socketCheckMs: 2_000,
  finishMs: 20_000,
};

export interface EngineSeeds {
  readonly home: string;
  readonly generation: number;
  readonly version: string;
  /** Where the engine's files stay while it runs. */
  readonly bundleDirectory: string;
  readonly log: (line: string) => void;
}

export interface HostOptions {
  readonly home: string;
  readonly version: string;
  readonly bundleDirectory: string;
  readonly createEngine: (seeds: EngineSeeds) => Promise<Engine>;
  readonly times?: Partial<HostTimes>;
}

/** The engine in this process. */
export interface RunningHost {
  /** When it has ended, and why; never rejects. */
  readonly ended: Promise<EngineEnd>;
  /** Finishes what is being written; resolves with `ended`. */
  stop(end: EngineEnd): Promise<EngineEnd>;
}

interface Surroundings extends HostOptions {
  readonly times: HostTimes;
  readonly log: (line: string) => void;
}

/** Null where another engine, of this machine or another, holds the home. Rejects where the home cannot be written. */
export async function runHost(options: HostOptions): Promise<RunningHost | null> {
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const times = { ...usualTimes, ...options.times };
  const election = await takeGeneration(options.home, describeCandidate(options), times.leaseMs);
  if (election.kind === 'held') return null;
  const host = new Host(election.record, { ...options, times, log: createLog(homePaths(options.home).log) });
  await host.open();
  return host;
}

function describeCandidate({ version, bundleDirectory }: HostOptions): Omit<GenerationRecord, 'generation'> {
  return {
    machine: identifyMachine(),
    pid: process.pid,
    processStart: findProcess(process.pid)?.start ?? null,
    version,
    protocol: protocolVersion,
    bundle: bundleDirectory,
    address: null,
    beat: new Date().toISOString(),
    ended: null,
  };
}

class Host implements RunningHost {
  readonly ended: Promise<EngineEnd>;
  readonly #generation: number;
  readonly #options: Surroundings;
  readonly #lease: Lease;
  readonly #engine: Promise<Engine>;
  readonly #clients: Clients;
  readonly #idle: IdleTimer;
  readonly #mark: ActiveMark;
  #attached: Engine | undefined;
  #endpoint: Endpoint | undefined;
  #finished: Promise<void> | undefined;
  #resolveEnded: (end: EngineEnd) => void = () => undefined;

  constructor({ generation, pid, ...record }: GenerationRecord, options: Surroundings) {
    const { home, version, bundleDirectory, times, log } = options;
    log(`Engine ${version} begins as generation ${generation} of ${home}.`);
    this.#generation = generation;
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#mark = new ActiveMark(homePaths(home).active, log);
    this.#idle = new IdleTimer(times.idleMs, () => void this.stop('idle'));
    this.#lease = new Lease(
      { generation, pid, ...record },
      {
        home,
        beatMs: times.beatMs,
        log,
        onLost: (why) => {
          log(`No longer the engine of ${home}: ${why}.`);
          void this.stop('superseded');
        },
      },
    );
    this.#engine = Promise.resolve().then(() =>
      options.createEngine({ home, generation, version, bundleDirectory, log }),
    );
    this.#clients = new Clients({
      welcome: { version, pid, generation },
      engine: this.#engine,
      started: Date.now(),
      onStop: (end) => this.#finish(end, null),
      onCount: () => {
        this.#recount();
      },
    });
  }

  /** Clients may come before the engine is ready; their hello waits for it. */
  async open(): Promise<void> {
    const { home, log, times } = this.#options;
    this.#engine.then(
      (engine) => {
        this.#attach(engine);
      },
      (error: unknown) => {
        this.#fail(error);
      },
    );
    try {
      this.#endpoint = await Endpoint.open({
        home,
        generation: this.#generation,
        checkMs: times.socketCheckMs,
        log,
        onSocket: (socket) => {
          this.#clients.accept(socket);
        },
        onAddress: (address) => this.#lease.announce(address),
      });
      if (this.#finished !== undefined) this.#endpoint.close();
    } catch (error) {
      this.#fail(error);
    }
    void this.#sweep();
  }

  stop(end: EngineEnd): Promise<EngineEnd> {
    void this.#finish(end, null);
    return this.ended;
  }

  #fail(error: unknown): void {
    void this.#finish('failed', toWatchError(error));
  }

  #attach(engine: Engine): void {
    this.#attached = engine;
    engine.onChange((change) => {
      this.#publish(change);
    });
    this.#recount();
  }

  #publish(change: EngineChange): void {
    this.#clients.broadcast(change);
    if (change.watchers.length > 0 || change.removedWatchers.length > 0) this.#recount();
  }

  #recount(): void {
    if (this.#attached === undefined || this.#finished !== undefined) return;
    const { activeWatchers } = this.#attached;
    this.#mark.say(activeWatchers > 0);
    const { count: clients, keepRunning } = this.#clients;
    this.#idle.update({ clients, activeWatchers, keepRunning });
  }

  /** Resolves when the next engine may start. */
  #finish(end: EngineEnd, error: WatchError | null): Promise<void> {
    this.#finished ??= this.#end(end, error);
    return this.#finished;
  }

  async #end(end: EngineEnd, error: WatchError | null): Promise<void> {
    const { log, times } = this.#options;
    log(`The engine ends: ${end}.${error === null ? '' : `\n${describe(error)}`}`);
    this.#idle.stop();
    this.#clients.refuse();
    this.#endpoint?.close();
    const failure = await this.#settleInTime(times.finishMs);
    if (failure !== null) log(describe(failure));
    const told = failure === null ? end : 'failed';
    await this.#record(told, error ?? failure);
    void this.#clients.end(told).then(() => {
      this.#resolveEnded(told);
    });
  }

  async #settleInTime(limit: number): Promise<WatchError | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<WatchError>((resolve) => {
      timer = setTimeout(() => {
        resolve(tooLate(limit));
      }, limit);
    });
    try {
      return await Promise.race([this.#settle().then(() => null, toWatchError), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #settle(): Promise<void> {
    const engine = await this.#engine.catch(() => null);
    await engine?.close();
    await this.#clients.settled();
    await this.#mark.settled();
  }

  async #record(end: EngineEnd, cause: WatchError | null): Promise<void> {
    const error = cause === null ? null : { code: cause.code, message: cause.message, remedy: cause.remedy };
    try {
      await this.#lease.end({ end, error });
    } catch (thrown) {
      this.#options.log(`The end could not be recorded: ${String(thrown)}`);
    }
  }

  /** What dead engines left; none of it matters to this one. */
  async #sweep(): Promise<void> {
    const { home, bundleDirectory, log, times } = this.#options;
    try {
      await sweepGenerations(home, this.#generation, times.leaseMs);
      const left = await Promise.all(
        (await listGenerations(home)).map((one) => sightGeneration(home, one, times.leaseMs)),
      );
      const used = left.flatMap((one) => (one?.record && one.state !== 'gone' ? [one.record.bundle] : []));
      await sweepBundles(home, [bundleDirectory, ...used]);
    } catch (error) {
      log(`Old files could not be swept: ${String(error)}`);
    }
  }
}

function describe(error: WatchError): string {
  const cause = error.cause instanceof Error ? `\n${error.cause.stack ?? ''}` : '';
  return `${error.code}: ${error.message} ${error.remedy}${cause}`;
}

function tooLate(milliseconds: number): WatchError {
  return new WatchError(
    'internal',
    `The engine could not finish within ${milliseconds / 1000} s.`,
    'Nothing that was stored is lost; the log has the details.',
  );
}
