// Serves the clients of the engine: hello first, then requests, and news to all of them.
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Engine } from '../engine';
import { WatchError } from '../errors';
import { isToken } from '../link/token';
import { engineLimits, Wire } from '../link/wire';
import { compareVersions } from '../link/versions';
import {
  protocolVersion,
  type EngineChange,
  type EngineEnd,
  type EngineStatus,
  type Hello,
  type PromptRequest,
  type Surroundings,
  type Welcome,
} from '../protocol';
import type { ClientValues } from './clientValues';
import { Followed } from './followed';
import type { Asked, Questions } from './questions';
import { describeClient, describeDoing } from './callers';
import { answer, checkAnyHello, checkRequest, findReached } from './requests';

/** A client that leaves so much news unread sleeps; it is hung up on, and asks anew when it wakes. */
const longestBacklog = 1000;

/** How long a client may take to read the last word, ms. */
const farewellMs = 1000;

/** What has not been answered yet, and what was answered and not read, of one client. */
const [mostPending, mostUnread] = [500, engineLimits.gives];

/** Connections that have not said hello yet; the oldest has to go for one more. */
const mostStrangers = 100;

/** A refusal is read within this time, ms. */
const refusalMs = 1000;

/** The first protocol that has a token. */
const tokenProtocol = 3;

export interface ClientsOptions {
  readonly welcome: Omit<Welcome, 'protocol'>;
  /** Rejects where the engine could not be made. */
  readonly engine: Promise<Engine>;
  readonly questions: Questions;
  readonly values: ClientValues;
  /** That of the home. */
  readonly readToken: () => Promise<string>;
  /** See HostTimes. */
  readonly helloMs: number;
  readonly log: (line: string) => void;
  /** When the process began, ms since 1970. */
  readonly started: number;
  /** Resolves when the next engine may start. */
  readonly onStop: (end: EngineEnd) => Promise<unknown>;
  /** Somebody came or left. */
  readonly onCount: () => void;
}

interface Session extends Asked {
  readonly wire: Wire;
  /** What it said, with the right token, though its protocol may have been refused. */
  hello: Hello | null;
  welcome: boolean;
  /** Nothing more is listened to. */
  refused: boolean;
  /** Of its token; never rejects. */
  check: Promise<void>;
  pending: number;
  readonly follows: Followed;
}

export class Clients {
  readonly #options: ClientsOptions;
  readonly #sessions = new Set<Session>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #stops: Promise<unknown>[] = [];
  #keepRunning: boolean | null = null;
  #ending = false;

  constructor(options: ClientsOptions) {
    this.#options = options;
  }

