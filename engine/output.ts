// Outputs of any job that the cluster knows: stretches of them, and what is followed, searched and counted in them.
import type { Cluster, ReadAnswer, Store } from './ports';
import { WatchError } from './errors';
import type { Job, Stream } from './model';
import type { OutputRequest } from './protocol';

export interface OutputPiece {
  readonly path: string;
  readonly from: number;
  readonly bytes: Uint8Array;
  readonly size: number;
}

export interface OutputPlace {
  readonly store: Store;
  readonly cluster: Cluster;
}

/** More is not given at once, in bytes. */
const maxPiece = 64 * 1024 * 1024;

/** Only the stretch is read. Throws not-found if the job, its output or the file is not known. */
export async function readOutput(request: OutputRequest, place: OutputPlace): Promise<OutputPiece> {
  const { path } = await findOutput(request, place);
  const maxBytes = Math.min(request.maxBytes, maxPiece);
  const read = (from: number, length: number): Promise<Pick<OutputPiece, 'bytes' | 'size'>> =>
    readStretch(path, { from, length, job: request.job }, place.cluster);
  const from = request.from ?? Math.max(0, (await read(0, 0)).size - maxBytes);
  const { bytes, size } = await read(from, maxBytes);
  return { path, from, bytes, size };
}

/** Throws not-found and command-failed. */
export async function readStretch(
  path: string,
  { from, length, job }: { readonly from: number; readonly length: number; readonly job: string },
  cluster: Cluster,
): Promise<Extract<ReadAnswer, { kind: 'read' }>> {
  const stretch = { path, from, maxBytes: length, before: 0, head: 0, fresh: true };
  const [answer] = await cluster.read([stretch]);
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
}

/** Where it is, and the job as the books or history have it; undefined if the scheduler alone knows it. */
export async function findOutput(
  { cluster: name, job, stream }: { readonly cluster: string; readonly job: string; readonly stream: Stream },
  { store, cluster }: OutputPlace,
): Promise<{ readonly path: string; readonly job: Job | undefined }> {
  const own = (await store.jobs({ cluster: name, job }))
    .filter(({ id, key }) => id === job || key === job)
    .at(-1);
  const known = own?.outputs[stream] ?? null;
  if (known !== null) return { path: known, job: own };
  const listed = (await cluster.listJobs()).find(({ id }) => id === (own?.id ?? job));
  const path = listed?.outputs[stream] ?? null;
  if (path !== null) return { path, job: own };
  throw new WatchError(
    'not-found',
    own || listed ? `The output of job ${job} is not known.` : `${name} has no job ${job}.`,
    own || listed ? 'Try again when it runs.' : 'List the jobs to see their ids.',
  );
}
