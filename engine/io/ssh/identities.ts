// The keys that can be offered to a host: those of the agent and those in files, each once, in ssh's order.
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type * as Ssh2 from 'ssh2';
import type { HostConfig } from './hostConfig';
import { isAccepted, isAcceptedType, toSignature } from './algorithms';
import { createFieldReader, parsePublicKey, readKeyType } from './publicKey';

/** A public key, and what signs with it once a server has said that it would take it. */
export interface Identity {
  readonly label: string;
  /** The blob. */
  readonly publicKey: Buffer;
  sign(data: Buffer, hash: string | undefined): Promise<Buffer>;
}

interface KeyFile extends Identity {
  /** A public key alone: it says which key of the agent is meant. */
  readonly isPublic: boolean;
}

export interface Identities {
  readonly offered: readonly Identity[];
  /** What is there and cannot be used, and why, in words. */
  readonly beyond: readonly string[];
}

/** Gives the passphrase of a key file, or throws. `again`: the one before was wrong. */
export type AskPassphrase = (path: string, again: boolean) => Promise<string>;

/** Wrong answers of a person before it is given up: servers lock accounts. */
const maxAnswers = 3;

/** As many as NumberOfPasswordPrompts allows, and never more than is safe. */
export const toMaxAnswers = ({ maxPrompts }: HostConfig): number => Math.min(maxAnswers, maxPrompts);

const pageantRemedy = 'IdentityAgent can name the pipe of Pageant (pageant --openssh-config).';

/** Where the agent listens; undefined where there is none. */
export function findAgent({ identityAgent }: HostConfig, environment: NodeJS.ProcessEnv): string | undefined {
  if (identityAgent === 'none') return undefined;
  const variable = /^\$\{?(\w+)\}?$/.exec(identityAgent ?? '')?.[1];
  if (identityAgent !== null && identityAgent !== 'SSH_AUTH_SOCK')
    return variable === undefined ? identityAgent : environment[variable];
  const named = environment['SSH_AUTH_SOCK'];
  if (named !== undefined && named !== '') return named;
  return process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined;
}

export async function findIdentities(
  ssh2: typeof Ssh2,
  host: HostConfig,
  { environment, askPassphrase }: { environment: NodeJS.ProcessEnv; askPassphrase: AskPassphrase },
): Promise<Identities> {
  const socket = findAgent(host, environment);
  const beyond: string[] = [];
  const held = socket === undefined ? [] : await listAgent(ssh2, socket, beyond);
  const files = (
    await Promise.all(
      host.identityFiles.map((path) =>
        openKeyFile(ssh2, path, { beyond, askPassphrase, maxPrompts: toMaxAnswers(host) }),
      ),
    )
  ).flat();
  const isNamed = (identity: Identity): boolean => files.some((file) => isSame(file, identity));
  const isHeld = (identity: Identity): boolean => held.some((key) => isSame(key, identity));
  // A configured key that the agent holds comes first and is signed for by the agent, which needs no passphrase.
  const wanted = [
    ...held.filter(isNamed),
    ...(host.identitiesOnly ? [] : held.filter((key) => !isNamed(key))),
    ...files.filter((file) => !file.isPublic && !isHeld(file)),
  ];
  const offered = wanted.flatMap((identity) => {
    const why = findObjection(host, identity);
    if (why === undefined) return [toObedient(host, identity)];
    beyond.push(`${identity.label} (${why})`);
    return [];
  });
  return { offered, beyond };
}

/** Why the configuration forbids a key. */
function findObjection(host: HostConfig, { publicKey }: Identity): string | undefined {
  const keyType = readKeyType(publicKey);
  if (!isAcceptedType(host, keyType)) return `PubkeyAcceptedAlgorithms allows no key of the type ${keyType}`;
  const bits = parsePublicKey(publicKey)?.rsaBits ?? host.minRsaBits;
  return bits < host.minRsaBits ? `${bits} bits, and RequiredRSASize is ${host.minRsaBits}` : undefined;
}

/** It signs only by algorithms that the configuration allows: ssh2 falls back to SHA-1 for a server that names none. */
function toObedient(host: HostConfig, identity: Identity): Identity {
  const keyType = readKeyType(identity.publicKey);
  return {
    ...identity,
    sign: (data, hash) => {
      const signature = toSignature(keyType, hash);
      if (isAccepted(host, signature)) return identity.sign(data, hash);
      return Promise.reject(
        new Error(`the server's choice is ${signature}, which PubkeyAcceptedAlgorithms does not allow`),
      );
    },
  };
}

const isSame = (a: Identity, b: Identity): boolean => a.publicKey.equals(b.publicKey);

const isBeyond = (keyType: string): string | undefined => {
  if (keyType.startsWith('sk-')) return 'a FIDO key';
  return keyType.includes('-cert-') ? 'a certificate' : undefined;
};

