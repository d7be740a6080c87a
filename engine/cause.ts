// What made a watcher act, as data: whether it was a match, and how it is said if not.
import { findEndWord } from './names';
import type { Cause, Job } from './model';

/** `$0` is what was matched. */
export const isMatch = (cause: Cause): boolean =>
  cause.kind === 'match' || (cause.kind === 'byHand' && cause.isMatch);

/** In words: what `$0` is if nothing was matched. */
export function nameCause(cause: Cause): string {
  switch (cause.kind) {
    case 'deadline':
      return cause.deadline;
    case 'jobEnd':
      return cause.end === null ? '' : `job ended: ${cause.end}`;
    case 'byHand':
      return cause.end === null ? 'by hand' : `job ended: ${cause.end}`;
    case 'match':
    case 'output':
      return cause.kind;
    case 'wish':
      return cause.move;
  }
}

/** A person wants a watcher of this job to act. */
export const toByHand = (job: Job, isMatch: boolean): Cause => ({
  kind: 'byHand',
  isMatch,
  end: findEndWord(job),
});

/** Its job has ended. */
export const toJobEnd = (job: Job): Cause => ({ kind: 'jobEnd', end: findEndWord(job) });
