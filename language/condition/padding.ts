// The string methods that fill texts up to a width, which is counted in code points; what would be too large is refused.
import { countCharacters } from './characters';
import { checkCount, spend } from './limits';
import { bindArguments, positional, toShortInt, toSize, type TextMethod } from './methodArguments';
import { PyError } from './pyError';
import { takePiece } from './splitting';
import { typeName, type PyValue } from './values';

/** How many of the missing characters stand before the text. */
type Share = (missing: number, width: number) => number;

const justify =
  (name: string, share: Share): TextMethod =>
  (text, call) => {
    const [given = null, fillGiven] = positional(name, call, 2, 1);
    const width = toSize(given);
    const fill = toFill(fillGiven);
    const missing = width - countCharacters(text);
    if (missing <= 0) return text;
    const before = share(missing, width);
    return pad(text, fill, { before, after: missing - before });
  };

function toFill(value: PyValue | undefined): string {
  if (value === undefined) return ' ';
  if (typeof value !== 'string')
    throw new PyError('TypeError', `The fill character must be a unicode character, not ${typeName(value)}`);
  if (countCharacters(value) !== 1)
    throw new PyError('TypeError', 'The fill character must be exactly one character long');
  return value;
}

function pad(
  text: string,
  fill: string,
  { before, after }: { readonly before: number; readonly after: number },
): string {
  const length = text.length + (before + after) * fill.length;
  checkCount(length);
  spend(20 + length / 2);
  return fill.repeat(before) + text + fill.repeat(after);
}

export const alignLeft = justify('ljust', () => 0);
export const alignRight = justify('rjust', (missing) => missing);
/** What cannot be shared evenly stands before the text if the width is odd, as in CPython. */
export const center = justify('center', (missing, width) => Math.floor(missing / 2) + (missing & width & 1));

/** A sign stays before the zeros. */
export const fillWithZeros: TextMethod = (text, call) => {
  const [width = null] = positional('zfill', call, 1);
  const missing = toSize(width) - countCharacters(text);
  if (missing <= 0) return text;
  const sign = text.startsWith('+') || text.startsWith('-') ? text.charAt(0) : '';
  return sign + pad(text.slice(sign.length), '0', { before: missing, after: 0 });
};

export const expandTabs: TextMethod = (text, call) => {
  const [size = 8n] = bindArguments('expandtabs', call, ['tabsize'], 0);
  const width = toShortInt(size);
  spend(text.length / 4);
  let result = '';
  let column = 0;
  let from = 0;
  for (let at = text.indexOf('\t'); at >= 0; at = text.indexOf('\t', from)) {
    const piece = takePiece(text, from, at);
    column = columnAfter(piece, column);
    const blanks = width > 0 ? width - (column % width) : 0;
    checkCount(result.length + piece.length + blanks);
    spend(50 + blanks / 2);
    result += piece + ' '.repeat(blanks);
    column += blanks;
    from = at + 1;
  }
  if (from === 0) return text;
  checkCount(result.length + text.length - from);
  return result + text.slice(from);
};

function columnAfter(piece: string, column: number): number {
  spend(piece.length / 4);
  const lineEnd = Math.max(piece.lastIndexOf('\n'), piece.lastIndexOf('\r'));
  return lineEnd < 0 ? column + countCharacters(piece) : countCharacters(piece.slice(lineEnd + 1));
}
