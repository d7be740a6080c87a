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

/** Takes what arrives in pieces of any length. */
export class AnswerReader {
  private chunks: Buffer[] = [];
  private length = 0;
  private header: Header | undefined;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  /** The next answer that is whole. */
  next(): ReadAnswer | undefined {
    this.header ??= this.takeHeader();
    const { header } = this;
    if (!header) return undefined;
    if (header.kind !== 'read') {
      this.header = undefined;
      return header;
    }
    const [before, bytes, head] = header.lengths;
    const content = this.take(before + bytes + head);
    if (!content) return undefined;
    this.header = undefined;
    const { kind, size, modified } = header;
    return {
      ...{ kind, size, modified },
      before: content.subarray(0, before),
      bytes: content.subarray(before, before + bytes),
      head: content.subarray(before + bytes),
    };
  }

  private takeHeader(): Header | undefined {
    const start = this.peek(lengthBytes);
    if (!start) return undefined;
    const length = start.readUInt32LE();
    const text = this.take(lengthBytes + length)?.subarray(lengthBytes);
    return text && (JSON.parse(text.toString()) as Header);
  }

  private peek(count: number): Buffer | undefined {
    if (this.length < count) return undefined;
    const [first] = this.chunks;
    // Chunks are joined once all of a long answer is there, not with each of them.
    if (!first || first.length < count) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0];
  }

  private take(count: number): Buffer | undefined {
    const all = this.peek(count);
    if (!all) return undefined;
    this.chunks[0] = all.subarray(count);
    this.length -= count;
    if (this.chunks[0].length === 0) this.chunks.shift();
    return all.subarray(0, count);
  }
}
