// RevokedHostKeys: a file of public keys that no host may show, one in a line.
import { readFile } from 'node:fs/promises';
import type { LinePlace } from './knownHosts';
import { parseKeyWords, type PublicKey } from './publicKey';

export type Revocation =
  | { readonly kind: 'none' }
  | { readonly kind: 'revoked'; readonly place: LinePlace }
  /** `why` goes on with a sentence about the file. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** Begins a key revocation list, which ssh-keygen writes (PROTOCOL.krl). */
const krlMagic = Buffer.from('SSHKRL\n\0');

export async function findRevocation(path: string, key: PublicKey): Promise<Revocation> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return {
      kind: 'unreadable',
      why: `cannot be read (${error instanceof Error ? error.message : String(error)})`,
    };
  }
  if (bytes.subarray(0, krlMagic.length).equals(krlMagic))
    return { kind: 'unreadable', why: 'is a key revocation list (KRL), which this program cannot read' };
  return findInText(path, bytes.toString('latin1'), key);
}

/** As OpenSSH reads it (authfile.c, sshkey_in_file): a line that makes no sense revokes everything. */
function findInText(path: string, text: string, key: PublicKey): Revocation {
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim();
    if (words === '' || words.startsWith('#')) continue;
    const [type = '', base64 = ''] = words.split(/[ \t]+/);
    const listed = parseKeyWords(type, base64);
    if (!listed) return { kind: 'unreadable', why: `has no public key in line ${index + 1}` };
    if (listed.blob.equals(key.blob)) return { kind: 'revoked', place: { path, line: index + 1 } };
  }
  return { kind: 'none' };
}
