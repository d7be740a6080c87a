// JSON with the places of its values in the text, for files that people write.
import { mapOffsets, type MappedText } from './mappedText';
import type { Parsed, Span } from './text';

export type JsonNode = { readonly span: Span } & (
  | {
      readonly kind: 'object';
      readonly members: readonly { readonly key: MappedText; readonly value: JsonNode }[];
    }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'string'; readonly text: MappedText }
  | { readonly kind: 'number' | 'boolean' | 'null' }
);

export interface JsonProblem {
  readonly message: string;
  readonly offset: number;
}

/** Deeper ones are no watchers. */
const deepest = 50;

/** Reads one JSON value (RFC 8259); the value is undefined where there is a problem. */
export function parseJsonTree(text: string): Parsed<JsonNode | undefined, JsonProblem> {
  const reader = new Reader(text);
  try {
    return { value: reader.readDocument(), problems: [] };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return { value: undefined, problems: [{ message: error.message, offset: error.offset }] };
  }
}

/** Never leaves this file. */
class SyntaxProblem extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Reader {
  private at: number;

  constructor(private readonly text: string) {
    this.at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  readDocument(): JsonNode {
    const value = this.readValue(0);
    this.skipBlanks();
    if (this.at < this.text.length) this.fail('nothing may follow the value');
    return value;
  }

  private fail(message: string, offset = this.at): never {
    throw new SyntaxProblem(message, offset);
  }

  private skipBlanks(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at += 1;
  }

  private readValue(depth: number): JsonNode {
    this.skipBlanks();
    if (depth > deepest) this.fail('this is nested too deeply');
    const start = this.at;
    const character = this.text[start];
    if (character === '{')
      return { kind: 'object', members: this.readMembers(depth), span: { start, end: this.at } };
    if (character === '[')
      return { kind: 'array', items: this.readItems(depth), span: { start, end: this.at } };
    if (character === '"') return { kind: 'string', text: this.readString(), span: { start, end: this.at } };
    return this.readWord(start);
  }

  private readWord(start: number): JsonNode {
    const word = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.+-])|true\b|false\b|null\b/y;
    word.lastIndex = start;
    const found = word.exec(this.text)?.[0];
    if (found === undefined)
      this.fail(this.at >= this.text.length ? 'a value is missing at the end' : 'a value is expected');
    this.at += found.length;
    const kind = found === 'null' ? 'null' : found === 'true' || found === 'false' ? 'boolean' : 'number';
    return { kind, span: { start, end: this.at } };
  }

  /** Takes the character if it comes next. */
  private take(character: string): boolean {
    this.skipBlanks();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private readItems(depth: number): readonly JsonNode[] {
    this.at += 1;
    const items: JsonNode[] = [];
    if (this.take(']')) return items;
    do items.push(this.readValue(depth + 1));
    while (this.take(','));
    if (!this.take(']')) this.fail('"," or "]" is expected');
    return items;
  }

  private readMembers(depth: number): { key: MappedText; value: JsonNode }[] {
    this.at += 1;
    const members: { key: MappedText; value: JsonNode }[] = [];
    if (this.take('}')) return members;
    do {
      this.skipBlanks();
      if (this.text[this.at] !== '"') this.fail('a key in double quotes is expected');
      const key = this.readString();
      if (!this.take(':')) this.fail('":" is expected');
      members.push({ key, value: this.readValue(depth + 1) });
    } while (this.take(','));
    if (!this.take('}')) this.fail('"," or "}" is expected');
    return members;
  }

  private readString(): MappedText {
    const opening = this.at;
    this.at += 1;
    let text = '';
    const offsets: number[] = [];
    for (;;) {
      const start = this.at;
      const character = this.text[start];
      if (character === undefined || character === '\n') this.fail('this string is not closed', opening);
      if (character < ' ') this.fail('a control character must be escaped');
      this.at += 1;
      if (character === '"') return mapOffsets(text, offsets, start);
      text += character === '\\' ? this.readEscape() : character;
      offsets.push(start);
    }
  }

  private readEscape(): string {
    const letter = this.text[this.at] ?? '';
    const hex = /^u([0-9a-fA-F]{4})/.exec(this.text.slice(this.at, this.at + 5))?.[1];
    const character = hex === undefined ? escapes[letter] : String.fromCharCode(parseInt(hex, 16));
    if (character === undefined)
      this.fail('this is not an escape in JSON; a backslash is written \\\\', this.at - 1);
    this.at += hex === undefined ? 1 : 5;
    return character;
  }
}
