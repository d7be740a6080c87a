// JSON-RPC over a socket, typed by the protocol: errors cross as themselves, and so do numbers that JSON does not know.
import type { Socket } from 'node:net';
import {
  createMessageConnection,
  Message,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { ConsentNeeded, toWatchError, WatchError } from '../errors';
import { createFrameGuard, describeExcess } from './frameGuard';
import type { Metric } from '../model';
import type {
  ClientMethod,
  ClientRequests,
  EngineChange,
  EngineMethod,
  EngineNotifications,
  EngineRequests,
  ErrorData,
} from '../protocol';

/** How large messages may be, in bytes; what announces more is broken, or not ours. */
export interface WireLimits {
  /** Taken before `admit`. */
  readonly first: number;
  readonly takes: number;
  /** What the other end takes. */
  readonly gives: number;
}

/** More than any script or watcher file. */
const requestBytes = 16 * 1024 * 1024;
/** More than any list. */
const answerBytes = 256 * 1024 * 1024;

/** All that an engine takes from somebody whom it does not know yet, in bytes. */
export const helloBytes = 64 * 1024;

/** Of a client: it trusts its engine from the start. */
export const clientLimits: WireLimits = { first: answerBytes, takes: answerBytes, gives: requestBytes };
export const engineLimits: WireLimits = { first: helloBytes, takes: requestBytes, gives: answerBytes };

/** Source: JSON-RPC 2.0, 5.1. */
const invalidRequest = -32600;

/** Outside of what JSON-RPC reserves. */
const watchErrorNumber = 1;

/** What goes wrong with the connection itself is told by its end alone. */
const quiet = { error: drop, warn: drop, info: drop, log: drop };

function drop(): void {
  // Nothing: see `quiet`.
}

export type EngineNotification = keyof EngineNotifications;

/** One end of a connection between a client and the engine. */
export class Wire {
  /** When the connection has ended, for whatever reason. */
  readonly closed: Promise<void>;
  readonly #connection: MessageConnection;
  readonly #socket: Socket;
  readonly #limits: WireLimits;
  #maxBytes: number;
  #backlog = 0;

  /** Handlers are to be set before the current turn of the event loop ends. */
  constructor(socket: Socket, limits = clientLimits) {
    this.#socket = socket;
    this.#limits = limits;
    this.#maxBytes = limits.first;
    const guard = createFrameGuard(() => this.#maxBytes);
    socket.on('data', (chunk: Buffer) => {
      const wrong = guard(chunk);
      if (wrong !== undefined) hangUp(socket, wrong);
    });
    const reader = new SocketMessageReader(socket);
    const writer = new SocketMessageWriter(socket, { contentTypeEncoder: createEncoder(limits.gives) });
    // Nobody listens for parts of messages; its timer would outlive a connection that breaks within one.
    reader.partialMessageTimeout = 0;
    const connection = createMessageConnection(reader, writer, quiet);
    this.#connection = connection;
    this.closed = new Promise((resolve) => {
      connection.onClose(() => {
        connection.dispose();
        resolve();
      });
    });
    connection.onError(() => {
      socket.destroy();
    });
    connection.listen();
  }

  /** Notifications that the other end has not taken yet. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Bytes that the other end has not taken yet. */
  get unread(): number {
    return this.#socket.writableLength;
  }

  /** The other end is known: its messages may be as large as messages are. */
  admit(): void {
    this.#maxBytes = this.#limits.takes;
  }

  async request<M extends EngineMethod>(
    method: M,
    params: EngineRequests[M][0],
  ): Promise<EngineRequests[M][1]> {
    const bytes = Buffer.byteLength(JSON.stringify(params));
    if (bytes > this.#limits.gives) throw tooLarge(bytes, this.#limits.gives);
    try {
      const result = await this.#connection.sendRequest<unknown>(method, params);
      return fromWire(method, result) as EngineRequests[M][1];
    } catch (error) {
      throw readError(error);
    }
  }

  /** What the engine asks of a client; throws as `request` does. */
  async ask<M extends ClientMethod>(method: M, params: ClientRequests[M][0]): Promise<ClientRequests[M][1]> {
    try {
      return await this.#connection.sendRequest<ClientRequests[M][1]>(method, params);
    } catch (error) {
      throw readError(error);
    }
  }

  /** Every request of the other end; what it throws reaches the other end as a WatchError. */
  onRequest(handle: (method: string, params: unknown) => Promise<unknown>): void {
    this.#connection.onRequest(async (method, params) => {
      try {
        return toWire(method, await handle(method, params));
      } catch (error) {
        throw writeError(toWatchError(error));
      }
    });
  }

  /** In the order of the calls, also with answers. Resolves when the system has taken it. */
  async notify<N extends EngineNotification>(name: N, params: EngineNotifications[N]): Promise<void> {
    this.#backlog++;
    try {
      await this.#connection.sendNotification(name as string, toWire(name, params));
    } finally {
      this.#backlog--;
    }
  }

  onNotification<N extends EngineNotification>(
    name: N,
    handle: (params: EngineNotifications[N]) => void,
  ): void {
    this.#connection.onNotification(name, (params: unknown) => {
      handle(fromWire(name, params) as EngineNotifications[N]);
    });
  }

  /** What was received and not handled yet is dropped. */
  destroy(): void {
    this.#socket.destroy();
  }
}

