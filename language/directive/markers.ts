// The markers of directives and of login set-ups: what a line is, where its marker ends, and whether a text or a line has to do with directives.
import type { Span } from '../text';

/** The comments that begin a directive in one line, begin a block, and end one. */
export const markers = { inline: '#WATCHER', begin: '#WATCHER_BEGIN', end: '#WATCHER_END' } as const;

/** The comments around commands that run on the login node before the script is handed in. */
export const loginSetupMarkers = { begin: '#LOGIN_SETUP_BEGIN', end: '#LOGIN_SETUP_END' } as const;

/** Which of them a line is, whatever blanks are around it. */
export function loginSetupMarkerOf(line: string): keyof typeof loginSetupMarkers | undefined {
  const trimmed = line.trim();
  if (trimmed === loginSetupMarkers.begin) return 'begin';
  return trimmed === loginSetupMarkers.end ? 'end' : undefined;
}

/** The markers of a login set-up that is closed. */
export const loginSetupSpans = ({ start, end }: Span): readonly [Span, Span] => [
  { start, end: start + loginSetupMarkers.begin.length },
  { start: end - loginSetupMarkers.end.length, end },
];

/** `bare` is the marker of an inline directive with nothing after it. */
export type LineKind = keyof typeof markers | 'bare' | 'other';

/** What a line is, whatever blanks are around it. */
export function markerOf(line: string): LineKind {
  const trimmed = line.trim();
  if (!trimmed.startsWith(markers.inline)) return 'other';
  if (trimmed === markers.begin) return 'begin';
  if (trimmed === markers.end) return 'end';
  if (trimmed === markers.inline) return 'bare';
  return /[ \t]/.test(trimmed.charAt(markers.inline.length)) ? 'inline' : 'other';
}

export interface Marker extends Span {
  readonly kind: keyof typeof markers;
}

/** The marker that a line begins with; its span counts from the line's beginning. */
export function findMarker(line: string): Marker | undefined {
  const found = markerOf(line);
  if (found === 'other') return undefined;
  const kind = found === 'bare' ? 'inline' : found;
  const start = line.length - line.trimStart().length;
  return { kind, start, end: start + markers[kind].length };
}

/** The marker that a directive begins with. */
export const markerSpan = (directive: { readonly kind: 'inline' | 'block'; readonly span: Span }): Span => {
  const { start } = directive.span;
  return { start, end: start + markers[directive.kind === 'inline' ? 'inline' : 'begin'].length };
};

/** Whether a text has a directive or a login set-up, or at least a marker that begins one. */
export const hasDirective = (text: string): boolean =>
  /^[ \t]*#(?:WATCHER(?:_BEGIN)?|LOGIN_SETUP_BEGIN)\b/m.test(text);

/** Whether a line is an inline directive; of a line that is being written, the part before the cursor says it. */
export function isInline(line: string): boolean {
  const marker = findMarker(line);
  return marker?.kind === 'inline' && marker.end < line.length;
}

/**
 * Whether a line, counted from 0, stands in a block that is being written: decided from the lines above, which `lineAt`
 * gives, without parsing the script. Also true for a block that says nothing yet, or that is not closed.
 */
export function isInOpenBlock(lineAt: (line: number) => string, line: number): boolean {
  for (let above = line - 1; above >= 0; above--) {
    const trimmed = lineAt(above).trim();
    const kind = markerOf(trimmed);
    if (kind === 'begin') return true;
    if (kind === 'end' || !trimmed.startsWith('#') || /^#SBATCH\b/.test(trimmed)) return false;
  }
  return false;
}

/** Whether what is written after `before`, the beginning of a line, belongs to an inline directive or an open block. */
export const isInDirective = (before: string, lineAt: (line: number) => string, line: number): boolean =>
  isInline(before) || isInOpenBlock(lineAt, line);

/** Whether a new, empty line shall go on with the block as a comment; a line of nothing but `#` was meant as its end. */
export const continuesBlock = (lineAt: (line: number) => string, line: number): boolean =>
  line > 0 && lineAt(line).trim() === '' && lineAt(line - 1).trim() !== '#' && isInOpenBlock(lineAt, line);
