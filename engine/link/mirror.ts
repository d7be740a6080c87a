// A client's copy of what the engine knows: jobs, watchers and the last events, kept up by its news and after a lost connection.
import type { Job, JobKey, Watcher, WatcherId, WatchEvent } from '../model';
import type { EngineChange } from '../protocol';

/** This many events are kept; the engine keeps all. */
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
  #lastEventId = 0;

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

  /** The newest event that was ever known; 0 before the first. */
  get lastEventId(): number {
    return this.#lastEventId;
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
    // Another store than before counts from its own beginning.
    this.#lastEventId = events.at(-1)?.id ?? this.#lastEventId;
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
    this.#lastEventId = Math.max(this.#lastEventId, this.#events.at(-1)?.id ?? 0);
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

export interface MirrorParts {
  /** What there is. Its events are those after `last`, or more; 0: none is known yet. */
  readonly fetch: (last: number) => Promise<Snapshot>;
  /** The mirror was filled; `missed` are the events that were not told before, in rising order. */
  readonly onFilled: (missed: readonly WatchEvent[]) => void;
  /** News, after the mirror has it; its events are those that were not told before. */
  readonly onChange: (change: EngineChange) => void;
  /** It could not be filled, though the connection holds. */
  readonly onFailed: (error: unknown) => void;
}

/** Keeps a mirror up to date: fills it after each connection, and has news wait until that is done. */
export class MirrorKeeper {
  #isFilled = false;
  #isFilling = false;
  #isWanted = false;
  #isLost = true;
  #early: EngineChange[] = [];

  constructor(
    private readonly mirror: Mirror,
    private readonly parts: MirrorParts,
  ) {}

  /** Whether the mirror shows all that the engine knows. */
  get isFilled(): boolean {
    return this.#isFilled;
  }

  take(change: EngineChange): void {
    if (this.#isFilled) this.#apply(change);
    else this.#early.push(change);
  }

  /** There is a connection, or something new to fetch. What is asked while the mirror is being filled fills it once more. */
  fill(): void {
    this.#isLost = false;
    this.#isFilled = false;
    this.#isWanted = true;
    if (!this.#isFilling) void this.#run();
  }

  /** The connection is lost. */
  lose(): void {
    this.#isLost = true;
    this.#isFilled = false;
    this.#isWanted = false;
  }

  async #run(): Promise<void> {
    this.#isFilling = true;
    while (this.#isWanted) {
      this.#isWanted = false;
      this.#early = [];
      await this.#fetch();
    }
    this.#isFilling = false;
  }

  async #fetch(): Promise<void> {
    const last = this.mirror.lastEventId;
    let snapshot: Snapshot | undefined;
    try {
      snapshot = await this.parts.fetch(last);
    } catch (error) {
      if (!this.#isLost && !this.#isWanted) this.parts.onFailed(error);
    }
    if (this.#isLost) return;
    if (snapshot) this.mirror.replace(snapshot);
    this.#isFilled = !this.#isWanted;
    this.parts.onFilled(snapshot?.events.filter(({ id }) => id > last) ?? []);
    if (this.#isFilled) for (const change of this.#early.splice(0)) this.#apply(change);
  }

  #apply(change: EngineChange): void {
    const last = this.mirror.lastEventId;
    this.mirror.apply(change);
    this.parts.onChange({ ...change, events: change.events.filter(({ id }) => id > last) });
  }
}
