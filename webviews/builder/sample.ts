// A sample as patterns see it: lines and refreshes of lines, and how what is shown of them is found in them again.
import { toPageText } from '../../language/show/page';
import type { Sample } from './protocol';
import type { BuilderState, SampleLines } from './state';
import type { MatchPlace } from './work/matchWork';

/** `\n` and `\r\n` end a line, a lone `\r` a refresh of it: each is matched by itself. */
export function splitLines(text: string): readonly string[] {
  if (text === '') return [];
  const lines = text.replace(/\r(?=\n)/g, '').split(/[\n\r]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export const toSampleLines = ({ stdout, stderr, isWhole }: Sample): SampleLines => ({
  stdout: stdout === null ? null : splitLines(stdout),
  stderr: stderr === null ? null : splitLines(stderr),
  isWhole,
});

const fromTyped = (text: string): SampleLines => ({
  stdout: splitLines(text),
  stderr: null,
  isWhole: true,
});

/** What was typed last, which is asked for with each frame. */
let lastTyped: { readonly text: string; readonly sample: SampleLines } | undefined;

/** The sample that counts: typed lines are one. */
export function toSample({
  source,
  typed,
  sample,
}: Pick<BuilderState, 'source' | 'typed' | 'sample'>): SampleLines | null {
  if (source?.kind !== 'typed') return sample;
  if (lastTyped?.text !== typed) lastTyped = { text: typed, sample: fromTyped(typed) };
  return lastTyped.sample;
}

/** A stretch of a line that is shown in one way. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** 0: the match, outside of its groups; undefined: no match. */
  readonly group: number | undefined;
}

/** The line from its beginning to its end; of groups in groups the inner one counts. */
export function toStretches(length: number, places: readonly MatchPlace[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  const add = (end: number, group: number | undefined): void => {
    if (end > at) stretches.push({ start: at, end, group });
    at = Math.max(at, end);
  };
  for (const { start, end, groups } of places) {
    add(start, undefined);
    const edges = new Set([start, end]);
    for (const span of groups)
      if (span && span[1] > span[0]) for (const edge of span) edges.add(Math.min(Math.max(edge, start), end));
    const sorted = [...edges].sort((a, b) => a - b);
    for (const edge of sorted.slice(1)) add(edge, findGroup(groups, at));
  }
  add(length, undefined);
  return stretches;
}

/** The innermost group that has the place: groups in groups have higher numbers. */
const findGroup = (groups: MatchPlace['groups'], at: number): number =>
  groups.reduce(
    (found, span, index) => (span !== null && span[0] <= at && at < span[1] ? index + 1 : found),
    0,
  );

/** Where a place in what is shown of a text stands in the text: what cannot be seen is shown longer than it is. */
export function toRawOffset(raw: string, shownOffset: number): number {
  let [shown, at] = [0, 0];
  for (const character of raw) {
    if (shown >= shownOffset) break;
    shown += toPageText(character).length;
    at += character.length;
  }
  return at;
}
