// The pieces of a line from which a pattern is made, and how much of each the pattern says.
import type { Token, TokenKind } from './tokens';

/** `literal`: this text; `same`: what is printed in the same way; `any`: whatever stands there. */
export type Level = 'literal' | 'same' | 'any';

/** A token of the line, or one of its two ends, which are empty. */
export interface Piece extends Omit<Token, 'kind'> {
  readonly kind: TokenKind | 'lineStart' | 'lineEnd';
  readonly level: Level;
  /** The name under which its text is captured; absent if it is not. */
  readonly capture?: string;
  /** A whole number that may have decimals in other lines. */
  readonly isReal?: true;
}

/** The tokens of a whole line as pieces. Those of level `any` at either end are left out of the pattern. */
export function toPieces(tokens: readonly Token[]): readonly Piece[] {
  const last = tokens.at(-1);
  return [
    { kind: 'lineStart', text: '', start: 0, level: 'any' },
    ...tokens.map((token): Piece => ({ ...token, level: 'any' })),
    { kind: 'lineEnd', text: '', start: last ? last.start + last.text.length : 0, level: 'any' },
  ];
}

/** The pieces with one of them said more or less exactly. */
export const setLevel = (pieces: readonly Piece[], index: number, level: Level): readonly Piece[] =>
  pieces.map((piece, at) => (at === index ? { ...piece, level } : piece));

/** The pieces with one of them captured under this name, or, without a name, captured no longer. */
export const setCapture = (
  pieces: readonly Piece[],
  index: number,
  capture: string | undefined,
): readonly Piece[] =>
  pieces.map((piece, at) => {
    if (at !== index || piece.text === '') return piece;
    const { capture: former, ...others } = piece;
    if (capture === undefined) return others;
    const level = former === undefined && piece.level === 'any' ? 'same' : piece.level;
    return { ...others, level, capture };
  });

export const toLine = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

/** The names of the groups of the pattern, in their order. */
export const toCaptures = (pieces: readonly Piece[]): readonly string[] =>
  pieces.flatMap(({ capture }) => (capture === undefined ? [] : [capture]));
