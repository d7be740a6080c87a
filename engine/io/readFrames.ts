// How requests for files and their answers are written between the engine and the process that reads for it.
import type { ReadAnswer, ReadRequest } from '../ports';

export const lengthBytes = 4;

/** The JSON of an answer; the bytes of one that was read follow it in this order. */
type Header =
  | Exclude<ReadAnswer, { kind: 'read' }>
  | {
      readonly kind: 'read';
      readonly size: number;
      readonly modified: number | null;
      readonly lengths: readonly [before: number, bytes: number, head: number];
    };

const frame = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
};

export const printRequests = (requests: readonly ReadRequest[]): Buffer => frame(JSON.stringify(requests));

/** Small answers are one piece. */
export function printAnswer(answer: ReadAnswer): readonly Uint8Array[] {
  if (answer.kind !== 'read') return [frame(JSON.stringify(answer satisfies Header))];
  const { kind, size, modified, before, bytes, head } = answer;
  const lengths = [before.length, bytes.length, head.length] as const;
  const parts = [
    frame(JSON.stringify({ kind, size, modified, lengths } satisfies Header)),
    before,
    bytes,
    head,
  ];
  return bytes.length < 16_384 ? [Buffer.concat(parts)] : parts;
}

/** From this many bytes on, what was read lies in memory that threads share: it goes to the matcher without another copy. */
const sharedFrom = 64 * 1024;

/** Memory for what arrives; shared memory is no garbage of this thread's, which would be collected after every few files. */
const allocate = (length: number): Buffer =>
  length > sharedFrom ? Buffer.from(new SharedArrayBuffer(length)) : Buffer.allocUnsafe(length);

/** Takes what arrives in pieces of any length. */
export class AnswerReader {
  private readonly chunks: Buffer[] = [];
  /** What is being put together, in turn: how long a header is, the header, and the bytes that follow one. */
  private part: 'length' | 'header' | 'content' = 'length';
  private bytes = allocate(lengthBytes);
  private filled = 0;
  private header: Extract<Header, { kind: 'read' }> | undefined;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.fill();
  }

  /** The next answer that is whole. */
  next(): ReadAnswer | undefined {
    let answer: ReadAnswer | undefined;
    while (!answer && this.fill()) answer = this.takePart();
    return answer;
  }

  /** Copies what has arrived at once, so that its pieces need not be kept; true if the part is whole. */
  private fill(): boolean {
    while (this.filled < this.bytes.length) {
      const [chunk] = this.chunks;
      if (!chunk) return false;
      const count = chunk.copy(this.bytes, this.filled);
      this.filled += count;
      if (count < chunk.length) this.chunks[0] = chunk.subarray(count);
      else this.chunks.shift();
    }
    return true;
  }

  /** The answer that ends with the part. */
  private takePart(): ReadAnswer | undefined {
    const { part, bytes } = this;
    if (part === 'content') return this.takeContent(bytes);
    if (part === 'length') this.begin('header', bytes.readUInt32LE());
    else {
      const header = JSON.parse(bytes.toString()) as Header;
      if (header.kind !== 'read') {
        this.begin('length', lengthBytes);
        return header;
      }
      this.header = header;
      this.begin('content', header.lengths[0] + header.lengths[1] + header.lengths[2]);
    }
    return undefined;
  }

  private takeContent(content: Buffer): ReadAnswer | undefined {
    const { header } = this;
    this.begin('length', lengthBytes);
    if (!header) return undefined;
    const { kind, size, modified, lengths } = header;
    const [before, bytes] = lengths;
    return {
      ...{ kind, size, modified },
      before: content.subarray(0, before),
      bytes: content.subarray(before, before + bytes),
      head: content.subarray(before + bytes),
    };
  }

  private begin(part: AnswerReader['part'], length: number): void {
    this.part = part;
    this.bytes = allocate(length);
    this.filled = 0;
  }
}
