// The way to a host: straight, through the command that the configuration names, or through other hosts.
import { spawn } from 'node:child_process';
import { connect, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Duplex } from 'node:stream';
import type { HostConfig } from './hostConfig';
import { toNeedsSignIn, toUnreachable, type SshPlace } from './sshPlace';

/** Bytes to and from a host, and what else is wrong with them. */
export interface Route {
  readonly stream: Duplex;
  /** The host's, if the way leads straight to it. */
  readonly address: string | null;
  /** What the proxy command has complained of. */
  readonly complaint: () => string;
}

const quiet = (): string => '';

export function openTcp(host: HostConfig, place: SshPlace): Promise<Route> {
  const { hostname, port, addressFamily, connectTimeoutMs } = host;
  return new Promise((resolve, reject) => {
    const where = `${hostname} port ${port}`;
    const localAddress = findLocalAddress(host, place);
    const socket = connect({
      ...{ host: hostname, port, family: addressFamily, noDelay: true },
      ...(localAddress !== null && { localAddress }),
    });
    const fail = (what: string, cause?: unknown): void => {
      socket.destroy();
      reject(toUnreachable(place, what, cause));
    };
    const timer = setTimeout(() => {
      fail(`${where} has not answered within ${connectTimeoutMs / 1000} s`);
    }, connectTimeoutMs);
    const onError = (error: Error): void => {
      clearTimeout(timer);
      fail(`${where} cannot be reached (${describe(error)})`, error);
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      resolve({ stream: socket, address: socket.remoteAddress ?? null, complaint: quiet });
    });
  });
}

/** BindAddress, or the address of BindInterface. Throws needs-sign-in if there is none: another way may be forbidden. */
function findLocalAddress(
  { bindAddress, bindInterface, addressFamily }: HostConfig,
  place: SshPlace,
): string | null {
  if (bindAddress !== null && isIP(bindAddress) === 0)
    throw toNeedsSignIn(
      place,
      `BindAddress is ${bindAddress}, and only addresses can be used here`,
      'Write it as numbers in the configuration of ssh. Then sign in again.',
    );
  if (bindAddress !== null || bindInterface === null) return bindAddress;
  const found = networkInterfaces()[bindInterface]?.find(
    ({ family }) => addressFamily === 0 || family === `IPv${addressFamily}`,
  );
  if (found) return found.address;
  throw toNeedsSignIn(
    place,
    `the interface ${bindInterface} has no address on this computer (BindInterface)`,
    'Connect that network, or look at BindInterface in the configuration of ssh. Then sign in again.',
  );
}

/** Several addresses fail together: Node names none of them in its message. */
function describe(error: Error): string {
  if (error.message !== '') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** Runs ProxyCommand as ssh does: by a shell, which it replaces. */
export function openCommand(command: string, place: SshPlace): Route {
  const isWindows = process.platform === 'win32';
  const child = spawn(isWindows ? command : `exec ${command}`, {
    shell: isWindows ? true : '/bin/sh',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: place.environment(),
    windowsHide: true,
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-1000);
  });
  const stream = new Duplex({
    read: () => {
      child.stdout.resume();
    },
    write: (chunk, _encoding, done) => {
      child.stdin.write(chunk, () => {
        done(); // Where it cannot be written the command has ended, which is told below.
      });
    },
    final: (done) => {
      child.stdin.end(done);
    },
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) child.stdout.pause();
  });
  child.once('error', (error) => {
    complaint = error.message;
  });
  // Only now everything has been said, the complaint too.
  child.once('close', () => {
    stream.push(null);
    stream.destroy();
  });
  return { stream, address: null, complaint: () => complaint.trim() };
}

/**
 * A channel of another connection. What is written goes on a moment later and in one piece: ssh2's chacha20 keeps its
 * counter in one place for all connections, and spoils it where one encrypts in the middle of another.
 */
export function openChannel(channel: Duplex): Route {
  const stream: Duplex = new Duplex({
    read: () => {
      channel.resume();
    },
    writev: (chunks, done) => {
      setImmediate(() => {
        channel.write(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done);
      });
    },
    final: (done) => {
      channel.end(done);
    },
    destroy: (error, done) => {
      channel.destroy();
      done(error);
    },
  });
  channel.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) channel.pause();
  });
  channel.on('error', () => undefined); // It closes then, and its connection says why.
  channel.once('close', () => {
    stream.push(null);
    stream.destroy();
  });
  return { stream, address: null, complaint: quiet };
}
