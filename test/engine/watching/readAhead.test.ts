// Reading ahead: answers go to those who asked for just them, and everything else is read anew.
import assert from 'node:assert/strict';
import type { ReadAnswer, ReadRequest } from '../../../engine/ports';
import { ReadAhead } from '../../../engine/watching/readAhead';

const toRequest = (path: string, from: number): ReadRequest => ({
  ...{ path, from, maxBytes: 10, before: 4, head: 4 },
  fresh: false,
});

const sizeOf = (answer: ReadAnswer | undefined): number | undefined =>
  answer?.kind === 'read' ? answer.size : undefined;

describe('reading ahead', () => {
  let asked: string[];
  let failure: Error | undefined;
  /** The size of an answer is where it was read from. */
  const read = (requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> => {
    asked.push(requests.map(({ path, from }) => `${path} ${from}`).join(', '));
    if (failure) return Promise.reject(failure);
    const none = new Uint8Array();
    const rest = { modified: null, before: none, bytes: none, head: none };
    return Promise.resolve(requests.map(({ from }) => ({ kind: 'read', size: from, ...rest })));
  };
  beforeEach(() => {
    asked = [];
    failure = undefined;
  });

  it('gives what was read ahead, in the order of the requests', async () => {
    const ahead = new ReadAhead(read);
    ahead.begin([toRequest('a', 1), toRequest('b', 2), toRequest('c', 3)]);
    const answers = await ahead.take([toRequest('c', 3), toRequest('a', 1)]);
    assert.deepEqual(answers.map(sizeOf), [3, 1]);
    assert.deepEqual(asked, ['a 1, b 2, c 3']);
  });

  for (const [what, change] of Object.entries({
    'another place': { from: 7 },
    'another file': { path: 'b' },
    'another length': { maxBytes: 11 },
    'what must be fresh': { fresh: true },
    'more of what stands before': { before: 5 },
    'more of the beginning': { head: 5 },
  }))
    it(`reads ${what} anew`, async () => {
      const ahead = new ReadAhead(read);
      ahead.begin([toRequest('a', 1)]);
      const wanted = { ...toRequest('a', 1), ...change };
      assert.deepEqual((await ahead.take([wanted])).map(sizeOf), [wanted.from]);
      assert.equal(asked.length, 2);
    });

  it('gives an answer once', async () => {
    const ahead = new ReadAhead(read);
    ahead.begin([toRequest('a', 1)]);
    await ahead.take([toRequest('a', 1)]);
    await ahead.take([toRequest('a', 1)]);
    assert.deepEqual(asked, ['a 1', 'a 1']);
  });

  it('tells whoever takes them that they could not be read, and nobody else', async () => {
    failure = new Error('the connection is lost');
    const ahead = new ReadAhead(read);
    ahead.begin([toRequest('a', 1)]);
    await assert.rejects(ahead.take([toRequest('a', 1)]), /the connection is lost/);
    ahead.begin([toRequest('a', 2)]);
    failure = undefined;
    assert.deepEqual((await ahead.take([toRequest('a', 3)])).map(sizeOf), [3]);
  });
});
