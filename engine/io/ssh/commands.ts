// Runs commands on a connection: a few at a time, framed, each within its time; what was started is ended with it.
import type { ClientChannel } from 'ssh2';
import { WatchError } from '../../errors';
import { decodePieces } from '../decoder';
import type { Command, CommandResult } from '../../ports';
import type { Connection } from './connection';
import { frameCommand, FrameReader, maxAnswer } from './frame';
import type { Slots } from './slots';
import { toUnreachable } from './sshPlace';

export interface CommandPlace {
  readonly name: string;
  readonly connection: Connection;
  readonly slots: Slots;
  random(): number;
  nonce(): string;
  /** A channel that should have closed has not. */
  noteStuck(): void;
}

/** What a command wrote, byte for byte. */
export interface RawResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export async function runCommand(command: Command, place: CommandPlace): Promise<CommandResult> {
  const { code, stdout, stderr } = await runRaw(command, place);
  return { code, stdout: stdout.toString(), stderr: stderr.toString() };
}

/** Throws cluster-unreachable where the outcome is unknown, timed-out where it was given up. */
export async function runRaw(command: Command, place: CommandPlace): Promise<RawResult> {
  const framed = frameCommand(command.script, place.nonce());
  if (!framed)
    throw new WatchError(
      'command-failed',
      `${place.name}: the command is too long for a command line (${command.script.length} characters)`,
      'Hand long texts over as input.',
    );
  const waiting = new AbortController();
  const run = new Run(command, place, framed.nonce);
  const timer = setTimeout(() => {
    waiting.abort();
    run.giveUp();
  }, command.timeLimitMs);
  const off = place.connection.onLoss((loss) => {
    waiting.abort();
    run.fail(loss);
  });
  void place.slots.take(waiting.signal).then(async (release) => {
    run.onClose = release;
    await run.start(framed.text);
  });
  try {
    return await run.result;
  } finally {
    clearTimeout(timer);
    off();
  }
}

/** A server frees its places late. */
const openTries = 8;
const openBackoffMs = 50;
const endingMs = 5000;

class Run {
  readonly result: Promise<RawResult>;
  /** Called when its channel is closed, or never will be open. */
  onClose: () => void = () => undefined;
  private resolve: (result: RawResult) => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;
  private isOver = false;
  private channel: ClientChannel | undefined;
  private readonly stdout: FrameReader;
  private readonly stderr: FrameReader;

  constructor(
    private readonly command: Command,
    private readonly place: CommandPlace,
    nonce: string,
  ) {
    this.stdout = new FrameReader(nonce);
    this.stderr = new FrameReader(nonce);
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  async start(text: string): Promise<void> {
    try {
      const channel = await openExec(text, this.place, () => this.isOver);
      if (channel) this.follow(channel);
      else this.onClose();
    } catch (error) {
      this.fail(error);
      this.onClose();
    }
  }

  private follow(channel: ClientChannel): void {
    this.channel = channel;
    channel.once('close', () => {
      this.onClose();
      this.fail(this.toUnknown());
    });
    channel.on('error', () => undefined); // The connection says what it was.
    const collect =
      (reader: FrameReader, tell?: (bytes: Buffer) => void) =>
      (chunk: Buffer): void => {
        // What comes after the answer, or after it was given up, is let go.
        if (this.isOver) return;
        reader.push(chunk);
        tell?.(reader.takeNew());
        if (reader.isTooLong) this.refuse();
        else this.finish();
      };
    const { onErrorText } = this.command;
    const tell = onErrorText && decodePieces(onErrorText);
    channel.on('data', collect(this.stdout));
    channel.stderr.on('data', collect(this.stderr, tell));
    if (this.isOver) this.stop();
    else channel.end(this.command.input ?? '');
  }

  private finish(): void {
    const { closed: out } = this.stdout;
    const { closed: err } = this.stderr;
    if (!out || !err || this.isOver) return;
    this.isOver = true;
    this.resolve({
      code: Number(out.label.replace('end', '')),
      stdout: out.content,
      stderr: err.content,
    });
    // What it left running in the background keeps nothing open here.
    this.channel?.close();
  }

  fail(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.reject(error);
  }

  giveUp(): void {
    if (this.isOver) return;
    this.fail(
      new WatchError(
        'timed-out',
        `${this.place.name}: a command was given up after ${this.command.timeLimitMs / 1000} s`,
        'The login node is slow, or what the command asks is; it is tried again by itself.',
      ),
    );
    this.stop();
  }

  private refuse(): void {
    this.fail(
      new WatchError(
        'command-failed',
        `${this.place.name}: a command printed more than ${maxAnswer >> 20} MiB, and was ended`,
        'Look at what start-up files of the login node print; if they print nothing, please report it.',
      ),
    );
    this.stop();
  }

  /** Closing a channel does not end what runs there: sshd gives each command a session of its own. */
  private stop(): void {
    const { channel, place } = this;
    const { pid } = this.stdout;
    channel?.close();
    if (pid === undefined || place.connection.loss) return;
    const script = `kill -s TERM -- -${pid}; sleep 1; kill -s KILL -- -${pid}`;
    runRaw({ script, timeLimitMs: endingMs }, place).catch(() => undefined); // It has gone with its connection, or goes on.
    if (channel) this.expectClose(channel);
  }

  /** What the kernel holds keeps its channel: the place is given back all the same. */
  private expectClose(channel: ClientChannel): void {
    const { place } = this;
    const timer = setTimeout(() => {
      this.onClose();
      if (!place.connection.loss) place.noteStuck();
    }, 2 * endingMs);
    timer.unref();
    channel.once('close', () => {
      clearTimeout(timer);
    });
  }

  private toUnknown(): WatchError {
    const noise = [this.stdout.noise, this.stderr.noise].filter((text) => text !== '').join('; ');
    return toUnreachable(
      this.place,
      noise === ''
        ? 'a command ended without an answer: its outcome is unknown'
        : `a command ended without an answer; the login shell says: ${noise.slice(0, 300)}`,
    );
  }
}

/** Undefined where it is not wanted any more. */
async function openExec(
  text: string,
  place: CommandPlace,
  isOver: () => boolean,
): Promise<ClientChannel | undefined> {
  const { connection } = place;
  for (let tries = 1; ; tries++) {
    if (isOver()) return undefined;
    try {
      return await connection.orLoss<ClientChannel>((resolve, reject) => {
        connection.client.exec(text, (error, channel) => {
          if (error) reject(error);
          else resolve(channel);
        });
      });
    } catch (error) {
      if (connection.loss) throw connection.loss;
      if (!isOpenFailure(error) || tries === openTries)
        throw toUnreachable(place, `a command could not be started (${toMessage(error)})`, error);
      const pause = openBackoffMs * 2 ** (tries - 1) * (0.5 + place.random());
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

const isOpenFailure = (error: unknown): boolean => error instanceof Error && 'reason' in error;

const toMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));
