// What the configuration says of a host: `ssh -G` if there is an ssh, else the package ssh-config.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { expandIncludes } from './configFiles';
import { findAccount } from '../../link/account';
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

const systemFolder =
  process.platform === 'win32' ? join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'ssh') : '/etc/ssh';

/** ssh's own defaults, if there is no ssh to print them. */
const defaults = ({ home }: LocalPlace): Readonly<Record<string, readonly string[]>> => ({
  userknownhostsfile: ['known_hosts', 'known_hosts2'].map((name) => join(home, '.ssh', name)),
  globalknownhostsfile: ['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join(systemFolder, name)),
  identityfile: ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((name) => join(home, '.ssh', name)),
});

/** What a Match may ask that can be answered without an ssh; `canonical` never holds then. */
const answerable: readonly string[] = [
  'all',
  'canonical',
  'final',
  'host',
  'localuser',
  'originalhost',
  'user',
];

/**
 * Options as `ssh -G` would name them: of the user's file and then the system's, or of `configFile` alone. Nothing is run
 * for it: names stay as they are written, and a Match that asks what only ssh can answer is told in the option `match` if it
 * would change anything.
 */
export async function readOptions(
  host: string,
  configFile: string | null,
  local: LocalPlace,
  systemFile = join(systemFolder, 'ssh_config'),
): Promise<Options> {
  const { default: SshConfig } = await import('ssh-config');
  const { home } = local;
  const text =
    configFile === null
      ? `${await expandIncludes(join(home, '.ssh', 'config'), home)}\nHost *\n${await expandIncludes(systemFile, home, dirname(systemFile))}`
      : await expandIncludes(configFile, home);
  const config = SshConfig.parse(withoutCanonicalNames(text));
  const compute = (): Readonly<Record<string, string | string[]>> =>
    config.compute(host, { ignoreCase: true, matchExec: false });
  const computed = compute();
  const options = new Map<string, readonly string[]>(Object.entries(defaults(local)));
  for (const [name, value] of Object.entries(computed)) {
    const values = Array.isArray(value) ? value : [value];
    // These take several words on a line, the others are told once a line.
    options.set(name.toLowerCase(), values);
  }
  const unanswered = new Set<string>();
  for (const line of config) {
    if (!('criteria' in line)) continue;
    for (const criterion of Object.keys(line.criteria)) {
      if (answerable.includes(criterion.toLowerCase())) continue;
      unanswered.add(criterion);
      Reflect.deleteProperty(line.criteria, criterion);
    }
  }
  if (unanswered.size > 0 && JSON.stringify(compute()) !== JSON.stringify(computed))
    options.set('match', [[...unanswered].join(' ')]);
  return options;
}

/** The package would look names up with nslookup, one after another, while everything else waits. */
const withoutCanonicalNames = (text: string): string =>
  text.replace(/^[ \t]*Canonicali[sz]eHostName\b.*$/gim, '');
