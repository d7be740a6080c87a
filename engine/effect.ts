// What follows from an observation, as data: events, metrics, what changes of the job, and actions that wait in the outbox.
import { maskAll, maskSecrets, mayHaveSecret } from '../language/show/webhook';
import type { JobPatch } from './actions/action';
import type { Cancellation } from './cancellation';
import { cutCaptures, cutText, longestResult } from './keptText';
import type { Resubmission } from './resubmission';
import type { Cause, Job, Metric, OutboxEntry, Watcher, WatchEvent } from './model';

/** A watcher and its job: what a step is about. */
export interface Subject {
  readonly watcher: Watcher;
  readonly job: Job;
  /** Its entry of the outbox that the limit of actions a minute keeps back, and that has not begun. */
  readonly keptBack?: OutboxEntry | undefined;
  /** The first cancel_job of the job, or of its array: planned or done, by whatever watcher. */
  readonly cancellation?: Cancellation | undefined;
  /** The first resubmit of the job: begun or planned, by whatever watcher. */
  readonly resubmission?: Resubmission | undefined;
}

/** An event without what the ledger knows: id, time, and whose it is. */
export type EventDraft = Pick<
  WatchEvent,
  | 'kind'
  | 'cause'
  | 'action'
  | 'success'
  | 'matchedText'
  | 'place'
  | 'captures'
  | 'params'
  | 'result'
  | 'output'
>;

export type Effect =
  | { readonly kind: 'event'; readonly event: EventDraft }
  | { readonly kind: 'metric'; readonly metric: Pick<Metric, 'name' | 'value' | 'unit'> }
  | { readonly kind: 'job'; readonly patch: JobPatch }
  | {
      readonly kind: 'act';
      readonly entry: Pick<OutboxEntry, 'cause' | 'matchedText' | 'place' | 'captures' | 'actions'> &
        Partial<Pick<OutboxEntry, 'notBefore' | 'standsFor' | 'attempts' | 'waitsFor' | 'retriedFor'>>;
    }
  /** An entry goes on with what remains of it, or is done. */
  | { readonly kind: 'actOn'; readonly entry: OutboxEntry }
  | { readonly kind: 'actDone'; readonly id: string };

/** What an event has that says nothing of it. */
export const plainEvent = {
  cause: null,
  action: null,
  success: null,
  matchedText: null,
  place: null,
  captures: {},
  params: {},
  output: null,
} as const satisfies Partial<EventDraft>;

export function toEvent(draft: Partial<EventDraft> & Pick<EventDraft, 'kind' | 'result'>): Effect {
  const event: EventDraft = { ...plainEvent, ...draft };
  return { kind: 'event', event: isKept(event) ? event : cutEvent(event) };
}

/** Whether all of it is kept: nothing has to be written anew then, as with nearly all events. */
const isKept = ({ matchedText, captures, params, result, output }: EventDraft): boolean =>
  cutCaptures(captures) === captures &&
  ![matchedText, result, output, ...Object.values(captures), ...Object.values(params)].some(mayHoldSecret) &&
  (matchedText === null || cutText(matchedText) === matchedText) &&
  cutText(result, longestResult) === result;

const mayHoldSecret = (value: unknown): boolean =>
  typeof value === 'string' ? mayHaveSecret(value) : typeof value === 'object' && value !== null;

/** No event holds a webhook or a password. */
const cutEvent = (event: EventDraft): EventDraft => ({
  ...event,
  matchedText: event.matchedText === null ? null : cutText(maskSecrets(event.matchedText)),
  captures: cutCaptures(maskAll(event.captures)),
  params: maskAll(event.params),
  result: cutText(maskSecrets(event.result), longestResult),
  output: event.output === null ? null : maskSecrets(event.output),
});

/** Events from the index `first` on that name no cause have this one. */
export function nameCauses(effects: Effect[], first: number, cause: Cause | null): void {
  for (let index = first; index < effects.length; index++) {
    const effect = effects[index];
    if (effect?.kind === 'event' && effect.event.cause === null)
      effects[index] = { kind: 'event', event: { ...effect.event, cause } };
  }
}
