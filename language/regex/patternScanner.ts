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

export interface PatternScanner {
  /** The next character, or a backslash with the character after it; undefined at the end. */
  peek(): string | undefined;
  take(): string | undefined;
  takeIf(token: string): boolean;
  /** Takes up to `limit` characters that are in `allowed`. */
  takeWhile(limit: number, allowed: string): string;
  /** Takes up to `terminator`, which is dropped; `what` names the text in errors. */
  takeUntil(terminator: string, what: string): string;
  /** Position of the next token. */
  tell(): number;
  seek(position: number): void;
  /** Stops with an error `back` code points before the next token. */
  fail(message: string, back?: number): never;
  spanFrom(position: number): Span;
  readonly offsetOf: (position: number) => number;
}

export const lengthOf = (text: string): number => Array.from(text).length;

export function createScanner(source: string): PatternScanner {
  const chars = Array.from(source);
  const offsets = [0];
  for (const char of chars) offsets.push((offsets.at(-1) ?? 0) + char.length);
  let start = 0;
  let token: string | undefined;

  const seek = (position: number): void => {
    start = position;
    token = chars[position];
    if (token !== '\\') return;
    const escaped = chars[position + 1];
    if (escaped === undefined) throw new PatternError('bad-regex', 'bad escape (end of pattern)', position);
    token += escaped;
  };
  const take = (): string | undefined => {
    const taken = token;
    if (taken !== undefined) seek(start + (taken.startsWith('\\') ? 2 : 1));
    return taken;
  };
  const fail = (message: string, back = 0): never => {
    throw new PatternError('bad-regex', message, start - back);
  };
  const takeUntil = (terminator: string, what: string): string => {
    let text = '';
    for (;;) {
      const taken = take();
      if (taken === undefined) {
        return text === ''
          ? fail(`missing ${what}`)
          : fail(`missing ${terminator}, unterminated name`, lengthOf(text));
      }
      if (taken === terminator) return text === '' ? fail(`missing ${what}`, 1) : text;
      text += taken;
    }
  };
  const takeWhile = (limit: number, allowed: string): string => {
    let text = '';
    while (text.length < limit && token !== undefined && token.length === 1 && allowed.includes(token)) {
      text += take() ?? '';
    }
    return text;
  };
  const offsetOf = (position: number): number => offsets[position] ?? source.length;

  seek(0);
  return {
    peek: () => token,
    take,
    takeIf: (wanted) => token === wanted && take() !== undefined,
    takeWhile,
    takeUntil,
    tell: () => start,
    seek,
    fail,
    spanFrom: (position) => ({ start: offsetOf(position), end: offsetOf(start) }),
    offsetOf,
  };
}
