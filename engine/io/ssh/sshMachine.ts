// A login node behind ssh as a machine: one connection, made when it is needed and made anew once it is lost.
import { randomBytes } from 'node:crypto';
import type { SFTPWrapper } from 'ssh2';
import { toWatchError, WatchError } from '../../errors';
import type { ConnectionState } from '../../model';
import type { Command, CommandResult, Machine, Prompter, ReadAnswer, ReadRequest } from '../../ports';
import { runCommand, runRaw, type CommandPlace } from './commands';
import { connectTo } from './connect';
import type { Connection } from './connection';
import { SftpReader } from './sftpReader';
import { readByShell } from './shellReader';
import { Slots } from './slots';
import { toUnreachable, type SshPlace } from './sshPlace';

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
const readLimitMs = 60_000;

export function createSshMachine(options: SshMachineOptions): SshMachine {
  return new LoginNode(options);
}

/** What lives and dies with a connection. */
interface Line {
  readonly connection: Connection;
  readonly commands: CommandPlace;
  /** Null where SFTP is off. */
  reader: Promise<SftpReader | null> | undefined;
}

class LoginNode implements SshMachine {
  private state: ConnectionState = 'disconnected';
  private line: Promise<Line> | undefined;
  private refusal: WatchError | undefined;
  private isClosed = false;
  private commandCount = 0;
  private readCount = 0;
  private readonly place: SshPlace;

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

  async read(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    if (requests.length === 0) return [];
    const line = await this.connect();
    this.readCount += 1;
    const reader = await this.findReader(line);
    return reader ? this.readBySftp(requests, { line, reader }) : this.readByShell(requests, line);
  }

  allowSignIn(): void {
    this.refusal = undefined;
    if (this.state === 'needs-sign-in') this.state = 'disconnected';
  }

  /** Waits for nobody: a connection that is still being made is closed once it stands. */
  close(): Promise<void> {
    this.isClosed = true;
    this.line?.then(
      ({ connection }) => {
        connection.close(this.toClosed());
      },
      () => undefined, // Who waits for it is told.
    );
    return Promise.resolve();
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
    const commands = { name, connection, random, nonce, slots: new Slots(maxChannels) };
    return { connection, commands, reader: undefined };
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
      const forget = (): void => {
        release();
        line.reader = undefined;
      };
      sftp.once('close', forget);
      sftp.on('error', () => {
        sftp.end();
      });
      return new SftpReader(sftp, connection);
    } catch (error) {
      release();
      if (connection.loss) throw connection.loss;
      const why = error instanceof Error ? error.message : String(error);
      this.options.log(`${this.options.name}: there is no SFTP (${why}); files are read by commands`);
      return null;
    }
  }

  private async readBySftp(
    requests: readonly ReadRequest[],
    { line, reader }: { readonly line: Line; readonly reader: SftpReader },
  ): Promise<readonly ReadAnswer[]> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        line.reader = undefined;
        reader.close();
        reject(
          new WatchError(
            'timed-out',
            `${this.options.name}: files were not read within ${readLimitMs / 1000} s`,
            'A file system of the login node may hang; it is tried again by itself.',
          ),
        );
      }, readLimitMs);
    });
    try {
      const reading = line.connection.orLoss<readonly ReadAnswer[]>((resolve, reject) => {
        reader.read(requests).then(resolve, reject);
      });
      return await Promise.race([reading, late]);
    } catch (error) {
      if (error instanceof WatchError) throw error;
      line.reader = undefined;
      reader.close();
      const why = error instanceof Error ? error.message : String(error);
      throw toUnreachable(this.place, `files could not be read (${why})`, error);
    } finally {
      clearTimeout(timer);
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
