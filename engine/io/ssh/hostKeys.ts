// Whether a host is the one it says: its key against the files of known hosts, and a person for a new one.
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import type { HostConfig } from './hostConfig';
import {
  findKnownTypes,
  findOtherNames,
  judgeHostKey,
  printKnownHost,
  toHostName,
  type HostNames,
  type KnownHostsFile,
  type LinePlace,
} from './knownHosts';
import { parsePublicKey, readKeyType, type PublicKey } from './publicKey';
import { findRevocation } from './revokedKeys';
import { elsewhere, toNeedsSignIn, type Patience, type SshPlace } from './sshPlace';

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

export const toKnownTypes = ({ files, names }: KnownHosts): readonly string[] =>
  findKnownTypes(files, names.name);

/** As ssh prints it. */
export const toFingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256')
    .update(key)
    .digest('base64')
    .replace(/={1,2}$/, '')}`;

const at = ({ path, line }: LinePlace): string => `${path}:${line}`;

interface CheckParts {
  readonly known: KnownHosts;
  readonly place: SshPlace;
  readonly patience: Patience;
  /** Where the connection leads, as far as it is known. */
  readonly address: string | null;
}

/** The verdict is ssh's, but that a changed or revoked key is refused whatever StrictHostKeyChecking says. Throws needs-sign-in. */
export async function verifyHostKey(bytes: Buffer, host: HostConfig, parts: CheckParts): Promise<void> {
  const { known, place } = parts;
  const { names, files } = known;
  const key = parsePublicKey(bytes);
  const shown = `${names.name} shows the ${readKeyType(bytes)} key ${toFingerprint(bytes)}`;
  if (!key || key.isCertificate)
    throw toNeedsSignIn(place, `${shown}, which is not a key that can be read`, askSite);
  if (key.rsaBits !== null && key.rsaBits < host.minRsaBits)
    throw toNeedsSignIn(
      place,
      `${shown} of ${key.rsaBits} bits, and RequiredRSASize is ${host.minRsaBits}`,
      askSite,
    );
  await checkRevocation(key, host, { place, shown });
  const verdict = judgeHostKey(files, names, key);
  switch (verdict.kind) {
    case 'known':
      break;
    case 'revoked':
      throw toNeedsSignIn(place, `${shown}, which is revoked (${at(verdict.place)})`, askSite);
    case 'changed':
      throw toNeedsSignIn(
        place,
        `the key of the host has changed: ${shown}, another one is known (${at(verdict.place)}). Somebody may be listening in`,
        `Ask the people who run the login node whether its key has changed. If so, forget the old one: ${toForget(verdict.places, names.name)}`,
      );
    case 'authority':
      throw toNeedsSignIn(
        place,
        `${shown}; only an authority's certificate is trusted for it (@cert-authority, ${at(verdict.place)}), and certificates cannot be checked here`,
        `Add the key of the host itself to known_hosts; or ${elsewhere}.`,
      );
    case 'unknown':
      checkKeepable(host, { place, shown });
      await accept(key, host, parts);
  }
  const added = verdict.kind === 'unknown' ? [names.name] : [];
  const extra = checkAddress(key, host, parts);
  await keep([...added, ...extra], key, { host, place });
}

const askSite = 'Nothing was sent. Ask the people who run the login node.';

const quote = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text}'`);

/** A command for each file that holds keys of the name. */
const toForget = (places: readonly LinePlace[], name: string): string =>
  [...new Set(places.map(({ path }) => path))]
    .map((path) => `ssh-keygen -f ${quote(path)} -R ${quote(name)}`)
    .join(' && ');

interface Shown {
  readonly place: SshPlace;
  /** The host and its key, in words. */
  readonly shown: string;
}

/** A file of revoked keys that cannot be read lets in nobody, as in ssh. */
async function checkRevocation(key: PublicKey, host: HostConfig, { place, shown }: Shown): Promise<void> {
  const { revokedHostKeys } = host;
  if (revokedHostKeys === null) return;
  const found = await findRevocation(revokedHostKeys, key);
  if (found.kind === 'revoked')
    throw toNeedsSignIn(place, `${shown}, which is revoked (${at(found.place)}, RevokedHostKeys)`, askSite);
  if (found.kind === 'unreadable')
    throw toNeedsSignIn(
      place,
      `${shown}; whether it is revoked cannot be told: ${revokedHostKeys} (RevokedHostKeys) ${found.why}`,
      `Put that file right: a text file of public keys can be read, one in a line. Or ${elsewhere}.`,
    );
}

