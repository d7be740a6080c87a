// Positions in a script: offsets in UTF-16 units, and the lines that people and editors count.

/** A stretch of the script: UTF-16 offsets, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place as the Language Server Protocol counts it: line and UTF-16 unit, both from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** The line end of a script, which its first line has. */
export function lineEndOf(script: string): '\n' | '\r\n' {
  const newline = script.indexOf('\n');
  return newline > 0 && script[newline - 1] === '\r' ? '\r\n' : '\n';
}

/** What a parser returns: as much of a value as the text gives, and everything that is wrong with it. */
export interface Parsed<Value, Finding> {
  readonly value: Value;
  readonly problems: readonly Finding[];
}

/** Translates between offsets and positions of one text; lines end at `\n` (a `\r` belongs to the line end). */
export interface LineIndex {
  readonly lineCount: number;
  /** Offset of the first character of `line`. */
  lineStart(line: number): number;
  positionAt(offset: number): Position;
  offsetAt(position: Position): number;
  rangeOf(span: Span): Range;
}

export function createLineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const lineStart = (line: number): number => starts[line] ?? text.length;
  const positionAt = (offset: number): Position => {
    const clamped = Math.max(0, Math.min(offset, text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lineStart(middle) <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - lineStart(low) };
  };
  return {
    lineCount: starts.length,
    lineStart,
    positionAt,
    offsetAt: ({ line, character }) => Math.min(lineStart(line) + character, text.length),
    rangeOf: ({ start, end }) => ({ start: positionAt(start), end: positionAt(end) }),
  };
}
