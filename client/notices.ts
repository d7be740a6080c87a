// Coalesces what a job has to tell: the first notice at once, those that follow closely in one.
import type { JobKey, OutputPlace } from '../engine/model';
import type { Level } from '../engine/words';

export interface Notice {
  readonly job: JobKey;
  readonly level: Level;
  readonly text: string;
  /** Where in the output it happened; null if it is not about a place there. */
  readonly place: OutputPlace | null;
}

export interface NoticeBoard {
  /** Calls `wake` after so many milliseconds. */
  readonly after: (milliseconds: number, wake: () => void) => void;
  readonly show: (notice: Notice) => void;
}

/** Notices of one job and level that come within this time are told together, in milliseconds. */
const closely = 5000;

export function createNotices({ after, show }: NoticeBoard): (notice: Notice) => void {
  const waiting = new Map<string, Notice[]>();
  const release = (key: string): void => {
    const notices = waiting.get(key) ?? [];
    const last = notices.at(-1);
    if (!last) {
      waiting.delete(key);
      return;
    }
    waiting.set(key, []);
    show(notices.length === 1 ? last : { ...last, text: `${notices.length} more, the last: ${last.text}` });
    after(closely, () => {
      release(key);
    });
  };
  return (notice) => {
    const key = `${notice.level} ${notice.job}`;
    const others = waiting.get(key);
    if (others) others.push(notice);
    else {
      waiting.set(key, [notice]);
      release(key);
    }
  };
}
