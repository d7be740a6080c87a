// From a piece of job output to a pattern: what is captured of it, under which names, and what anchors it.
import type { Span } from '../text';
import { toIdentifier, toUniqueNames } from './captureNames';
import { findTable, isCell, type Table } from './columns';
import { findLabel, type Label } from './labels';
import { toPieces, type Level, type Piece } from './pieces';
import { renderAsAsked } from './renderPattern';
import { cutTokens, findSegment, isSelected, type Selection } from './selection';
import type { Token, TokenKind } from './tokens';

/** With more captures of one line nobody can work. */
const mostCaptures = { line: 12, part: 20 };
/** A stretch between two captures of more tokens is passed over. */
const longestBetween = 6;

/** A value that is captured. */
interface Captured extends Label {
  readonly at: number;
  readonly isNamed: boolean;
  readonly isColumn: boolean;
}

/**
 * The pieces of the segment that is selected, with levels and captures as an expert would choose them: numbers of the selection
 * are captured, and the pattern begins at the label of the first one. `renderPattern` makes the pattern of them.
 */
export function piecesByExample(selection: Selection): readonly Piece[] {
  const segment = findSegment(selection);
  const table = findTable(segment.text, selection.above ?? []);
  const tokens = cutTokens(segment, table?.separator === ',');
  const captured = findCaptured(tokens, { ...segment, table });
  const names = toUniqueNames(captured.map(({ words }) => toIdentifier(words) ?? 'value'));
  const bare = toPieces(tokens);
  const pieces = bare.map((piece, index): Piece => {
    const place = captured.findIndex(({ at }) => at === index - 1);
    const capture = names[place];
    if (capture === undefined) return piece;
    const isReal =
      isRealName(capture) ||
      (table?.separator === 'blank' && !isCountName(capture)) ||
      // Without a beginning, a pattern for whole numbers finds the decimals of others.
      (place === 0 && captured[0]?.from === captured[0]?.at && bare[index + 1]?.text === '%');
    return { ...piece, level: 'same', capture, ...(isReal && piece.kind === 'number' && { isReal }) };
  });
  const rungs = captured.some(({ isColumn }) => isColumn)
    ? toColumnRungs(pieces, captured)
    : toRungs(pieces, captured, toRange(tokens, segment, captured));
  let last: readonly Piece[] = pieces;
  for (const rung of rungs) {
    last = rung;
    if (isAnchored(rung, captured) && renderAsAsked(rung) !== undefined) return rung;
  }
  return last;
}

/** What is rarely a whole number, however it is printed. */
const isRealName = (name: string): boolean =>
  /loss|acc|error|norm|residual|rate|^lr$|energy|temp|press|score|perplexity|ppl|bleu|auc|f1|mse|mae/.test(
    name,
  );

const isCountName = (name: string): boolean => /step|iter|epoch|count|cycle|^n$|^ts$|^num/.test(name);

