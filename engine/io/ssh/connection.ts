// One ssh connection that is signed in: made once, lost once. Nothing of it outlives its loss.
import type { Duplex } from 'node:stream';
import type * as Ssh2 from 'ssh2';
import { toWatchError, type WatchError } from '../../errors';
import type { Algorithms } from './algorithms';
import type { HostConfig } from './hostConfig';
import { toFingerprint, verifyHostKey, type KnownHosts } from './hostKeys';
import type { Route } from './route';
import { SignIn } from './signIn';
import { Patience, toNeedsSignIn, toUnreachable, type SshPlace } from './sshPlace';

export class Connection {
  private readonly listeners = new Set<(loss: WatchError) => void>();
  private error: WatchError | undefined;
  private isGathering = false;

  constructor(
    readonly client: Ssh2.Client,
    private readonly stream: Duplex,
    private readonly onEnd: () => void,
  ) {}

  /** Why it is no more; undefined while it stands. */
  get loss(): WatchError | undefined {
    return this.error;
  }

  /** Calls `listener` once when it is lost, at once where it is; the returned function calls that off. */
  onLoss(listener: (loss: WatchError) => void): () => void {
    if (this.error) listener(this.error);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** `work`, or the loss where that comes first: what was in flight is unknown. */
  async orLoss<Value>(
    work: (resolve: (value: Value) => void, reject: (error: unknown) => void) => void,
  ): Promise<Value> {
    let off = (): void => undefined;
    try {
      return await new Promise((resolve, reject) => {
        off = this.onLoss(reject);
        if (!this.error) work(resolve, reject);
      });
    } finally {
      off();
    }
  }

  /** What is sent from now to the end of this turn goes out in one piece: ssh2 writes each request by itself. */
  gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    this.stream.cork();
    setImmediate(() => {
      this.isGathering = false;
      this.stream.uncork();
    });
  }

  lose(loss: WatchError): void {
    if (this.error) return;
    this.error = loss;
    this.client.destroy();
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) listener(loss);
    this.onEnd();
  }

  /** Says good-bye to the server. */
  close(reason: WatchError): void {
    this.client.end();
    this.lose(reason);
  }
}

interface Parts {
  readonly ssh2: typeof Ssh2;
  readonly host: HostConfig;
  readonly place: SshPlace;
  readonly known: KnownHosts;
  readonly algorithms: Algorithms;
  readonly route: Route;
  /** Called when the connection is no more, or could not be made. */
  readonly onEnd: () => void;
}

/** Throws cluster-unreachable, or needs-sign-in. */
export function signInTo({ ssh2, host, place, known, algorithms, route, onEnd }: Parts): Promise<Connection> {
  const where = `${host.hostname} port ${host.port}`;
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    let connection: Connection | undefined;
    let isOver = false;
    let verified: Buffer | undefined;
    const fail = (error: WatchError): void => {
      patience.stop();
      if (connection) connection.lose(error);
      if (connection || isOver) return;
      isOver = true;
      client.destroy();
      route.stream.destroy();
      onEnd();
      reject(error);
    };
    const patience = new Patience(host.connectTimeoutMs, () => {
      fail(toUnreachable(place, `${where} has fallen silent while it was signed in to`));
    });
    const signIn = new SignIn({ ssh2, host, place, patience });
    signIn.onFailure = fail;

    client.on('error', (error: Error & { level?: string }) => {
      // A key that does not sign is one key less.
      if (error.level === 'agent' && !connection) return;
      if (!connection && /too many authentication failures/i.test(error.message))
        fail(
          signIn.refuse(
            'It closed the connection after too many keys: name the right one with IdentityFile, and set IdentitiesOnly',
          ),
        );
      else fail(toUnreachable(place, `${where}: ${explain(error, route)}`, error));
    });
    client.on('close', () => {
      fail(toUnreachable(place, `${where}: the connection was closed${explainClose(route)}`));
    });
    client.on('change password', () => {
      fail(
        toNeedsSignIn(
          place,
          `the password of ${host.user}@${host.hostname} has expired`,
          `Change it: ssh ${host.alias}. Then sign in again.`,
        ),
      );
    });
    client.once('ready', () => {
      if (isOver) return;
      patience.stop();
      client.setNoDelay(true);
      connection = new Connection(client, route.stream, onEnd);
      resolve(connection);
    });
    client.connect({
      sock: route.stream,
      username: host.user,
      readyTimeout: 0,
      keepaliveInterval: host.aliveIntervalMs,
      keepaliveCountMax: host.aliveCountMax,
      algorithms,
      hostVerifier: (key: Buffer, verify: (isGood: boolean) => void) => {
        // When keys are exchanged anew, the key that was verified is good for the rest of the connection.
        if (verified?.equals(key) === true) {
          verify(true);
          return;
        }
        patience.restart();
        verifyHostKey(key, host, { known, place, patience, address: route.address }).then(
          () => {
            verified = Buffer.from(key);
            signIn.noteHostKey(toFingerprint(key));
            verify(true);
          },
          (error: unknown) => {
            fail(toWatchError(error));
          },
        );
      },
      authHandler: (_methods, _partial, next) => {
        patience.restart();
        signIn.next().then(next, (error: unknown) => {
          fail(toWatchError(error));
        });
      },
      debug: (line) => {
        const methods = /^Inbound: Received USERAUTH_FAILURE \((.*)\)$/.exec(line)?.[1];
        if (methods !== undefined) signIn.noteAllowed(methods.split(','));
      },
    });
  });
}

function explain(error: Error, route: Route): string {
  const complaint = route.complaint();
  const message = error.message === '' ? error.name : error.message;
  if (/no matching/i.test(message)) return `it shares no algorithm with this program (${message})`;
  return complaint === '' ? message : `${message} (ProxyCommand: ${complaint})`;
}

const explainClose = (route: Route): string => {
  const complaint = route.complaint();
  return complaint === '' ? '' : ` (ProxyCommand: ${complaint})`;
};
