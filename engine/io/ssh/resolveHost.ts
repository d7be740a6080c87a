// What the configuration says of a host: `ssh -G` where there is an ssh, the package ssh-config elsewhere.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expandIncludes } from './configFiles';
import { findAccount } from '../account';
import {
  parseOptions,
  toHostConfig,
  type Hop,
  type HostConfig,
  type LocalPlace,
  type Options,
} from './hostConfig';
import { toNeedsSignIn, type SshPlace } from './sshPlace';

const limitMs = 10_000;

/** Throws needs-sign-in where the configuration is wrong: only a person can mend it. */
export async function resolveHost({ host, user, port }: Hop, place: SshPlace): Promise<HostConfig> {
  const { home, name } = findAccount();
  const local = { home, user: name };
  const words = [
    ...(place.configFile === null ? [] : ['-F', place.configFile]),
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    '-G',
    '--',
    host,
  ];
  const printed = await runSsh(words, place);
  if (printed !== undefined) return toHostConfig(host, parseOptions(printed), local);
  const options = await readOptions(host, place.configFile, local);
  const given = new Map(options);
  if (user !== null) given.set('user', [user]);
  if (port !== null) given.set('port', [String(port)]);
  return toHostConfig(host, given, local);
}

/** Undefined where there is no ssh. */
function runSsh(words: readonly string[], place: SshPlace): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    execFile(
      'ssh',
      words,
      { env: place.environment(), timeout: limitMs, windowsHide: true },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if ('code' in error && error.code === 'ENOENT') resolve(undefined);
        else
          reject(
            toNeedsSignIn(
              place,
              `ssh cannot read its configuration: ${stderr.trim() === '' ? error.message : stderr.trim()}`,
              'Put the configuration right, and sign in again.',
            ),
          );
      },
    ).stdin?.end();
  });
}

/** ssh's own defaults, where nobody prints them. */
const defaults = ({ home }: LocalPlace): Readonly<Record<string, readonly string[]>> => ({
  userknownhostsfile: [join(home, '.ssh', 'known_hosts')],
  globalknownhostsfile: [process.platform === 'win32' ? 'none' : '/etc/ssh/ssh_known_hosts'],
  identityfile: ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => join(home, '.ssh', name)),
});

/** Options as `ssh -G` would name them; Match and canonical names are beyond this way. */
export async function readOptions(
  host: string,
  configFile: string | null,
  local: LocalPlace,
): Promise<Options> {
  const { default: SshConfig } = await import('ssh-config');
  const text = await expandIncludes(configFile ?? join(local.home, '.ssh', 'config'), local.home);
  const computed = SshConfig.parse(text).compute(host, { ignoreCase: true });
  const options = new Map<string, readonly string[]>(Object.entries(defaults(local)));
  for (const [name, value] of Object.entries(computed)) {
    const values = Array.isArray(value) ? value : [value];
    // These take several words on a line, the others are told once a line.
    options.set(name.toLowerCase(), values);
  }
  return options;
}
