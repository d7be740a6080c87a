// What lives of a script: for each of its directives, the watchers of jobs that were submitted from exactly this text.
import type { Job, Time, Watcher } from '../engine/model';
import { isOver } from '../engine/rules';
import { count, describeWatcher } from '../engine/words';

export interface LiveDirective {
  /** The directive's first line in the script, from 1. */
  readonly line: number;
  readonly watchers: readonly Watcher[];
}

/** In the order of the lines; of an array the watchers of its tasks count, not the templates that they came from. */
export function findLiveDirectives(
  script: string,
  jobs: readonly Job[],
  watchersOf: (job: Job) => readonly Watcher[],
): readonly LiveDirective[] {
  const lines = new Map<number, Watcher[]>();
  for (const job of jobs) {
    if (isOver(job) || job.isArray || job.submission?.script !== script) continue;
    for (const watcher of watchersOf(job)) {
      if (watcher.lines === null) continue;
      const { first } = watcher.lines;
      lines.set(first, [...(lines.get(first) ?? []), watcher]);
    }
  }
  return [...lines]
    .map(([line, watchers]) => ({ line, watchers }))
    .sort((one, other) => one.line - other.line);
}

/** `active · 3 triggers · loss=0.31`; of several jobs or tasks: `3 active, 1 paused · 34 triggers`. */
export function describeLive(watchers: readonly Watcher[], now: Time): string {
  const [only, ...others] = watchers;
  if (only && others.length === 0) {
    const words = describeWatcher(only, now);
    return only.progress.state === 'active' ? `active · ${words}` : words;
  }
  const states = new Map<string, number>();
  for (const { progress } of watchers) states.set(progress.state, (states.get(progress.state) ?? 0) + 1);
  const triggers = watchers.reduce((sum, { progress }) => sum + progress.triggerCount, 0);
  return `${[...states].map(([state, number]) => `${number} ${state}`).join(', ')} · ${count(triggers, 'trigger')}`;
}
