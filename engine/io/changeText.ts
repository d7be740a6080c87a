// Changes as JSON text and back: what stands in a record of the journal. Numbers that JSON cannot say are words there.
import type { FileMark, OutboxEntry, Progress } from '../model';
import type { Change } from '../ports';
import { initialProgress } from '../progress';

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
  return changes.map(completeChange);
}

/** Journals of older versions lack what has come since. */
function completeChange(change: Change): Change {
  switch (change.kind) {
    case 'metric':
      return typeof change.metric.value === 'number'
        ? change
        : { kind: 'metric', metric: { ...change.metric, value: Number(change.metric.value) } };
    case 'progress':
      return { ...change, progress: completeProgress(change.progress) };
    case 'watcher':
      return {
        kind: 'watcher',
        watcher: { ...change.watcher, progress: completeProgress(change.watcher.progress) },
      };
    case 'outbox': {
      const entry: Partial<OutboxEntry> = change.entry;
      return { kind: 'outbox', entry: { ...change.entry, standsFor: entry.standsFor ?? null } };
    }
    default:
      return change;
  }
}

/** Progress as any version has written it. */
type StoredProgress = Partial<Omit<Progress, 'readTrouble'>> & {
  readonly readTrouble?: Progress['readTrouble'] | string | null;
};

export function completeProgress(stored: StoredProgress): Progress {
  const progress = { ...initialProgress, ...stored };
  const { readTrouble, nextTimer, lastGroups, variables } = progress;
  const { stdout, stderr } = progress.mark;
  // A timer that ran before `held` was kept acts on what it acted on then.
  const running = nextTimer !== null && lastGroups !== null ? { groups: lastGroups, variables } : null;
  return {
    ...progress,
    held: stored.held === undefined ? running : stored.held,
    readTrouble:
      typeof readTrouble === 'object' && readTrouble !== null
        ? readTrouble
        : { stdout: readTrouble, stderr: readTrouble },
    mark: { stdout: completeMark(stdout), stderr: completeMark(stderr) },
  };
}

const completeMark = (mark: FileMark | null): FileMark | null => mark && { ...{ restarts: 0 }, ...mark };
