// How states, ends and counts are said: one wording for the engine, VS Code and the terminal.
import { toStates, type EndCounts } from './arrayEnd';

/** ` (2 FAILED, 97 COMPLETED)`, the worst first; empty if all ended alike. */
export function describeCounts(counts: EndCounts | null): string {
  const states = toStates(counts ?? {});
  return states.length < 2
    ? ''
    : ` (${states.map((state) => `${counts?.[state] ?? 0} ${state}`).join(', ')})`;
}
