// Pieces of a line to a pattern that matches the line, captures exactly what is captured of it, and is linear.
import { compilePattern } from '../regex/compile';
import { findRisk } from '../regex/risk';
import { toLine, type Level, type Piece } from './pieces';
import { escapeInSet, escapeText, toSameKind, type Precision } from './printedValue';
import type { Token } from './tokens';

/**
 * The pattern of the pieces. It compiles, is never risky, matches the line, and its groups are the captured pieces. If what the
 * levels ask for cannot have that (as two captures of anything side by side), as many of them as needed are said more exactly.
 */
export function renderPattern(pieces: readonly Piece[]): string {
  const attempts = [pieces, limit(pieces, 'same'), limit(pieces, 'literal')].flatMap((attempt) =>
    renderBoth(attempt),
  );
  const fitting =
    attempts.find((pattern) => fitsLine(pattern, pieces, 'last')) ??
    attempts.find((pattern) => fitsLine(pattern, pieces, 'one'));
  return fitting ?? renderExactly(pieces);
}

/** The pattern that says just what the levels ask for, if it does all that `renderPattern` promises in its last match. */
export const renderAsAsked = (pieces: readonly Piece[]): string | undefined =>
  renderBoth(pieces).find((pattern) => fitsLine(pattern, pieces, 'last'));

const renderBoth = (pieces: readonly Piece[]): readonly string[] => [
  render(pieces, 'plain'),
  render(pieces, 'strict'),
];

/** No piece of the pattern says less than this. */
function limit(pieces: readonly Piece[], least: Exclude<Level, 'any'>): readonly Piece[] {
  const { first, last } = findKept(pieces);
  return pieces.map((piece, at) => {
    const isKept = at >= first && at <= last && piece.text !== '';
    return isKept && (piece.level === 'any' || least === 'literal') ? { ...piece, level: least } : piece;
  });
}

/** The whole line, each character of it. */
const renderExactly = (pieces: readonly Piece[]): string =>
  `^${pieces.map(({ text, capture }) => (capture === undefined ? escapeText(text) : `(${escapeText(text)})`)).join('')}$`;

function findKept(pieces: readonly Piece[]): { readonly first: number; readonly last: number } {
  const kept = pieces.flatMap(({ level, capture }, at) =>
    level !== 'any' || capture !== undefined ? [at] : [],
  );
  return { first: kept[0] ?? -1, last: kept.at(-1) ?? -1 };
}

/**
 * Whether the pattern does what it promises in the line that it was made from. A watcher acts on the last match of a line, so
 * that has to be the one that captures the pieces; a person may ask for less.
 */
export function fitsLine(pattern: string, pieces: readonly Piece[], which: 'last' | 'one'): boolean {
  const compiled = compilePattern(pattern).value;
  if (!compiled || findRisk(compiled)) return false;
  const { matches, exhausted } = compiled.findAll(toLine(pieces), Infinity, { bounded: true });
  if (exhausted) return false;
  const captured = pieces.filter(({ capture }) => capture !== undefined);
  const { first, last } = findKept(pieces);
  const [from, to] = [pieces[first]?.start ?? 0, endOf(pieces[last])];
  return (which === 'last' ? matches.slice(-1) : matches).some(
    ({ start, end, groupSpans }) =>
      start <= from &&
      end >= Math.min(to, endOf(captured.at(-1)) || to) &&
      groupSpans.length === captured.length &&
      groupSpans.every((span, index) => isSpanOf(span, captured[index])),
  );
}

const endOf = (piece: Piece | undefined): number => (piece ? piece.start + piece.text.length : 0);

const isSpanOf = (span: readonly [number, number] | null, piece: Piece | undefined): boolean =>
  span !== null && span[0] === piece?.start && span[1] === endOf(piece);

function render(pieces: readonly Piece[], precision: Precision): string {
  const { first, last } = findKept(pieces);
  if (first === -1) return '';
  const parts: string[] = startsInWord(pieces, first) ? ['\\b'] : [];
  for (let at = first; at <= last;) {
    const run = findRun(pieces, at, last);
    parts.push(run === at ? renderOne(pieces, at, precision) : renderRun(pieces, at, run));
    at = Math.max(run, at + 1);
  }
  return foldRepeats(parts).join('');
}

