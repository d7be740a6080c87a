// The outputs that one client follows: told while it reads, and ended when it leaves.
import { WatchError } from '../errors';
import type { TimedNews } from '../followOutput';
import type { Wire } from '../link/wire';
import type { OutputNews } from '../protocol';
import type { ClientFollows } from '../requestTable';

/** Who has this many news unread gets no more for now. */
const mostUnread = 8;
const mostFollows = 100;

export class Followed implements ClientFollows {
  readonly #wire: Pick<Wire, 'backlog' | 'notify'>;
  readonly #ends = new Map<string, () => void>();
  #isGone = false;

  constructor(wire: Pick<Wire, 'backlog' | 'notify'>) {
    this.#wire = wire;
  }

  readonly take = (follow: string, news: TimedNews): boolean => {
    if (this.#isGone) return true;
    if (this.#wire.backlog >= mostUnread) return false;
    this.#wire.notify('engine/output', toOutputNews(follow, news)).catch(() => undefined); // It has left.
    return true;
  };

  readonly keep = (follow: string, end: () => void): void => {
    if (this.#isGone) end();
    else if (this.#ends.size >= mostFollows) {
      end();
      throw new WatchError(
        'bad-request',
        `This program follows ${mostFollows} outputs already.`,
        'End following one of them.',
      );
    } else this.#ends.set(follow, end);
  };

  readonly end = (follow: string): void => {
    this.#ends.get(follow)?.();
    this.#ends.delete(follow);
  };

  /** The client has left. */
  endAll(): void {
    this.#isGone = true;
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
  }
}

function toOutputNews(follow: string, news: TimedNews): OutputNews {
  if (news.kind !== 'piece') return { follow, ...news };
  const { from, bytes, size, time } = news;
  const text = Buffer.from(bytes).toString('utf8');
  return { follow, time, kind: 'text', from, to: from + bytes.length, text, size };
}
