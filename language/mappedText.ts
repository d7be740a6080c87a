// Text that knows where each of its characters stands in the script, through quotes, joined lines and dropped backslashes.
import type { Span } from './text';

export interface MappedText {
  readonly text: string;
  /** Script offset of each UTF-16 unit of `text`. */
  readonly offsets: readonly number[];
  /** Script offset behind the last one. */
  readonly end: number;
}

export function mapText(script: string, start: number, end: number): MappedText {
  const offsets = Array.from({ length: end - start }, (_, index) => start + index);
  return { text: script.slice(start, end), offsets, end };
}

/** Script offset of a place in the text; behind the last character, the end. */
export const offsetIn = ({ offsets, end }: MappedText, index: number): number => offsets[index] ?? end;

export const spanOf = (mapped: MappedText): Span => ({ start: offsetIn(mapped, 0), end: mapped.end });

export function sliceText(mapped: MappedText, start: number, end = mapped.text.length): MappedText {
  const last = mapped.offsets[end - 1];
  return {
    text: mapped.text.slice(start, end),
    offsets: mapped.offsets.slice(start, end),
    end: end > start && last !== undefined ? last + 1 : offsetIn(mapped, start),
  };
}

export function trimText(mapped: MappedText): MappedText {
  const start = mapped.text.length - mapped.text.trimStart().length;
  return sliceText(mapped, start, Math.max(start, mapped.text.trimEnd().length));
}

export function joinTexts(first: MappedText, second: MappedText): MappedText {
  return {
    text: `${first.text} ${second.text}`,
    offsets: [...first.offsets, first.end, ...second.offsets],
    end: second.end,
  };
}

/** Span in the script of a stretch of the text; never empty where the text is not. */
export function spanIn(mapped: MappedText, start: number, end = start + 1): Span {
  const last = mapped.offsets[Math.min(end, mapped.text.length) - 1];
  const from = offsetIn(mapped, Math.min(start, Math.max(0, mapped.text.length - 1)));
  return { start: from, end: Math.max(from, last === undefined ? mapped.end : last + 1) };
}
