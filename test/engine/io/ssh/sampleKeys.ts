// Public keys for tests, made from words: nobody has their private halves.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { parsePublicKey, type PublicKey } from '../../../../engine/io/ssh/publicKey';

/** A blob of ssh: each field with its length before it. */
export const printKey = (type: string, ...fields: readonly Buffer[]): Buffer =>
  Buffer.concat(
    [Buffer.from(type), ...fields].flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    }),
  );

const parse = (bytes: Buffer): PublicKey => {
  const key = parsePublicKey(bytes);
  assert.ok(key);
  return key;
};

export const toEd25519 = (word: string): PublicKey =>
  parse(printKey('ssh-ed25519', createHash('sha256').update(word).digest()));

/** `zeros` of them stand before each number, which mean nothing. */
export function printRsa(word: string, bytes = 256, zeros = 1): Buffer {
  const modulus = createHash('shake256', { outputLength: bytes }).update(word).digest();
  modulus[0] = 0x80 | (modulus[0] ?? 0);
  const pad = Buffer.alloc(zeros);
  return printKey('ssh-rsa', Buffer.concat([pad, Buffer.of(1, 0, 1)]), Buffer.concat([pad, modulus]));
}

export const toRsa = (word: string, bytes = 256, zeros = 1): PublicKey => parse(printRsa(word, bytes, zeros));
