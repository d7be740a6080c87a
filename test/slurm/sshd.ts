// A real sshd on loopback with its own keys: for the researcher, by key, key with passphrase, password and questions.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../waitFor';
import { ensureResearcher, type Account } from './account';
import { findFreePorts, startDaemon, type Daemon } from './daemon';

export interface SshdOptions {
  /** SetEnv of every session, SLURM_CONF above all. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Further lines for sshd_config(5); the first line of an option counts. */
  readonly configuration?: readonly string[];
  /** Off where it is false, as some sites have it. */
  readonly sftp?: boolean;
  /** Types of the keys that the host shows. */
  readonly hostKeyTypes?: readonly HostKeyType[];
}

export type HostKeyType = 'ed25519' | 'rsa' | 'ecdsa';

export interface Sshd {
  readonly port: number;
  readonly researcher: Account;
  /** Private keys that are let in; `locked` needs the passphrase. */
  readonly keys: { readonly plain: string; readonly locked: string; readonly rsa: string };
  readonly passphrase: string;
  readonly knownHosts: string;
  /** The public keys that the host shows: a type and base64. */
  readonly hostKeys: () => readonly string[];
  /** Ends the sessions that are open, as a rebooting login node does; the listener stays. */
  killSessions(signal?: NodeJS.Signals): number;
  stop(): Promise<void>;
  /** kill -9 of the listener: sessions that are open live on. */
  kill(): Promise<void>;
  /** Listens again on the same port after `stop` or `kill`. */
  start(): Promise<void>;
  /** Changes the host's keys: what a client must refuse. */
  changeHostKeys(): void;
  close(): Promise<void>;
}

const passphrase = 'open-sesame';

function makeKey(type: string, file: string, phrase = ''): void {
  const { status, stderr } = spawnSync(
    'ssh-keygen',
    ['-q', '-t', type, '-N', phrase, '-C', 'test', '-f', file],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`ssh-keygen failed: ${stderr}`);
}

export async function startSshd({
  environment = {},
  configuration = [],
  sftp = true,
  hostKeyTypes = ['ed25519', 'rsa'],
}: SshdOptions = {}): Promise<Sshd> {
  const researcher = ensureResearcher();
  const directory = mkdtempSync(join(tmpdir(), 'sshd-test-bed-'));
  chmodSync(directory, 0o755);
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const keys = {
    plain: join(directory, 'id_ed25519'),
    locked: join(directory, 'id_ed25519_locked'),
    rsa: join(directory, 'id_rsa'),
  };
  makeKey('ed25519', keys.plain);
  makeKey('ed25519', keys.locked, passphrase);
  makeKey('rsa', keys.rsa);
  const authorized = join(directory, 'authorized_keys');
  writeFileSync(
    authorized,
    Object.values(keys)
      .map((key) => readFileSync(`${key}.pub`, 'utf8'))
      .join(''),
    { mode: 0o600 },
  );
  chownSync(authorized, researcher.uid, researcher.gid);

  const [port = 0] = await findFreePorts(1);
  const toPath = (type: HostKeyType): string => join(directory, `host_${type}`);
  const hostKeys = hostKeyTypes.map(toPath);
  const knownHosts = join(directory, 'known_hosts');
  const makeHostKeys = (): void => {
    for (const type of hostKeyTypes) {
      const key = toPath(type);
      rmSync(key, { force: true });
      rmSync(`${key}.pub`, { force: true });
      makeKey(type, key);
    }
  };
  makeHostKeys();
  const readHostKeys = (): readonly string[] =>
    hostKeys.map((key) => readFileSync(`${key}.pub`, 'utf8').split(' ').slice(0, 2).join(' '));
  writeFileSync(
    knownHosts,
    readHostKeys()
      .map((key) => `[127.0.0.1]:${port} ${key}\n`)
      .join(''),
  );

  const config = join(directory, 'sshd_config');
  const setEnv = Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  writeFileSync(
    config,
    [
      ...configuration,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...hostKeys.map((key) => `HostKey ${key}`),
      `PidFile ${directory}/sshd.pid`,
      `AuthorizedKeysFile ${authorized}`,
      'StrictModes no',
      `AllowUsers ${researcher.name}`,
      'UsePAM yes',
      'PasswordAuthentication yes',
      'KbdInteractiveAuthentication yes',
      'PubkeyAuthentication yes',
      'PrintMotd no',
      'PrintLastLog no',
      'UseDNS no',
      'MaxStartups 100',
      'MaxSessions 10',
      ...(setEnv === '' ? [] : [`SetEnv ${setEnv}`]),
      ...(sftp ? ['Subsystem sftp /usr/lib/openssh/sftp-server'] : []),
      '',
    ].join('\n'),
  );

  let daemon: Daemon;
  const start = async (): Promise<void> => {
    daemon = startDaemon('/usr/sbin/sshd', ['-D', '-e', '-f', config], { log: join(directory, 'sshd.log') });
    await waitFor('sshd', () => listens(port), 10_000);
  };
  await start();
  const sessions = (): number[] => descendantsOf(daemon.pid);
  const killSessions = (signal: NodeJS.Signals = 'SIGKILL'): number => {
    const pids = sessions();
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    return pids.length;
  };
  return {
    port,
    researcher,
    keys,
    passphrase,
    knownHosts,
    hostKeys: readHostKeys,
    killSessions,
    start,
    stop: async () => {
      killSessions('SIGTERM');
      await daemon.stop();
    },
    kill: async () => {
      daemon.kill('SIGKILL');
      await waitFor('the end of sshd', () => !daemon.alive);
    },
    changeHostKeys: makeHostKeys,
    close: async () => {
      if (daemon.alive) {
        killSessions();
        await daemon.stop();
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });

/** A session is several processes, and each of them keeps the connection open. */
const descendantsOf = (pid: number): number[] =>
  childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((word) => word !== '')
      .map(Number);
  } catch {
    return []; // The daemon has ended, and its sessions are no children of anybody we know.
  }
}
