// The engine's host: takes the election, serves clients, and ends when it is told to, not needed, or superseded.
import { mkdir } from 'node:fs/promises';
import type { Engine } from '../engine';
import { toWatchError, WatchError } from '../errors';
import type { GenerationRecord } from '../link/generationRecord';
import { homePaths } from '../link/home';
import { findProcess, identifyMachine } from '../link/machine';
import { checkHome } from '../link/ownHome';
import { ensureToken } from '../link/token';
import { protocolVersion, type EngineChange, type EngineEnd } from '../protocol';
import { ActiveMark } from './activeMark';
import { Clients } from './clients';
import { ClientValues } from './clientValues';
import { takeGeneration, type Candidate } from './election';
import { Endpoint } from './endpoint';
import {
  usualTimes,
  type EngineSeeds,
  type HostOptions,
  type HostTimes,
  type RunningHost,
} from './hostOptions';
import { IdleTimer } from './idle';
import { Lease } from './lease';
import { createLog, describeError } from './log';
import { Questions } from './questions';
import { sweepHome } from './sweep';

interface Surroundings extends HostOptions {
  readonly times: HostTimes;
  readonly log: (line: string) => void;
}

/** Null where another engine, of this machine or another, holds the home. Rejects where the home cannot be written. */
export async function runHost(options: HostOptions): Promise<RunningHost | null> {
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  await checkHome(options.home);
  const times = { ...usualTimes, ...options.times };
  const election = await takeGeneration(options.home, describeCandidate(options), times.leaseMs);
  if (election.kind === 'held') return null;
  const host = new Host(election.record, { ...options, times, log: createLog(homePaths(options.home).log) });
  await host.open();
  return host;
}

function describeCandidate({ version, bundleDirectory }: HostOptions): Candidate {
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
  readonly #questions: Questions;
  readonly #idle: IdleTimer;
  readonly #mark: ActiveMark;
  #attached: Engine | undefined;
  #endpoint: Endpoint | undefined;
  #finished: Promise<void> | undefined;
  #resolveEnded: (end: EngineEnd) => void = () => undefined;

  constructor(record: GenerationRecord, options: Surroundings) {
    const { generation, pid } = record;
    const { home, version, bundleDirectory, times, log } = options;
    log(`Engine ${version} begins as generation ${generation} of ${home}.`);
    this.#generation = generation;
    this.#options = options;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#mark = new ActiveMark(homePaths(home).active, log);
    this.#idle = new IdleTimer(times.idleMs, () => void this.stop('idle'));
    this.#lease = new Lease(record, {
      home,
      beatMs: times.beatMs,
      log,
      onLost: (why) => {
        log(`No longer the engine of ${home}: ${why}.`);
        void this.stop('superseded');
      },
    });
    const values = new ClientValues(home, log);
    const { promise: firstClient, resolve: clientCame } = createSignal(times.arrivalMs);
    const questions = new Questions({ clients: () => this.#clients.asked, firstClient });
    this.#questions = questions;
    const seeds: EngineSeeds = {
      ...{ home, generation, version, bundleDirectory, log },
      prompter: questions,
      settings: () => values.settings,
      environment: () => values.environment,
    };
    this.#engine = Promise.resolve().then(() => options.createEngine(seeds));
    this.#clients = new Clients({
      welcome: { version, pid, generation },
      engine: this.#engine,
      questions,
      values,
      readToken: () => ensureToken(home),
      helloMs: times.helloMs,
      log,
      started: Date.now(),
      onStop: (end) => this.#finish(end, null),
      onCount: () => {
        clientCame();
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
      // Clients read it before they knock.
      await ensureToken(home);
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
    const own = { generation: this.#generation, bundle: this.#options.bundleDirectory };
    // The store sees by the files of former generations what belongs to it.
    const sweep = (): Promise<void> => sweepHome(home, own, times.leaseMs);
    this.#engine.then(sweep, sweep).catch((error: unknown) => {
      log(`Old files could not be swept: ${String(error)}`);
    });
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
    const { jobs, watchers, removedWatchers } = change;
    if (jobs.length + watchers.length + removedWatchers.length > 0) this.#recount();
  }

  #recount(): void {
    if (this.#attached === undefined || this.#finished !== undefined) return;
    const { activeWatchers, pendingActions, waiting } = this.#attached;
    const work = activeWatchers + pendingActions;
    // What waits for a person is nothing to stay for, but something to come back for.
    this.#mark.say(work + waiting.length > 0);
    const { count: clients, keepRunning } = this.#clients;
    this.#idle.update({ clients, work, keepRunning });
  }

  /** Resolves when the next engine may start. */
  #finish(end: EngineEnd, error: WatchError | null): Promise<void> {
    this.#finished ??= this.#end(end, error);
    return this.#finished;
  }

  async #end(end: EngineEnd, error: WatchError | null): Promise<void> {
    const { log, times } = this.#options;
    log(`The engine ends: ${end}.${error === null ? '' : `\n${describeError(error)}`}`);
    this.#idle.stop();
    this.#clients.refuse();
    this.#questions.close();
    this.#endpoint?.close();
    const failure = await this.#settleInTime(times.finishMs);
    if (failure !== null) log(describeError(failure));
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
}

function tooLate(milliseconds: number): WatchError {
  return new WatchError(
    'internal',
    `The engine could not finish within ${milliseconds / 1000} s.`,
    'Nothing that was stored is lost; the log has the details.',
  );
}

/** Resolves when it is told to, or by itself after so many milliseconds. */
function createSignal(limit: number): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let tell: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => (tell = resolve));
  const timer = setTimeout(tell, limit);
  timer.unref();
  const resolve = (): void => {
    clearTimeout(timer);
    tell();
  };
  return { promise, resolve };
}
