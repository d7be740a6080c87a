// Where events stand in the chart: those that lie close together are one mark.
import type { AxisChoice, EventFacts, JobFacts } from './protocol';

export interface PlacedEvent {
  readonly x: number;
  readonly event: EventFacts;
}

/** By the time of their jobs, or of the clock; other axes have no place for them. */
export function placeEvents(
  events: readonly EventFacts[],
  { kind }: AxisChoice,
  findJob: (key: string) => JobFacts | undefined,
): readonly PlacedEvent[] {
  if (kind === 'clock') return events.map((event) => ({ x: event.time, event }));
  if (kind !== 'elapsed') return [];
  return events.flatMap((event) => {
    const job = findJob(event.job);
    return job ? [{ x: event.time - job.start, event }] : [];
  });
}

export interface EventMark {
  /** Of its first event. */
  readonly x: number;
  readonly events: readonly EventFacts[];
}

/** `width`: how far apart two events must be to be two marks, in units of x. */
export function gatherEvents(placed: readonly PlacedEvent[], width: number): readonly EventMark[] {
  const marks: { x: number; events: EventFacts[] }[] = [];
  for (const { x, event } of [...placed].sort((a, b) => a.x - b.x)) {
    const known = marks.at(-1);
    if (known && x - known.x < width) known.events.push(event);
    else marks.push({ x, events: [event] });
  }
  return marks;
}