async function listAgent(ssh2: typeof Ssh2, socket: string, beyond: string[]): Promise<readonly Identity[]> {
  let rows: readonly { readonly key: Buffer; readonly comment: string }[];
  try {
    rows = await requestIdentities(socket);
  } catch (error) {
    const help = process.platform === 'win32' ? `; ${pageantRemedy}` : '';
    beyond.push(`the agent at ${socket} does not answer (${toMessage(error)}${help})`);
    return [];
  }
  const agent = ssh2.createAgent(socket);
  return rows.flatMap(({ key, comment }) => {
    const keyType = readKeyType(key);
    const kind = isBeyond(keyType);
    if (kind !== undefined) {
      beyond.push(`${comment} of the agent is ${kind} (${keyType})`);
      return [];
    }
    return [
      {
        label: `the agent's key ${comment}`,
        publicKey: key,
        sign: (data: Buffer, hash: string | undefined) =>
          new Promise<Buffer>((resolve, reject) => {
            agent.sign(key, data, toOptions(hash), (error, signature) => {
              if (signature) resolve(signature);
              else reject(error ?? new Error('The agent gave no signature.'));
            });
          }),
      },
    ];
  });
}

function toOptions(hash: string | undefined): Ssh2.SigningRequestOptions {
  if (hash === 'sha1' || hash === 'sha256' || hash === 'sha512') return { hash };
  return {};
}

const agentLimitMs = 5000;
/** ssh takes no more of an agent either (authfd.c). */
const maxAgentAnswer = 256 * 1024;

/**
 * Asks an agent what it holds (draft-miller-ssh-agent, 4.4). ssh2 would leave out what it cannot use, and a person would
 * wonder where the key is.
 */
function requestIdentities(path: string): Promise<readonly { key: Buffer; comment: string }[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const chunks: Buffer[] = [];
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(agentLimitMs, () => {
      fail(new Error('no answer'));
    });
    socket.once('error', fail);
    socket.once('close', () => {
      reject(new Error('closed without an answer'));
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const all = Buffer.concat(chunks);
      if (all.length > maxAgentAnswer) {
        fail(new Error('an answer that is too long'));
        return;
      }
      if (all.length < 4 || all.length < 4 + all.readUInt32BE(0)) return;
      socket.destroy();
      try {
        resolve(parseIdentities(all));
      } catch {
        reject(new Error('an answer that makes no sense'));
      }
    });
    socket.write(Buffer.from([0, 0, 0, 1, 11]));
  });
}

function parseIdentities(message: Buffer): readonly { key: Buffer; comment: string }[] {
  if (message[4] !== 12) throw new Error('no list of identities');
  const reader = createFieldReader(message, 5);
  return Array.from({ length: reader.number() }, () => ({
    key: reader.string(),
    comment: reader.string().toString(),
  }));
}

async function openKeyFile(
  ssh2: typeof Ssh2,
  path: string,
  {
    beyond,
    askPassphrase,
    maxPrompts,
  }: { beyond: string[]; askPassphrase: AskPassphrase; maxPrompts: number },
): Promise<readonly KeyFile[]> {
  const text = await readFile(path).catch((error: unknown) => {
    if (!isMissing(error)) beyond.push(`${path} cannot be read (${toMessage(error)})`);
  });
  const beside = await readPublicKey(`${path}.pub`);
  // IdentityFile may name a public key whose private one only the agent has.
  const publicKey = text ? (findPublicKey(text) ?? beside ?? (await readPublicKey(path))) : undefined;
  const kind = publicKey && isBeyond(readKeyType(publicKey));
  if (kind !== undefined) {
    beyond.push(`${path} is ${kind}`);
    return [];
  }
  if (!text) return [];
  let opened = ssh2.utils.parseKey(text);
  const blob = publicKey ?? (opened instanceof Error ? undefined : opened.getPublicSSH());
  const open = async (): Promise<Ssh2.ParsedKey> => {
    for (let tries = 0; opened instanceof Error; tries++) {
      if (tries >= maxPrompts) throw new Error(`${tries} wrong passphrases`);
      opened = ssh2.utils.parseKey(text, await askPassphrase(path, tries > 0));
    }
    return opened;
  };
  if (opened instanceof Error && !/passphrase/i.test(opened.message)) {
    beyond.push(`${path} cannot be used (${opened.message})`);
    return [];
  }
  if (!blob) {
    beyond.push(`${path} is locked in an old format and has no ${path}.pub beside it`);
    return [];
  }
  const isPublic = !(opened instanceof Error) && !opened.isPrivateKey();
  const sign = async (data: Buffer, hash: string | undefined): Promise<Buffer> => {
    const signature: Buffer | Error = (await open()).sign(data, hash);
    if (signature instanceof Error) throw signature;
    return signature;
  };
  return [{ label: path, publicKey: blob, isPublic, sign }];
}

async function readPublicKey(path: string): Promise<Buffer | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [keyType = '', key = ''] = text.trim().split(/\s+/);
  const blob = Buffer.from(key, 'base64');
  return blob.length > 4 && readKeyType(blob) === keyType ? blob : undefined;
}

const header = '-----BEGIN OPENSSH PRIVATE KEY-----';
const magic = 'openssh-key-v1\0';

/** OpenSSH's format shows the public key without the passphrase (PROTOCOL.key). */
function findPublicKey(file: Buffer): Buffer | undefined {
  const text = file.toString('latin1');
  const begin = text.indexOf(header);
  const end = begin < 0 ? -1 : text.indexOf('-----END', begin + header.length);
  if (end < 0) return undefined;
  const bytes = Buffer.from(text.slice(begin + header.length, end), 'base64');
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) return undefined;
  try {
    const reader = createFieldReader(bytes, magic.length);
    // Cipher, key derivation and its options.
    for (let part = 0; part < 3; part++) reader.string();
    return reader.number() > 0 ? reader.string() : undefined;
  } catch {
    return undefined; // A file that is cut off: opening it says so.
  }
}

const toMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
