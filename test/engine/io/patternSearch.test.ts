// A search that is stopped at any moment leaves nothing of Node half loaded behind it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { matchRequest } from '../../../engine/io/matchRequest';
import type { MatchRequest } from '../../../engine/ports';
import { besideRivals } from './rivalThreads';

const createRequest = (pattern: string, output: string): MatchRequest => ({
  bytes: new TextEncoder().encode(output),
  offset: 0,
  patterns: [{ watcher: 'w', pattern, from: 0 }],
});

describe('a search of a pattern', () => {
  // A time limit that strikes while Node makes this global at its first use leaves it undefined in the thread for good.
  it('needs no global that Node makes at its first use', () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'performance');
    assert.ok(own);
    Reflect.deleteProperty(globalThis, 'performance');
    try {
      const [result] = matchRequest(createRequest('loss (\\d)', 'loss 7\n'), 50);
      assert.deepEqual(result?.hits, [{ line: 0, segment: 0, groups: ['loss 7', '7'] }]);
    } finally {
      Object.defineProperty(globalThis, 'performance', own);
    }
  });

  // Other systems do not tell how long a thread waits.
  if (existsSync('/proc/thread-self/schedstat'))
    it('is not given up for what other threads of the process take', async () => {
      // Each more `a` doubles its time: the first that takes a tenth of its budget, at most a fifth.
      const pattern = '^(a+)+$';
      const budgetMs = 80;
      let length = 10;
      for (let took = 0; took < budgetMs / 20; length++) {
        const begun = performance.now();
        new RegExp(pattern).test(`${'a'.repeat(length)}b`);
        took = performance.now() - begun;
      }
      const request = createRequest(pattern, `${'a'.repeat(length - 1)}b\n`);
      const [result] = await besideRivals(() => matchRequest(request, budgetMs));
      assert.deepEqual(result, { watcher: 'w', hits: [], overrun: null });
    });
});
