// The known_hosts format of OpenSSH, sshd(8): who is meant by a line, and what the lines say of a key.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseKeyWords, type PublicKey } from './publicKey';

export interface KnownHostsFile {
  readonly path: string;
  readonly text: string;
}

/** Where a line stands, for a person to find it. */
export interface LinePlace {
  readonly path: string;
  readonly line: number;
}

interface Entry extends LinePlace {
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  readonly hosts: string;
  readonly key: PublicKey;
}

export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked'; readonly place: LinePlace }
  /** Another key is known; `places` are all the lines that say so. */
  | { readonly kind: 'changed'; readonly place: LinePlace; readonly places: readonly LinePlace[] }
  /** Only an authority's signature would tell. */
  | { readonly kind: 'authority'; readonly place: LinePlace }
  | { readonly kind: 'unknown' };

const markers: ReadonlyMap<string, Entry['marker']> = new Map([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'cert-authority'],
]);

/** Shorter RSA keys are passed over wherever ssh reads them. */
const minRsaBits = 1024;

/**
 * Lines that cannot be read are passed over, as ssh does; but what is meant to be revoked is revoked also if its base64 is
 * damaged, and if a tab follows the marker.
 */
export function parseKnownHosts({ path, text }: KnownHostsFile): readonly Entry[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/[ \t]+/);
    const [first = ''] = words;
    if (first === '' || first.startsWith('#')) return [];
    const isMarked = first.startsWith('@');
    const marker = isMarked ? markers.get(first) : 'none';
    const [hosts, type, base64] = isMarked ? words.slice(1) : words;
    if (marker === undefined || hosts === undefined || type === undefined || base64 === undefined) return [];
    const key = parseKeyWords(type, base64, marker === 'revoked');
    if (!key || (key.rsaBits ?? minRsaBits) < minRsaBits) return [];
    return [{ path, line: index + 1, marker, hosts, key }];
  });
}

/** The name under which a host is kept: `host`, or `[host]:port` where the port is not ssh's own. */
export const toHostName = (host: string, port: number): string =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;

/** Whether a line's list of hosts, hashed or with wildcards and negations, means this name. */
export function isMeant(hosts: string, name: string): boolean {
  if (hosts.startsWith('|1|')) return isHashOf(hosts, name);
  const patterns = hosts.split(',');
  const fits = (pattern: string): boolean => toPattern(pattern).test(name);
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1)))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern));
}

const toPattern = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  );

const hashName = (salt: Buffer, name: string): Buffer => createHmac('sha1', salt).update(name).digest();

/** Length of a SHA-1, which is the salt's too. */
const hashBytes = 20;

function isHashOf(field: string, name: string): boolean {
  const [, , salt = '', hash = ''] = field.split('|');
  const [saltBytes, expected] = [Buffer.from(salt, 'base64'), Buffer.from(hash, 'base64')];
  if (saltBytes.length !== hashBytes || expected.length !== hashBytes) return false;
  return timingSafeEqual(expected, hashName(saltBytes, name));
}

export interface HostNames {
  /** As `toHostName` writes it, or the alias. */
  readonly name: string;
  /** The name without its port: a key that is known there is good here too. */
  readonly plainName: string;
}

/**
 * What the files say of a key that a host shows, as OpenSSH judges it (sshconnect.c, check_host_key): any other key of the
 * name, of whatever type, makes it `changed`. Only at the plain name of a host with a port do other keys say nothing.
 */
export function judgeHostKey(
  files: readonly KnownHostsFile[],
  { name, plainName }: HostNames,
  key: PublicKey,
): Verdict {
  const entries = files.flatMap(parseKnownHosts);
  const verdict = judgeAt(entries, name, key);
  if (plainName === name || (verdict.kind !== 'unknown' && verdict.kind !== 'authority')) return verdict;
  const plain = judgeAt(entries, plainName, key);
  // OpenSSH overlooks a key that is revoked for the plain name alone, and asks.
  if (plain.kind === 'known' || plain.kind === 'revoked') return plain;
  return verdict.kind === 'unknown' && plain.kind === 'authority' ? plain : verdict;
}

function judgeAt(entries: readonly Entry[], name: string, key: PublicKey): Verdict {
  const ours = entries.filter(({ hosts }) => isMeant(hosts, name));
  const marked = (marker: Entry['marker']): readonly Entry[] =>
    ours.filter((entry) => entry.marker === marker);
  const revoked = marked('revoked').find((entry) => entry.key.blob.equals(key.blob));
  if (revoked) return { kind: 'revoked', place: revoked };
  const plain = marked('none');
  if (plain.some((entry) => isSameKey(entry.key, key))) return { kind: 'known' };
  // The line of the same type tells more to a person; without one OpenSSH names the last.
  const changed = plain.find((entry) => entry.key.type === key.type) ?? plain.at(-1);
  if (changed) return { kind: 'changed', place: changed, places: plain };
  const [authority] = marked('cert-authority');
  return authority ? { kind: 'authority', place: authority } : { kind: 'unknown' };
}

const isSameKey = (a: PublicKey, b: PublicKey): boolean =>
  a.isCertificate === b.isCertificate && a.blob.equals(b.blob);

/** Types of key that are known of a host: it is asked for one of those, so that what is known can be compared. */
export function findKnownTypes(files: readonly KnownHostsFile[], name: string): readonly string[] {
  const ours = files
    .flatMap(parseKnownHosts)
    .filter(({ marker, hosts }) => marker === 'none' && isMeant(hosts, name));
  return [...new Set(ours.map(({ key }) => key.type))];
}

/** ssh shows no more of them either. */
const maxOtherNames = 8;

/** Lines of other hosts that have the same key, as ssh shows them: `/home/me/.ssh/known_hosts:3: login2`. */
export function findOtherNames(
  files: readonly KnownHostsFile[],
  name: string,
  key: PublicKey,
): readonly string[] {
  const others = files
    .flatMap(parseKnownHosts)
    .filter((entry) => entry.marker === 'none' && isSameKey(entry.key, key) && !isMeant(entry.hosts, name));
  return others
    .slice(0, maxOtherNames)
    .map(({ path, line, hosts }) => `${path}:${line}: ${hosts.startsWith('|') ? '[hashed name]' : hosts}`);
}

/** A line for a host that a person has accepted. */
export function printKnownHost(name: string, { type, blob }: PublicKey, hashed: boolean): string {
  const salt = randomBytes(hashBytes);
  const host = hashed ? `|1|${salt.toString('base64')}|${hashName(salt, name).toString('base64')}` : name;
  return `${host} ${type} ${blob.toString('base64')}\n`;
}