  /** Those that may be asked, the newest first. */
  get asked(): readonly Asked[] {
    return [...this.#sessions].filter(({ welcome }) => welcome).reverse();
  }

  get count(): number {
    return [...this.#sessions].filter((session) => session.welcome).length;
  }

  /** What the newest client with an opinion said, also if it has left; null where none had any. */
  get keepRunning(): boolean | null {
    return this.#keepRunning;
  }

  accept(socket: Socket): void {
    const wire = new Wire(socket, engineLimits);
    const session = createSession(wire);
    const strangers = [...this.#sessions].filter(({ hello }) => hello === null);
    if (strangers.length >= mostStrangers) strangers[0]?.wire.destroy();
    this.#sessions.add(session);
    const late = setTimeout(() => {
      if (session.hello === null) wire.destroy();
    }, this.#options.helloMs);
    void wire.closed.then(() => {
      clearTimeout(late);
      this.#sessions.delete(session);
      session.follows.endAll();
      if (session.welcome) this.#options.onCount();
    });
    wire.onRequest(async (method, params) => {
      session.pending++;
      try {
        const work = this.#handle(session, method, params);
        // Who asks for the end is answered after everybody else.
        return await (method === 'engine/stop' ? work : this.#track(work));
      } finally {
        session.pending--;
      }
    });
  }

  broadcast(change: EngineChange): void {
    for (const { wire, welcome } of this.#sessions) {
      if (!welcome) continue;
      if (wire.backlog > longestBacklog) wire.destroy();
      else wire.notify('engine/changed', change).catch(hangsUp);
    }
  }

  /** From now on nothing new is begun. */
  refuse(): void {
    this.#ending = true;
  }

  /** When what was begun has been answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  /**
   * Says why; the clients hang up when they have read it and everything before. Who does not listen is not waited for.
   */
  async end(end: EngineEnd): Promise<void> {
    const farewell = async ({ wire }: Session): Promise<void> => {
      const deaf = setTimeout(() => {
        wire.destroy();
      }, farewellMs);
      wire.notify('engine/ending', { end }).catch(hangsUp);
      await wire.closed;
      clearTimeout(deaf);
    };
    await Promise.allSettled(this.#stops);
    await nextTurn();
    await Promise.all([...this.#sessions].map(farewell));
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    const done = (): void => void this.#running.delete(work);
    work.then(done, done);
    return work;
  }

  async #handle(session: Session, method: string, params: unknown): Promise<unknown> {
    if (method === 'engine/hello' && !session.refused) {
      const check = this.#checkToken(session, params);
      session.check = check.catch(hangsUp);
      await check;
      checkAnyHello(params);
      return this.#greet(session, params as Hello);
    }
    // What came right after the hello is answered after it.
    await session.check;
    if (session.refused) throw notAllowed();
    if (session.hello === null) {
      throw new WatchError('bad-request', `${method} came before engine/hello.`, 'Say hello first.');
    }
    if (method === 'engine/stop') return this.#stop(session.hello);
    if (!session.welcome) throw mismatch(session.hello, this.#options.welcome.version);
    if (this.#ending) throw stopping();
    if (session.wire.unread > mostUnread) session.wire.destroy();
    if (session.pending > mostPending) throw tooMany();
    checkRequest(method, params);
    if (method === 'engine/surroundings') return this.#take(session.hello, params as Surroundings);
    const clusters = await findReached(await this.#options.engine, method, params);
    return this.#options.questions.during(clusters, session, () => this.#serve(session, method, params));
  }

  /** Before anything else of a hello is looked at. A program from before there were tokens hears what to do. */
  async #checkToken(session: Session, params: unknown): Promise<void> {
    const { token, protocol, version } = (params ?? {}) as Partial<Record<keyof Hello, unknown>>;
    if (isToken(token, await this.#options.readToken())) return;
    session.refused = true;
    setTimeout(() => {
      session.wire.destroy();
    }, refusalMs).unref();
    if (typeof protocol === 'number' && protocol < tokenProtocol && typeof version === 'string')
      throw mismatch({ protocol, version }, this.#options.welcome.version);
    this.#options.log('A program that does not have the token of this home was refused.');
    throw notAllowed();
  }

  async #take({ client }: Hello, surroundings: Surroundings): Promise<null> {
    if (this.#options.values.take(client, surroundings)) (await this.#options.engine).refresh();
    return null;
  }

  async #greet(session: Session, hello: Hello): Promise<Welcome> {
    session.hello = hello;
    session.wire.admit();
    if (hello.protocol !== protocolVersion) throw mismatch(hello, this.#options.welcome.version);
    if (this.#ending) throw stopping();
    checkRequest('engine/hello', hello);
    const isNews = this.#options.values.take(hello.client, hello);
    const engine = await this.#options.engine;
    session.welcome = true;
    if (hello.keepRunning !== null) this.#keepRunning = hello.keepRunning;
    this.#options.onCount();
    if (isNews) engine.refresh();
    else if (hello.hasSafe) engine.retrySignIns();
    return { protocol: protocolVersion, ...this.#options.welcome };
  }

  async #stop(hello: Hello): Promise<null> {
    const newer = compareVersions(hello.version, this.#options.welcome.version) > 0;
    const stop = this.#options.onStop(newer ? 'handover' : 'asked');
    this.#stops.push(stop);
    await stop;
    return null;
  }

  async #serve({ hello, follows, wire }: Session, method: string, params: unknown): Promise<unknown> {
    const engine = await this.#options.engine;
    if (method === 'engine/status') return this.#status(engine);
    const by = describeClient(hello);
    const heard = describeDoing(method, params);
    if (heard !== null) this.#options.log(`${heard}, by ${by}.`);
    const tell = (listener: number, text: string): void => {
      wire.notify('engine/printed', { listener, text }).catch(hangsUp);
    };
    return answer(engine, method, params, { by, follows, tell });
  }

  #status({ activeWatchers, clusters, waiting }: Engine): EngineStatus {
    const { pid, version, generation } = this.#options.welcome;
    const uptimeSeconds = (Date.now() - this.#options.started) / 1000;
    return {
      pid,
      version,
      generation,
      uptimeSeconds,
      clients: this.count,
      activeWatchers,
      clusters,
      waiting,
    };
  }
}

function createSession(wire: Wire): Session {
  const session = {
    wire,
    hello: null as Hello | null,
    welcome: false,
    refused: false,
    check: Promise.resolve(),
    pending: 0,
    follows: new Followed(wire),
    get canAsk() {
      return session.hello?.canAsk ?? false;
    },
    get hasSafe() {
      return session.hello?.hasSafe ?? false;
    },
    ask: (request: PromptRequest) => wire.ask('auth/prompt', request),
  };
  return session;
}

function hangsUp(): void {
  // The client is gone, and its connection's end says so; or it was answered elsewhere.
}

function stopping(): WatchError {
  return new WatchError('engine-stopping', 'The engine is ending.', 'Try again in a moment.');
}

function notAllowed(): WatchError {
  return new WatchError(
    'not-allowed',
    'The engine does not know this program: it did not give the token of its home.',
    'Use the same SLURM_WATCHERS_HOME as the engine, and the same user.',
  );
}

function tooMany(): WatchError {
  return new WatchError(
    'bad-request',
    `More than ${mostPending} questions of this program wait for an answer.`,
    'Ask again when some have been answered.',
  );
}

function mismatch(hello: Pick<Hello, 'protocol' | 'version'>, version: string): WatchError {
  const [older, newer] =
    hello.protocol > protocolVersion ? [version, hello.version] : [hello.version, version];
  return new WatchError(
    'version-mismatch',
    `The engine that runs is version ${version}, this is ${hello.version}; they do not understand each other.`,
    `Update version ${older} to ${newer}, also in other editors and on the command line.`,
  );
}
