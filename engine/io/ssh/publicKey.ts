// Public keys as ssh writes them: fields with their length before them; two spellings of one key are one key.

/** Reads numbers of four bytes, and strings with their length before them. Throws RangeError at the end of the bytes. */
export interface FieldReader {
  readonly isAtEnd: boolean;
  number(): number;
  string(): Buffer;
}

export function createFieldReader(bytes: Buffer, start = 0): FieldReader {
  let position = start;
  const number = (): number => {
    position += 4;
    return bytes.readUInt32BE(position - 4);
  };
  return {
    get isAtEnd() {
      return position === bytes.length;
    },
    number,
    string: () => {
      const length = number();
      position += length;
      if (position > bytes.length) throw new RangeError('cut off');
      return bytes.subarray(position - length, position);
    },
  };
}

/** A key's blob begins with its type; empty if it does not. */
export const readKeyType = (key: Buffer): string =>
  key.length < 4 ? '' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');

export interface PublicKey {
  /** As the blob names it: `ssh-ed25519`, or a certificate's type. */
  readonly type: string;
  /** The key itself in its one spelling, also if it came in a certificate. Equal bytes are equal keys. */
  readonly blob: Buffer;
  readonly isCertificate: boolean;
  /** Length of an RSA modulus; null for other types. */
  readonly rsaBits: number | null;
}

type Field =
  'number' | 'text' | { readonly bytes: number } | { readonly pointOf: string; readonly bytes: number };

const curve = (name: string, bytes: number): readonly Field[] => [{ pointOf: name, bytes }];

/** What stands in a key after its type, for the types that OpenSSH 9 reads (RFC 4253, 5656, 8709; PROTOCOL.u2f). */
const layouts: ReadonlyMap<string, readonly Field[]> = new Map<string, readonly Field[]>([
  ['ssh-rsa', ['number', 'number']],
  ['ssh-dss', ['number', 'number', 'number', 'number']],
  ['ssh-ed25519', [{ bytes: 32 }]],
  ['ecdsa-sha2-nistp256', curve('nistp256', 65)],
  ['ecdsa-sha2-nistp384', curve('nistp384', 97)],
  ['ecdsa-sha2-nistp521', curve('nistp521', 133)],
  ['sk-ssh-ed25519@openssh.com', [{ bytes: 32 }, 'text']],
  ['sk-ecdsa-sha2-nistp256@openssh.com', [...curve('nistp256', 65), 'text']],
]);

const certificateSuffix = '-cert-v01@openssh.com';

/** `ssh-rsa-cert-v01@openssh.com` -> `ssh-rsa`; the types of FIDO keys carry `@openssh.com` themselves. */
function toPlainType(type: string): string {
  const plain = type.slice(0, -certificateSuffix.length);
  return plain.startsWith('sk-') ? `${plain}@openssh.com` : plain;
}

/** Undefined if OpenSSH would not read it either: an unknown type, fields that are wrong, or bytes left over. */
export function parsePublicKey(bytes: Buffer): PublicKey | undefined {
  try {
    const reader = createFieldReader(bytes);
    const type = reader.string().toString('latin1');
    const isCertificate = type.endsWith(certificateSuffix);
    const plainType = isCertificate ? toPlainType(type) : type;
    const layout = layouts.get(plainType);
    if (!layout) return undefined;
    if (isCertificate) reader.string(); // Its nonce.
    const fields = layout.flatMap((field) => readField(reader, field));
    if (!isCertificate && !reader.isAtEnd) return undefined;
    const [, modulus] = fields;
    const rsaBits = plainType === 'ssh-rsa' && modulus ? countBits(modulus) : null;
    return { type, blob: printFields([Buffer.from(plainType), ...fields]), isCertificate, rsaBits };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Throws RangeError if it is not what OpenSSH takes. */
function readField(reader: FieldReader, field: Field): readonly Buffer[] {
  if (field === 'text') return [reader.string()];
  if (field === 'number') return [toShortest(reader.string())];
  if (!('pointOf' in field)) return [checkLength(reader.string(), field.bytes)];
  const name = reader.string();
  const point = checkLength(reader.string(), field.bytes);
  if (name.toString('latin1') !== field.pointOf || point[0] !== 4) throw new RangeError('another curve');
  return [name, point];
}

function checkLength(bytes: Buffer, length: number): Buffer {
  if (bytes.length !== length) throw new RangeError('another length');
  return bytes;
}

/** A positive number without the zeros that mean nothing: OpenSSH compares numbers. */
function toShortest(bytes: Buffer): Buffer {
  if ((bytes[0] ?? 0) >= 0x80) throw new RangeError('negative');
  const start = bytes.findIndex((byte) => byte !== 0);
  if (start === -1) return Buffer.alloc(0);
  const digits = bytes.subarray(start);
  return (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits;
}

function countBits(number: Buffer): number {
  const digits = number[0] === 0 ? number.subarray(1) : number;
  return digits.length === 0 ? 0 : digits.length * 8 - Math.clz32(digits[0] ?? 0) + 24;
}

const printFields = (fields: readonly Buffer[]): Buffer =>
  Buffer.concat(
    fields.flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    }),
  );

/**
 * A key as files have it: its type and its blob in base64. Undefined if ssh would pass over it: base64 that is not
 * exact, or another type in the blob. `isLenient` reads broken base64 as far as it goes.
 */
export function parseKeyWords(type: string, base64: string, isLenient = false): PublicKey | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (!isLenient && bytes.toString('base64') !== base64) return undefined;
  const key = parsePublicKey(bytes);
  return key?.type === type ? key : undefined;
}
