// A login node behind ssh as a machine: one connection, made when it is needed and made anew once it is lost.
import { randomBytes } from 'node:crypto';
import type { SFTPWrapper } from 'ssh2';
import { toWatchError, WatchError } from '../../errors';
import type { ConnectionState } from '../../model';
import type { Command, CommandResult, Machine, Prompter, ReadAnswer, ReadRequest } from '../../ports';
import { runCommand, runRaw, type CommandPlace } from './commands';
import { connectTo } from './connect';
import type { Connection } from './connection';
import { SftpReader, SilentFile } from './sftpReader';
import { lookScript, readByShell } from './shellReader';
import { Slots } from './slots';
import { toUnreachable, type SshPlace } from './sshPlace';
import { endSftpServersScript } from './sftpServers';
import { toUnanswered } from '../irregular';
import { Suspects } from '../suspects';

export interface SshMachineOptions {
  /** The cluster's name, in messages and questions. */
  readonly name: string;
  /** What a person would type behind `ssh`. */
  readonly host: string;
  readonly prompter: Prompter;
  /** Asked anew at each connect: the newest client's agent counts. */
  readonly environment: () => NodeJS.ProcessEnv;
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** Read instead of the user's and the system's configuration, as `ssh -F`. */
  readonly configFile?: string | null;
}

export interface SshMachine extends Machine {
  /** A person is there: what needs a sign-in may try again. Nothing else lets it, because servers lock accounts. */
  allowSignIn(): void;
}

/** Servers free their places late: five at a time are safe with sshd's usual ten. */
const maxChannels = 5;
const readLimitMs = 30_000;
/** A file that is looked at by itself gets this much time, ms. */
const lookLimitMs = 5000;
/** What ends a server that a file holds up gets this much, and the channel to close by it, ms. */
const endLimitMs = 5000;
/** A connection with this many channels that do not close is made anew. */
const maxStuckChannels = 2;

export function createSshMachine(options: SshMachineOptions): SshMachine {
  return new LoginNode(options);
}

/** What lives and dies with a connection. */
interface Line {
  readonly connection: Connection;
  readonly commands: CommandPlace;
  /** Null where SFTP is off. */
  reader: Promise<SftpReader | null> | undefined;
  /** Channels of it that should have closed, and have not. */
  stuckChannels: number;
}

class LoginNode implements SshMachine {
  private state: ConnectionState = 'disconnected';
  private line: Promise<Line> | undefined;
  private refusal: WatchError | undefined;
  private isClosed = false;
  private commandCount = 0;
  private readCount = 0;
  private readonly place: SshPlace;
  /** Files that gave no answer. */
  private readonly suspects = new Suspects(
    (path) => this.look(path),
    () => performance.now(),
  );

  constructor(private readonly options: SshMachineOptions) {
    const { name, prompter, environment, log, configFile = null } = options;
    this.place = { name, prompter, environment, log, configFile };
  }

  get connection(): ConnectionState {
    return this.state;
  }

  get counts(): Machine['counts'] {
    return { commands: this.commandCount, reads: this.readCount };
  }

  async run(command: Command): Promise<CommandResult> {
    const { commands } = await this.connect();
    this.commandCount += 1;
    return runCommand(command, commands);
  }

  /** A file that gives no answer is left out, and the others are read. */
  async read(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    if (requests.length === 0) return [];
    await this.connect();
    this.readCount += 1;
    this.suspects.review();
    const answers = new Map<ReadRequest, ReadAnswer>();
    for (;;) {
      const rest = requests.filter(({ path }) => !this.suspects.has(path));
      const found = rest.length === 0 ? [] : await this.readRest(rest, await this.connect());
      if (!found) continue;
      for (const [index, request] of rest.entries()) {
        const answer = found[index];
        if (answer) answers.set(request, answer);
      }
      return requests.map((request) => answers.get(request) ?? toUnanswered(lookLimitMs));
    }
  }

  allowSignIn(): void {
    this.refusal = undefined;
    if (this.state === 'needs-sign-in') this.state = 'disconnected';
  }

  /** Waits for nobody but a server of ours that hangs; a connection that is still being made is closed once it stands. */
  async close(): Promise<void> {
    this.isClosed = true;
    const closing = this.line?.then(
      async (line) => {
        const reader = await Promise.race([line.reader, Promise.resolve(null)]).catch(() => null);
        if (reader?.isWaiting) await this.endSftpServers(line);
        line.connection.close(this.toClosed());
      },
      () => undefined, // Who waits for it is told.
    );
    if (this.state === 'connected') await closing;
  }

  private toClosed(): WatchError {
    return toUnreachable(this.place, 'the connection was closed here');
  }

  /** All who come while it is made share one attempt; the next one after a loss makes it anew. */
  private connect(): Promise<Line> {
    if (this.isClosed) return Promise.reject(this.toClosed());
    if (this.refusal) return Promise.reject(this.refusal);
    this.line ??= this.open();
    return this.line;
  }

  private async open(): Promise<Line> {
    const { name, host, random, log } = this.options;
    this.state = 'connecting';
    let connection: Connection;
    try {
      connection = await connectTo(host, this.place);
    } catch (thrown) {
      const error = toWatchError(thrown);
      this.line = undefined;
      const isRefused = error.code === 'needs-sign-in';
      if (isRefused) this.refusal = error;
      this.state = isRefused ? 'needs-sign-in' : 'disconnected';
      log(`${error.message}. ${error.remedy}`);
      throw error;
    }
    this.state = 'connected';
    log(`${name}: connected to ${host}`);
    connection.onLoss((loss) => {
      this.state = 'disconnected';
      this.line = undefined;
      log(loss.message);
    });
    const nonce = (): string => randomBytes(12).toString('hex');
    const noteStuck = (): void => {
      this.noteStuck(line);
    };
    const slots = new Slots(maxChannels);
    const commands = { name, connection, random, nonce, slots, noteStuck };
    const line: Line = { connection, commands, reader: undefined, stuckChannels: 0 };
    return line;
  }

