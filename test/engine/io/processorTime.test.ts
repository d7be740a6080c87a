// The time of one thread, beside others of its process that want all processors.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { busyBetween, takeMoment } from '../../../engine/io/processorTime';
import { besideRivals } from './rivalThreads';

const spinFor = (milliseconds: number): { readonly wall: number; readonly busy: number } => {
  const begun = takeMoment();
  for (;;) {
    const now = takeMoment();
    const wall = now.wall - begun.wall;
    if (wall >= milliseconds) return { wall, busy: busyBetween(begun, now) };
  }
};

describe('the time of a thread', () => {
  it('is no more than what the clock shows', () => {
    const { wall, busy } = spinFor(50);
    assert.ok(busy > 0 && busy <= wall, `${busy} of ${wall} ms`);
  });

  // Other systems do not tell how long a thread waits.
  if (existsSync('/proc/thread-self/schedstat'))
    it('leaves out for how long other threads kept it from running', async () => {
      const { wall, busy } = await besideRivals(() => spinFor(300));
      assert.ok(busy > 0 && busy < wall * 0.7, `${busy} of ${wall} ms`);
    });
});
