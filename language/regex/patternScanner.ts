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

export const lengthOf = (text: string): number => (text.length === 1 ? 1 : Array.from(text).length);

/** Where each code point begins, and the end; undefined where each is one unit. */
function findOffsets(source: string): readonly number[] | undefined {
  if (!/[\ud800-\udfff]/.test(source)) return undefined;
  const offsets = [0];
  for (const char of source) offsets.push((offsets.at(-1) ?? 0) + char.length);
  return offsets;
}

export function createScanner(source: string): PatternScanner {
  const offsets = findOffsets(source);
  // Without surrogates the places of a text are those of its code points.
  const charAt = offsets
    ? (position: number): string => source.slice(offsets[position] ?? source.length, offsets[position + 1])
    : (position: number): string => source.charAt(position);
  let start = 0;
  let token: string | undefined;

  const seek = (position: number): void => {
    start = position;
    token = charAt(position) || undefined;
    if (token !== '\\') return;
    const escaped = charAt(position + 1);
    if (escaped === '') throw new PatternError('bad-regex', 'bad escape (end of pattern)', position);
    token += escaped;
  };
  const take = (): string | undefined => {
    const taken = token;
    if (taken !== undefined) seek(start + (taken.charCodeAt(0) === 0x5c ? 2 : 1));
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
  const offsetOf = (position: number): number =>
    offsets ? (offsets[position] ?? source.length) : Math.min(position, source.length);

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
