// Listens for clients, and listens anew where the socket has vanished under the engine.
import { chmod, lstat, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { checkPrivateDirectory } from '../link/privateDirectory';
import { pipeName, prepareSocketPath, sweepSockets } from './address';

export interface EndpointOptions {
  readonly home: string;
  readonly generation: number;
  /** How often the socket is looked for, ms: cleaners of `/tmp` and ending sessions remove it. */
  readonly checkMs: number;
  readonly log: (line: string) => void;
  readonly onSocket: (socket: Socket) => void;
  /** Clients are to find it here from now on. */
  readonly onAddress: (address: string) => Promise<void>;
}

/** Connections that exist outlive a change of address and the end of listening. */
export class Endpoint {
  #options: EndpointOptions;
  #server: Server | undefined;
  #address = '';
  #inode = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(options: EndpointOptions) {
    this.#options = options;
  }

  /** Throws WatchError `engine-unreachable` where there is no safe place for a socket. */
  static async open(options: EndpointOptions): Promise<Endpoint> {
    const endpoint = new Endpoint(options);
    await endpoint.#listen();
    endpoint.#await();
    return endpoint;
  }

  /** No new connections; the socket is removed. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#server?.close();
  }

  async #listen(): Promise<void> {
    const { home, generation, onSocket, onAddress, log } = this.#options;
    const user = process.getuid?.();
    const address =
      user === undefined
        ? pipeName()
        : await prepareSocketPath({
            home,
            generation,
            user,
            temporary: '/tmp',
            runtimeDirectory: process.env['XDG_RUNTIME_DIR'],
          });
    if (user !== undefined) await rm(address, { force: true });
    const server = createServer(onSocket);
    await listen(server, address);
    server.on('error', (error) => {
      log(`Listening: ${error.message}`);
    });
    this.#server = server;
    if (user !== undefined) {
      await chmod(address, 0o600);
      this.#inode = (await lstat(address)).ino;
      await sweepSockets(address, home);
    }
    this.#address = address;
    await onAddress(address);
  }

  #await(): void {
    if (this.#inode === 0 || this.#closed) return;
    this.#timer = setTimeout(() => void this.#check(), this.#options.checkMs);
  }

  async #check(): Promise<void> {
    try {
      if (!(await this.#isThere())) {
        this.#options.log(
          `The socket ${this.#address} has vanished, or others have its place; listening anew.`,
        );
        this.#server?.close();
        await this.#listen();
        if (this.#closed) this.#server?.close();
      }
    } catch (error) {
      this.#options.log(`The socket could not be restored: ${String(error)}`);
    }
    this.#await();
  }

  /** Also not if its directory is not the user's alone any more: clients trust none in it then. */
  async #isThere(): Promise<boolean> {
    try {
      const user = process.getuid?.();
      if (user !== undefined) await checkPrivateDirectory(dirname(this.#address), user);
      return (await lstat(this.#address)).ino === this.#inode;
    } catch {
      return false;
    }
  }
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
