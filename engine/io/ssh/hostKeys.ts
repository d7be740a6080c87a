// Whether a host is the one it says: its key against the files of known hosts, and a person for a new one.
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HostConfig } from './hostConfig';
import {
  findKnownTypes,
  judgeHostKey,
  printKnownHost,
  readKeyType,
  toHostName,
  type HostNames,
  type KnownHostsFile,
  type LinePlace,
} from './knownHosts';
import { toNeedsSignIn, type Patience, type SshPlace } from './sshPlace';

export interface KnownHosts {
  readonly names: HostNames;
  readonly files: readonly KnownHostsFile[];
}

/** Files that are not there are empty. */
export async function readKnownHosts(host: HostConfig): Promise<KnownHosts> {
  const files = await Promise.all(
    [...host.userKnownHosts, ...host.globalKnownHosts].map(async (path) => ({
      path,
      text: await readFile(path, 'utf8').catch(() => ''),
    })),
  );
  const { hostKeyAlias, hostname, port } = host;
  const names = {
    name: hostKeyAlias?.toLowerCase() ?? toHostName(hostname, port),
    plainName: (hostKeyAlias ?? hostname).toLowerCase(),
  };
  return { names, files };
}

export const toKnownTypes = ({ files, names }: KnownHosts): readonly string[] => findKnownTypes(files, names);

/** As ssh prints it. */
export const toFingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256')
    .update(key)
    .digest('base64')
    .replace(/={1,2}$/, '')}`;

const at = ({ path, line }: LinePlace): string => `${path}:${line}`;

/** Throws needs-sign-in where the host must not be trusted. */
export async function verifyHostKey(
  key: Buffer,
  host: HostConfig,
  { known, place, patience }: { known: KnownHosts; place: SshPlace; patience: Patience },
): Promise<void> {
  const { names, files } = known;
  const verdict = judgeHostKey(files, names, key);
  const shown = `${names.name} shows the ${readKeyType(key)} key ${toFingerprint(key)}`;
  switch (verdict.kind) {
    case 'known':
      return;
    case 'revoked':
      throw toNeedsSignIn(
        place,
        `${shown}, which is revoked (${at(verdict.place)})`,
        'Nothing was sent. Ask the people who run the login node.',
      );
    case 'changed':
      throw toNeedsSignIn(
        place,
        `the key of the host has changed: ${shown}, another one is known (${at(verdict.place)}). Somebody may be listening in`,
        `Ask the people who run the login node whether its key has changed. If so, forget the old one: ssh-keygen -f ${quote(verdict.place.path)} -R ${quote(names.name)}`,
      );
    case 'authority':
      throw toNeedsSignIn(
        place,
        `${shown}; only an authority's certificate is trusted for it (@cert-authority, ${at(verdict.place)}), and certificates cannot be checked here`,
        'Add the key of the host itself to known_hosts; or open a window on the login node with Remote-SSH, where the cluster is of the local kind.',
      );
    case 'unknown':
      await accept(key, host, { known, place, patience });
  }
}

const quote = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text}'`);

async function accept(
  key: Buffer,
  host: HostConfig,
  { known: { names }, place, patience }: { known: KnownHosts; place: SshPlace; patience: Patience },
): Promise<void> {
  const keyType = readKeyType(key);
  const fingerprint = toFingerprint(key);
  if (host.strictHostKeys === 'yes')
    throw toNeedsSignIn(
      place,
      `the key of ${names.name} is not known (${keyType} ${fingerprint}), and StrictHostKeyChecking is on`,
      `Add it to ${host.userKnownHosts[0] ?? 'known_hosts'}: connect once with ssh, or use ssh-keyscan.`,
    );
  if (host.strictHostKeys === 'ask') {
    const answer = await patience.ask(place, { kind: 'hostKey', host: names.name, keyType, fingerprint });
    if (answer === null)
      throw toNeedsSignIn(
        place,
        `the key of ${names.name} is not known (${keyType} ${fingerprint}), and nobody has accepted it`,
        'Sign in, compare the fingerprint with what the site publishes, and accept it.',
      );
  }
  const path = host.userKnownHosts[0];
  if (path === undefined) return;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const before = await readFile(path, 'utf8').catch(() => '');
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    await appendFile(path, gap + printKnownHost(names.name, key, host.hashKnownHosts), { mode: 0o600 });
  } catch (error) {
    // The person has said yes: a disk that cannot keep it is no reason to stay away.
    place.log(`${place.name}: the key of ${names.name} could not be kept in ${path}: ${String(error)}`);
  }
}