/** A label in small letters may be the end of a longer one: `loss` of `val_loss`. */
function startsInWord(pieces: readonly Piece[], first: number): boolean {
  const [piece, before] = [pieces[first], pieces[first - 1]];
  const isPlainWord = piece?.kind === 'word' && piece.level === 'literal' && /^[a-z]/.test(piece.text);
  return isPlainWord && !/[\p{L}\p{N}_]$/u.test(before?.text ?? '');
}

/** Index after the pieces of any text that begin here; they are one stretch. */
function findRun(pieces: readonly Piece[], from: number, last: number): number {
  // Blanks at the beginning of a line are a stretch by themselves.
  if (pieces[from]?.kind === 'blank' && pieces[from - 1]?.kind === 'lineStart' && from <= last)
    return pieces[from].level === 'any' && pieces[from].capture === undefined ? from + 1 : from;
  let at = from;
  for (let piece = pieces[at]; piece && at <= last; piece = pieces[++at])
    if (piece.level !== 'any' || piece.capture !== undefined || piece.text === '') break;
  return at;
}

/** Any text up to the next piece; what cannot stand in the line before that piece ends it. */
function renderRun(pieces: readonly Piece[], from: number, behind: number): string {
  const text = toLine(pieces.slice(from, behind));
  const isBlank = text.trim() === '';
  if (isBlank && behind - from === 1) return '\\s*';
  return renderAny(text, pieces[behind]);
}

function renderAny(text: string, next: Piece | undefined): string {
  if (next?.kind === 'blank' && next.level !== 'any' && !/\s/.test(text)) return '\\S+';
  if (next?.kind === 'lineEnd' && next.level !== 'any') return '.*';
  const [stop = ''] = next?.level === 'any' ? [] : (next?.text ?? '');
  const isStop = next?.kind === 'punctuation' && next.capture === undefined && /^[\p{P}\p{S}]$/u.test(stop);
  return isStop && !text.includes(stop) ? `[^${escapeInSet(stop)}]*` : '.*?';
}

function renderOne(pieces: readonly Piece[], at: number, precision: Precision): string {
  const piece = pieces[at];
  if (!piece) return '';
  if (piece.kind === 'lineStart') return piece.level === 'any' ? '' : '^';
  if (piece.kind === 'lineEnd') return piece.level === 'any' ? '' : '$';
  const text = toPattern(piece as Piece & Token, pieces[at + 1], precision);
  return piece.capture === undefined ? text : `(${text})`;
}

function toPattern(piece: Piece & Token, next: Piece | undefined, precision: Precision): string {
  switch (piece.level) {
    case 'literal':
      return /^ {4,}$/.test(piece.text) ? ` {${piece.text.length}}` : escapeText(piece.text);
    case 'same':
      return toSameKind(piece, precision, piece.isReal);
    case 'any':
      return isAtEnd(next) ? (/\s/.test(piece.text) ? '.*' : '\\S+') : renderAny(piece.text, next);
  }
}

const isAtEnd = (next: Piece | undefined): boolean =>
  next === undefined || (next.kind !== 'blank' && next.level === 'any' && next.capture === undefined);

/** Columns that are passed over: `\S+\s+\S+\s+\S+\s+` is `(?:\S+\s+){3}`. */
function foldRepeats(parts: readonly string[]): readonly string[] {
  const folded: string[] = [];
  for (let at = 0; at < parts.length;) {
    const [one = '', other = ''] = parts.slice(at, at + 2);
    let count = 1;
    while (parts[at + 2 * count] === one && parts[at + 2 * count + 1] === other) count += 1;
    const isColumn = count >= 3 && /^(?:\\S\+|\[\^.+\]\*)$/.test(one);
    folded.push(isColumn ? `(?:${one}${other}){${count}}` : one);
    at += isColumn ? 2 * count : 1;
  }
  return folded;
}
