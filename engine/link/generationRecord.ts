// What a file `generation-<n>` says of its engine.
import type { WatchErrorCode } from '../errors';
import type { EngineEnd } from '../protocol';
import type { Machine } from './machine';

export interface GenerationRecord {
  readonly generation: number;
  readonly machine: Machine;
  readonly pid: number;
  /** See `ProcessSight`. */
  readonly processStart: string | null;
  readonly version: string;
  readonly protocol: number;
  /** Where its files are. */
  readonly bundle: string;
  /** Path of its socket or name of its pipe; null until it listens. */
  readonly address: string | null;
  /** Last heartbeat, ISO 8601, by its own clock; for people: leases go by the file's times. */
  readonly beat: string;
  readonly ended: Ended | null;
}

export interface Ended {
  readonly end: EngineEnd;
  /** Why it failed. */
  readonly error: { readonly code: WatchErrorCode; readonly message: string; readonly remedy: string } | null;
}

/** Null where it is being written, or its writer died doing so. */
export function parseRecord(text: string): GenerationRecord | null {
  try {
    return JSON.parse(text) as GenerationRecord;
  } catch {
    return null;
  }
}

/** Padded, so that a heartbeat written over the former one has its length, and no reader meets half of each. */
export function printRecord(record: GenerationRecord): string {
  return JSON.stringify(record, null, 2).padEnd(2047) + '\n';
}
