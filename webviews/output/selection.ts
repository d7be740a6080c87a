// What is selected of an output: from one character of a line to another, whether their rows are drawn or not.

export interface TextPlace {
  /** Byte offset of the line. */
  readonly line: number;
  /** Characters of what is shown of it. */
  readonly at: number;
}

export interface Selection {
  /** Where it was begun; it may be after `focus`. */
  readonly anchor: TextPlace;
  readonly focus: TextPlace;
}

export interface Extent {
  readonly from: TextPlace;
  readonly to: TextPlace;
}

const isBefore = (one: TextPlace, other: TextPlace): boolean =>
  one.line < other.line || (one.line === other.line && one.at < other.at);

export const toExtent = ({ anchor, focus }: Selection): Extent =>
  isBefore(focus, anchor) ? { from: focus, to: anchor } : { from: anchor, to: focus };

export const isEmpty = ({ anchor, focus }: Selection): boolean =>
  anchor.line === focus.line && anchor.at === focus.at;

/** Which characters of a line are selected; undefined if none are. */
export function findSelected(
  { from, to }: Extent,
  line: number,
  length: number,
): { readonly from: number; readonly to: number } | undefined {
  if (line < from.line || line > to.line) return undefined;
  const start = line === from.line ? Math.min(from.at, length) : 0;
  const end = line === to.line ? Math.min(to.at, length) : length;
  return start < end || (line < to.line && line >= from.line) ? { from: start, to: end } : undefined;
}

/** The word around a character: letters, digits and what joins them in numbers and names. */
export function findWord(text: string, at: number): { readonly from: number; readonly to: number } {
  const isInWord = (index: number): boolean => /[\p{L}\p{N}_.+-]/u.test(text[index] ?? ' ');
  let from = at;
  let to = at;
  while (from > 0 && isInWord(from - 1)) from -= 1;
  while (to < text.length && isInWord(to)) to += 1;
  return to > from ? { from, to } : { from: at, to: Math.min(text.length, at + 1) };
}
