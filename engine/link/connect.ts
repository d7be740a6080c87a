// Connects a client to the engine of a home; starts it, or takes over from an older version, where the client wants that.
import { setTimeout as delay } from 'node:timers/promises';
import { WatchError } from '../errors';
import { protocolVersion, type Hello, type Surroundings } from '../protocol';
import { doesNotAnswer, explainHome, isElsewhere, noneRuns } from './connectErrors';
import type { GenerationRecord } from './generationRecord';
import { sightNewest, type Sighting } from './generations';
import { greet, type Acquaintance, type EngineLink, type LinkEvents } from './greet';
import { leaseMs } from './holder';
import { launchHere, launchProcess, type EngineLocation, type Launch, type LaunchOptions } from './launch';
import { checkHome } from './ownHome';
import { readToken } from './token';
import { compareVersions } from './versions';

export type { EngineLink } from './greet';

export interface ConnectOptions extends LaunchOptions, LinkEvents {
  readonly clientName: Hello['client'];
  /** Whether watching shall go on when the last client has left; null: no opinion. */
  readonly keepRunning: boolean | null;
  /** Whether `onQuestion` can ask a person; no where absent. */
  readonly canAsk?: boolean | undefined;
  /** Whether it can answer without one; no where absent. */
  readonly hasSafe?: boolean | undefined;
  /** Read at each hello. */
  readonly surroundings?: (() => Surroundings) | undefined;
  /** Start the engine where none runs, and replace one of an older version; otherwise take what is there. */
  readonly start: boolean;
  /** `childProcess` where absent. */
  readonly location?: EngineLocation | undefined;
  readonly times?: Partial<ConnectTimes> | undefined;
}

/** All in ms. */
export interface ConnectTimes {
  /** For everything until the welcome; anew once an older engine was asked to end. */
  readonly connectMs: number;
  /** For an answer to hello. */
  readonly helloMs: number;
  readonly leaseMs: number;
}

const usualTimes: ConnectTimes = { connectMs: 25_000, helloMs: 8_000, leaseMs };
const lookEveryMs = 20;
/** An engine that refuses a token makes a new one if its file was lost: so often it is read again. */
const mostRefusals = 5;
const nothingToSay: Surroundings = { settings: null, environment: {} };

/**
 * Throws WatchError: `engine-unreachable` where none runs and none was to be started, where it runs on another machine, or
 * where it does not answer, or its home cannot be used; `version-mismatch`; or the reason for which a started engine gave up.
 */
export async function connectEngine(options: ConnectOptions): Promise<EngineLink> {
  return new Connecting(options).run();
}

/** Looks at the newest generation again and again, and does the one thing that it calls for. */
class Connecting {
  readonly #options: ConnectOptions;
  readonly #times: ConnectTimes;
  #deadline: number;
  #location: Exclude<EngineLocation, 'any'>;
  #launch: Launch | undefined;
  /** The launch's outcome before the last look: what it left behind, that look has seen. */
  #outcome: Launch['outcome'];
  /** The newest generation when this client began to launch one. */
  #before = 0;
  #refusals = 0;
  /** Why the last address was not trusted; the engine looks for another one. */
  #unsafe: WatchError | null = null;

  constructor(options: ConnectOptions) {
    this.#options = options;
    this.#times = { ...usualTimes, ...options.times };
    this.#deadline = Date.now() + this.#times.connectMs;
    this.#location = options.location === 'thisProcess' ? 'thisProcess' : 'childProcess';
  }

  async run(): Promise<EngineLink> {
    try {
      await checkHome(this.#options.home);
      for (;;) {
        this.#outcome = this.#launch?.outcome;
        const newest = await sightNewest(this.#options.home, this.#times.leaseMs);
        const link = await this.#advance(newest);
        if (link !== null) return link;
        if (Date.now() > this.#deadline) throw this.#unsafe ?? doesNotAnswer(newest, this.#options.home);
        await delay(lookEveryMs);
      }
    } catch (error) {
      await this.#launch?.close();
      throw explainHome(error, this.#options.home);
    }
  }

  async #advance(newest: Sighting | null): Promise<EngineLink | null> {
    const record = newest?.record ?? null;
    if (newest?.state === 'elsewhere') {
      if (record !== null) throw isElsewhere(record);
      return null;
    }
    if (newest?.state !== 'gone' && record?.address) {
      const link = await this.#knock(record.address, record);
      if (link !== null) return link;
    }
    if (newest?.state !== 'here') await this.#startEngine(newest);
    return null;
  }

  async #knock(address: string, { version: theirs }: GenerationRecord): Promise<EngineLink | null> {
    const { version, clientName: client, keepRunning, start } = this.#options;
    const { onChange, onOutput, onLost, onQuestion } = this.#options;
    const { canAsk = false, hasSafe = false } = this.#options;
    const surroundings = this.#options.surroundings?.() ?? nothingToSay;
    const token = (await readToken(this.#options.home)) ?? '';
    const hello: Hello = {
      ...{ protocol: protocolVersion, version, client, token, pid: process.pid },
      ...{ keepRunning, canAsk, hasSafe, ...surroundings },
    };
    const events = { onChange, onOutput, onLost, onQuestion };
    const greeting = await greet(address, hello, { helloMs: this.#times.helloMs, ...events });
    this.#unsafe = greeting.kind === 'nobody' ? greeting.reason : null;
    if (greeting.kind === 'nobody') return null;
    const takesOver = start && compareVersions(theirs, version) < 0;
    if (greeting.kind === 'refused') {
      if (greeting.error.code === 'version-mismatch' && takesOver) await this.#replace(greeting.acquaintance);
      else {
        await greeting.acquaintance.close();
        if (greeting.error.code !== 'not-allowed' || ++this.#refusals > mostRefusals) throw greeting.error;
      }
      return null;
    }
    if (takesOver) {
      await this.#replace(greeting.link);
      return null;
    }
    return this.#own(greeting.link);
  }

  async #replace(older: Acquaintance): Promise<void> {
    await older.stopEngine().catch(() => undefined);
    await older.close();
    this.#deadline = Date.now() + this.#times.connectMs;
  }

  /** An engine inside this process ends with the link that started it. */
  #own(link: EngineLink): EngineLink {
    const launch = this.#launch;
    return {
      ...link,
      close: async () => {
        await link.close();
        await launch?.close();
      },
    };
  }

  async #startEngine(newest: Sighting | null): Promise<void> {
    if (!this.#options.start) throw noneRuns();
    const failure = newest !== null && newest.generation > this.#before ? newest.record?.ended?.error : null;
    if (this.#launch !== undefined && failure)
      throw new WatchError(failure.code, failure.message, failure.remedy);
    if (this.#launch !== undefined && this.#outcome === undefined) return;
    if (this.#outcome?.error) this.#fallBack(this.#outcome.error);
    this.#before = newest?.generation ?? 0;
    this.#launch = await (this.#location === 'thisProcess' ? launchHere : launchProcess)(this.#options);
  }

  #fallBack(error: WatchError): void {
    if (this.#options.location !== 'any' || this.#location === 'thisProcess') throw error;
    this.#location = 'thisProcess';
  }
}