/** Says why, for whoever looks at what came last; nothing more is read. */
function hangUp(socket: Socket, message: string): void {
  socket.removeAllListeners('data');
  const error = { code: invalidRequest, message };
  const text = JSON.stringify({ jsonrpc: '2.0', id: null, error });
  socket.end(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`, () => {
    socket.destroy();
  });
}

const tooLarge = (bytes: number, maxBytes: number): WatchError =>
  new WatchError('bad-request', describeExcess(bytes, maxBytes), 'Ask for less at once.');

/** An answer that the other end would not take becomes an error that it does. */
function createEncoder(maxBytes: number): { name: string; encode: (message: Message) => Promise<Buffer> } {
  const encode = (message: Message): Buffer => Buffer.from(JSON.stringify(message));
  return {
    name: 'application/json',
    encode: (message) => {
      const bytes = encode(message);
      if (bytes.length <= maxBytes) return Promise.resolve(bytes);
      const error = tooLarge(bytes.length, maxBytes);
      if (!Message.isResponse(message)) return Promise.reject(error);
      const { code, message: text, data } = writeError(error);
      return Promise.resolve(
        encode({ jsonrpc: '2.0', id: message.id, error: { code, message: text, data } } as Message),
      );
    },
  };
}

function writeError(error: WatchError): ResponseError<ErrorData> {
  const { code, remedy, message } = error;
  const consent = error instanceof ConsentNeeded ? { consent: error.consent } : {};
  return new ResponseError(watchErrorNumber, message, { code, remedy, ...consent });
}

/** Every failure of a request, as the WatchError that it was or means. */
function readError(error: unknown): WatchError {
  if (error instanceof ResponseError && error.code === watchErrorNumber) {
    const data = error.data as ErrorData;
    if (data.consent) return new ConsentNeeded(error.message, data.remedy, data.consent);
    return new WatchError(data.code, error.message, data.remedy);
  }
  return new WatchError(
    'engine-unreachable',
    'The connection to the engine broke before it answered.',
    'Look whether it was done before you do it again.',
    error,
  );
}

/** JSON makes null of NaN and the infinities; metrics may be any of them and cross as words. */
type PackedMetric = Omit<Metric, 'value'> & { readonly value: number | string };

type PackedChange = Omit<EngineChange, 'metrics'> & { readonly metrics: readonly PackedMetric[] };

function toWire(name: string, value: unknown): unknown {
  if (name === 'engine/metrics') return (value as readonly Metric[]).map(packMetric);
  if (name === 'engine/changed') return packChange(value as EngineChange);
  return value;
}

function fromWire(name: string, value: unknown): unknown {
  if (name === 'engine/metrics') return (value as readonly PackedMetric[]).map(unpackMetric);
  if (name === 'engine/changed') return unpackChange(value as PackedChange);
  return value;
}

function packChange(change: EngineChange): PackedChange {
  return { ...change, metrics: change.metrics.map(packMetric) };
}

function unpackChange(change: PackedChange): EngineChange {
  return { ...change, metrics: change.metrics.map(unpackMetric) };
}

function packMetric(metric: Metric): PackedMetric {
  return Number.isFinite(metric.value) ? metric : { ...metric, value: String(metric.value) };
}

function unpackMetric(metric: PackedMetric): Metric {
  return { ...metric, value: Number(metric.value) };
}
