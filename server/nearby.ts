// The directive that is being written at a place, read by itself: completion does not wait for the rest of the script.
import type { Directive } from '../language/directive';
import { isInline, markerOf } from '../language/directive/markers';
import { parseScript } from '../language/script';
import { lineText, type ScriptText } from './documents';

export interface NearbyDirective {
  readonly directive: Directive;
  /** Where the text that it was read from begins in the script; its spans count from there. */
  readonly start: number;
}

/** Blocks are shorter than that; what lies further away is not looked at. */
const reach = 300;

/** Of the line itself, or of the block around it, closed or not; its line numbers count from its beginning. */
export function readNearby(script: ScriptText, line: number): NearbyDirective | undefined {
  const isOneLine = isInline(lineText(script, line));
  const first = isOneLine ? line : findBegin(script, line);
  const last = isOneLine ? line : findEnd(script, line);
  const [directive] = parseScript(script.text.getText(linesOf(first, last))).directives;
  return directive && { directive, start: script.text.offsetAt({ line: first, character: 0 }) };
}

const linesOf = (first: number, last: number) => ({
  start: { line: first, character: 0 },
  end: { line: last + 1, character: 0 },
});

function findBegin(script: ScriptText, line: number): number {
  for (let above = line - 1; above >= Math.max(0, line - reach); above--)
    if (markerOf(lineText(script, above)) === 'begin') return above;
  return line;
}

function findEnd(script: ScriptText, line: number): number {
  const last = Math.min(script.text.lineCount - 1, line + reach);
  for (let below = line; below <= last; below++) {
    const kind = markerOf(lineText(script, below));
    if (kind === 'end' || kind === 'begin') return below;
  }
  return last;
}
