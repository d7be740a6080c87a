// Following a job: its events, also from before it was named; the end is the end of all tasks.
import assert from 'node:assert/strict';
import { createJobFollower } from '../../cli/follow';
import type { Job, WatchEvent } from '../../engine/model';
import { toEvent, toJob } from '../records';

const job = (key: string, part: Partial<Job> = {}): Job => toJob({ key, id: key, ...part });
const event = (id: number, of: string): WatchEvent => toEvent({ id, job: of, jobId: of });

const ended: Partial<Job> = { phase: 'ended', state: 'COMPLETED' };

function follow(): {
  seen: number[];
  follower: ReturnType<typeof createJobFollower>;
  isOver: () => Promise<boolean>;
} {
  const seen: number[] = [];
  const follower = createJobFollower(({ id }) => seen.push(id));
  const isOver = (): Promise<boolean> =>
    Promise.race([follower.ended.then(() => true), Promise.resolve(false)]);
  return { seen, follower, isOver };
}

describe('following a job', () => {
  it('tells what came before the job was named', () => {
    const { seen, follower } = follow();
    follower.take({ jobs: [], events: [event(1, 'a'), event(2, 'b')] });
    follower.begin(job('a'));
    assert.deepEqual(seen, [1]);
  });

  it('ends with the job', async () => {
    const { follower, isOver } = follow();
    follower.begin(job('a'));
    assert.equal(await isOver(), false);
    follower.take({ jobs: [job('a', ended)], events: [] });
    assert.deepEqual(
      (await follower.ended).map(({ state }) => state),
      ['COMPLETED'],
    );
  });

  it('ends where the job was over before anybody asked', async () => {
    const { follower } = follow();
    follower.take({ jobs: [job('a', ended)], events: [] });
    follower.begin(job('a', { phase: 'queued' }));
    assert.equal((await follower.ended).length, 1);
  });

  it('waits for all tasks of an array, and tells their events', async () => {
    const { seen, follower, isOver } = follow();
    follower.begin(job('a', { isArray: true }));
    follower.take({
      jobs: [job('a', { isArray: true, ...ended }), job('a_1', { parent: 'a' })],
      events: [event(1, 'a_1')],
    });
    assert.equal(await isOver(), false);
    follower.take({ jobs: [job('a_1', { parent: 'a', ...ended })], events: [] });
    assert.equal((await follower.ended).length, 2);
    assert.deepEqual(seen, [1]);
  });

  it('ignores other jobs', async () => {
    const { seen, follower, isOver } = follow();
    follower.begin(job('a'));
    follower.take({ jobs: [job('b', ended)], events: [event(1, 'b')] });
    assert.deepEqual(seen, []);
    assert.equal(await isOver(), false);
  });
});
