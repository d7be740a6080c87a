// Walks over values: quotes, brackets and commas, in the one way that all forms of directives share.

/** Index behind the closing quote of the quote at `at`, or undefined where it is not closed. Backslash pairs stay together. */
export function skipQuoted(text: string, at: number): number | undefined {
  const quote = text[at];
  const stop = quote === '"' ? doubleOrBackslash : singleOrBackslash;
  stop.lastIndex = at + 1;
  while (stop.test(text)) {
    const found = stop.lastIndex;
    if (text[found - 1] === quote) return found;
    stop.lastIndex = found + 1;
  }
  return undefined;
}

const doubleOrBackslash = /["\\]/g;
const singleOrBackslash = /['\\]/g;
/** What is not one of these says nothing of quotes and brackets. */
const structural = /["'\\()[\]{}]/g;
const anyStructural = /["'\\()[\]{}]/;

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Index behind the closing bracket of the one at `at`; quotes inside are respected. */
export function skipBrackets(text: string, at: number): number | undefined {
  return new Brackets(text).endOf(at);
}

/** The ends of a text's brackets, found once: one look from a bracket tells of all those inside it too. */
export class Brackets {
  private ends: Map<number, number | undefined> | undefined;

  constructor(readonly text: string) {}

  /** Index behind the bracket that closes the one at `at`; undefined where none does. */
  endOf(at: number): number | undefined {
    const known = this.ends?.get(at);
    return known === undefined && !this.ends?.has(at) ? this.look(at) : known;
  }

  private look(at: number): number | undefined {
    const { text } = this;
    const ends = (this.ends ??= new Map<number, number | undefined>());
    const open: number[] = [];
    structural.lastIndex = at;
    while (structural.test(text)) {
      const index = structural.lastIndex - 1;
      const character = text[index] ?? '';
      if (character === '\\') structural.lastIndex = index + 2;
      else if (character === '"' || character === "'") {
        const behind = skipQuoted(text, index);
        if (behind === undefined) break;
        structural.lastIndex = behind;
      } else if (character in closers) open.push(index);
      else if (character === closers[text[open.at(-1) ?? -1] ?? '']) {
        ends.set(open.pop() ?? at, index + 1);
        if (open.length === 0) return ends.get(at);
      }
    }
    for (const index of open) ends.set(index, undefined);
    return undefined;
  }
}

/** Where anything can end: blanks and what follows them, commas, hashes, and what is structural. */
const telling = /["'\\()[\]{},#\s]|(?<=\s)[^]/g;

/**
 * Index of the first place that `stop` accepts, outside of quotes and brackets; the length where there is none. It is
 * asked only of `telling` characters.
 */
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
  for (let at = from; ;) {
    telling.lastIndex = at;
    if (!telling.test(text)) return text.length;
    const index = telling.lastIndex - 1;
    if (stop(index)) return index;
    const character = text[index] ?? '';
    let behind: number | undefined;
    if (character === '\\') behind = index + 2;
    else if (character in closers) behind = brackets.endOf(index);
    else if (quotes && (character === '"' || character === "'")) behind = skipQuoted(text, index);
    at = behind ?? index + 1;
  }
}

/** Stretches between top-level commas. */
export function splitAtCommas(text: string): readonly { readonly start: number; readonly end: number }[] {
  const parts: { start: number; end: number }[] = [];
  const isPlain = !anyStructural.test(text);
  const isComma = (index: number): boolean => text[index] === ',';
  const brackets = isPlain ? undefined : new Brackets(text);
  for (let start = 0; ;) {
    const end = brackets ? findOutside(text, start, isComma, brackets) : findComma(text, start);
    parts.push({ start, end });
    if (end >= text.length) return parts;
    start = end + 1;
  }
}

function findComma(text: string, from: number): number {
  const comma = text.indexOf(',', from);
  return comma === -1 ? text.length : comma;
}

/** Index of a trailing comment (blank and `#`) outside of quotes and brackets, or the length. */
export function findComment(text: string, from = 0): number {
  if (!text.includes('#', from)) return text.length;
  const hash = findOutside(
    text,
    from,
    (index) => text[index] === '#' && (index === 0 || /\s/.test(text[index - 1] ?? '')),
  );
  return hash >= text.length ? text.length : text.slice(0, hash).trimEnd().length;
}

/** In a bare pattern brackets and quotes are its own: only ` #` ends it. */
export function findPlainComment(text: string): number {
  return /\s#/.exec(text)?.index ?? text.length;
}
