// Whether an answer has all events that were asked for: of very long ones the engine gives the newest alone.
import type { WatchEvent } from '../model';
import type { EngineRequests, EventFilter } from '../protocol';

type AskEvents = (
  method: 'engine/events',
  filter: EventFilter,
) => PromiseLike<EngineRequests['engine/events'][1]>;

/** `events`: what the engine has answered to the filter. False if it has as many as were wanted. */
export async function hasOlderEvents(
  ask: AskEvents,
  filter: EventFilter,
  events: readonly WatchEvent[],
): Promise<boolean> {
  const [oldest] = events;
  if (oldest === undefined || events.length >= (filter.limit ?? Infinity)) return false;
  return (await ask('engine/events', { ...filter, beforeId: oldest.id, limit: 1 })).length > 0;
}
