// The events of one watcher or job: those that the engine has, and those that come.
import type { JobKey, WatcherId, WatchEvent } from '../../engine/model';
import type { EventFilter } from '../../engine/protocol';
import { keptEvents } from '../../engine/link/mirror';

export type EventChoice = { readonly title: string } & (
  | { readonly watcher: WatcherId; readonly job?: undefined }
  | { readonly job: JobKey; readonly watcher?: undefined }
);

export class ChosenEvents {
  #events: readonly WatchEvent[] = [];

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

  /** What the engine has answered; news may have come before. */
  fill(events: readonly WatchEvent[]): void {
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

function merge(events: readonly WatchEvent[], newer: readonly WatchEvent[]): readonly WatchEvent[] {
  const last = events.at(-1)?.id ?? 0;
  return [...events, ...newer.filter(({ id }) => id > last)].slice(-keptEvents);
}