  private findReader(line: Line): Promise<SftpReader | null> {
    line.reader ??= this.openReader(line).catch((error: unknown) => {
      line.reader = undefined;
      throw error;
    });
    return line.reader;
  }

  /** Its channel takes one of the places for good. */
  private async openReader(line: Line): Promise<SftpReader | null> {
    const { connection, commands } = line;
    const release = await commands.slots.take();
    try {
      const sftp = await connection.orLoss<SFTPWrapper>((resolve, reject) => {
        connection.client.sftp((error, channel) => {
          if (error) reject(error);
          else resolve(channel);
        });
      });
      const reader = new SftpReader(sftp, connection, release);
      sftp.once('close', () => {
        reader.onClose();
        this.forget(reader, line);
      });
      sftp.on('error', () => {
        sftp.end();
      });
      return reader;
    } catch (error) {
      release();
      if (connection.loss) throw connection.loss;
      const why = error instanceof Error ? error.message : String(error);
      this.options.log(`${this.options.name}: there is no SFTP (${why}); files are read by commands`);
      return null;
    }
  }

  /** Undefined where a file kept the others from being read: the rest is to be read without it. */
  private async readRest(
    requests: readonly ReadRequest[],
    line: Line,
  ): Promise<readonly ReadAnswer[] | undefined> {
    const reader = await this.findReader(line);
    if (reader) return this.readBySftp(requests, { line, reader });
    try {
      return await this.readByShell(requests, line);
    } catch (error) {
      if (toWatchError(error).code !== 'timed-out' || !(await this.sortOut(requests))) throw error;
      return undefined;
    }
  }

  private async readBySftp(
    requests: readonly ReadRequest[],
    { line, reader }: { readonly line: Line; readonly reader: SftpReader },
  ): Promise<readonly ReadAnswer[] | undefined> {
    const { connection } = line;
    try {
      return await connection.orLoss<readonly ReadAnswer[]>((resolve, reject) => {
        reader.read(requests).then(resolve, reject);
      });
    } catch (error) {
      this.forget(reader, line);
      if (error instanceof WatchError) throw error;
      if (error instanceof SilentFile) {
        await this.leaveOut(error, { line, reader });
        return undefined;
      }
      // Its server was ended because of a file that another call had asked for.
      if (reader.isGivenUp) return undefined;
      reader.close();
      const why = error instanceof Error ? error.message : String(error);
      throw toUnreachable(this.place, `files could not be read (${why})`, error);
    }
  }

  /** Its server hangs, unless nothing at all comes from the login node: then the connection is to blame. */
  private async leaveOut(
    { path }: SilentFile,
    { line, reader }: { readonly line: Line; readonly reader: SftpReader },
  ): Promise<void> {
    const { name, log } = this.options;
    const isEnded = await this.endSftpServers(line);
    reader.close();
    if (line.connection.loss) throw line.connection.loss;
    if (!isEnded)
      throw new WatchError(
        'timed-out',
        `${name}: neither ${path} nor a command gave an answer in time`,
        'The login node or the network hangs; it is tried again by itself.',
      );
    log(`${name}: ${path} gives no answer; it is left out until it does`);
    this.suspects.add(path);
    await this.expectClose(line, reader);
  }

  private forget(reader: SftpReader, line: Line): void {
    void line.reader?.then(
      (current) => {
        if (current === reader) line.reader = undefined;
      },
      () => undefined,
    );
  }

  /** Ends those of this connection. Gives whether the login node has answered. */
  private endSftpServers({ commands, connection }: Line): Promise<boolean> {
    if (connection.loss) return Promise.resolve(false);
    this.commandCount += 1;
    return runRaw({ script: endSftpServersScript, timeLimitMs: endLimitMs }, commands).then(
      () => true,
      () => false,
    );
  }

  /** A server that the kernel holds keeps its channel: the place is given back all the same, but not for ever. */
  private async expectClose(line: Line, reader: SftpReader): Promise<void> {
    if (await reader.waitForClose(endLimitMs)) return;
    reader.onClose();
    this.noteStuck(line);
  }

  private noteStuck(line: Line): void {
    line.stuckChannels += 1;
    if (line.stuckChannels < maxStuckChannels) return;
    line.connection.close(
      toUnreachable(this.place, `${line.stuckChannels} channels do not close; the connection is made anew`),
    );
  }

  /** Looks at each file by itself. Gives whether some give no answer. */
  private async sortOut(requests: readonly ReadRequest[]): Promise<boolean> {
    const paths = [...new Set(requests.map(({ path }) => path))];
    const looks = await Promise.all(paths.map((path) => this.look(path)));
    const silent = paths.filter((_, index) => looks[index] === false);
    for (const path of silent) this.suspects.add(path);
    return silent.length > 0;
  }

  /** Whether a file gives an answer. */
  private async look(path: string): Promise<boolean> {
    try {
      const { commands } = await this.connect();
      this.commandCount += 1;
      await runRaw({ script: lookScript, input: `${path}\n`, timeLimitMs: lookLimitMs }, commands);
      return true;
    } catch {
      return false; // Lost with the connection, or given up: it is looked at again.
    }
  }

  private readByShell(requests: readonly ReadRequest[], { commands }: Line): Promise<readonly ReadAnswer[]> {
    const run = async (script: string, input: string): Promise<Buffer> => {
      this.commandCount += 1;
      return (await runRaw({ script, input, timeLimitMs: readLimitMs }, commands)).stdout;
    };
    return readByShell(requests, run, commands.nonce());
  }
}
