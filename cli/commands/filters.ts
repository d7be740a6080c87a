// The options by which events and metrics are chosen, as the engine's filters.
import { InvalidArgumentError } from 'commander';
import type { RecordFilter } from '../../engine/protocol';

export interface RecordOptions {
  readonly job?: string;
  readonly cluster?: string;
  readonly watcher?: string;
  readonly limit?: number;
  readonly json?: true;
}

export function toRecordFilter({ job, cluster, watcher, limit }: RecordOptions): RecordFilter {
  return {
    ...(job === undefined ? {} : { job }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(watcher === undefined ? {} : { watcher }),
    ...(limit === undefined ? {} : { limit }),
  };
}

export function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('Give a whole number from 1 on.');
  return limit;
}
