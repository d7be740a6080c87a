// The known_hosts format of OpenSSH, sshd(8): who is meant by a line, and what the lines say of a key.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

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
  readonly keyType: string;
  /** The key as base64. */
  readonly key: string;
}

export type Verdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked'; readonly place: LinePlace }
  | { readonly kind: 'changed'; readonly place: LinePlace }
  /** Only an authority's signature would tell. */
  | { readonly kind: 'authority'; readonly place: LinePlace }
  | { readonly kind: 'unknown' };

const markers: ReadonlyMap<string, Entry['marker']> = new Map([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'cert-authority'],
]);

/** Lines that cannot be read are passed over, as ssh does. */
export function parseKnownHosts({ path, text }: KnownHostsFile): readonly Entry[] {
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/[ \t]+/);
    const [first = ''] = words;
    if (first === '' || first.startsWith('#')) return [];
    const isMarked = first.startsWith('@');
    const marker = isMarked ? markers.get(first) : 'none';
    const [hosts, keyType, key] = isMarked ? words.slice(1) : words;
    if (marker === undefined || hosts === undefined || keyType === undefined || key === undefined) return [];
    return [{ path, line: index + 1, marker, hosts, keyType, key }];
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

function isHashOf(field: string, name: string): boolean {
  const [, , salt = '', hash = ''] = field.split('|');
  const expected = Buffer.from(hash, 'base64');
  const actual = hashName(Buffer.from(salt, 'base64'), name);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

export interface HostNames {
  /** As `toHostName` writes it, or the alias. */
  readonly name: string;
  /** The name without its port: a key that is known there is good here too. */
  readonly plainName: string;
}

/** What the files say of a key that a host shows; `key` is its blob. */
export function judgeHostKey(
  files: readonly KnownHostsFile[],
  { name, plainName }: HostNames,
  key: Buffer,
): Verdict {
  const keyType = readKeyType(key);
  const text = key.toString('base64');
  const all = files.flatMap(parseKnownHosts);
  const ours = all.filter((entry) => isMeant(entry.hosts, name));
  const isSame = (entry: Entry): boolean => entry.marker === 'none' && entry.key === text;
  const revoked = ours.find((entry) => entry.marker === 'revoked' && entry.key === text);
  if (revoked) return { kind: 'revoked', place: revoked };
  if (ours.some(isSame)) return { kind: 'known' };
  const changed = ours.find((entry) => entry.marker === 'none' && entry.keyType === keyType);
  if (changed) return { kind: 'changed', place: changed };
  if (plainName !== name && all.some((entry) => isSame(entry) && isMeant(entry.hosts, plainName)))
    return { kind: 'known' };
  const authority = ours.find((entry) => entry.marker === 'cert-authority');
  if (authority && !ours.some((entry) => entry.marker === 'none'))
    return { kind: 'authority', place: authority };
  return { kind: 'unknown' };
}

/** Types of key that are known of a host: it is asked for one of those, so that what is known can be compared. */
export function findKnownTypes(
  files: readonly KnownHostsFile[],
  { name, plainName }: HostNames,
): readonly string[] {
  const plain = files.flatMap(parseKnownHosts).filter(({ marker }) => marker === 'none');
  const ours = plain.filter(({ hosts }) => isMeant(hosts, name));
  const found = ours.length > 0 ? ours : plain.filter(({ hosts }) => isMeant(hosts, plainName));
  return [...new Set(found.map(({ keyType }) => keyType))];
}

/** A line for a host that a person has accepted. */
export function printKnownHost(name: string, key: Buffer, hashed: boolean): string {
  const salt = randomBytes(20);
  const host = hashed ? `|1|${salt.toString('base64')}|${hashName(salt, name).toString('base64')}` : name;
  return `${host} ${readKeyType(key)} ${key.toString('base64')}\n`;
}

/** A key's blob begins with its type: a length of four bytes, and the name. */
export const readKeyType = (key: Buffer): string =>
  key.length < 4 ? '' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
