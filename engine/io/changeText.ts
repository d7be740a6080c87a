// Changes as JSON text and back: what stands in a record of the journal. Numbers that JSON cannot say are words there.
import type { Change } from '../ports';

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

/** The inverse of `printChanges`; throws a SyntaxError for what is no JSON. */
export function parseChanges(text: string): readonly Change[] {
  const changes = JSON.parse(text) as Change[];
  return changes.map((change) =>
    change.kind === 'metric' && typeof change.metric.value !== 'number'
      ? { kind: 'metric', metric: { ...change.metric, value: Number(change.metric.value) } }
      : change,
  );
}