interface Surroundings {
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

function findCaptured(tokens: readonly Token[], around: Surroundings): readonly Captured[] {
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

function toCaptured(tokens: readonly Token[], at: number, { table, text }: Surroundings): Captured {
  const token = tokens[at];
  const column = token && isCell(text, token) ? table?.nameAt(token.start) : undefined;
  if (column !== undefined) return { at, words: column, from: at, to: at, isNamed: true, isColumn: true };
  const label = findLabel(tokens, at);
  if (label) return { at, ...label, isNamed: true, isColumn: false };
  const words = (token && plainNames[token.kind]) ?? 'value';
  return { at, words, from: at, to: at, isNamed: false, isColumn: false };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Indices of the first and last token that the pattern has in any case: the captured values with their labels, and, of a part of a
 * line, the words that are selected too.
 */
function toRange(
  tokens: readonly Token[],
  { span, isWhole }: Pick<Surroundings, 'span' | 'isWhole'>,
  captured: readonly Captured[],
): Range {
  const selected = tokens.flatMap((token, at) => (isSelected(token, span) ? [at] : []));
  const said = selected.filter((at) => isWordy(tokens[at]));
  const wanted = captured.length === 0 ? selected : isWhole ? [] : said;
  const indices = [...wanted, ...captured.flatMap(({ at, from, to }) => [at, from, to])];
  return { from: Math.min(...indices), to: Math.max(...indices) };
}

const isWordy = (token: Token | undefined): boolean =>
  token?.kind === 'word' || token?.kind === 'unit' || token?.kind === 'quoted';

/** A pattern has to say more than "a number". */
function isAnchored(pieces: readonly Piece[], captured: readonly Captured[]): boolean {
  if (captured.length === 0) return true;
  const said = pieces.filter(({ level, kind }) => level === 'literal' && kind !== 'blank');
  return said.length > 1 || said.some(({ kind, text }) => kind === 'lineStart' || /[\p{L}%]/u.test(text));
}

/** Pieces with more and more of the line in the pattern, the shortest first. */
function* toRungs(
  pieces: readonly Piece[],
  captured: readonly Captured[],
  { from, to }: Range,
): Generator<readonly Piece[]> {
  const end = pieces.length - 3;
  const isSolid = (at: number): boolean => {
    const kind = pieces[at + 1]?.kind;
    return kind !== 'blank' && kind !== 'colour';
  };
  const before = steps(from, -1).filter((at) => at >= 0 && isSolid(at));
  const after = steps(to, 1).filter((at) => at <= end && isSolid(at));
  yield keep(pieces, captured, from, to);
  for (const at of before.slice(0, 6)) yield keep(pieces, captured, at, to);
  for (const at of after.slice(0, 4)) yield keep(pieces, captured, from, at);
  yield keep(pieces, captured, -1, to);
  yield keep(pieces, captured, -1, end + 1);
}

const steps = (from: number, step: 1 | -1): readonly number[] =>
  Array.from({ length: 12 }, (_, index) => from + step * (index + 1));

/** Everything from one token to another is in the pattern; -1 and the number of tokens are the ends of the line. */
function keep(
  pieces: readonly Piece[],
  captured: readonly Captured[],
  from: number,
  to: number,
): readonly Piece[] {
  const passed = findPassed(pieces, captured);
  return pieces.map((piece, index) => {
    const at = index - 1;
    if (at < from || at > to || piece.capture !== undefined) return piece;
    return { ...piece, level: passed.has(at) ? 'any' : toLevel(pieces, index, captured) };
  });
}

/** Tokens of long stretches between a value and the label of the next one, and of bars. */
function findPassed(pieces: readonly Piece[], captured: readonly Captured[]): ReadonlySet<number> {
  const passed = new Set<number>();
  captured.slice(1).forEach((next, index) => {
    const from = Math.max(captured[index]?.to ?? 0, captured[index]?.at ?? 0) + 1;
    const between = Array.from({ length: Math.max(0, next.from - from) }, (_, step) => from + step);
    if (between.length > longestBetween) for (const at of between) passed.add(at);
  });
  pieces.forEach(({ kind }, index) => {
    if (kind !== 'bar') return;
    for (const at of [index - 2, index - 1, index]) {
      const near = pieces[at + 1]?.kind;
      if (near === 'bar' || near === 'blank') passed.add(at);
    }
  });
  return passed;
}

function toLevel(pieces: readonly Piece[], index: number, captured: readonly Captured[]): Level {
  const piece = pieces[index];
  switch (piece?.kind) {
    case 'blank':
      return toBlankLevel(pieces, index);
    case 'number':
    case 'time':
    case 'date':
    case 'url':
    case 'path':
    case 'id':
    case 'colour':
      return 'same';
    case 'quoted':
      return captured.length === 0 || captured.some(({ from, to }) => index - 1 >= from && index - 1 <= to)
        ? 'literal'
        : 'same';
    default:
      return 'literal';
  }
}

/** Several blanks align columns: beside punctuation there may be none the next time; as in `[ 30%]`. */
function toBlankLevel(pieces: readonly Piece[], index: number): Level {
  const isPadding = pieces[index + 1]?.kind === 'number' && /^[[(/]$/.test(pieces[index - 1]?.text ?? '');
  if (isPadding) return 'any';
  if (pieces[index]?.text === ' ') return 'literal';
  const beside = [pieces[index - 1]?.kind, pieces[index + 1]?.kind];
  return beside.some((kind) => kind === 'punctuation' || kind === 'lineStart') ? 'any' : 'same';
}

/** The columns up to the last captured one, from the beginning of the line. */
function* toColumnRungs(
  pieces: readonly Piece[],
  captured: readonly Captured[],
): Generator<readonly Piece[]> {
  const last = captured.at(-1)?.at ?? 0;
  const firstNumber = pieces.findIndex(({ kind }) => kind === 'number');
  yield pieces.map((piece, index) => {
    if (index - 1 > last || piece.capture !== undefined) return piece;
    return { ...piece, level: toColumnLevel(pieces, index, firstNumber) };
  });
  yield* toRungs(pieces, captured, { from: 0, to: last });
}

function toColumnLevel(pieces: readonly Piece[], index: number, firstNumber: number): Level {
  const piece = pieces[index];
  const isComma = (at: number): boolean => pieces[at]?.text === ',';
  if (piece?.kind === 'lineStart' || isComma(index)) return 'literal';
  const isCsv = pieces.some((_, at) => isComma(at));
  if (piece?.kind === 'blank') {
    if (isCsv) return isComma(index - 1) && pieces[index + 1]?.capture !== undefined ? 'literal' : 'any';
    return index === 1 ? 'any' : 'same';
  }
  return !isCsv && index < firstNumber ? 'literal' : 'any';
}
