// The options by which events and metrics are chosen, as the engine's filters.
import { InvalidArgumentError } from 'commander';
import { hasOlderEvents } from '../../engine/link/olderEvents';
import type { WatchEvent } from '../../engine/model';
import type { EventFilter, RecordFilter } from '../../engine/protocol';
import type { Context, SteadyLink } from './command';

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
  if (!Number.isInteger(limit) || limit < 1)
    throw new InvalidArgumentError('Give a whole number, 1 or more.');
  return limit;
}

/** What of a filter that has found nothing names nothing: a job, a watcher or a cluster that nobody knows. Undefined if all is known. */
export async function findUnknown(
  { job, watcher, cluster }: RecordFilter,
  link: Pick<SteadyLink, 'request'>,
): Promise<string | undefined> {
  if (cluster !== undefined) {
    const clusters = await link.request('engine/clusters', {});
    const isKnown =
      clusters.some(({ name }) => name === cluster) ||
      (await link.request('engine/jobs', { cluster })).length > 0;
    if (!isKnown) return `Nothing is known of a cluster ${cluster}.`;
  }
  const of = cluster === undefined ? {} : { cluster };
  if (job !== undefined && (await link.request('engine/jobs', { ...of, job })).length === 0)
    return `No job ${job} is known${cluster === undefined ? '' : ` on ${cluster}`}.`;
  if (watcher !== undefined && (await link.request('engine/watchers', { watcher })).length === 0)
    return `No watcher ${watcher} is known.`;
  return undefined;
}

/** Says beside an empty answer that it could be no other; gives whether it did. */
export async function tellUnknown(
  filter: RecordFilter,
  link: Pick<SteadyLink, 'request'>,
  { output, json }: Pick<Context, 'output'> & { readonly json: boolean },
): Promise<boolean> {
  const message = await findUnknown(filter, link);
  if (message === undefined) return false;
  const remedy = unknownRemedy;
  if (json) output.jsonNote({ error: { code: 'not-found', message, remedy } });
  else output.note(`${message} ${remedy}`);
  return true;
}

const unknownRemedy =
  'See "slurm-watchers jobs --all", "slurm-watchers list --all" and "slurm-watchers clusters".';

/** Says if the engine has left out older events, because all of them are too long for one answer. */
export async function tellOlder(
  filter: EventFilter,
  events: readonly WatchEvent[],
  { link, output }: { readonly link: Pick<SteadyLink, 'request'> } & Pick<Context, 'output'>,
): Promise<void> {
  const ask = (method: 'engine/events', wanted: EventFilter) => link.request(method, wanted);
  if (await hasOlderEvents(ask, filter, events))
    output.note(
      `Older events are left out: these are the newest ${events.length}, and all of them are too long for one answer. Ask for fewer with --job, --watcher or --cluster.`,
    );
}
