// Actions that wait for a full disk or a person: the engine looks at them now and then, not all the time.
import assert from 'node:assert/strict';
import { createFakeClock } from './fakeClock';
import { createFakeNotifications, sampleWebhook } from './fakeNotifications';
import { setStage } from './play';

describe('while the disk is full', () => {
  const actions = ['notify_slack', 'notify_email', 'run_command(command="echo 1")', 'resubmit'];
  for (const action of actions)
    it(`tries to begin ${action} now and then, and begins it once there is room`, async () => {
      const fake = createFakeNotifications();
      const clock = createFakeClock();
      const stage = await setStage({ actions: fake.createActions(clock), secrets: fake.secrets }, clock);
      await stage.engine.setSecret('slack', sampleWebhook);
      const id = await stage.submit(`#WATCHER name=w interval=300s pattern="n" action=${action}`);
      await clock.advanceTo(10_000);
      Object.assign(stage.cluster.traits, { queryIntervalMs: 60_000 });
      await clock.advanceTo(70_000);
      let commits = 0;
      const commit = stage.store.commit.bind(stage.store);
      stage.store.commit = (changes) => ((commits += 1), commit(changes));
      stage.store.failing = true;
      stage.cluster.print(id, 'n\n');
      await clock.advanceTo(1_000_000);
      const [begun] = [commits, (commits = 0)];
      assert.ok(begun > 0);
      await clock.advanceTo(1_600_000);
      assert.ok(commits < 300, `${commits} commits in ten minutes`);
      stage.store.failing = false;
      await clock.advanceTo(1_700_000);
      const events = await stage.engine.events({ kind: 'action' });
      const [own, ...others] = events.filter(({ watcher }) => watcher === 'w');
      assert.equal(own?.success, true, own?.result);
      assert.deepEqual(others, []);
      await stage.engine.close();
    });
});

describe('a message that waits for a webhook after its job has ended', () => {
  it('has the engine look now and then', async () => {
    const fake = createFakeNotifications();
    const clock = createFakeClock();
    let waits = 0;
    const after: typeof clock.after = (ms, wake) => ((waits += 1), clock.after(ms, wake));
    const counting = { ...clock, after };
    const stage = await setStage({ actions: fake.createActions(clock), secrets: fake.secrets }, counting);
    const id = await stage.submit('#WATCHER name=w interval=1s pattern="n" action=notify_slack');
    await clock.advanceTo(2000);
    stage.cluster.print(id, 'n\n');
    await clock.advanceTo(4000);
    stage.cluster.end(id, 'COMPLETED');
    await clock.advanceTo(60_000);
    waits = 0;
    await clock.advanceTo(360_000);
    assert.ok(waits < 100, `${waits} waits in five minutes`);
    assert.equal(stage.engine.waiting[0]?.count, 1);
    await stage.engine.setSecret('slack', sampleWebhook);
    await clock.advanceTo(370_000);
    assert.equal(fake.posts.length, 1);
    await stage.engine.close();
  });
});
