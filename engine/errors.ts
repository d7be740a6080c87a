// The one error of the engine: a stable code, what happened, and what the person can do about it.
import type { Consent } from '../language/power';
export type WatchErrorCode =
  | 'script-problems'
  | 'not-found'
  | 'bad-request'
  | 'not-allowed'
  | 'unsupported'
  /** It reaches outside, and nobody has agreed to it yet. */
  | 'needs-consent'
  | 'cluster-unreachable'
  | 'needs-sign-in'
  | 'submission-refused'
  | 'submission-unknown'
  | 'command-failed'
  /** A service for messages did not take it now: it may do so later. */
  | 'service-unreachable'
  /** A service for messages will not take it as it is. */
  | 'service-refused'
  | 'timed-out'
  | 'store-unavailable'
  | 'store-damaged'
  | 'superseded'
  | 'engine-unreachable'
  | 'engine-stopping'
  | 'version-mismatch'
  | 'internal';

/** What ports throw and what crosses the protocol; never a bare Error where a person could act on it. */
export class WatchError extends Error {
  readonly code: WatchErrorCode;
  readonly remedy: string;

  constructor(code: WatchErrorCode, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'WatchError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** What a person must agree to, as data: the same request with `agreed`, the hash of it, says that somebody has. */
export class ConsentNeeded extends WatchError {
  constructor(
    message: string,
    remedy: string,
    readonly consent: Consent,
  ) {
    super('needs-consent', message, remedy);
  }
}

/** Any thrown thing as a WatchError; what nobody foresaw says so. */
export function toWatchError(thrown: unknown): WatchError {
  if (thrown instanceof WatchError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new WatchError(
    'internal',
    `Unexpected: ${message}`,
    'Please report this; the log has the details.',
    thrown,
  );
}
