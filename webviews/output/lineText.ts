// A line as it is shown: the last of its refreshes, the beginning of what is long, colours as pieces.
import { findEndStyle, parseAnsi, plainStyle, type Piece, type Style } from './ansi';

export interface ShownText {
  readonly pieces: readonly Piece[];
  /** As many characters are folded away. */
  readonly folded: number;
}

/** What a line has, with `\r` between refreshes of it. */
export interface Refreshes {
  readonly last: string;
  /** In which style the last one begins. */
  readonly style: Style;
  /** How much of the line is before it; 0 if there is nothing else. */
  readonly before: number;
}

/** Characters of a line that are shown before it is unfolded, and how many more each time. */
export const foldAfter = 2000;
export const unfoldStep = 20_000;

/** A carriage return at the end moves the cursor and clears nothing. */
const withoutEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\r' || text[end - 1] === '\n')) end -= 1;
  return text.slice(0, end);
};

export function findRefreshes(text: string, style: Style = plainStyle): Refreshes {
  const line = withoutEnd(text);
  const cut = line.lastIndexOf('\r') + 1;
  return { last: line.slice(cut), style: findEndStyle(line.slice(0, cut), style), before: cut };
}

/** Those before the last, at most `most` of them, the newest. */
export function listOlderRefreshes(text: string, most: number): readonly string[] {
  const line = withoutEnd(text);
  const parts = line.slice(0, line.lastIndexOf('\r') + 1).split('\r');
  return parts.filter((part) => part !== '').slice(-most);
}

/** How many refreshes are before the last. */
export const countOlderRefreshes = (text: string): number =>
  withoutEnd(text).includes('\r') ? listOlderRefreshes(text, Infinity).length : 0;

export function showText(text: string, style: Style, characters = foldAfter): ShownText {
  const { pieces, read } = parseAnsi(text, style, { characters });
  return { pieces, folded: text.length - read };
}

/** What a person reads of it, whole: for the clipboard and for finding. */
export function toReadText(text: string): string {
  const { last } = findRefreshes(text);
  return parseAnsi(last, plainStyle, { characters: last.length, read: last.length })
    .pieces.map(({ text: shown }) => shown)
    .join('');
}
