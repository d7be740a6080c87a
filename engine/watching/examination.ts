// What the look at one file gives: what its watchers observe, whether there is more, and what is known of the file since.
import type { Job, Time } from '../model';
import type { ReadAnswer } from '../ports';
import type { Observation } from '../step';
import type { DueFile } from './dueFiles';
import type { Rivals } from './ownBytes';

export type Findings = readonly { readonly watcher: string; readonly observation: Observation }[];

export interface Examined {
  readonly findings: Findings;
  readonly more: boolean;
  readonly unreadable?: { readonly message: string; readonly isLasting: boolean };
  readonly absent?: boolean;
  /** What is known now of whose the file is, and how people are told. */
  readonly change?: { readonly apply: (job: Job) => Job; readonly told: readonly string[] };
  /** It has changed, and nothing follows from that yet. */
  readonly isUnconfirmed?: boolean;
}

export type ReadNow = Extract<ReadAnswer, { kind: 'read' }>;

/** How a file is looked at. */
export interface Look {
  readonly from: number;
  readonly maxBytes: number;
  readonly rivals: Rivals;
  readonly now: Time;
  readonly isConfirmed: boolean;
}

/** A file that should be there and could not be read. */
export interface UnreadableFile {
  readonly file: DueFile;
  readonly message: string;
  /** Waiting does not help. */
  readonly isLasting: boolean;
}

/** Nothing whole is new; the size is null if there is no file. */
export const toQuiet = ({ readers }: DueFile, size: number | null): Findings =>
  readers.map(({ watcher, stream }) => ({
    watcher: watcher.id,
    observation: { kind: 'quiet', stream, size },
  }));

/** Its watchers are told, each once while it lasts. */
export function toUnreadable(file: DueFile, reason: string, isLasting = false): Examined {
  const message = `${file.path} cannot be read: ${reason}`;
  const findings = file.readers.map(({ watcher, stream }) => ({
    watcher: watcher.id,
    observation: { kind: 'trouble', stream, message } as const,
  }));
  return { findings, more: false, unreadable: { message: reason, isLasting } };
}
