// What the answer for one file means: what its watchers observe, and what is known of the file since.
import assert from 'node:assert/strict';
import { Attempts } from '../../../engine/attempts';
import type { Job, Progress } from '../../../engine/model';
import type { Matcher, ReadAnswer } from '../../../engine/ports';
import { toMark } from '../../../engine/tail';
import { groupByFile } from '../../../engine/watching/dueFiles';
import type { Examined, Look } from '../../../engine/watching/examination';
import { examine } from '../../../engine/watching/examine';
import { ownFileOf, ownsUnknown, Rivals } from '../../../engine/watching/ownBytes';
import { toJob, toWatcher } from '../../records';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A file as it is read from a position on. */
const read = (text: string, from = 0): ReadAnswer => ({
  kind: 'read',
  head: encode(text).subarray(0, 256),
  before: encode(text).subarray(0, from),
  bytes: encode(text).subarray(from),
  size: text.length,
  modified: null,
});

/** What is remembered after all of a text was matched. */
const after = (text: string): Partial<Progress> => {
  const bytes = encode(text);
  const part = { head: bytes, before: new Uint8Array(), bytes };
  const mark = toMark(part, { consumed: bytes.length, position: bytes.length, restarts: 0 });
  return {
    position: { stdout: bytes.length, stderr: 0 },
    mark: { stdout: mark, stderr: null },
  };
};

const none: Pick<Matcher, 'match'> = {
  match: ({ patterns }) =>
    Promise.resolve(patterns.map(({ watcher }) => ({ watcher, hits: [], overrun: null }))),
};

describe('what a file’s answer means', () => {
  const outputs = { stdout: '/out', stderr: null };
  let job: Job;
  let progress: Partial<Progress>;
  let look: Partial<Look>;
  beforeEach(() => {
    job = toJob({ started: 0, outputs });
    progress = {};
    look = {};
  });

  const take = async (answer: ReadAnswer, matcher = none): Promise<Examined> => {
    const [file] = groupByFile(job, [toWatcher({ outputType: 'stdout' }, progress)], false);
    assert.ok(file);
    const attempts = new Attempts({ read: () => '', write: () => undefined });
    const whole = { from: progress.position?.stdout ?? 0, maxBytes: 1000, now: 0, isConfirmed: true };
    const rivals = new Rivals([job], []);
    return examine(file, { ...whole, rivals, ...look }, answer, { matcher, attempts });
  };
  const observed = ({ findings }: Examined): readonly object[] =>
    findings.map(({ observation }) => observation);
  const kinds = ({ findings }: Examined): readonly string[] =>
    findings.map(({ observation }) => observation.kind);

  it('is nothing new where it is not there yet', async () => {
    const examined = await take({ kind: 'missing' });
    assert.deepEqual(observed(examined), [{ kind: 'quiet', stream: 'stdout', size: null }]);
    assert.equal(examined.absent, true);
  });

  it('is trouble that lasts if it was there and is gone', async () => {
    progress = after('a\n');
    const { unreadable } = await take({ kind: 'missing' });
    assert.deepEqual(unreadable, { message: 'it is gone', isLasting: true });
  });

  it('is trouble if it cannot be read', async () => {
    const examined = await take({ kind: 'failed', message: 'permission denied' });
    assert.deepEqual(observed(examined), [
      { kind: 'trouble', stream: 'stdout', message: '/out cannot be read: permission denied' },
    ]);
  });

  it('is trouble if it gives less than it holds', async () => {
    const examined = await take({ ...read(''), size: 100 } as ReadAnswer);
    assert.equal(examined.unreadable?.message, 'it holds 100 bytes and gives only 0');
  });

  it('is output up to the last whole line', async () => {
    const [output] = observed(await take(read('a\nb\nc')));
    assert.ok(output && 'to' in output && output.to === 4);
  });

  it('is output that breaks the search as an overrun of its watcher', async () => {
    const broken: Pick<Matcher, 'match'> = { match: () => Promise.reject(new Error('worker died')) };
    const [output] = observed(await take(read('a\n'), broken));
    assert.ok(output && 'overrun' in output);
    const { from, to } = output.overrun as { from: number; to: number };
    assert.deepEqual([from, to], [0, 2]);
  });

  it('is the whole file anew if it has shrunk', async () => {
    progress = after('first\nsecond\n');
    const examined = await take(read('x\n'));
    const [gap] = observed(examined);
    assert.ok(gap && 'resumeAt' in gap && gap.resumeAt === 0);
    assert.equal(examined.more, true);
  });

  it('is nothing yet if it has changed and the scheduler was not asked since', async () => {
    progress = after('first\n');
    look = { isConfirmed: false };
    const examined = await take(read('other\nmore\n', 6));
    assert.deepEqual(kinds(examined), []);
    assert.equal(examined.isUnconfirmed, true);
  });

  it('is somebody else’s if it has changed after the job’s end', async () => {
    job = { ...job, phase: 'draining' };
    progress = after('first\n');
    const { change } = await take(read('other\nmore\n', 6));
    assert.ok(change);
    assert.equal(
      ownFileOf(change.apply(job), '/out').closed,
      'it was cut or replaced after the job had ended',
    );
    assert.deepEqual(change.told, [
      '/out is no longer the output of job 12: it was cut or replaced after the job had ended. What follows byte 6 is not matched',
    ]);
  });

  it('is somebody else’s if another job writes to it after the job’s end', async () => {
    job = { ...job, phase: 'draining', ended: 10 };
    const other = toJob({ key: 'other', id: '13', started: 20, outputs });
    look = { rivals: new Rivals([job, other], []) };
    const { change } = await take(read('a\n'));
    assert.equal(change && ownFileOf(change.apply(job), '/out').closed, 'job 13 writes to it now');
  });

  it('is not matched before it is known whose it is', async () => {
    job = { ...job, id: '', own: ownsUnknown };
    const missing = await take({ kind: 'missing' });
    assert.equal(missing.change && ownFileOf(missing.change.apply(job), '/out').from, 0);
    assert.ok(!kinds(await take(read('a\n'))).includes('output'));
  });
});
