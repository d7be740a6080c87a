// How a command's answer is told from all else that a login shell prints: frames with a name that nobody can guess.

/** A control character that no trace or listing of the command line contains. */
const edge = '\x1e';

/** Longest word of a command line that Linux takes, less what stands around the script. */
const maxWord = 120_000;

export interface FramedCommand {
  /** For the login shell, whatever it is: letters, and words in single quotes without anything special in them. */
  readonly text: string;
  readonly nonce: string;
}

/** Undefined where the script is too long for a command line. */
export function frameCommand(script: string, nonce: string): FramedCommand | undefined {
  const words = [toWrapper(nonce), script].map(encodeWord);
  const text = `exec /bin/sh -c 'eval "$(printf %b "$0")"' ${words.map((word) => `'${word}'`).join(' ')}`;
  return text.length > maxWord ? undefined : { text, nonce };
}

/** The script runs in a shell of its own: neither exit nor a wrong syntax keeps the frame from being closed. */
const toWrapper = (nonce: string): string => `
printf '\\036${nonce} %s\\036' "$$"
printf '\\036${nonce}\\036' >&2
/bin/sh -c "$(printf %b "$1")"
code=$?
printf '\\036${nonce} end\\036' >&2
printf '\\036${nonce} end %s\\036' "$code"
exit 0
`;

/** For printf's %b: what is not plainly harmless to every shell is written in octal. */
const encodeWord = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w ./=:,@+-]/.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');

interface Part {
  readonly content: Buffer;
  /** What stands between the nonce and the edge. */
  readonly label: string;
}

/** More than this is no answer to any of our questions. */
export const maxAnswer = 64 << 20;
/** Longest label, with room to spare. */
const maxLabel = 100;
/** So much of what comes before a frame is kept for a message. */
const maxNoise = 64 << 10;

/** Collects one stream; what comes before the frame and behind it is somebody else's. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private length = 0;
  private start: { readonly position: number; readonly label: string } | undefined;
  private result: Part | undefined;
  private readonly mark: Buffer;
  /** Up to here nothing of a mark begins. */
  private searched = 0;
  /** Up to here it was taken already. */
  private taken = 0;

  constructor(nonce: string) {
    this.mark = Buffer.from(edge + nonce);
  }

  /** Whether more has come than is worth being kept: nothing is collected any more. */
  get isTooLong(): boolean {
    return this.length > maxAnswer;
  }

  /** What stands in the frame, once it is closed; its label is the exit code, or empty. */
  get closed(): Part | undefined {
    return this.result;
  }

  get pid(): number | undefined {
    const pid = Number(this.start?.label ?? '');
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  }

  /** What came outside of any frame, for a message. */
  get noise(): string {
    if (this.start) return '';
    return Buffer.concat(this.chunks).subarray(0, maxNoise).toString().trim();
  }

  /** What is known to be within the frame, and was not taken before. */
  takeNew(): Buffer {
    if (!this.start) return Buffer.alloc(0);
    const from = Math.max(this.taken, this.start.position);
    const bytes = this.result ? this.result.content.subarray(from - this.start.position) : this.known(from);
    this.taken = from + bytes.length;
    return bytes;
  }

  push(chunk: Buffer): void {
    if (this.result || this.isTooLong) return;
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (this.findMark());
    if (this.length > maxAnswer) this.chunks = [];
  }

  private findMark(): boolean {
    // Chunks are joined only where a mark may lie: long outputs stay in pieces.
    const tail = this.tail();
    const at = tail.bytes.indexOf(this.mark, this.searched - tail.offset);
    if (at === -1) {
      this.searched = Math.max(this.searched, this.length - this.mark.length + 1);
      return false;
    }
    const edgeAt = tail.bytes.indexOf(edge, at + this.mark.length);
    if (edgeAt === -1) {
      // Whoever writes a mark that never ends gets no answer, and keeps nobody busy.
      const isEndless = tail.bytes.length - at > this.mark.length + maxLabel;
      this.searched = tail.offset + at + (isEndless ? this.mark.length : 0);
      return isEndless;
    }
    const label = tail.bytes.toString('latin1', at + this.mark.length, edgeAt).trim();
    this.searched = tail.offset + edgeAt + 1;
    if (!this.start) {
      this.start = { position: this.searched, label };
      return true;
    }
    const all = Buffer.concat(this.chunks);
    this.chunks = [];
    this.result = { content: all.subarray(this.start.position, tail.offset + at), label };
    return false;
  }

  private tail(position = this.searched): { readonly bytes: Buffer; readonly offset: number } {
    let index = this.chunks.length;
    let offset = this.length;
    while (index > 0 && offset > position) {
      index -= 1;
      offset -= this.chunks[index]?.length ?? 0;
    }
    const bytes = Buffer.concat(this.chunks.slice(index));
    return { bytes, offset };
  }

  /** From there to where a mark may have begun. */
  private known(position: number): Buffer {
    const { bytes, offset } = this.tail(position);
    const end = bytes.indexOf(this.mark.subarray(0, 1), Math.max(0, this.searched - offset));
    return bytes.subarray(position - offset, end === -1 ? undefined : end);
  }
}
