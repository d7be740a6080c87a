// What wakes a cluster's loop: one tick at a time, and pauses that end when the loop is closed.
import assert from 'node:assert/strict';
import { Alarm } from '../../../engine/watching/alarm';
import { createFakeClock } from '../fakeClock';

describe('the alarm of a loop', () => {
  const begin = (): { clock: ReturnType<typeof createFakeClock>; alarm: Alarm; rung: number[] } => {
    const clock = createFakeClock();
    const rung: number[] = [];
    return { clock, rung, alarm: new Alarm(clock, () => rung.push(clock.now())) };
  };

  it('rings once, when it was set last', async () => {
    const { clock, alarm, rung } = begin();
    alarm.set(1000);
    alarm.set(5000);
    await clock.advanceTo(20_000);
    assert.deepEqual(rung, [5000]);
  });

  it('never rings after it is closed', async () => {
    const { clock, alarm, rung } = begin();
    alarm.set(1000);
    alarm.close();
    alarm.set(1000);
    await clock.advanceTo(20_000);
    assert.deepEqual(rung, []);
    assert.equal(alarm.isClosed, true);
  });

  it('ends pauses when their time has come, and says when it is closed instead', async () => {
    const { clock, alarm } = begin();
    const [short, long] = [alarm.pause(1000), alarm.pause(60_000)];
    await clock.advanceTo(2000);
    assert.equal(await short, true);
    alarm.close();
    assert.equal(await long, false);
    assert.equal(await alarm.pause(1000), false);
  });
});
