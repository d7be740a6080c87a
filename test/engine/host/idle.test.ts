// When the engine is needed, and when it goes.
import assert from 'node:assert/strict';
import { IdleTimer, isNeeded } from '../../../engine/host/idle';
import { waitFor } from '../../waitFor';

describe('the engine is needed', () => {
  for (const [clients, work, keepRunning, needed] of [
    [1, 0, null, true],
    [1, 0, false, true],
    [0, 0, null, false],
    [0, 0, true, false],
    [0, 1, null, true],
    [0, 1, true, true],
    [0, 1, false, false],
  ] as const) {
    it(`${needed ? 'with' : 'not with'} ${clients} clients, ${work} watchers, keepRunning ${String(keepRunning)}`, () => {
      assert.equal(isNeeded({ clients, work, keepRunning }), needed);
    });
  }
});

describe('the idle timer', () => {
  const none = { clients: 0, work: 0, keepRunning: null };

  it('goes off once, however often it is told', async () => {
    let times = 0;
    const timer = new IdleTimer(5, () => times++);
    for (let told = 0; told < 3; told++) timer.update(none);
    await waitFor('the end', () => times > 0);
    timer.update(none);
    assert.equal(times, 1);
    timer.stop();
  });

  it('begins anew when somebody came in between', async () => {
    const ends: string[] = [];
    const interrupted = new IdleTimer(30, () => ends.push('interrupted'));
    interrupted.update(none);
    interrupted.update({ ...none, clients: 1 });
    const other = new IdleTimer(60, () => ends.push('other'));
    other.update(none);
    await waitFor('the other', () => ends.includes('other'));
    assert.deepEqual(ends, ['other']);
  });
});
