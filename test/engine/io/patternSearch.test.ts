// A search that is stopped at any moment leaves nothing of Node half loaded behind it.
import assert from 'node:assert/strict';
import { matchRequest } from '../../../engine/io/matchRequest';

describe('a search of a pattern', () => {
  // A time limit that strikes while Node makes this global at its first use leaves it undefined in the thread for good.
  it('needs no global that Node makes at its first use', () => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'performance');
    assert.ok(own);
    Reflect.deleteProperty(globalThis, 'performance');
    try {
      const request = {
        bytes: new TextEncoder().encode('loss 7\n'),
        offset: 0,
        patterns: [{ watcher: 'w', pattern: 'loss (\\d)', from: 0 }],
      };
      const [result] = matchRequest(request, 50);
      assert.deepEqual(result?.hits, [{ line: 0, segment: 0, groups: ['loss 7', '7'] }]);
    } finally {
      Object.defineProperty(globalThis, 'performance', own);
    }
  });
});
