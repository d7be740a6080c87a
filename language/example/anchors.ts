// How much of a line a pattern has beside its captures: as little as finds them, and more if that is not enough.
import type { CapturedValue } from './capturedValues';
import type { Level, Piece } from './pieces';
import { isSelected, type SelectedSegment } from './selection';
import { tellsTrouble } from './trouble';

/** A stretch between two captures of more tokens is passed over. */
const longestBetween = 6;
/** Of a text without captures no more characters are looked for. */
const longestText = 200;
/** This many tokens before and after are tried. */
const mostBeside = { before: 6, after: 4 };

/** Whether a pattern says more than "a number". */
export function isAnchored(pieces: readonly Piece[], captured: readonly CapturedValue[]): boolean {
  if (captured.length === 0) return true;
  const said = pieces.filter(({ level, kind }) => level === 'literal' && kind !== 'blank');
  return said.length > 1 || said.some(({ kind, text }) => kind === 'lineStart' || /[\p{L}%]/u.test(text));
}

/** Indices of pieces. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Pieces of which more and more are in the pattern, the fewest first. */
export function* findLabelAnchors(
  pieces: readonly Piece[],
  captured: readonly CapturedValue[],
  segment: SelectedSegment,
): Generator<readonly Piece[]> {
  const { from, to } = findWanted(pieces, captured, segment);
  const levels = toLevels(pieces, captured);
  const keep = (first: number, last: number): readonly Piece[] =>
    pieces.map((piece, at) =>
      at < first || at > last || piece.capture !== undefined
        ? piece
        : { ...piece, level: levels[at] ?? 'any' },
    );
  const solid = pieces.flatMap(({ kind, text }, at) =>
    kind === 'blank' || kind === 'colour' || text === '' ? [] : [at],
  );
  const before = solid.filter((at) => at < from).reverse();
  const after = solid.filter((at) => at > to);
  yield keep(from, to);
  for (const at of before.slice(0, mostBeside.before)) yield keep(at, to);
  for (const at of after.slice(0, mostBeside.after)) yield keep(from, at);
  yield keep(0, to);
  yield keep(0, pieces.length - 1);
}

/** The captured values with their labels, and, of a part of a line, the words that are selected too. */
function findWanted(
  pieces: readonly Piece[],
  captured: readonly CapturedValue[],
  { text, span, isWhole }: SelectedSegment,
): Range {
  const selected = pieces.flatMap((piece, at) => (piece.text !== '' && isSelected(piece, span) ? [at] : []));
  const [first = 0] = selected;
  if (captured.length === 0) {
    const start = pieces[first]?.start ?? 0;
    const short = selected.filter((at) => at === first || (pieces[at]?.start ?? 0) - start < longestText);
    return { from: first, to: short.at(-1) ?? first };
  }
  const isMessage = tellsTrouble(text) && !captured.some((value) => tellsTrouble(value.words));
  const words = isWhole && !isMessage ? [] : selected.filter((at) => isWord(pieces[at]));
  const values = captured.flatMap(({ at, from, to }) => [at + 1, from + 1, to + 1]);
  return { from: Math.min(...words, ...values), to: Math.max(...words, ...values) };
}

const isWord = (piece: Piece | undefined): boolean =>
  piece?.kind === 'word' || piece?.kind === 'unit' || piece?.kind === 'quoted';

/** Of each piece that is not captured. */
function toLevels(pieces: readonly Piece[], captured: readonly CapturedValue[]): readonly Level[] {
  const passed = findPassed(pieces, captured);
  const isLabel = (at: number): boolean => captured.some(({ from, to }) => at > from && at <= to + 1);
  return pieces.map(({ kind, text }, at) => {
    if (passed.has(at)) return 'any';
    // A node, a run: the next one has another number.
    if (kind === 'word' && /\d/.test(text) && !isLabel(at)) return 'same';
    switch (kind) {
      case 'blank':
        return toBlankLevel(pieces, at);
      case 'number':
      case 'time':
      case 'date':
      case 'url':
      case 'path':
      case 'id':
      case 'colour':
        return 'same';
      case 'quoted':
        return captured.length === 0 || isLabel(at) ? 'literal' : 'same';
      default:
        return 'literal';
    }
  });
}

/** Long stretches between a value and the label of the next one, and bars with the blanks beside them. */
function findPassed(pieces: readonly Piece[], captured: readonly CapturedValue[]): ReadonlySet<number> {
  const passed = new Set<number>();
  captured.slice(1).forEach((next, index) => {
    const before = captured[index];
    const from = Math.max(before?.to ?? 0, before?.at ?? 0) + 2;
    const to = next.from + 1;
    if (to - from > longestBetween) for (let at = from; at < to; at++) passed.add(at);
  });
  pieces.forEach(({ kind }, bar) => {
    if (kind !== 'bar') return;
    passed.add(bar);
    for (const at of [bar - 1, bar + 1]) if (pieces[at]?.kind === 'blank') passed.add(at);
  });
  return passed;
}

/** Several blanks align columns: beside punctuation there may be none the next time; as in `[ 30%]`. */
function toBlankLevel(pieces: readonly Piece[], at: number): Level {
  const [before, blank, after] = [pieces[at - 1], pieces[at], pieces[at + 1]];
  const isPadded =
    /^[[(]$/.test(before?.text ?? '') || (before?.text === '/' && pieces[at - 2]?.kind !== 'blank');
  if (after?.kind === 'number' && isPadded) return 'any';
  if (blank?.text === ' ') return 'literal';
  const isBeside = [before?.kind, after?.kind].some((kind) => kind === 'punctuation' || kind === 'lineStart');
  return isBeside ? 'any' : 'same';
}

/** The columns up to the last captured one, from the beginning of the line; else what `findLabelAnchors` finds. */
export function* findColumnAnchors(
  pieces: readonly Piece[],
  captured: readonly CapturedValue[],
): Generator<readonly Piece[]> {
  const last = (captured.at(-1)?.at ?? 0) + 1;
  const isCsv = pieces.some(({ text }) => text === ',');
  const firstNumber = pieces.findIndex(({ kind }) => kind === 'number');
  const toLevel = ({ kind, text }: Piece, at: number): Level => {
    if (kind === 'lineStart' || text === ',') return 'literal';
    if (!isCsv) return kind === 'blank' ? (at === 1 ? 'any' : 'same') : at < firstNumber ? 'literal' : 'any';
    const isBeforeValue = kind === 'blank' && pieces[at + 1]?.capture !== undefined;
    return isBeforeValue && pieces[at - 1]?.text === ',' ? 'literal' : 'any';
  };
  yield pieces.map((piece, at) =>
    at > last || piece.capture !== undefined ? piece : { ...piece, level: toLevel(piece, at) },
  );
  const span = { start: 0, end: Infinity };
  yield* findLabelAnchors(pieces, captured, { text: '', span, isWhole: true });
}
