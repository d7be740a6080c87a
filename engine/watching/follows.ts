// Outputs that clients follow: read together with what watchers read, and handed on piece by piece while the client keeps up.
import type { JobEndState } from '../../language/jobStates';
import type { FileMark, JobKey } from '../model';
import type { Cluster, ReadAnswer, ReadRequest } from '../ports';
import { cutCharacters, findReplacement, headLength, tailLength, toMark } from '../tail';

/** What somebody who follows an output is told, in order. Offsets are bytes of the file. */
export type FollowNews =
  | { readonly kind: 'piece'; readonly from: number; readonly bytes: Uint8Array; readonly size: number }
  /** So much has come that it is not sent: it can be read. */
  | { readonly kind: 'skipped'; readonly from: number; readonly to: number; readonly size: number }
  /** The file was cut or replaced: what follows begins at its start. */
  | { readonly kind: 'replaced'; readonly reason: string; readonly size: number }
  /** It is not there yet. */
  | { readonly kind: 'absent' }
  /** It cannot be read now: told once while that lasts. */
  | { readonly kind: 'trouble'; readonly message: string }
  /** The job has ended and nothing more has come for a while: this is the last news. */
  | { readonly kind: 'ended'; readonly endState: JobEndState | null };

export interface FollowWish {
  /** Of a job in the books; null: the scheduler alone knows it. */
  readonly key: JobKey | null;
  /** As the scheduler names it. */
  readonly jobId: string;
  readonly path: string;
  readonly from: number;
  /** It begins at the next line. */
  readonly isAligned: boolean;
  /** How the job had ended, if it had; null otherwise. */
  readonly endState: JobEndState | null;
  /** False: the client has not taken what it was sent before; it is offered again. */
  readonly send: (news: FollowNews) => boolean;
}

/** How a job has ended; undefined while it has not. */
export type FindEnd = (wish: FollowWish) => { readonly endState: JobEndState | null } | undefined;

/** As much is read in one look. */
const lookBytes = 256 * 1024;
/** As much is sent at once. */
const pieceBytes = 64 * 1024;
/** Whoever is so far behind goes on near the end. */
const maxBehind = 1024 * 1024;
/** Bytes before the end at which it goes on. */
const rejoinBytes = 64 * 1024;

const lineFeed = 10;

interface Follow {
  readonly wish: FollowWish;
  /** The first byte that was not sent. */
  position: number;
  mark: FileMark | null;
  /** It begins at the next line; what is skipped by that is told from this byte on, or not at all. */
  align: { readonly toldFrom: number | null } | undefined;
  /** On the steady clock. */
  nextLook: number;
  /** What was told of a file that cannot be read. */
  told: string | undefined;
  /** When it was last seen to have grown, on the steady clock. */
  grown: number;
  /** Everything that is there was sent, at a look after the job's end. */
  isComplete: boolean;
  end: ReturnType<FindEnd>;
}

export class Follows {
  private readonly follows = new Set<Follow>();

  /** The returned function ends it. */
  add(wish: FollowWish): () => void {
    const follow: Follow = {
      ...{ wish, position: wish.from, mark: null, nextLook: -Infinity, told: undefined },
      align: wish.isAligned && wish.from > 0 ? { toldFrom: null } : undefined,
      ...{ grown: -Infinity, isComplete: false, end: undefined },
    };
    this.follows.add(follow);
    return () => this.follows.delete(follow);
  }

  get isEmpty(): boolean {
    return this.follows.size === 0;
  }

  /** Jobs that the books do not have, and that have not ended. */
  get strangers(): readonly string[] {
    return [
      ...new Set(
        [...this.follows].flatMap(({ wish, end }) => (wish.key === null && !end ? [wish.jobId] : [])),
      ),
    ];
  }

  /** When the next look is due, on the steady clock; undefined if nothing is followed. */
  get nextLook(): number | undefined {
    return this.isEmpty ? undefined : Math.min(...[...this.follows].map(({ nextLook }) => nextLook));
  }

  /** Notes which jobs have ended. */
  noteEnds(find: FindEnd, now: number): void {
    for (const follow of this.follows) {
      if (follow.end) continue;
      follow.end = find(follow.wish);
      if (follow.end) follow.nextLook = now;
    }
  }

  /** What has to be read beside these requests, which are read anyway. */
  toRequests(others: readonly ReadRequest[], now: number): readonly ReadRequest[] {
    return [...this.follows].flatMap((follow) => {
      const { position, wish, end, nextLook } = follow;
      if (nextLook > now || others.some((request) => holds(request, follow))) return [];
      const request = { path: wish.path, from: position, maxBytes: lookBytes };
      return [{ ...request, before: tailLength, head: headLength, fresh: end !== undefined }];
    });
  }

