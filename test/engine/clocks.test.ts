// Time: clocks that are set, machines that sleep, engines that were not there; and timers over a pause.
import assert from 'node:assert/strict';
import { WatchError } from '../../engine/errors';
import { setStage, type Stage } from './play';

const logging = (pattern: string, extra = ''): string =>
  `#WATCHER pattern="${pattern}" interval=10s action=log_event(message="$0") ${extra}`;

describe('clocks', () => {
  let stage: Stage;
  let id: string;
  const begin = async (script: string): Promise<void> => {
    stage = await setStage();
    await stage.clock.advanceTo(100_000_000);
    id = await stage.submit(script);
    await pass(20_000);
  };
  afterEach(() => stage.engine.close());
  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const logged = async (): Promise<string[]> =>
    (await stage.lines()).flatMap((line) => /^log_event (.*)$/.exec(line)?.[1] ?? []);
  const outages = async (): Promise<string[]> =>
    (await stage.lines()).filter((line) => line.startsWith('watching goes on'));

  it('that are set back keep nobody from watching', async () => {
    await begin(logging('n=\\d+'));
    stage.clock.jumpTo(stage.clock.now() - 86_400_000);
    stage.cluster.print(id, 'n=1\n');
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1']);
    stage.cluster.end(id, 'COMPLETED');
    await pass(60_000);
    assert.deepEqual(await stage.engine.jobs({ live: true }), []);
  });

  it('that are set back do not keep actions waiting', async () => {
    await begin(
      '#WATCHER pattern="n=(\\d+)" interval=10s action=run_command(command="sleep 60", timeout=5m)',
    );
    stage.cluster.print(id, 'n=1\n');
    await pass(20_000);
    stage.cluster.print(id, 'n=2\n');
    await pass(20_000);
    assert.equal(stage.cluster.commandsRun.begun.length, 1);
    stage.clock.jumpTo(stage.clock.now() - 3_000_000);
    await pass(120_000);
    assert.equal(stage.cluster.commandsRun.begun.length, 2);
  });

  for (const back of [600_000, 3_000_000])
    it(`that are set back by ${back / 60_000} minutes do not put off what is tried again`, async () => {
      await begin('#WATCHER pattern="n=(\\d+)" interval=10s action=cancel_job');
      let tries = 0;
      stage.cluster.cancel = () => {
        tries += 1;
        if (tries > 1) return Promise.resolve();
        return Promise.reject(new WatchError('cluster-unreachable', 'It broke.', 'Wait.'));
      };
      stage.cluster.print(id, 'n=1\n');
      while (tries === 0) await pass(1000);
      stage.clock.jumpTo(stage.clock.now() - back);
      await pass(120_000);
      assert.equal(tries, 2);
    });

  it('that are set back a little do not shorten a cooldown', async () => {
    await begin(logging('n=\\d+', 'cooldown=60s'));
    stage.cluster.print(id, 'n=1\n');
    await pass(20_000);
    stage.clock.jumpTo(stage.clock.now() - 30_000);
    stage.cluster.print(id, 'n=2\n');
    await pass(40_000);
    assert.deepEqual(await logged(), ['n=1']);
  });

  it('that are set forward neither lose nor repeat, and end no drain early', async () => {
    await begin(logging('n=\\d+'));
    stage.cluster.print(id, 'n=1\nn=2');
    stage.cluster.end(id, 'COMPLETED');
    stage.clock.jumpTo(stage.clock.now() + 86_400_000);
    await pass(400);
    stage.cluster.print(id, '3\n');
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1', 'n=23']);
  });

  it('that are set back do not stop a timer', async () => {
    await begin(
      '#WATCHER pattern="n=(\\d+)" interval=10s timer_mode=true timer_interval=60s action=log_event(message="$1")',
    );
    stage.cluster.print(id, 'n=1\n');
    await pass(20_000);
    stage.clock.jumpTo(stage.clock.now() - 86_400_000);
    await pass(125_000);
    assert.ok((await logged()).length >= 3, (await logged()).join());
  });

  it('a timer goes on after a pause, and does not act during it', async () => {
    await begin(
      '#WATCHER pattern="n=(\\d+)" interval=10s timer_mode=true timer_interval=60s action=log_event(message="$1")',
    );
    stage.cluster.print(id, 'n=1\n');
    await pass(20_000);
    const ids = (await stage.engine.watchers({})).map((watcher) => watcher.id);
    await stage.engine.pause(ids);
    await pass(600_000);
    assert.deepEqual(await logged(), ['1']);
    await stage.engine.resume(ids, 'skip');
    await pass(70_000);
    assert.deepEqual(await logged(), ['1', '1', '1']);
  });

  it('tell for how long nobody watched while the machine slept, once a job', async () => {
    await begin(`${logging('n=\\d+')}\n${logging('n')}`);
    stage.cluster.print(id, 'n=1\n');
    // As a laptop does: the wall's clock goes on while nothing runs.
    stage.clock.jumpTo(stage.clock.now() + 7_200_000);
    await pass(60_000);
    const [told, ...more] = await outages();
    assert.match(told ?? '', /^watching goes on after 7\d\d\d s; what was printed meanwhile is matched now$/);
    assert.deepEqual(more, []);
    assert.deepEqual(await logged(), ['n=1', 'n']);
  });

  it('tell the whole length of an outage through which the machine slept, and no other', async () => {
    await begin(logging('n=\\d+'));
    stage.cluster.unreachable = true;
    await pass(60_000);
    stage.clock.sleep(7_200_000);
    // Nor does the outage become longer because somebody sets the clock.
    stage.clock.jumpTo(stage.clock.now() + 86_400_000);
    stage.cluster.unreachable = false;
    await pass(120_000);
    const [told, ...more] = await outages();
    assert.match(told ?? '', /^watching goes on after 7[23]\d\d s;/);
    assert.deepEqual(more, []);
  });

  it('tell the whole length of an outage that began with a sleep of the machine', async () => {
    await begin(logging('n=\\d+'));
    stage.clock.sleep(7_200_000);
    // The connection has died meanwhile, which shows only now.
    stage.cluster.unreachable = true;
    await pass(60_000);
    stage.cluster.unreachable = false;
    await pass(120_000);
    const [told, ...more] = await outages();
    assert.match(told ?? '', /^watching goes on after 7[23]\d\d s;/);
    assert.deepEqual(more, []);
  });

  it('tell for how long nothing could be stored, asleep or not', async () => {
    await begin(logging('n=\\d+'));
    stage.store.failing = true;
    stage.cluster.print(id, 'n=1\n');
    await pass(60_000);
    stage.clock.sleep(7_200_000);
    stage.store.failing = false;
    await pass(120_000);
    const told = (await stage.lines()).filter((line) => /nothing could be stored/.test(line));
    assert.match(told.join(), /^error nothing could be stored for 7[23]\d\d s;/);
  });

  it('tell for how long nobody watched while no engine ran', async () => {
    await begin(logging('n=\\d+'));
    await stage.engine.close();
    stage.cluster.print(id, 'n=1\n');
    await pass(3_600_000);
    await stage.restart();
    await pass(60_000);
    assert.equal((await outages()).length, 1);
    assert.deepEqual(await logged(), ['n=1']);
  });

  it('do not tell of an engine that came back in time', async () => {
    await begin(logging('n=\\d+'));
    await stage.restart();
    await pass(60_000);
    assert.deepEqual(await outages(), []);
  });

  it('run what the end of a job asks for though it ended while nobody watched, with the state that Slurm still knows', async () => {
    await begin(
      '#WATCHER trigger_on_job_end=true trigger_job_states=[failed] action=log_event(message="$job_end_state")',
    );
    await stage.engine.close();
    stage.cluster.end(id, 'FAILED');
    await pass(3_600_000);
    await stage.restart();
    await pass(60_000);
    assert.deepEqual(await logged(), ['failed']);
  });

  it('slow down while nothing is new, and not for a line that grows', async () => {
    await begin(logging('n=\\d+'));
    await pass(1_200_000);
    const backoff = async (): Promise<number> => (await stage.engine.watchers({}))[0]?.progress.backoff ?? 0;
    assert.equal(await backoff(), 5);
    stage.cluster.print(id, 'a partial line');
    await pass(51_000);
    assert.ok((await backoff()) < 1.5, String(await backoff()));
  });
});
