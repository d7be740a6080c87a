// What waits in the outbox, as people are told of it: what of a job is still to be done, and what keeps actions from being done.
import type { Ledger } from './ledger';
import type { JobKey, OutboxEntry } from './model';
import type { PendingAction, WaitingActions } from './protocol';

type Obstacle = PendingAction['obstacle'];

function findObstacle({ waitsFor, retriedFor }: OutboxEntry): Obstacle {
  if (waitsFor) return { reason: waitsFor, isRetried: false };
  return retriedFor ? { reason: retriedFor, isRetried: true } : null;
}

/** All actions of the job and of its tasks that are not done yet, the oldest first. */
export function findPending(
  { outbox, jobs, watchers }: Pick<Ledger, 'outbox' | 'jobs' | 'watchers'>,
  root: JobKey,
): readonly PendingAction[] {
  return [...outbox.values()].flatMap((entry) => {
    const job = jobs.get(entry.job);
    if (!job || (job.key !== root && job.parent !== root)) return [];
    const watcher = watchers.get(entry.watcherId)?.definition.name ?? '';
    const obstacle = findObstacle(entry);
    // What comes after the first action waits for that one alone.
    return entry.actions.map(({ type }, index) => ({
      ...{ job: job.id, watcher, action: type },
      obstacle: index === 0 ? obstacle : null,
    }));
  });
}

/** Those that something keeps from being done, by what it is. */
export function findWaiting(entries: Iterable<OutboxEntry>): readonly WaitingActions[] {
  const found = new Map<string, WaitingActions>();
  for (const entry of entries) {
    const [first] = entry.actions;
    const obstacle = findObstacle(entry);
    if (!first || !obstacle) continue;
    const key = JSON.stringify([first.type, obstacle]);
    const { count, since } = found.get(key) ?? { count: 0, since: entry.time };
    const more = { count: count + 1, since: Math.min(since, entry.time) };
    found.set(key, { action: first.type, ...obstacle, ...more });
  }
  return [...found.values()];
}
