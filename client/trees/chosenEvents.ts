// The events of one watcher or job: those that the engine has, and those that come.
import type { JobKey, WatcherId, WatchEvent } from '../../engine/model';
import type { EventFilter } from '../../engine/protocol';
import { keptEvents } from '../../engine/link/mirror';
import { count } from '../../engine/words';

export type EventChoice = { readonly title: string } & (
  | { readonly watcher: WatcherId; readonly job?: undefined }
  | { readonly job: JobKey; readonly watcher?: undefined }
);

export class ChosenEvents {
  #events: readonly WatchEvent[] = [];
  #hasOlder = false;

  constructor(private readonly choice: EventChoice) {}

  /** In rising order. */
  get events(): readonly WatchEvent[] {
    return this.#events;
  }

  /** What the engine is to be asked for. */
  get request(): EventFilter {
    const { watcher, job } = this.choice;
    return { ...(watcher === undefined ? { job } : { watcher }), limit: keptEvents };
  }

  /** Whether the engine has more than are kept here. */
  get isCut(): boolean {
    return this.#hasOlder || this.#events.length >= keptEvents;
  }

  /** What the engine has answered; news may have come before. `hasOlder`: it has left out some. */
  fill(events: readonly WatchEvent[], hasOlder = false): void {
    this.#hasOlder = hasOlder;
    this.#events = merge(events, this.#events);
  }

  /** News of all watchers; an array's events are those of its tasks too. */
  add(events: readonly WatchEvent[], parentOf: (job: JobKey) => JobKey | null): void {
    const { watcher, job } = this.choice;
    const own = events.filter((event) =>
      watcher === undefined ? event.job === job || parentOf(event.job) === job : event.watcherId === watcher,
    );
    if (own.length > 0) this.#events = merge(this.#events, own);
  }
}

/** What stands above a list: that it is empty, or that it is not all. */
export function describeEventList(events: readonly WatchEvent[], isCut: boolean): string {
  if (events.length === 0) return 'Nothing has happened here yet.';
  return isCut
    ? `Only the newest ${count(events.length, 'event')} are listed: "slurm-watchers events" in a terminal has more.`
    : '';
}

function merge(events: readonly WatchEvent[], newer: readonly WatchEvent[]): readonly WatchEvent[] {
  const last = events.at(-1)?.id ?? 0;
  return [...events, ...newer.filter(({ id }) => id > last)].slice(-keptEvents);
}
