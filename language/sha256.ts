// SHA-256 of a text: what people agree to is remembered by it. Source: FIPS 180-4, section 6.2.

/** The first 32 bits of the fractional parts of a root of the first primes: exact, as doubles hold 53 bits. */
const toFraction = (root: number): number => Math.floor((root % 1) * 2 ** 32);

const primes: readonly number[] = findPrimes(64);
const roundConstants = Uint32Array.from(primes, (prime) => toFraction(Math.cbrt(prime)));
const firstState = Uint32Array.from(primes.slice(0, 8), (prime) => toFraction(Math.sqrt(prime)));

function findPrimes(count: number): readonly number[] {
  const found: number[] = [];
  for (let number = 2; found.length < count; number++)
    if (found.every((prime) => number % prime !== 0)) found.push(number);
  return found;
}

/** Of the text in UTF-8, as 64 hexadecimal digits. */
export function toSha256(text: string): string {
  const bytes = pad(toUtf8(text));
  const state = firstState.slice();
  for (let at = 0; at < bytes.length; at += 64) digest(state, new DataView(bytes.buffer, at, 64));
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

/** A lone surrogate has no UTF-8: it is written as if it had, so that different texts stay different. */
function toUtf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else {
      const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
      bytes.push(([0xc0, 0xe0, 0xf0][more - 1] ?? 0) | (code >> (6 * more)));
      for (let rest = more - 1; rest >= 0; rest--) bytes.push(0x80 | ((code >> (6 * rest)) & 0x3f));
    }
  }
  return bytes;
}

function pad(bytes: readonly number[]): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  return padded;
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function digest(state: Uint32Array, block: DataView): void {
  const words = new Uint32Array(64);
  for (let index = 0; index < 64; index++) {
    if (index < 16) words[index] = block.getUint32(index * 4);
    else {
      const [early, late] = [words[index - 15] ?? 0, words[index - 2] ?? 0];
      const first = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      words[index] = (words[index - 16] ?? 0) + first + (words[index - 7] ?? 0) + second;
    }
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let index = 0; index < 64; index++) {
    const mixed = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const chosen = (e & f) ^ (~e & g);
    const one = (h + mixed + chosen + (roundConstants[index] ?? 0) + (words[index] ?? 0)) | 0;
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((word, index) => (state[index] = (state[index] ?? 0) + word));
}
