// What a search gives back: places and texts in UTF-16, as editors and JavaScript count.

/** One match; all numbers are UTF-16 offsets of the text. */
export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  /** Texts of the groups, group 1 first; null for a group that took no part. */
  readonly groups: readonly (string | null)[];
  /** Empty where the search was told to leave spans out. */
  readonly groupSpans: readonly (readonly [number, number] | null)[];
}

export interface Found {
  readonly matches: readonly PatternMatch[];
  /** The budget of steps ran out: `matches` are right, but there may be more. */
  readonly exhausted: boolean;
}

/** The match as it stands in a text that begins `by` units earlier. */
export function shifted(match: PatternMatch, by: number): PatternMatch {
  const { start, end, groups, groupSpans } = match;
  const shift = (span: readonly [number, number] | null): readonly [number, number] | null =>
    span && [span[0] + by, span[1] + by];
  return { start: start + by, end: end + by, groups, groupSpans: groupSpans.map(shift) };
}
