// Reads a pattern as CPython does: one character or one escape ahead, positions in code points.
import type { Span } from '../text';

/** What stops the parser; never leaves `parsePattern`. */
export class PatternError extends Error {
  constructor(
    readonly code: 'bad-regex' | 'unsupported-regex',
    message: string,
    /** In code points of the pattern. */
    readonly position: number,
  ) {
    super(message);
  }
}

export const lengthOf = (text: string): number => (text.length === 1 ? 1 : Array.from(text).length);

/** Where each code point begins, and the end; undefined where each is one unit. */
function findOffsets(source: string): readonly number[] | undefined {
  if (!/[\ud800-\udfff]/.test(source)) return undefined;
  const offsets = [0];
  for (const char of source) offsets.push((offsets.at(-1) ?? 0) + char.length);
  return offsets;
}

export class PatternScanner {
  private readonly offsets: readonly number[] | undefined;
  private start = 0;
  private token: string | undefined;

  constructor(private readonly source: string) {
    this.offsets = findOffsets(source);
    this.seek(0);
  }

  /** The next character, or a backslash with the character after it; undefined at the end. */
  peek(): string | undefined {
    return this.token;
  }

  take(): string | undefined {
    const taken = this.token;
    if (taken !== undefined) this.seek(this.start + (taken.charCodeAt(0) === 0x5c ? 2 : 1));
    return taken;
  }

  takeIf(wanted: string): boolean {
    if (this.token !== wanted) return false;
    this.take();
    return true;
  }

  /** Takes up to `limit` characters that are in `allowed`. */
  takeWhile(limit: number, allowed: string): string {
    let text = '';
    for (let { token } = this; text.length < limit && token?.length === 1; { token } = this) {
      if (!allowed.includes(token)) break;
      text += token;
      this.take();
    }
    return text;
  }

  /** Takes up to `terminator`, which is dropped; `what` names the text in errors. */
  takeUntil(terminator: string, what: string): string {
    let text = '';
    for (;;) {
      const taken = this.take();
      if (taken === undefined) {
        return text === ''
          ? this.fail(`missing ${what}`)
          : this.fail(`missing ${terminator}, unterminated name`, lengthOf(text));
      }
      if (taken === terminator) return text === '' ? this.fail(`missing ${what}`, 1) : text;
      text += taken;
    }
  }

  /** Position of the next token. */
  tell(): number {
    return this.start;
  }

  seek(position: number): void {
    this.start = position;
    const token = this.charAt(position);
    if (token !== '\\') {
      this.token = token === '' ? undefined : token;
      return;
    }
    const escaped = this.charAt(position + 1);
    if (escaped === '') throw new PatternError('bad-regex', 'bad escape (end of pattern)', position);
    this.token = token + escaped;
  }

  /** Stops with an error `back` code points before the next token. */
  fail(message: string, back = 0): never {
    throw new PatternError('bad-regex', message, this.start - back);
  }

  spanFrom(position: number): Span {
    if (!this.offsets) return { start: position, end: this.start };
    return { start: this.offsetOf(position), end: this.offsetOf(this.start) };
  }

  offsetOf(position: number): number {
    const { offsets, source } = this;
    return offsets ? (offsets[position] ?? source.length) : Math.min(position, source.length);
  }

  /** Without surrogates the places of a text are those of its code points. */
  private charAt(position: number): string {
    const { offsets, source } = this;
    if (!offsets) return source.charAt(position);
    return source.slice(offsets[position] ?? source.length, offsets[position + 1]);
  }
}
