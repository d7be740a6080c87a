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
