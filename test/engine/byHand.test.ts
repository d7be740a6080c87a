// Triggering by hand: what watchers find in the whole output, what they would do, and what somebody must agree to.
import assert from 'node:assert/strict';
import { describeConsequences } from '../../engine/consequences';
import { WatchError } from '../../engine/errors';
import type { TriggerPlan } from '../../engine/protocol';
import { setStage, type Stage } from './play';

const toText = (value: unknown): string => (typeof value === 'string' ? value : '');
const isRefused = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof WatchError && error.code === code && message.test(error.message);

describe('triggering by hand', () => {
  let stage: Stage;
  let id: string;
  const begin = async (script: string, parts: Parameters<typeof setStage>[0] = {}): Promise<void> => {
    stage = await setStage(parts);
    id = await stage.submit(script);
    await pass(5000);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const print = async (text: string): Promise<void> => {
    stage.cluster.print(id, text);
    await pass(60_000);
  };
  const end = async (state: 'COMPLETED' | 'FAILED' | 'OUT_OF_MEMORY' = 'COMPLETED'): Promise<void> => {
    stage.cluster.end(id, state);
    await pass(60_000);
  };
  const ids = async (): Promise<string[]> => (await stage.engine.watchers({})).map((watcher) => watcher.id);
  const logged = async (): Promise<string[]> =>
    (await stage.lines()).flatMap((line) => /^log_event (.*)$/.exec(line)?.[1] ?? []);
  const skipped = async (): Promise<string[]> =>
    (await stage.lines()).flatMap((line) => /^skip (by hand.*)$/.exec(line)?.[1] ?? []);
  const plans = async (): Promise<readonly TriggerPlan[]> => stage.engine.planTrigger(await ids());
  const firstPlan = async (): Promise<TriggerPlan> => (await plans())[0] ?? assert.fail('no plan');
  /** What it would do, as texts; or why it would not. */
  const outlook = async (): Promise<string> => {
    const { actions, nothing, leftOut } = await firstPlan();
    const done = actions.map(
      ({ type, params: { message, reason } }) => `${type} ${toText(message ?? reason)}`,
    );
    return nothing ?? [...done, ...leftOut.map((one) => `not ${one}`)].join(', ');
  };
  /** The plan, and that the trigger does the same. */
  const triggers = async (expected: readonly string[]): Promise<void> => {
    const before = (await logged()).length;
    assert.equal(await outlook(), expected.map((text) => `log_event ${text}`).join(', '));
    assert.equal((await logged()).length, before, 'a plan does nothing');
    await stage.engine.trigger(await ids());
    assert.deepEqual((await logged()).slice(before), expected);
  };
  const doesNothing = async (why: string): Promise<void> => {
    assert.equal(await outlook(), why);
    const before = await stage.engine.events({ kind: 'trigger' });
    await stage.engine.trigger(await ids());
    assert.deepEqual(await stage.engine.events({ kind: 'trigger' }), before);
    assert.equal((await skipped()).at(-1), `by hand: ${why}`);
  };

  const logging = (pattern: string, extra = ''): string =>
    `#WATCHER pattern="${pattern}" interval=10s action=log_event(message="$0") ${extra}`;

  it('acts on the last match, whatever the cooldown and the limit', async () => {
    await begin(logging('n=\\d+', 'cooldown=1h max_triggers=2'));
    await print('n=1\nother\n');
    await triggers(['n=1']);
    const [watcher] = await stage.engine.watchers({});
    assert.deepEqual([watcher?.progress.triggerCount, watcher?.progress.state], [2, 'active']);
  });

  it('acts on the last match for which the condition held', async () => {
    await begin(
      logging('n=(\\d+)', 'captures=[n] condition="int(n) < 5" action=log_event(message="n is $n")'),
    );
    await print('n=1\nn=2\nn=9\nn=8\n');
    await triggers(['n=2', 'n is 2']);
  });

  it('looks at what no look has matched yet, and leaves it to be matched', async () => {
    await begin(logging('n=\\d+', 'interval=1h'));
    await print('n=1\n');
    stage.cluster.print(id, 'n=2\nn=3');
    await triggers(['n=2']);
    await end();
    assert.deepEqual(await logged(), ['n=2', 'n=1', 'n=2', 'n=3']);
  });

  it('looks at what was printed before the watcher was attached', async () => {
    await begin('#SBATCH --job-name=x');
    await print('n=1\n');
    const watcher = { pattern: 'n=\\d+', actions: [{ type: 'log_event' }] };
    await stage.engine.attach({ cluster: 'fake', job: id, watchers: JSON.stringify([watcher]), from: 'end' });
    await triggers(['n=1']);
  });

  it('finds a match far from the end, in lines that are longer than what is read at once', async () => {
    await begin(logging('n=\\d+'));
    await print(`${'.'.repeat(99)}\n`.repeat(15_000) + 'n=1\n' + `${'.'.repeat(99)}\n`.repeat(15_000));
    await print(`${'é'.repeat(1 << 20)}\n`);
    await triggers(['n=1']);
  });

  it('does nothing where nothing matches, and says so', async () => {
    await begin('#WATCHER pattern="NEVER" interval=10s action=cancel_job(reason="because of $0 / $1")');
    await print('n=1\n');
    await doesNothing('nothing in the output matches its pattern');
    await pass(60_000);
    assert.equal((await stage.cluster.query([id]))[0]?.state, 'RUNNING');
  });

  it('does nothing where the condition held for no match, and says for the last one why', async () => {
    await begin(logging('n=(\\S+)', 'captures=[n] condition="int(n) < 5"'));
    await print('n=x\nn=9\n');
    await doesNothing(
      'its condition does not hold for any of its 2 matches; for the last one, int(n) < 5 is False',
    );
    await print('n=x\n');
    await doesNothing(
      "its condition does not hold for any of its 3 matches; for the last one, int(n) < 5: ValueError: invalid literal for int() with base 10: 'x'",
    );
  });

  it('does nothing where there is no output yet', async () => {
    await begin(logging('n=(\\d+)'));
    stage.cluster.unlink(id);
    await doesNothing('nothing in the output matches its pattern');
  });

  it('does nothing where the pattern takes too long, and says for what', async () => {
    await begin('#WATCHER pattern="(a+)+$" interval=1h');
    await print(`aa\n${'a'.repeat(40)}b\n`);
    await doesNothing('bytes 3 to 45 of the output were not matched: its pattern took too long');
  });

  it('tells which actions are left out', async () => {
    await begin(logging('n=(\\d+)', 'captures=[n] action=log_event(message="big") if "int(n) > 5"'));
    await print('n=1\n');
    assert.equal(await outlook(), 'log_event n=1, not log_event (int(n) > 5 is False)');
  });

  it('of a timer acts on what the condition held for, and leaves the timer alone', async () => {
    await begin(
      logging('n=(\\d+)', 'captures=[n] condition="int(n) < 5" timer_mode=true timer_interval=100s'),
    );
    await triggersNothingBeforeAMatch();
    await print('n=1\nn=9\n');
    await triggers(['n=1']);
    const [watcher] = await stage.engine.watchers({});
    assert.equal(watcher?.progress.held?.variables['n'], '1');
    await pass(60_000);
    assert.deepEqual(await logged(), ['n=1', 'n=1', 'timer']);
  });
  const triggersNothingBeforeAMatch = async (): Promise<void> => {
    await doesNothing('nothing in the output matches its pattern');
    const [watcher] = await stage.engine.watchers({});
    assert.deepEqual(watcher?.progress.deadlines, {});
  };

  it('of a watcher of the end judges the condition over the last captures, as things are now', async () => {
    await begin(
      `#WATCHER pattern="n=(\\d+)" captures=[n] condition="int(n) < 5" trigger_on_job_end=true interval=10s action=log_event(message="$0 $n")`,
    );
    await print('n=1\n');
    await triggers(['by hand 1']);
    await print('n=9\n');
    await doesNothing('its condition does not hold: int(n) < 5 is False');
  });

  it('of a watcher of the end after it says the end, if its list names it', async () => {
    await begin(
      '#WATCHER trigger_on_job_end=true trigger_job_states=[failed] action=log_event(message="$0 [$1] $JOB_STATE")',
    );
    await end('OUT_OF_MEMORY');
    await triggers(['job ended: failed [] OUT_OF_MEMORY']);
  });

  it('of a watcher of the end does nothing where the job ended otherwise', async () => {
    await begin('#WATCHER trigger_on_job_end=true trigger_job_states=[failed]');
    await end('COMPLETED');
    await doesNothing('job ended: COMPLETED; the watcher acts on: failed');
  });

  it('without a pattern has its cause for $0', async () => {
    await begin('#WATCHER trigger_on_job_end=true action=log_event(message="$0 [$1]")');
    await triggers(['by hand []']);
  });

  it('acts for watchers of ended jobs, and goes on counting their metrics', async () => {
    await begin('#WATCHER pattern="v=(\\d+)" interval=10s actions=[store_metric(name=v), log_event]');
    await print('v=1\nv=2\n');
    await end();
    await stage.engine.trigger(await ids());
    assert.deepEqual(await logged(), ['v=1', 'v=2', 'v=2']);
    assert.deepEqual(
      (await stage.engine.metrics({})).map(({ step, value }) => [step, value]),
      [
        [0, 1],
        [1, 2],
        [2, 2],
      ],
    );
    assert.deepEqual(
      (await stage.engine.watchers({})).map(({ progress }) => progress.state),
      ['completed'],
    );
  });

  it('is refused for the template of an array, and for a watcher that nobody knows', async () => {
    await begin(`#SBATCH --array=1-2\n${logging('n')}`);
    const [template = ''] = await ids();
    await assert.rejects(stage.engine.trigger([template]), isRefused('bad-request', /template of an array/));
    await assert.rejects(
      stage.engine.planTrigger([template]),
      isRefused('bad-request', /template of an array/),
    );
    await assert.rejects(stage.engine.trigger(['nobody']), isRefused('not-found', /nobody/));
  });

  describe('what reaches outside', () => {
    const cancelling =
      '#WATCHER name=bad pattern="loss=(\\S+)" captures=[loss] condition="float(loss) > 9" interval=1h action=cancel_job(reason="loss $loss")';
    const state = async (): Promise<string | undefined> => (await stage.cluster.query([id]))[0]?.state;

    it('is refused unless somebody has agreed to exactly that', async () => {
      await begin(cancelling);
      await print('loss=10\n');
      assert.equal(await outlook(), 'cancel_job loss 10');
      assert.deepEqual(describeConsequences(await firstPlan()), ['This cancels play.sh (job 1) on fake.']);
      const refusal = isRefused(
        'needs-consent',
        /^Nothing was done, as nobody has agreed yet: This cancels play\.sh \(job 1\) on fake\.$/,
      );
      await assert.rejects(stage.engine.trigger(await ids()), refusal);
      await pass(60_000);
      assert.equal(await state(), 'RUNNING');
      await stage.engine.trigger(await ids(), await plans());
      await pass(5000);
      assert.equal(await state(), 'CANCELLED');
      assert.ok((await stage.lines()).includes('job 1 ended: CANCELLED by you: loss 10'));
      const [job] = await stage.engine.jobs({});
      assert.deepEqual(job?.cancelledBy, { watcher: null, reason: 'loss 10' });
    });

    it('is done as it was shown, though more was printed meanwhile', async () => {
      await begin(cancelling);
      await print('loss=10\n');
      const agreed = await plans();
      stage.cluster.print(id, 'loss=99\n');
      await stage.engine.trigger(await ids(), agreed);
      await pass(5000);
      assert.ok((await stage.lines()).some((line) => line.endsWith('by you: loss 10')));
    });

    it('is refused where it is no longer what was shown', async () => {
      await begin(cancelling);
      await print('loss=10\n');
      const changed = (await plans()).map((plan) => ({
        ...plan,
        actions: plan.actions.map((action) => ({ ...action, params: { reason: 'loss 11' } })),
      }));
      await assert.rejects(
        stage.engine.trigger(await ids(), changed),
        isRefused('needs-consent', /"bad" would do has changed since it was shown: This cancels play\.sh/),
      );
      assert.equal(await state(), 'RUNNING');
    });

    it('of one watcher keeps all of them from acting', async () => {
      await begin(`${logging('loss=\\S+')}\n${cancelling}`);
      await print('loss=10\n');
      const before = await logged();
      await assert.rejects(stage.engine.trigger(await ids()), isRefused('needs-consent', /cancels/));
      assert.deepEqual(await logged(), before);
    });

    it('is planned once for a job that two of them cancel', async () => {
      await begin(`${cancelling}\n${cancelling.replace('bad', 'worse')}`);
      await print('loss=10\n');
      const [first, second] = await plans();
      assert.deepEqual([first?.actions.length, second?.actions.length], [1, 0]);
      assert.deepEqual(second?.leftOut, ['cancel_job (job 1 is being cancelled already, by you)']);
      await stage.engine.trigger(await ids(), await plans());
      await pass(5000);
      const cancels = (await stage.lines()).filter((line) => line.startsWith('cancel_job'));
      assert.deepEqual(cancels, ['cancel_job job 1 is being cancelled: loss 10']);
    });

    it('is nothing for a job that has ended', async () => {
      await begin(cancelling);
      await print('loss=1\n');
      await end();
      stage.cluster.print(id, 'loss=10\n');
      assert.equal(await outlook(), 'not cancel_job (job 1 has ended)');
      await stage.engine.trigger(await ids());
    });
  });
});