/** ssh takes no new key that it could not keep. */
function checkKeepable({ userKnownHosts, hostname }: HostConfig, { place, shown }: Shown): void {
  if (userKnownHosts.length === 0)
    throw toNeedsSignIn(
      place,
      `${shown}, which is not known, and there is no file to keep it in (UserKnownHostsFile none)`,
      'Name a file with UserKnownHostsFile, or add the key to the known hosts of the system.',
    );
  if (/[@?*#[\]|'"\\]/.test(hostname))
    throw toNeedsSignIn(
      place,
      `${shown}, which is not known, and a host of that name cannot be written to known_hosts`,
      'Look at HostName in the configuration of ssh.',
    );
}

/**
 * CheckHostIP: names of the address under which the key is to be kept too. Throws needs-sign-in if another key is known of
 * it; ssh would ask (`ask`), or go on (`no`).
 */
function checkAddress(
  key: PublicKey,
  { checksAddress, hostname, port, strictHostKeys, proxyCommand }: HostConfig,
  { known, place, address }: CheckParts,
): readonly string[] {
  if (!checksAddress || address === null || proxyCommand !== null) return [];
  if (isLoopback(address) || hostname.toLowerCase() === address) return [];
  const name = toHostName(address, port);
  const verdict = judgeHostKey(known.files, { name, plainName: name }, key);
  if (verdict.kind === 'unknown') return [name];
  const isDifferent = verdict.kind === 'changed' || verdict.kind === 'revoked';
  if (!isDifferent || (verdict.kind === 'changed' && strictHostKeys === 'no')) return [];
  throw toNeedsSignIn(
    place,
    `${known.names.name} shows the ${key.type} key ${toFingerprint(key.blob)}, and for its address ${name} ${
      verdict.kind === 'revoked' ? 'that one is revoked' : 'another one is known'
    } (${at(verdict.place)}, CheckHostIP)`,
    `Ask the people who run the login node. If the address has changed hands, forget the old key: ${toForget([verdict.place], name)}`,
  );
}

const isLoopback = (address: string): boolean =>
  isIP(address) === 4 ? address.startsWith('127.') : address === '::1';

/** Throws needs-sign-in if nobody accepts the new key. */
async function accept(
  key: PublicKey,
  host: HostConfig,
  { known: { names, files }, place, patience }: CheckParts,
): Promise<void> {
  const fingerprint = toFingerprint(key.blob);
  const unknown = `the key of ${names.name} is not known (${key.type} ${fingerprint})`;
  if (host.strictHostKeys === 'yes')
    throw toNeedsSignIn(
      place,
      `${unknown}, and StrictHostKeyChecking is on`,
      `Add it to ${host.userKnownHosts[0] ?? 'known_hosts'}: connect once with ssh, or use ssh-keyscan.`,
    );
  if (host.strictHostKeys !== 'ask') return;
  if (host.isBatch)
    throw toNeedsSignIn(
      place,
      `${unknown}, and BatchMode forbids to ask for it`,
      'Connect once with ssh and accept it; or take BatchMode out of the configuration of this host.',
    );
  const answer = await patience.ask(place, {
    kind: 'hostKey',
    host: names.name,
    keyType: key.type,
    fingerprint,
    otherNames: findOtherNames(files, names.name, key),
  });
  if (answer === null)
    throw toNeedsSignIn(
      place,
      `${unknown}, and nobody has accepted it`,
      'Sign in, compare the fingerprint with what the site publishes, and accept it.',
    );
}

async function keep(
  names: readonly string[],
  key: PublicKey,
  { host, place }: { readonly host: HostConfig; readonly place: SshPlace },
): Promise<void> {
  const path = host.userKnownHosts[0];
  if (path === undefined || names.length === 0) return;
  const lines = host.hashKnownHosts
    ? names.map((name) => printKnownHost(name, key, true)).join('')
    : printKnownHost(names.join(','), key, false);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const before = await readFile(path, 'utf8').catch(() => '');
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    await appendFile(path, gap + lines, { mode: 0o600 });
  } catch (error) {
    // The person has said yes: a disk that cannot keep it is no reason to stay away.
    place.log(`${place.name}: the key of ${names.join(', ')} could not be kept in ${path}: ${String(error)}`);
  }
}
