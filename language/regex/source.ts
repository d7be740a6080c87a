// The pattern as a stream of characters and escapes, with CPython's positions for errors.

/** An error of CPython's `re` module; `position` counts code points, as `re.error.pos` does. */
export class PatternError extends Error {
  constructor(
    message: string,
    readonly position: number,
    /** True where Python accepts the pattern and we do not. */
    readonly unsupported = false,
  ) {
    super(message);
  }
}

/** Reads code points; an escape `\x` is one token. Follows the tokenizer of CPython's `re._parser`. */
export class PatternSource {
  private readonly characters: readonly string[];
  private readonly offsets: readonly number[];
  private index = 0;
  /** The next token, or undefined at the end. */
  next: string | undefined;

  constructor(text: string) {
    this.characters = [...text];
    const offsets = [0];
    for (const character of this.characters) offsets.push((offsets.at(-1) ?? 0) + character.length);
    this.offsets = offsets;
    this.advance();
  }

  private advance(): void {
    const character = this.characters[this.index];
    if (character === undefined) {
      this.next = undefined;
      return;
    }
    if (character !== '\\') {
      this.index += 1;
      this.next = character;
      return;
    }
    const escaped = this.characters[this.index + 1];
    if (escaped === undefined)
      throw new PatternError('bad escape (end of pattern)', this.characters.length - 1);
    this.index += 2;
    this.next = character + escaped;
  }

  match(token: string): boolean {
    if (this.next !== token) return false;
    this.advance();
    return true;
  }

  get(): string | undefined {
    const token = this.next;
    this.advance();
    return token;
  }

  getWhile(count: number, characters: RegExp): string {
    let result = '';
    while (result.length < count && this.next !== undefined && characters.test(this.next))
      result += this.get() ?? '';
    return result;
  }

  getUntil(terminator: string, name: string): string {
    let result = '';
    for (;;) {
      const token = this.get();
      if (token === undefined) {
        if (result === '') throw this.error(`missing ${name}`);
        throw this.error(`missing ${terminator}, unterminated name`, lengthOf(result));
      }
      if (token === terminator) {
        if (result === '') throw this.error(`missing ${name}`, 1);
        return result;
      }
      result += token;
    }
  }

  /** Position of the next token, in code points. */
  tell(): number {
    return this.index - lengthOf(this.next ?? '');
  }

  seek(position: number): void {
    this.index = position;
    this.advance();
  }

  /** UTF-16 offset of a position. */
  toOffset(position: number): number {
    return this.offsets[position] ?? this.offsets.at(-1) ?? 0;
  }

  error(message: string, back = 0): PatternError {
    return new PatternError(message, this.tell() - back);
  }
}

/** Length in code points. */
export function lengthOf(text: string): number {
  return text.length < 2 ? text.length : [...text].length;
}
