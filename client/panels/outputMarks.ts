// Marks in the margin of an output: where the job's watchers have matched, and what they did then.
import type { WatchEvent } from '../../engine/model';
import { toLevel, toOneLine, type Level } from '../../engine/words';
import type { Mark } from '../../webviews/output/protocol';

/** Maximum number of marks: the newest are shown. */
export const mostMarks = 5000;
/** Maximum number of results that a mark tells. */
const mostResults = 12;

const rank: Readonly<Record<Level, number>> = { info: 0, warning: 1, error: 2 };

/** `events` in rising order; those without a place in the output have no mark. */
export function toMarks(events: readonly WatchEvent[]): readonly Mark[] {
  const marks = new Map<string, Mark>();
  for (const event of events) {
    const { place, watcher, watcherId } = event;
    if (place === null || watcher === null) continue;
    const key = `${place.stream} ${place.line} ${watcherId ?? ''}`;
    const known = marks.get(key);
    const level = toLevel(event);
    const hasDone = known !== undefined && known.results.length > 0;
    const isDone = event.kind !== 'trigger';
    marks.set(key, {
      // What was done says more than that there was a match.
      event: known && (hasDone || !isDone) ? known.event : event.id,
      stream: place.stream,
      from: place.line,
      level: known && rank[known.level] >= rank[level] ? known.level : level,
      watcher,
      results: [...(known?.results ?? []), ...(isDone ? [describeResult(event)] : [])].slice(0, mostResults),
    });
  }
  return [...marks.values()].slice(-mostMarks);
}

const describeResult = ({ action, kind, result }: WatchEvent): string =>
  `${action ?? kind}: ${toOneLine(result)}`;
