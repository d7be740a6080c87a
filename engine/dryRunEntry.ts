// What a dry run has to tell: matches, and what the watchers would have done.
import type { EventDraft } from './effect';
import type { Metric, Stream, Time } from './model';

/** What a condition came to; `value` is Python's repr, null where it could not be evaluated. */
export interface ConditionValue {
  readonly source: string;
  readonly value: string | null;
  readonly holds: boolean;
  readonly error: string | null;
}

/** The result of each action that reaches outside. */
const notRun = 'not run: this is a dry run';

export const toNotRun = (detail: string): string => (detail === '' ? notRun : `${notRun}; ${detail}`);

/** What such a result tells beside that; empty if there is nothing. */
export const findDetail = ({ result }: Pick<EventDraft, 'result'>): string =>
  result.startsWith(`${notRun}; `) ? result.slice(notRun.length + 2) : '';

export type DryRunEntry = {
  /** Counts the lines of the output from 1; null where no line is the cause. */
  readonly line: number | null;
  readonly stream: Stream | null;
  /** Since the first line. */
  readonly timeMs: Time;
  readonly watcher: string;
} & (
  | {
      readonly kind: 'match';
      readonly matchedText: string;
      readonly captures: Readonly<Record<string, string>>;
      readonly condition: ConditionValue | null;
    }
  | { readonly kind: 'event'; readonly event: EventDraft }
  | { readonly kind: 'metric'; readonly metric: Pick<Metric, 'name' | 'value' | 'unit'> }
);
