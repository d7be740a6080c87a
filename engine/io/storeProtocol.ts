// What the engine's thread and the store worker say to each other.
import type { ErrorData } from '../protocol';
import type { Change, EventFilter, JobFilter, MetricFilter, WatcherFilter } from '../ports';

export interface StoreSettings {
  readonly directory: string;
  readonly generation: number;
  /** While this file exists a newer engine owns the store: nothing is written any more. */
  readonly fence: string;
  readonly wasmPath: string;
  /** A snapshot replaces the journal at this size, bytes. */
  readonly snapshotBytes: number;
}

export type StoreOrder =
  | { readonly kind: 'load' }
  | { readonly kind: 'commit'; readonly changes: readonly Change[] }
  | { readonly kind: 'jobs'; readonly filter: JobFilter }
  | { readonly kind: 'watchers'; readonly filter: WatcherFilter }
  | { readonly kind: 'events'; readonly filter: EventFilter }
  | { readonly kind: 'metrics'; readonly filter: MetricFilter }
  | { readonly kind: 'close' };

export interface StoreMessage {
  readonly id: number;
  readonly order: StoreOrder;
}

export type StoreReply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorData & { readonly message: string } };
