// Reads a stretch of a job's output, of any job that the cluster knows.
import { WatchError } from './errors';
import type { OutputRequest } from './protocol';
import type { Cluster, Store } from './ports';

export interface OutputPiece {
  readonly path: string;
  readonly from: number;
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** Throws not-found where the job, its output or the file is not known. */
export async function readOutput(
  request: OutputRequest,
  place: { readonly store: Store; readonly cluster: Cluster },
): Promise<OutputPiece> {
  const { job, maxBytes } = request;
  const path = await findPath(request, place);
  const read = async (from: number, length: number): Promise<{ bytes: Uint8Array; size: number }> => {
    const stretch = { path, from, maxBytes: length, before: 0, head: 0, fresh: true };
    const [answer] = await place.cluster.read([stretch]);
    if (answer?.kind === 'read') return answer;
    if (answer?.kind === 'failed')
      throw new WatchError(
        'command-failed',
        `${path}: ${answer.message}`,
        answer.isLasting ? 'Nothing of it can be shown.' : 'Look at its permissions, and at its file system.',
      );
    throw new WatchError(
      'not-found',
      `Job ${job} has no output yet: ${path} is not there.`,
      'Try again when it has printed something.',
    );
  };
  const from = request.from ?? Math.max(0, (await read(0, 0)).size - maxBytes);
  const { bytes, size } = await read(from, maxBytes);
  return { path, from, bytes, size };
}

async function findPath(
  { cluster: name, job, stream }: OutputRequest,
  { store, cluster }: { readonly store: Store; readonly cluster: Cluster },
): Promise<string> {
  const own = (await store.jobs({ cluster: name, job })).find(({ id, key }) => id === job || key === job);
  const known = own?.outputs[stream] ?? null;
  if (known !== null) return known;
  const listed = (await cluster.listJobs()).find(({ id }) => id === (own?.id ?? job));
  const path = listed?.outputs[stream] ?? null;
  if (path !== null) return path;
  throw new WatchError(
    'not-found',
    own || listed ? `The output of job ${job} is not known.` : `${name} has no job ${job}.`,
    own || listed ? 'Try again when it runs.' : 'List the jobs to see their ids.',
  );
}
