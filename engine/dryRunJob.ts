// The dry run over a job's own output, while it runs or when it has ended: what watchers would do, without doing it.
import type { Definition } from '../language/definition';
import { findJobs, readDefinitions, type KnownJobs } from './attach';
import { dryRun, type DryRun } from './dryRun';
import { WatchError } from './errors';
import type { Job } from './model';
import type { Cluster, Matcher } from './ports';
import type { DryRunAnswer, DryRunRequest } from './protocol';
import { maxSegment } from './tail';
import { hasRun } from './job';
import { ownFileOf } from './watching/ownBytes';

/** Of each output; what comes after is left out, and said to be. */
const maxBytes = 64 * 1024 * 1024;

export async function dryRunJob(
  { job: wanted, watchers, tickMs }: DryRunRequest,
  place: KnownJobs & {
    readonly matcher: Matcher;
    readonly allowedCommands: readonly string[] | undefined;
  },
): Promise<DryRunAnswer> {
  const { job } = await findJobs(wanted, place);
  const { stdout, stderr } = job.outputs;
  const first = await readOwn(job, stdout, place.cluster);
  const second = stderr === stdout ? first : await readOwn(job, stderr, place.cluster);
  if (!first && !second)
    throw new WatchError(
      'not-found',
      `Job ${job.id} has no output that can be read.`,
      job.phase === 'queued' ? 'Wait until it runs.' : 'Test the watchers on the file itself.',
    );
  const isWhole = (first?.isWhole ?? true) && (second?.isWhole ?? true);
  const run: DryRun = {
    watchers: await findDefinitions(job, watchers, place),
    job: { id: job.id, name: job.name, cluster: job.cluster },
    outputs: { stdout: first?.bytes ?? null, stderr: second?.bytes ?? null },
    tickMs,
    endState: job.phase === 'ended' ? job.endState : null,
    exitCode: job.exitCode,
    ...(place.allowedCommands && { allowedCommands: place.allowedCommands }),
    isWhole,
    ...(job.submission && { submission: job.submission }),
  };
  const entries = await dryRun(run, place.matcher);
  const outputs = { stdout: toLength(first), stderr: stderr === stdout ? null : toLength(second) };
  return { entries, tick: 'line', endState: run.endState, outputs, isWhole };
}

const toLength = (whole: Whole | undefined): number | null => whole?.bytes.length ?? null;

/** Also with actions that this version cannot run: nothing is run. */
async function findDefinitions(
  job: Job,
  text: string | null,
  { store }: KnownJobs,
): Promise<DryRun['watchers']> {
  if (text === null) return store.watchers({ job: job.key });
  const definitions: readonly Definition[] = readDefinitions(text);
  return definitions.map((definition) => ({ definition, lines: null }));
}

interface Whole {
  readonly bytes: Uint8Array;
  readonly isWhole: boolean;
}

/** What is the job's own in a file; throws command-failed if it cannot be read. */
async function readOwn(job: Job, path: string | null, cluster: Cluster): Promise<Whole | undefined> {
  if (path === null || !hasRun(job)) return undefined;
  const { from, before } = ownFileOf(job, path);
  // It has written nothing yet.
  if (from === null && before !== 'unknown') return undefined;
  const start = from ?? 0;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const [answer] = await cluster.read([
      { path, from: start + length, maxBytes: maxSegment, before: 0, head: 0, fresh: true },
    ]);
    if (answer?.kind === 'failed')
      throw new WatchError(
        'command-failed',
        `${path} cannot be read: ${answer.message}.`,
        'Test the watchers on another file.',
      );
    if (answer?.kind !== 'read') return length === 0 ? undefined : { bytes: join(pieces), isWhole: false };
    pieces.push(answer.bytes);
    length += answer.bytes.length;
    const isWhole = start + length >= answer.size;
    if (isWhole || length >= maxBytes || answer.bytes.length === 0) return { bytes: join(pieces), isWhole };
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
