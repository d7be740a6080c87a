// Walks over values: quotes, brackets and commas, in the one way that all forms of directives share.

/** Index behind the closing quote of the quote at `at`, or undefined where it is not closed. Backslash pairs stay together. */
export function skipQuoted(text: string, at: number): number | undefined {
  const quote = text[at];
  for (let index = at + 1; index < text.length; index++) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === quote) return index + 1;
  }
  return undefined;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Index behind the closing bracket of the one at `at`; quotes inside are respected. */
export function skipBrackets(text: string, at: number): number | undefined {
  return new Brackets(text).endOf(at);
}

/** The ends of a text's brackets, found once: one look from a bracket tells of all those inside it too. */
export class Brackets {
  private readonly ends = new Map<number, number | undefined>();

  constructor(readonly text: string) {}

  /** Index behind the bracket that closes the one at `at`; undefined where none does. */
  endOf(at: number): number | undefined {
    if (!this.ends.has(at)) this.look(at);
    return this.ends.get(at);
  }

  private look(at: number): void {
    const { text, ends } = this;
    const open: number[] = [];
    for (let index = at; index < text.length; index++) {
      const character = text[index] ?? '';
      if (character === '\\') index += 1;
      else if (character === '"' || character === "'") {
        const behind = skipQuoted(text, index);
        if (behind === undefined) break;
        index = behind - 1;
      } else if (character in closers) open.push(index);
      else if (character === closers[text[open.at(-1) ?? -1] ?? '']) {
        ends.set(open.pop() ?? at, index + 1);
        if (open.length === 0) return;
      }
    }
    for (const index of open) ends.set(index, undefined);
  }
}

/** Index of the first place that `stop` accepts, outside of quotes and brackets; the length where there is none. */
export function findOutside(
  text: string,
  from: number,
  stop: (index: number) => boolean,
  brackets = new Brackets(text),
): number {
  return find(brackets, from, stop, true);
}

/** The same for bare values, where a quote outside of brackets is an apostrophe. */
export function findOutsideBrackets(
  text: string,
  from: number,
  stop: (index: number) => boolean,
  brackets = new Brackets(text),
): number {
  return find(brackets, from, stop, false);
}

function find(brackets: Brackets, from: number, stop: (index: number) => boolean, quotes: boolean): number {
  const { text } = brackets;
  for (let index = from; index < text.length; index++) {
    if (stop(index)) return index;
    const character = text[index] ?? '';
    let behind: number | undefined;
    if (character === '\\') index += 1;
    else if (character in closers) behind = brackets.endOf(index);
    else if (quotes && (character === '"' || character === "'")) behind = skipQuoted(text, index);
    if (behind !== undefined) index = behind - 1;
  }
  return text.length;
}

/** Stretches between top-level commas. */
export function splitAtCommas(text: string): readonly { readonly start: number; readonly end: number }[] {
  const parts: { start: number; end: number }[] = [];
  const brackets = new Brackets(text);
  for (let start = 0; ;) {
    const end = findOutside(text, start, (index) => text[index] === ',', brackets);
    parts.push({ start, end });
    if (end >= text.length) return parts;
    start = end + 1;
  }
}

/** Index of a trailing comment (blank and `#`) outside of quotes and brackets, or the length. */
export function findComment(text: string, from = 0): number {
  const hash = findOutside(
    text,
    from,
    (index) => text[index] === '#' && (index === 0 || /\s/.test(text[index - 1] ?? '')),
  );
  return hash >= text.length ? text.length : text.slice(0, hash).trimEnd().length;
}
