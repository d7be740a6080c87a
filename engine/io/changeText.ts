// Changes as JSON text and back: what stands in a record of the journal. Numbers that JSON cannot say are words there.
import type { Change } from '../ports';
import { completeChange } from '../stored';

const isUnsayable = (change: Change): boolean =>
  change.kind === 'metric' && !Number.isFinite(change.metric.value);

/** One commit. */
export function printChanges(changes: readonly Change[]): string {
  if (!changes.some(isUnsayable)) return JSON.stringify(changes);
  return JSON.stringify(
    changes.map((change) =>
      change.kind === 'metric' && isUnsayable(change)
        ? { kind: 'metric', metric: { ...change.metric, value: String(change.metric.value) } }
        : change,
    ),
  );
}

/** The inverse of `printChanges`, also for what older versions wrote; throws a SyntaxError for what is not JSON. */
export function parseChanges(text: string): readonly Change[] {
  return (JSON.parse(text) as Change[]).map(completeChange);
}
