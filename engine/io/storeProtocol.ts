// What the engine's thread asks of the store's worker, and what it gets.
import type { MetricName, MetricNamesRequest, MetricSeries, SeriesRequest } from '../metricSeries';
import type { Recalled, StoredState } from '../ports';
import type { HistoryLimits, PageCursor } from './history';
import type { StoreQuery } from './storeQueries';

/** The worker's data. */
export interface StoreWorkerData {
  readonly directory: string;
  /** Where the `generation-<n>` files are. */
  readonly home: string;
  readonly generation: number;
  /** Where sql-wasm.wasm is. */
  readonly wasmPath: string;
  readonly snapshotBytes: number;
  readonly limits: HistoryLimits;
}

export type StoreRequest =
  | { readonly kind: 'load' }
  | { readonly kind: 'recall'; readonly job: string }
  /** The text of the changes; answered when they are durable. */
  | { readonly kind: 'commit'; readonly text: string }
  /** The newest `count` rows from where the cursor stands. */
  | {
      readonly kind: 'page';
      readonly query: StoreQuery;
      readonly cursor: PageCursor | null;
      readonly count: number;
    }
  | { readonly kind: 'series'; readonly wanted: SeriesRequest }
  | { readonly kind: 'names'; readonly wanted: MetricNamesRequest }
  | { readonly kind: 'close' };

/** Request -> answer. */
export interface StoreAnswers {
  readonly load: StoredState;
  readonly recall: Recalled;
  readonly commit: null;
  readonly page: StorePage;
  readonly series: readonly MetricSeries[];
  readonly names: readonly MetricName[];
  readonly close: null;
}

export interface StorePage {
  /** A JSON array of objects of the model, newest first. */
  readonly json: string;
  /** What the next page lies before; null where this was the last. */
  readonly next: PageCursor | null;
}
