// The rows that the command line prints as JSON, as far as tests look at them.

export interface EventRow {
  readonly id: number;
  readonly job: string;
  readonly kind: string;
  readonly action: string | null;
  readonly success: boolean | null;
  readonly watcher: string | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result: string;
}

export interface MetricRow {
  readonly job: string;
  readonly name: string;
  readonly value: number;
  readonly step: number;
}

export interface JobRow {
  readonly job: string;
  readonly state: string;
}

export interface WatcherRow {
  readonly job: string;
  readonly name: string;
  readonly state: string;
}
