// A text as patterns see it: lines, and the segments of a line that lone carriage returns separate.

export interface OutputSegment {
  /** From 1. */
  readonly line: number;
  /** Without its end. */
  readonly text: string;
}

/** `\n` and `\r\n` end a line. Source: section 8 of the language. */
export function splitOutput(text: string): readonly OutputSegment[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.flatMap((line, index) =>
    line
      .replace(/\r$/, '')
      .split('\r')
      .map((segment) => ({ line: index + 1, text: segment })),
  );
}
