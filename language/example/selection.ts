// What a person selected in the output of a job: the segment of a line that is matched, and the tokens that are meant.
import type { Span } from '../text';
import { toTokens, type Token } from './tokens';

export interface Selection {
  /** The whole line, without its line end. */
  readonly line: string;
  /** What is selected of it; nothing stands for the whole line. */
  readonly span: Span;
  /** The lines before it, the nearest one last: one of them may be the header of a table. */
  readonly above?: readonly string[];
}

export interface SelectedSegment {
  readonly text: string;
  /** Within the segment; never empty unless the segment is. */
  readonly span: Span;
  readonly isWhole: boolean;
}

/** The refresh of a line (ended by a lone `\r`) in which the selection begins: each is matched by itself. */
export function findSegment({ line, span }: Selection): SelectedSegment {
  const at = Math.max(0, Math.min(span.start, line.length));
  const start = at === 0 ? 0 : line.lastIndexOf('\r', at - 1) + 1;
  const found = line.indexOf('\r', start);
  const text = line.slice(start, found === -1 ? line.length : found);
  const from = Math.min(at - start, text.length);
  const to = Math.max(from, Math.min(span.end - start, text.length));
  const selected = trimSpan(text, {
    start: isInCharacter(text, from) ? from - 1 : from,
    end: isInCharacter(text, to) ? to + 1 : to,
  });
  const whole = trimSpan(text, { start: 0, end: text.length });
  const isWhole =
    selected.start >= selected.end || (selected.start <= whole.start && selected.end >= whole.end);
  return { text, span: isWhole ? whole : selected, isWhole };
}

/** Between the two halves of a character. */
const isInCharacter = (text: string, at: number): boolean =>
  /^[\uDC00-\uDFFF]/.test(text.charAt(at)) && /^[\uD800-\uDBFF]/.test(text.charAt(at - 1));

function trimSpan(text: string, { start, end }: Span): Span {
  const inside = text.slice(start, end);
  const trimmed = inside.trim();
  const from = start + inside.length - inside.trimStart().length;
  return { start: from, end: from + trimmed.length };
}

/** What may be cut: a part of such a token is text by itself. Of all others the whole token is meant. */
const divisible: ReadonlySet<Token['kind']> = new Set(['quoted', 'url', 'path', 'date', 'bar']);

/** The tokens of the segment, cut where the selection begins and ends within one. */
export function cutTokens({ text, span }: SelectedSegment, commasSeparate: boolean): readonly Token[] {
  return toTokens(text, { commasSeparate }).flatMap((token) => {
    const behind = token.start + token.text.length;
    const cuts = [span.start, span.end].filter((cut) => cut > token.start && cut < behind);
    if (cuts.length === 0 || !divisible.has(token.kind)) return [token];
    const bounds = [token.start, ...cuts, behind];
    return bounds.slice(1).flatMap((end, index) => {
      const start = bounds[index] ?? end;
      return toTokens(text.slice(start, end), { commasSeparate }).map((part) => ({
        ...part,
        start: start + part.start,
      }));
    });
  });
}

/** Whether a token belongs to what is selected. */
export const isSelected = ({ start, text }: Pick<Token, 'start' | 'text'>, span: Span): boolean =>
  start < span.end && start + text.length > span.start;
