// Text that knows where each of its characters stands in the script, through quotes, joined lines and dropped backslashes.
import type { Span } from './text';

export interface MappedText {
  readonly text: string;
  /** Script offset of the first UTF-16 unit; of the end where there is none. */
  readonly start: number;
  /** Script offset behind the last one. */
  readonly end: number;
  /** Script offset of each unit, where they do not follow one another: most texts are one stretch of the script. */
  readonly offsets?: readonly number[];
}

export function mapText(script: string, start: number, end: number): MappedText {
  return { text: script.slice(start, end), start, end };
}

/** A text whose units stand at these places. */
export function mapOffsets(text: string, offsets: readonly number[], end: number): MappedText {
  return { text, start: offsets[0] ?? end, end, offsets };
}

/** Script offset of a place in the text; behind the last character, the end. */
export function offsetIn({ text, start, end, offsets }: MappedText, index: number): number {
  if (index >= text.length) return end;
  return offsets ? (offsets[index] ?? end) : start + index;
}

export const spanOf = ({ start, end }: MappedText): Span => ({ start, end });

export function sliceText(mapped: MappedText, start: number, end = mapped.text.length): MappedText {
  const text = mapped.text.slice(start, end);
  if (!mapped.offsets) {
    const from = Math.min(mapped.start + start, mapped.end);
    return { text, start: from, end: from + text.length };
  }
  const from = offsetIn(mapped, start);
  const to = text === '' ? from : offsetIn(mapped, start + text.length - 1) + 1;
  return { text, start: from, end: to, offsets: mapped.offsets.slice(start, end) };
}

export function trimText(mapped: MappedText): MappedText {
  const { text } = mapped;
  const { length } = text;
  if (length === 0 || !(isBlank(text.charCodeAt(0)) || isBlank(text.charCodeAt(length - 1)))) return mapped;
  const trimmed = text.trim();
  if (trimmed.length === length) return mapped;
  const start = length - text.trimStart().length;
  return sliceText(mapped, start, start + trimmed.length);
}

/** Whether it may be: all blanks of ASCII, and everything beyond. */
const isBlank = (code: number): boolean => code <= 0x20 || code > 0x7f;

/** The texts with a blank between each two. */
export function joinTexts(first: MappedText, others: readonly MappedText[]): MappedText {
  if (others.length === 0) return first;
  const offsets: number[] = [];
  let { end } = first;
  for (const part of [first, ...others]) {
    if (part !== first) offsets.push(end);
    for (let index = 0; index < part.text.length; index++) offsets.push(offsetIn(part, index));
    ({ end } = part);
  }
  return mapOffsets([first, ...others].map(({ text }) => text).join(' '), offsets, end);
}

/** Span in the script of a stretch of the text; never empty where the text is not. */
export function spanIn(mapped: MappedText, start: number, end = start + 1): Span {
  const { length } = mapped.text;
  const last = Math.min(end, length) - 1;
  const from = offsetIn(mapped, Math.min(start, Math.max(0, length - 1)));
  return { start: from, end: Math.max(from, last < 0 ? mapped.end : offsetIn(mapped, last) + 1) };
}
