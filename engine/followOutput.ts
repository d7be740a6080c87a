// Following an output: where it begins, and what whoever follows is told.
import type { Clock } from './ports';
import { findOutput, type OutputPlace } from './output';
import type { Followed, FollowRequest } from './protocol';
import type { Time } from './model';
import type { FollowNews, FollowWish } from './watching/follows';

export type TimedNews = FollowNews & { readonly time: Time };

/** False: it was not taken, and is offered again. */
export type TakeNews = (news: TimedNews) => boolean;

/** Throws as readOutput; a file that is not there yet is waited for. */
export async function toFollowWish(
  request: FollowRequest,
  place: OutputPlace & { readonly clock: Pick<Clock, 'now'> },
  take: TakeNews,
): Promise<{ readonly wish: FollowWish; readonly followed: Followed }> {
  const { path, job } = await findOutput(request, place);
  const from = request.from ?? Math.max(0, (await findSize(path, place)) - request.context);
  const wish: FollowWish = {
    key: job?.key ?? null,
    jobId: job?.id ?? request.job,
    endState: job?.endState ?? null,
    ...{ path, from, isAligned: request.from === null },
    send: (news) => take({ ...news, time: place.clock.now() }),
  };
  return { wish, followed: { path, from } };
}

/** 0 if it is not there yet, or cannot be read: whoever follows it is told. */
async function findSize(path: string, { cluster }: OutputPlace): Promise<number> {
  const [answer] = await cluster.read([{ path, from: 0, maxBytes: 0, before: 0, head: 0, fresh: true }]);
  return answer?.kind === 'read' ? answer.size : 0;
}
