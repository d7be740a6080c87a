// A client's copy of what the engine knows: jobs, watchers and the last events, kept up by its news.
import type { Job, JobKey, Watcher, WatcherId, WatchEvent } from '../model';
import type { EngineChange } from '../protocol';

/** So many events are kept for the view; the engine keeps all. */
export const keptEvents = 500;

export interface Snapshot {
  readonly jobs: readonly Job[];
  readonly watchers: readonly Watcher[];
  /** In rising order. */
  readonly events: readonly WatchEvent[];
}

export class Mirror {
  readonly #jobs = new Map<JobKey, Job>();
  readonly #watchers = new Map<WatcherId, Watcher>();
  /** What stands below a job: its watchers, and of an array its tasks. */
  readonly #watchersOf = new Map<JobKey, Set<WatcherId>>();
  readonly #tasksOf = new Map<JobKey, Set<JobKey>>();
  #events: WatchEvent[] = [];

  get jobs(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  get watchers(): readonly Watcher[] {
    return [...this.#watchers.values()];
  }

  /** In rising order. */
  get events(): readonly WatchEvent[] {
    return this.#events;
  }

  findJob(key: JobKey): Job | undefined {
    return this.#jobs.get(key);
  }

  findWatcher(id: WatcherId): Watcher | undefined {
    return this.#watchers.get(id);
  }

  watchersOf(job: JobKey): readonly Watcher[] {
    return [...(this.#watchersOf.get(job) ?? [])].flatMap((id) => this.#watchers.get(id) ?? []);
  }

  tasksOf(array: JobKey): readonly Job[] {
    return [...(this.#tasksOf.get(array) ?? [])].flatMap((key) => this.#jobs.get(key) ?? []);
  }

  /** Forgets everything and begins anew, as after a connection. */
  replace({ jobs, watchers, events }: Snapshot): void {
    for (const things of [this.#jobs, this.#watchers, this.#watchersOf, this.#tasksOf]) things.clear();
    this.#events = [];
    this.apply({ jobs, watchers, events, removedWatchers: [] });
  }

  /** Takes what a request has answered before the news of it came; newer news stays. */
  add({ jobs, watchers }: Pick<Snapshot, 'jobs' | 'watchers'>): void {
    for (const job of jobs) if (!this.#jobs.has(job.key)) this.#setJob(job);
    for (const watcher of watchers) if (!this.#watchers.has(watcher.id)) this.#setWatcher(watcher);
  }

  /** Events that are known already change nothing. */
  apply(change: Pick<EngineChange, 'jobs' | 'watchers' | 'events' | 'removedWatchers'>): void {
    for (const job of change.jobs) this.#setJob(job);
    for (const watcher of change.watchers) this.#setWatcher(watcher);
    for (const id of change.removedWatchers) {
      const job = this.#watchers.get(id)?.job;
      if (job !== undefined) this.#watchersOf.get(job)?.delete(id);
      this.#watchers.delete(id);
    }
    const last = this.#events.at(-1)?.id ?? 0;
    this.#events = [...this.#events, ...change.events.filter(({ id }) => id > last)].slice(-keptEvents);
  }
  #setJob(job: Job): void {
    this.#jobs.set(job.key, job);
    if (job.parent !== null) addTo(this.#tasksOf, job.parent, job.key);
  }

  #setWatcher(watcher: Watcher): void {
    this.#watchers.set(watcher.id, watcher);
    addTo(this.#watchersOf, watcher.job, watcher.id);
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, item: string): void {
  const known = sets.get(key);
  if (known) known.add(item);
  else sets.set(key, new Set([item]));
}