  /** Takes what was read, by whomever it was asked for. */
  take(
    requests: readonly ReadRequest[],
    answers: readonly ReadAnswer[],
    { now, minIntervalMs }: { readonly now: number; readonly minIntervalMs: number },
  ): void {
    for (const follow of this.follows) {
      const index = requests.findIndex((request) => holds(request, follow));
      const [request, answer] = [requests[index], answers[index]];
      if (!request || !answer) continue;
      follow.nextLook = now + minIntervalMs;
      if (takeAnswer(follow, { request, answer, now })) follow.nextLook = now;
    }
  }

  /** Tells the end of what is complete and has been quiet for a while. */
  finish({ settleMs }: Pick<Cluster['traits'], 'settleMs'>, now: number): void {
    for (const follow of this.follows) {
      const { end, isComplete, grown, wish } = follow;
      if (!end || !isComplete || now - grown < settleMs) continue;
      if (wish.send({ kind: 'ended', endState: end.endState })) this.follows.delete(follow);
    }
  }

  /** Nothing can be read now. */
  tellTrouble(message: string): void {
    for (const follow of this.follows) tellOnce(follow, message, { kind: 'trouble', message });
  }
}

/** Whether the answer to a request begins no later than what comes next. */
const holds = ({ path, from, maxBytes }: ReadRequest, { wish, position }: Follow): boolean =>
  path === wish.path && from <= position && position < from + maxBytes;

function tellOnce(follow: Follow, told: string, news: FollowNews): void {
  if (follow.told !== told && follow.wish.send(news)) follow.told = told;
}

/** Gives whether there is more to be read at once. */
function takeAnswer(
  follow: Follow,
  {
    request,
    answer,
    now,
  }: { readonly request: ReadRequest; readonly answer: ReadAnswer; readonly now: number },
): boolean {
  const { wish } = follow;
  follow.isComplete = follow.end !== undefined;
  if (answer.kind === 'missing' && follow.position === 0) {
    tellOnce(follow, 'absent', { kind: 'absent' });
    return false;
  }
  if (answer.kind !== 'read') {
    const message = answer.kind === 'missing' ? 'it is gone' : answer.message;
    tellOnce(follow, message, { kind: 'trouble', message: `${wish.path} cannot be read: ${message}` });
    return false;
  }
  follow.told = undefined;
  const { size } = answer;
  const isQuiet = size >= follow.position && answer.head.length === 0 && answer.bytes.length === 0;
  const reason = isQuiet
    ? undefined
    : findReplacement(follow.mark, { from: request.from, position: follow.position }, answer);
  if (reason !== undefined) {
    if (!wish.send({ kind: 'replaced', reason, size })) return waits(follow);
    Object.assign(follow, { position: 0, mark: null, align: undefined, isComplete: false });
    return true;
  }
  if (size - follow.position > maxBehind) {
    follow.align ??= { toldFrom: follow.position };
    Object.assign(follow, { position: size - rejoinBytes, mark: null, isComplete: false });
    return true;
  }
  const bytes = answer.bytes.subarray(follow.position - request.from);
  if (bytes.length > 0 && follow.mark !== null) follow.grown = now;
  const isRest = follow.position + bytes.length >= size;
  const isFinal = isRest && follow.end !== undefined;
  const whole = isFinal ? bytes : bytes.subarray(0, cutCharacters(bytes));
  const sent = send(follow, whole, size);
  const consumed = follow.position - request.from;
  if (!isQuiet) follow.mark = toMark(answer, { consumed, position: follow.position, restarts: 0 });
  if (!sent) return waits(follow);
  if (!isRest) follow.isComplete = false;
  return !isRest && whole.length > 0;
}

/** The client has to read first. */
function waits(follow: Follow): false {
  follow.isComplete = false;
  return false;
}

/** Sends what the client takes, and moves on by that. */
function send(follow: Follow, bytes: Uint8Array, size: number): boolean {
  let rest = bytes;
  const { align, wish } = follow;
  if (align && rest.length > 0) {
    const start = rest.indexOf(lineFeed) + 1;
    const to = follow.position + start;
    if (align.toldFrom !== null && !wish.send({ kind: 'skipped', from: align.toldFrom, to, size }))
      return false;
    Object.assign(follow, { align: undefined, position: to });
    rest = rest.subarray(start);
  }
  while (rest.length > 0) {
    const part = rest.subarray(0, pieceBytes);
    const piece = part.length === rest.length ? part : part.subarray(0, cutCharacters(part) || part.length);
    if (!wish.send({ kind: 'piece', from: follow.position, bytes: piece, size })) return false;
    follow.position += piece.length;
    rest = rest.subarray(piece.length);
  }
  return true;
}
