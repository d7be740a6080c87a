// Which algorithms are offered: what the configuration allows, ssh2 knows, and this runtime's crypto can do.
import { createCipheriv, createDiffieHellmanGroup, createECDH, createHmac, getHashes } from 'node:crypto';
import type { CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import type { HostConfig } from './hostConfig';
import { elsewhere, toNeedsSignIn, type SshPlace } from './sshPlace';

/** An algorithm, and a try of it: Electron's crypto says that it has what it has not. */
type Trials<Name> = readonly (readonly [Name, () => unknown])[];

const cipher = (name: string, keyBytes: number, ivBytes: number) => (): unknown =>
  createCipheriv(name, Buffer.alloc(keyBytes), Buffer.alloc(ivBytes));
const hmac = (hash: string) => (): unknown => createHmac(hash, 'key').update('text').digest();
const curve = (name: string) => (): unknown => createECDH(name).generateKeys();
const group = (name: string) => (): unknown => createDiffieHellmanGroup(name);
const hash = (name: string) => (): unknown => {
  if (!getHashes().includes(name)) throw new Error(`This runtime has no ${name}.`);
  return name;
};
const always = (): unknown => undefined;

// The usual ones are in our order of preference; old ones are offered only where the configuration names them.
const ciphers: Trials<CipherAlgorithm> = [
  ['aes128-gcm@openssh.com', cipher('aes-128-gcm', 16, 12)],
  ['aes256-gcm@openssh.com', cipher('aes-256-gcm', 32, 12)],
  ['aes128-ctr', cipher('aes-128-ctr', 16, 16)],
  ['aes192-ctr', cipher('aes-192-ctr', 24, 16)],
  ['aes256-ctr', cipher('aes-256-ctr', 32, 16)],
  ['chacha20-poly1305@openssh.com', cipher('chacha20', 32, 16)],
];
const oldCiphers: Trials<CipherAlgorithm> = [
  ['aes256-cbc', cipher('aes-256-cbc', 32, 16)],
  ['aes192-cbc', cipher('aes-192-cbc', 24, 16)],
  ['aes128-cbc', cipher('aes-128-cbc', 16, 16)],
];
const macs: Trials<MacAlgorithm> = [
  ['hmac-sha2-256-etm@openssh.com', hmac('sha256')],
  ['hmac-sha2-512-etm@openssh.com', hmac('sha512')],
  ['hmac-sha1-etm@openssh.com', hmac('sha1')],
  ['hmac-sha2-256', hmac('sha256')],
  ['hmac-sha2-512', hmac('sha512')],
  ['hmac-sha1', hmac('sha1')],
];
const exchanges: Trials<KexAlgorithm> = [
  ['curve25519-sha256', always],
  ['curve25519-sha256@libssh.org', always],
  ['ecdh-sha2-nistp256', curve('prime256v1')],
  ['ecdh-sha2-nistp384', curve('secp384r1')],
  ['ecdh-sha2-nistp521', curve('secp521r1')],
  ['diffie-hellman-group-exchange-sha256', hash('RSA-SHA256')],
  ['diffie-hellman-group14-sha256', group('modp14')],
  ['diffie-hellman-group16-sha512', group('modp16')],
  ['diffie-hellman-group18-sha512', group('modp18')],
];
const oldExchanges: Trials<KexAlgorithm> = [
  ['diffie-hellman-group14-sha1', group('modp14')],
  ['diffie-hellman-group-exchange-sha1', hash('RSA-SHA1')],
  ['diffie-hellman-group1-sha1', group('modp2')],
];
const hostKeys: Trials<ServerHostKeyAlgorithm> = [
  ['ssh-ed25519', always],
  ['ecdsa-sha2-nistp256', curve('prime256v1')],
  ['ecdsa-sha2-nistp384', curve('secp384r1')],
  ['ecdsa-sha2-nistp521', curve('secp521r1')],
  ['rsa-sha2-512', hash('RSA-SHA512')],
  ['rsa-sha2-256', hash('RSA-SHA256')],
];
const oldHostKeys: Trials<ServerHostKeyAlgorithm> = [['ssh-rsa', hash('RSA-SHA1')]];

/**
 * Whether a list of the configuration allows an algorithm. `ssh -G` prints names alone; in the files a first sign adds to
 * the usual ones (`+`, `^`) or takes from them (`-`), and names may be patterns then. An empty list allows the usual ones.
 */
export function allows(wanted: readonly string[], name: string, isUsual: boolean): boolean {
  const [, sign = '', first = ''] = /^([-+^]?)(.*)$/.exec(wanted[0] ?? '') ?? [];
  if (first === '') return isUsual;
  const isNamed = [first, ...wanted.slice(1)].some((pattern) => toPattern(pattern).test(name));
  if (sign === '-') return isUsual && !isNamed;
  return sign === '' ? isNamed : isUsual || isNamed;
}

const toPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

/** Those that the configuration allows, in our order: OpenSSH's puts a cipher first that is slow here. Maybe none. */
export function choose<Name extends string>(
  usual: Trials<Name>,
  old: Trials<Name>,
  wanted: readonly string[],
): Name[] {
  return [...usual, ...old]
    .filter((row) => allows(wanted, row[0], usual.includes(row)) && isUsable(row))
    .map(([name]) => name);
}

function isUsable([, trial]: Trials<string>[number]): boolean {
  try {
    trial();
    return true;
  } catch {
    return false; // The runtime cannot do it, whatever it says: that is what the trial is for.
  }
}

/** A type of key in known_hosts stands for these algorithms. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};

export interface Algorithms {
  readonly cipher: CipherAlgorithm[];
  readonly hmac: MacAlgorithm[];
  readonly kex: KexAlgorithm[];
  readonly serverHostKey: ServerHostKeyAlgorithm[];
}

/**
 * Key types that are known of the host come first: it shows the key that can be compared. Throws needs-sign-in if the
 * configuration allows nothing that this program has: what a person has forbidden is not offered.
 */
export function chooseAlgorithms(
  { alias, algorithms }: HostConfig,
  { place, knownTypes }: { readonly place: SshPlace; readonly knownTypes: readonly string[] },
): Algorithms {
  const pick = <Name extends string>(
    option: string,
    wanted: readonly string[],
    [usual, old]: readonly [Trials<Name>, Trials<Name>],
  ): Name[] => {
    const chosen = choose(usual, old, wanted);
    if (chosen.length > 0) return chosen;
    const ours = [...usual, ...old].filter(isUsable).map(([name]) => name);
    throw toNeedsSignIn(
      place,
      `${option} of ssh's configuration allows nothing for ${alias} that this program has (${wanted.join(',')})`,
      `Allow one of these for it: ${ours.join(', ')}. Or ${elsewhere}.`,
    );
  };
  const known = knownTypes.flatMap((type) => signatures[type] ?? [type]);
  const isKnown = (name: string): boolean => known.includes(name);
  const keys = pick('HostKeyAlgorithms', algorithms.hostkeyalgorithms, [hostKeys, oldHostKeys]);
  return {
    cipher: pick('Ciphers', algorithms.ciphers, [ciphers, oldCiphers]),
    hmac: pick('MACs', algorithms.macs, [macs, []]),
    kex: pick('KexAlgorithms', algorithms.kexalgorithms, [exchanges, oldExchanges]),
    serverHostKey: [...keys.filter(isKnown), ...keys.filter((name) => !isKnown(name))],
  };
}

const sha2 = { sha256: 'rsa-sha2-256', sha512: 'rsa-sha2-512' } as const;

/** The algorithm by which a key of a type signs with a hash; an RSA key without one of SHA-2's signs with SHA-1. */
export const toSignature = (keyType: string, hash: string | undefined): string =>
  keyType === 'ssh-rsa' && (hash === 'sha256' || hash === 'sha512') ? sha2[hash] : keyType;

/** Whether a person's key may sign by this algorithm (PubkeyAcceptedAlgorithms): with SHA-1 only if it is named. */
export const isAccepted = ({ algorithms }: HostConfig, signature: string): boolean =>
  allows(algorithms.pubkeyacceptedalgorithms, signature, signature !== 'ssh-rsa' && signature !== 'ssh-dss');

/** Whether a key of this type may sign by any algorithm. */
export const isAcceptedType = (host: HostConfig, keyType: string): boolean =>
  (signatures[keyType] ?? [keyType]).some((signature) => isAccepted(host, signature));
