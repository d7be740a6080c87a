// What people must have agreed to, as data: what watchers and login set-ups do beyond noting things down.
import type { PowerRow } from './actionTable';

/** Whom an action is about, in words. */
export interface ConsentTarget {
  readonly job: string;
  readonly cluster: string;
}

/** cancelOther: a job that was there before its watchers. */
export type PowerKind = Exclude<PowerRow['kind'], 'ownJob'> | 'cancelOther' | 'loginSetup';

/** Something that people must have agreed to before a script's watchers, or the script's login set-up, may do it. */
export interface Power {
  readonly kind: PowerKind;
  /** The watcher's name; null for the login set-up. */
  readonly watcher: string | null;
  /** Null for the login set-up. */
  readonly action: string | null;
  /** What it is about, exactly: the command, the commands of the login set-up, or the sentence where there is no more to it. */
  readonly text: string;
  /** All of it in words, on one line; of the login set-up without its commands. */
  readonly sentence: string;
  /** The list of allowed commands covers it: it needs no agreement. */
  readonly covered: boolean;
  /** Of resubmissions: how many there may be. */
  readonly limit: number | null;
  /** What the agreement is known by: the same for the same text at the same place, and for nothing else. */
  readonly key: string;
}

/** What is agreed to. */
export interface Consent {
  readonly powers: readonly Power[];
  /** Of all that must be agreed to. */
  readonly hash: string;
}
