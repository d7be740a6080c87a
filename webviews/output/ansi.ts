// Text with a terminal's escape sequences as pieces with their looks. Nothing is run, nothing becomes a link, nothing is dropped unseen.
import { toPageLines, type PageText } from '../../language/show/page';

export interface Style {
  /** -1: the default; 0 to 255: of xterm's table; from 0x1000000 on: red, green and blue in the lower bits. */
  readonly foreground: number;
  readonly background: number;
  /** A sum of `looks`. */
  readonly look: number;
}

export const looks = { bold: 1, dim: 2, italic: 4, underline: 8, inverse: 16, strike: 32 } as const;

export const plainStyle: Style = { foreground: -1, background: -1, look: 0 };

export const trueColour = 0x1000000;

export interface Piece {
  readonly text: PageText;
  readonly style: Style;
  /** An escape sequence or another control that is shown instead of being obeyed. */
  readonly isControl: boolean;
}

/** ECMA-48: control sequences, operating system commands, other escapes. What is not finished is the escape of its first two bytes. */
const sequence = /\x1b(?:\[([0-?]*)([ -/]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])?/g;
const selectGraphics = /\x1b\[([\d;:]*)m/g;
/** More of them make no sense; a terminal takes fewer. */
const mostParameters = 64;

const setLooks: Readonly<Record<number, number>> = {
  1: looks.bold,
  2: looks.dim,
  3: looks.italic,
  4: looks.underline,
  7: looks.inverse,
  9: looks.strike,
  21: looks.underline,
};
const clearedLooks: Readonly<Record<number, number>> = {
  22: looks.bold | looks.dim,
  23: looks.italic,
  24: looks.underline,
  27: looks.inverse,
  29: looks.strike,
};

/** The style after `ESC [ parameters m`. What is not known changes nothing. */
export function selectStyle(style: Style, parameters: string): Style {
  const codes = parameters.slice(0, mostParameters * 4).split(/[;:]/, mostParameters);
  let { foreground, background, look } = style;
  for (let index = 0; index < codes.length; index += 1) {
    const code = Number(codes[index]);
    if (code === 0) [foreground, background, look] = [-1, -1, 0];
    else if (code === 38 || code === 48) {
      const { colour, used } = readColour(codes.slice(index + 1, index + 6));
      index += used;
      if (colour === undefined) continue;
      if (code === 38) foreground = colour;
      else background = colour;
    } else if (code === 39) foreground = -1;
    else if (code === 49) background = -1;
    else if (code >= 30 && code <= 37) foreground = code - 30;
    else if (code >= 90 && code <= 97) foreground = code - 82;
    else if (code >= 40 && code <= 47) background = code - 40;
    else if (code >= 100 && code <= 107) background = code - 92;
    else look = (look | (setLooks[code] ?? 0)) & ~(clearedLooks[code] ?? 0);
  }
  return { foreground, background, look };
}

/** What follows 38 or 48: `5;n`, `2;r;g;b`, or `2::r:g:b` with an empty colour space. */
function readColour([kind, ...values]: readonly string[]): { colour: number | undefined; used: number } {
  const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
  if (kind === '5') {
    const index = Number(values[0] ?? NaN);
    return { colour: isByte(index) ? index : undefined, used: 2 };
  }
  if (kind !== '2') return { colour: undefined, used: kind === undefined ? 0 : 1 };
  const hasSpace = values[0] === '';
  const [red = NaN, green = NaN, blue = NaN] = values.slice(hasSpace ? 1 : 0).map(Number);
  const isWhole = [red, green, blue].every(isByte);
  return {
    colour: isWhole ? trueColour | (red << 16) | (green << 8) | blue : undefined,
    used: hasSpace ? 5 : 4,
  };
}

/** The style behind a text that begins in `style`. */
export function findEndStyle(text: string, style: Style): Style {
  if (!text.includes('\x1b')) return style;
  let end = style;
  for (const [, parameters = ''] of text.matchAll(selectGraphics)) end = selectStyle(end, parameters);
  return end;
}

/** Erasing to the end of a line that is new, and hiding the cursor, leave nothing to be seen. */
const isUnseen = (parameters: string, between: string, end: string): boolean =>
  between === '' &&
  ((end === 'm' && /^[\d;:]*$/.test(parameters)) ||
    (end === 'K' && parameters.length <= 1) ||
    (parameters === '?25' && (end === 'h' || end === 'l')));

export interface AnsiLimits {
  /** As many characters are shown at most. */
  readonly characters: number;
  /** As many of the text are looked at; default: 64 times as many. */
  readonly read?: number;
}

/** Of more pieces the rest has one look: a line of nothing but colours would take long to draw. */
const mostPieces = 300;

export interface AnsiText {
  readonly pieces: readonly Piece[];
  /** Length of the text that the pieces hold. */
  readonly read: number;
}

/** Takes time in proportion to the text, whatever is in it. */
export function parseAnsi(text: string, style: Style, { characters, read }: AnsiLimits): AnsiText {
  const pieces: Piece[] = [];
  const most = Math.min(text.length, read ?? characters * 64);
  let current = style;
  let room = characters;
  let at = 0;
  const add = (raw: string, isControl: boolean): void => {
    const last = pieces.at(-1);
    const shown = toPageLines(raw);
    room -= raw.length;
    if (last && (pieces.length >= mostPieces || (last.style === current && last.isControl === isControl)))
      pieces[pieces.length - 1] = { ...last, text: `${last.text}${shown}` as PageText };
    else if (shown !== '') pieces.push({ text: shown, style: current, isControl });
  };
  const addText = (end: number): boolean => {
    const stop = cutBefore(text, Math.min(end, at + room));
    if (stop > at) add(text.slice(at, stop), false);
    at = stop;
    return stop === end && room > 0;
  };
  if (text.includes('\x1b')) {
    sequence.lastIndex = 0;
    for (let found = sequence.exec(text); found && found.index < most; found = sequence.exec(text)) {
      if (!addText(found.index)) return { pieces, read: at };
      const [raw, parameters = '', between = '', end = ''] = found;
      if (!isUnseen(parameters, between, end)) add(raw.slice(0, room), true);
      else if (end === 'm') current = selectStyle(current, parameters);
      at = found.index + raw.length;
    }
    if (at >= most && at < text.length) return { pieces, read: at };
  }
  addText(text.length);
  return { pieces, read: at };
}

/** Never between the halves of a character. */
const cutBefore = (text: string, at: number): number =>
  at > 0 && at < text.length && /[\ud800-\udbff]/.test(text[at - 1] ?? '') ? at - 1 : at;
