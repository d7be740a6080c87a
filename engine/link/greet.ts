// Says hello to an engine that listens, and makes a link of its welcome.
import { toWatchError, WatchError } from '../errors';
import type {
  EngineChange,
  EngineEnd,
  EngineMethod,
  EngineRequests,
  Hello,
  OutputNews,
  PromptRequest,
  Surroundings,
  Welcome,
} from '../protocol';
import { openSocket } from './socket';
import { helloBytes, Wire } from './wire';

/**
 * Throws WatchError; `engine-unreachable` where the connection broke and the outcome is unknown. `listen`: given what a
 * submission's login set-up prints as it comes; an engine of an older version tells nothing.
 */
export type EngineRequest = <M extends EngineMethod>(
  method: M,
  params: EngineRequests[M][0],
  listen?: (text: string) => void,
) => Promise<EngineRequests[M][1]>;

/** A connection to an engine that has said welcome. */
export interface EngineLink {
  readonly welcome: Welcome;
  readonly request: EngineRequest;
  /** Hangs up; an engine that was started inside this process ends with it. */
  close(): Promise<void>;
}

export interface LinkEvents {
  readonly onChange: (change: EngineChange) => void;
  /** News of an output that this client follows; a new connection follows nothing. */
  readonly onOutput?: ((news: OutputNews) => void) | undefined;
  /** The connection ended, and not by `close`. The end is null where the engine died or the connection broke. */
  readonly onLost: (end: EngineEnd | null) => void;
  /** Only a client that can ask, or that has a safe, is asked. */
  readonly onQuestion?: ((request: PromptRequest) => Promise<readonly string[] | null>) | undefined;
}

/** A connection to an engine that may have refused the hello. */
export interface Acquaintance {
  /** Asks the engine to end: for a newer version, where this client's is newer, and for good otherwise. */
  stopEngine(): Promise<void>;
  close(): Promise<void>;
}

export type Greeting =
  | { readonly kind: 'welcome'; readonly link: EngineLink & Acquaintance }
  | { readonly kind: 'refused'; readonly error: WatchError; readonly acquaintance: Acquaintance }
  /** Nobody listens, the engine is ending, or it did not answer in time; the reason says why the address is not safe. */
  | { readonly kind: 'nobody'; readonly reason: WatchError | null };

export async function greet(
  address: string,
  hello: Hello,
  { helloMs, ...events }: LinkEvents & { readonly helloMs: number },
): Promise<Greeting> {
  const socket = await openSocket(address).catch((error: unknown) => {
    if (error instanceof WatchError) return error;
    throw error;
  });
  if (socket instanceof WatchError) return { kind: 'nobody', reason: socket };
  if (socket === null) return { kind: 'nobody', reason: null };
  const acquaintance = new Link(new Wire(socket), events);
  const late = setTimeout(() => void acquaintance.close(), helloMs);
  try {
    return { kind: 'welcome', link: await acquaintance.greet(hello) };
  } catch (thrown) {
    const error = toWatchError(thrown);
    if (error.code !== 'engine-unreachable' && error.code !== 'engine-stopping') {
      return { kind: 'refused', error, acquaintance };
    }
    await acquaintance.close();
    return { kind: 'nobody', reason: null };
  } finally {
    clearTimeout(late);
  }
}

/** An engine takes little from somebody whom it does not know yet: more is said after the welcome. */
function splitHello(hello: Hello): { readonly first: Hello; readonly rest: Surroundings | null } {
  const { settings, environment } = hello;
  // Room for the frame around it.
  if (Buffer.byteLength(JSON.stringify(hello)) < helloBytes - 1024) return { first: hello, rest: null };
  return { first: { ...hello, settings: null, environment: {} }, rest: { settings, environment } };
}

class Link implements Acquaintance {
  readonly #wire: Wire;
  readonly #onLost: LinkEvents['onLost'];
  #end: EngineEnd | null = null;
  #closing = false;
  readonly #listeners = new Map<number, (text: string) => void>();
  #listened = 0;

  constructor(wire: Wire, { onChange, onOutput, onLost, onQuestion }: LinkEvents) {
    this.#wire = wire;
    this.#onLost = onLost;
    wire.onNotification('engine/changed', onChange);
    if (onOutput) wire.onNotification('engine/output', onOutput);
    wire.onNotification('engine/printed', ({ listener, text }) => {
      this.#listeners.get(listener)?.(text);
    });
    wire.onRequest((method, params) => {
      if (method === 'auth/prompt' && onQuestion) return onQuestion(params as PromptRequest);
      throw new WatchError(
        'unsupported',
        `This client does not know ${method}.`,
        'Bring both to the same version.',
      );
    });
    wire.onNotification('engine/ending', ({ end }) => {
      this.#end = end;
      wire.destroy();
    });
  }

  async greet(hello: Hello): Promise<EngineLink & Acquaintance> {
    const { first, rest } = splitHello(hello);
    const welcome = await this.#wire.request('engine/hello', first);
    if (rest !== null) await this.#wire.request('engine/surroundings', rest);
    void this.#wire.closed.then(() => {
      if (!this.#closing) this.#onLost(this.#end);
    });
    return {
      welcome,
      request: (method, params, listen) => this.#request(method, params, listen),
      stopEngine: () => this.stopEngine(),
      close: () => this.close(),
    };
  }

  async #request<M extends EngineMethod>(
    method: M,
    params: EngineRequests[M][0],
    listen?: (text: string) => void,
  ): Promise<EngineRequests[M][1]> {
    if (!listen) return this.#wire.request(method, params);
    const listener = ++this.#listened;
    this.#listeners.set(listener, listen);
    try {
      return await this.#wire.request(method, { ...params, listener });
    } finally {
      this.#listeners.delete(listener);
    }
  }

  async stopEngine(): Promise<void> {
    await this.#wire.request('engine/stop', {});
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#wire.destroy();
    await this.#wire.closed;
  }
}
