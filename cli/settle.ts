// Waits, after a job has ended, for the actions that its watchers have triggered: up to a limit, and saying what it waits for.
import type { PendingAction } from '../engine/protocol';
import { count } from '../engine/words';

export interface SettlingParts {
  /** What is not done yet. */
  readonly fetch: () => Promise<readonly PendingAction[]>;
  /** Whether all events so far have been shown. */
  readonly isShown: () => boolean;
  readonly note: (text: string) => void;
  /** Resolves after this many milliseconds; with true if the person does not want to wait any longer. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
  /** Milliseconds on a clock that nobody sets. */
  readonly now: () => number;
  readonly limitMs?: number;
}

/** A command with the default time limit of 120 s has ended by then. */
const longestMs = 150_000;
/** What is tried again is waited for this long. */
const retriesMs = 30_000;
/** What is done sooner is not announced. */
const quietMs = 1000;
const pollMs = 200;

/**
 * Resolves when nothing of the job is left to be done, when what is left waits for a person or has been tried again for half a
 * minute, when the limit has passed or when the person gives up. Gives what is left.
 */
export async function waitForActions(parts: SettlingParts): Promise<readonly PendingAction[]> {
  const { fetch, isShown, note, pause, now, limitMs = longestMs } = parts;
  const begin = now();
  let told = '';
  for (;;) {
    const pending = await fetch();
    const waited = now() - begin;
    const isOver = pending.every(waited >= retriesMs ? isHeldUp : isForPerson);
    if ((isOver && isShown()) || waited >= limitMs) return pending;
    const words = describePending(pending);
    if (waited >= quietMs && pending.length > 0 && words !== told) {
      note(`The job has ended. Waiting for ${words} (Ctrl+C to stop waiting).`);
      told = words;
    }
    if (await pause(pollMs)) return pending;
  }
}

const isHeldUp = ({ obstacle }: PendingAction): boolean => obstacle !== null;
const isForPerson = ({ obstacle }: PendingAction): boolean => obstacle?.isRetried === false;

/** `run_command of "save"`, `2 actions: notify_slack of "oom" (tried again: Slack answered 503.) and resubmit of "oom"`. */
export function describePending(pending: readonly PendingAction[]): string {
  const words = pending.map(({ action, watcher, obstacle }) => {
    const why =
      obstacle === null ? '' : ` (${obstacle.isRetried ? 'tried again' : 'waits'}: ${obstacle.reason})`;
    return `${action} of "${watcher}"${why}`;
  });
  const [first = ''] = words;
  if (words.length === 1) return first;
  const shown = words.slice(0, 3).join(', ');
  return `${count(words.length, 'action')}: ${shown}${words.length > 3 ? ', …' : ''}`;
}
