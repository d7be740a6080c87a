// Tests watchers on the output of a job: the engine goes through its bytes, and what they show is fetched to be looked at.
import type { DryRun } from '../../engine/dryRun';
import { toWatchError } from '../../engine/errors';
import type { EngineLink } from '../../engine/link/greet';
import type { Stream } from '../../engine/model';
import { toWatcherFile } from '../watcherTexts';
import type { OutputJob } from './outputs';
import type { PatternTest } from './report';

/** What has come of a test of patterns. */
export type TestOutcome = Pick<PatternTest, 'outputs' | 'entries' | 'endState' | 'isWhole'>;

export interface JobTest {
  readonly job: Pick<OutputJob, 'cluster' | 'job'>;
  readonly watchers: DryRun['watchers'];
  readonly tickMs: number;
}

/** Output is asked for in pieces, bytes. */
const pieceBytes = 1 << 20;

/** Undefined if it was called off. Throws WatchError. */
export async function testOnJob(
  engine: Pick<EngineLink, 'request'>,
  { job: { cluster, job }, watchers, tickMs }: JobTest,
  isCalledOff: () => boolean,
): Promise<TestOutcome | undefined> {
  const request = { cluster, job, watchers: toWatcherFile(watchers), tickMs };
  const { entries, endState, isWhole, outputs } = await engine.request('engine/dryRun', request);
  const read = async (stream: Stream): Promise<string | null> => {
    const end = outputs[stream];
    if (end === null) return null;
    const pieces: string[] = [];
    for (let from = 0; from < end && !isCalledOff();) {
      const stretch = { cluster, job, stream, from, maxBytes: Math.min(pieceBytes, end - from) };
      const piece = await engine.request('engine/readOutput', stretch).catch(toUndefinedIfGone);
      if (!piece) break;
      pieces.push(piece.text);
      if (piece.to <= from) break;
      from = piece.to;
    }
    return pieces.join('');
  };
  const texts = { stdout: await read('stdout'), stderr: await read('stderr') };
  return isCalledOff() ? undefined : { outputs: texts, entries, endState, isWhole };
}

function toUndefinedIfGone(thrown: unknown): undefined {
  if (toWatchError(thrown).code !== 'not-found') throw thrown;
}
