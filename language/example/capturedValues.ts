// Which values of a selection are captured, and what they are called.
import type { Span } from '../text';
import { isCell, type Table } from './columns';
import { findLabel, type Label } from './labels';
import { isSelected } from './selection';
import type { Token, TokenKind } from './tokens';

/** With more captures of one line nobody can work. */
const mostCaptures = { line: 12, part: 20 };

/** A value that is captured; its indices are those of tokens. */
export interface CapturedValue extends Label {
  readonly at: number;
  /** Whether something in the line, or a header, says what it is. */
  readonly isNamed: boolean;
  readonly isColumn: boolean;
}

/** What is selected, and the table that the line is a row of. */
export interface Surroundings {
  readonly span: Span;
  readonly isWhole: boolean;
  readonly table: Table | undefined;
  readonly text: string;
}

const lonelyValues: ReadonlySet<TokenKind> = new Set([
  'number',
  'time',
  'date',
  'url',
  'path',
  'quoted',
  'id',
]);

/** In their order: the numbers of the selection, or the one value that it consists of. */
export function findCaptured(tokens: readonly Token[], around: Surroundings): readonly CapturedValue[] {
  const { span, isWhole } = around;
  const selected = tokens.flatMap((token, at) => (isSelected(token, span) ? [{ token, at }] : []));
  const solid = selected.filter(({ token }) => token.kind !== 'blank' && token.kind !== 'colour');
  const [only] = solid;
  if (solid.length === 1 && only && lonelyValues.has(only.token.kind))
    return [toCaptured(tokens, only.at, around)];
  const values = selected
    .filter(({ token, at }) => token.kind === 'number' || isClockOfBar(tokens, at))
    .map(({ at }) => toCaptured(tokens, at, around))
    .filter(({ words }) => !isFileName(words));
  const named = values.filter(({ isNamed }) => isNamed);
  const wanted = isWhole && named.length > 0 ? named : values;
  return wanted.slice(0, isWhole ? mostCaptures.line : mostCaptures.part);
}

const isClockOfBar = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.kind === 'time' && (tokens[at + 1]?.text === '<' || tokens[at - 1]?.text === '<');

/** `logging.py:69` */
const isFileName = (words: string): boolean =>
  /\.(?:py|[ch](?:pp|c|xx)?|cu|[fF]\d*|rs|go|java|jl|js)$/.test(words);

const plainNames: Partial<Readonly<Record<TokenKind, string>>> = {
  time: 'time',
  date: 'date',
  url: 'url',
  path: 'path',
  quoted: 'text',
  id: 'id',
};

function toCaptured(tokens: readonly Token[], at: number, { table, text }: Surroundings): CapturedValue {
  const token = tokens[at];
  const column = token && isCell(text, token) ? table?.nameAt(token.start) : undefined;
  if (column !== undefined) return { at, words: column, from: at, to: at, isNamed: true, isColumn: true };
  const label = findLabel(tokens, at);
  if (label) return { at, ...label, isNamed: true, isColumn: false };
  const words = (token && plainNames[token.kind]) ?? 'value';
  return { at, words, from: at, to: at, isNamed: false, isColumn: false };
}
