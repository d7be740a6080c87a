// What people ask of watchers: re-arm, trigger by hand, attach; and the limit of actions a minute.
import assert from 'node:assert/strict';
import { WatchError } from '../../engine/errors';
import type { OutsideAction, OutsideActions } from '../../engine/actions/action';
import { setStage, type Stage } from './play';
import { ownActions } from './ownActions';

const logging = (pattern: string, extra = ''): string =>
  `#WATCHER pattern="${pattern}" interval=10s action=log_event(message="$0") ${extra}`;

const isRefused = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof WatchError && error.code === code && message.test(error.message);

describe('wishes', () => {
  let stage: Stage;
  let id: string;
  const begin = async (script: string, parts: Parameters<typeof setStage>[0] = {}): Promise<void> => {
    stage = await setStage(parts);
    id = await stage.submit(script);
    await stage.clock.advanceTo(5000);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const print = async (text: string): Promise<void> => {
    stage.cluster.print(id, text);
    await pass(60_000);
  };
  const ids = async (): Promise<string[]> => (await stage.engine.watchers({})).map((watcher) => watcher.id);
  const logged = async (): Promise<string[]> =>
    (await stage.lines()).flatMap((line) => /^log_event (.*)$/.exec(line)?.[1] ?? []);
  const states = async (): Promise<string[]> =>
    (await stage.engine.watchers({})).map(({ progress }) => progress.state);

  describe('re-arming', () => {
    for (const [missed, expected] of [
      ['skip', ['n=1', 'n=4']],
      ['match', ['n=1', 'n=2']],
    ] as const)
      it(`a triggered watcher goes on, and ${missed}s what was printed meanwhile`, async () => {
        await begin(logging('n=\\d+', 'max_triggers=1'));
        await print('n=1\nn=2\n');
        await print('n=3\n');
        assert.deepEqual(await states(), ['triggered']);
        await stage.engine.rearm(await ids(), missed);
        await print('n=4\n');
        assert.deepEqual(await logged(), expected);
        assert.deepEqual(await states(), ['triggered']);
        const gaps = (await stage.lines()).filter((line) => line.startsWith('gap'));
        assert.deepEqual(
          gaps,
          missed === 'skip' ? ['gap stdout: bytes 4 to 12 were not matched: the watcher was triggered'] : [],
        );
      });

    it('a disabled watcher gets all its failures anew', async () => {
      await begin(
        '#WATCHER pattern="v=(\\S*)" interval=10s max_failures=2 action=store_metric(name=$1, value=1)',
      );
      await print('v=\nv=\n');
      assert.deepEqual(await states(), ['disabled']);
      await stage.engine.rearm(await ids(), 'skip');
      await print('v=\n');
      assert.deepEqual(await states(), ['active']);
      await print('v=\n');
      assert.deepEqual(await states(), ['disabled']);
    });

    it('is refused for a watcher that watches, and once the job has ended', async () => {
      await begin(logging('n', 'max_triggers=1'));
      await assert.rejects(stage.engine.rearm(await ids(), 'skip'), isRefused('bad-request', /is active/));
      await print('n\n');
      stage.cluster.end(id, 'COMPLETED');
      await pass(60_000);
      await assert.rejects(stage.engine.rearm(await ids(), 'skip'), isRefused('not-found', /No live job/));
    });
  });

  describe('attaching', () => {
    const attach = (watchers: object, from: 'start' | 'end' = 'end', job = id): Promise<unknown> =>
      stage.engine.attach({ cluster: 'fake', job, watchers: JSON.stringify(watchers), from });
    const watcher = {
      name: 'late',
      pattern: 'n=\\d+',
      interval_seconds: 10,
      actions: [{ type: 'log_event', params: { message: '$0' } }],
    };

    const submitForeign = async (): Promise<string> => {
      const submitted = await stage.cluster.submit({
        token: 'foreign',
        scriptName: 'f.sh',
        script: '',
        cleanScript: '#!/bin/bash\nsleep 1000\n',
        workdir: '/foreign',
        options: [],
      });
      return submitted.id;
    };

    for (const [from, expected] of [
      ['end', ['n=3', 'n=4']],
      ['start', ['n=1', 'n=2', 'n=3', 'n=4']],
    ] as const)
      it(`to a running job begins at the ${from} of its output`, async () => {
        await begin('#SBATCH --job-name=x');
        await print('n=1\nn=2\nn=');
        await attach([watcher], from);
        await print('3\nn=4\n');
        assert.deepEqual(await logged(), expected);
        const [told] = (await stage.lines()).filter((line) => line.startsWith('state attached'));
        assert.match(told ?? '', from === 'end' ? /at byte 8/ : /at the beginning/);
      });

    it('to a finished job whose output is gone says so when it is asked to match', async () => {
      await begin('#SBATCH --job-name=x');
      stage.cluster.end(id, 'COMPLETED');
      await pass(60_000);
      await attach([watcher]);
      stage.cluster.unlink(id);
      await assert.rejects(
        stage.engine.trigger(await ids()),
        isRefused('not-found', /slurm-1\.out cannot be read: it is not there/),
      );
    });

    it('goes on over a restart of the engine', async () => {
      await begin('#SBATCH --job-name=x');
      await print('n=1\n');
      await attach([watcher]);
      await stage.restart();
      await print('n=2\n');
      assert.deepEqual(await logged(), ['n=2']);
    });

    it('to a finished job is static, and acts on the last match each time that it is asked to', async () => {
      await begin('#SBATCH --job-name=x');
      await print('n=1\nn=2\n');
      stage.cluster.end(id, 'FAILED');
      await pass(60_000);
      await attach([
        { ...watcher, max_triggers: 1 },
        { ...watcher, name: 'all' },
      ]);
      assert.deepEqual(await states(), ['static', 'static']);
      await pass(600_000);
      assert.deepEqual(await logged(), []);
      const [limited = '', all = ''] = await ids();
      await stage.engine.trigger([all]);
      await stage.engine.trigger([limited, all]);
      assert.deepEqual(await logged(), ['n=2', 'n=2', 'n=2']);
      assert.deepEqual(await states(), ['static', 'static']);
      await stage.restart();
      assert.deepEqual(await states(), ['static', 'static']);
    });

    it('to a job that somebody submitted without us', async () => {
      await begin('#SBATCH --job-name=x');
      const foreign = await submitForeign();
      stage.cluster.print(foreign, 'n=1\n');
      await attach([watcher], 'start', foreign);
      await pass(30_000);
      stage.cluster.end(foreign, 'COMPLETED');
      await pass(60_000);
      assert.deepEqual(await logged(), ['n=1']);
      assert.deepEqual(
        (await stage.engine.jobs({ job: foreign })).map(({ phase, submission }) => [phase, submission]),
        [['ended', null]],
      );
    });

    it('to an array watches its tasks, each from its own end', async () => {
      await begin('#SBATCH --array=1-2');
      stage.cluster.print(`${id}_1`, 'n=1\n');
      await pass(5000);
      await attach([watcher]);
      stage.cluster.print(`${id}_1`, 'n=2\n');
      stage.cluster.print(`${id}_2`, 'n=3\n');
      await pass(60_000);
      assert.deepEqual([...(await logged())].sort(), ['n=2', 'n=3']);
    });

    it('says of both outputs where it begins', async () => {
      await begin('#SBATCH --error=err');
      stage.cluster.print(id, 'n=1\nn=2\n', 'stderr');
      await pass(5000);
      await attach([{ ...watcher, output_type: 'both' }]);
      const [told] = (await stage.lines()).filter((line) => line.startsWith('state attached'));
      assert.equal(
        told,
        'state attached at byte 0 of stdout and byte 8 of stderr; what was printed before is not matched',
      );
      stage.cluster.print(id, 'n=3\n', 'stderr');
      await print('n=4\n');
      assert.deepEqual([...(await logged())].sort(), ['n=3', 'n=4']);
    });

    it('refuses to begin at an end that it cannot find', async () => {
      await begin('#SBATCH --job-name=x');
      await print('n=1\n');
      stage.cluster.unreadable = 'Stale file handle';
      await assert.rejects(
        attach([watcher]),
        isRefused('command-failed', /slurm-1\.out cannot be read: Stale file handle/),
      );
      assert.deepEqual(await ids(), []);
      await attach([watcher], 'start');
      assert.equal((await ids()).length, 1);
    });

    it('stays paused where what was printed meanwhile is to be skipped and cannot be found', async () => {
      await begin(logging('n=\\d+'));
      await stage.engine.pause(await ids());
      await print('n=1\n');
      stage.cluster.unreadable = 'Stale file handle';
      const resumed = stage.engine.resume(await ids(), 'skip');
      await assert.rejects(resumed, isRefused('command-failed', /slurm-1\.out cannot be read/));
      assert.deepEqual(await states(), ['paused']);
      stage.cluster.unreadable = null;
      await pass(60_000);
      assert.deepEqual(await logged(), []);
    });

    it('refuses a job that prints to a terminal', async () => {
      await begin('#SBATCH --job-name=x');
      const foreign = await submitForeign();
      stage.cluster.hideOutputs(foreign);
      await assert.rejects(
        attach([watcher], 'end', foreign),
        isRefused('bad-request', /The cluster names no stdout of job 2/),
      );
      assert.deepEqual(await ids(), []);
      await attach([{ trigger_on_job_end: true }], 'end', foreign);
      assert.equal((await ids()).length, 1);
    });

    it('refuses what is no watcher, and a job that nobody knows', async () => {
      await begin('#SBATCH --job-name=x', { actions: {} });
      await assert.rejects(attach([{ pattern: '(' }]), isRefused('bad-request', /unterminated subpattern/));
      await assert.rejects(attach([]), isRefused('bad-request', /no watcher/));
      await assert.rejects(
        attach([{ pattern: 'x', actions: [{ type: 'notify_slack', params: { message: 'hi' } }] }]),
        isRefused('unsupported', /notify_slack/),
      );
      await assert.rejects(attach([watcher], 'end', '999'), isRefused('not-found', /no job 999/));
      assert.deepEqual(await ids(), []);
    });
  });

  describe('a dry run over a job', () => {
    const rehearse = async (watchers: object | null): Promise<string[]> => {
      const text = watchers && JSON.stringify(watchers);
      const { entries, isWhole } = await stage.engine.dryRun({
        ...{ cluster: 'fake', job: id, watchers: text, tickMs: 1000 },
      });
      assert.ok(isWhole);
      return entries.flatMap((entry) =>
        entry.kind === 'event' && entry.event.action !== null
          ? [`${entry.line ?? '-'} ${entry.event.action} ${entry.event.result}`]
          : [],
      );
    };
    const rehearsed = [
      { pattern: 'n=(\\d+)', actions: [{ type: 'log_event', params: { message: '$1 of $JOB_ID' } }] },
      { trigger_on_job_end: true, actions: [{ type: 'log_event', params: { message: '$job_end_state' } }] },
    ];

    it('that runs tells what would be done so far, and does nothing', async () => {
      await begin('#SBATCH --job-name=x');
      await print('n=1\nnothing\nn=2\n');
      const before = await stage.engine.events({});
      assert.deepEqual(await rehearse(rehearsed), ['1 log_event 1 of 1', '3 log_event 2 of 1']);
      assert.deepEqual(await stage.engine.events({}), before);
      assert.deepEqual(await ids(), []);
    });

    it('that runs does not judge a last line that may go on, and one that has ended does', async () => {
      await begin('#SBATCH --job-name=x');
      await print('n=1\nn=2 \rn=3 \rn=4');
      const refreshes = ['1 log_event 1 of 1', '2 log_event 3 of 1'];
      assert.deepEqual(await rehearse(rehearsed), refreshes);
      stage.cluster.print(id, '5');
      stage.cluster.end(id, 'COMPLETED');
      await pass(60_000);
      assert.deepEqual(await rehearse(rehearsed), [
        '1 log_event 1 of 1',
        '2 log_event 45 of 1',
        '- log_event completed',
      ]);
    });

    it('that has ended tells of its end too, and takes its own watchers where none are given', async () => {
      await begin(logging('n=\\d+'));
      await print('n=1\n');
      stage.cluster.end(id, 'COMPLETED');
      await pass(60_000);
      assert.deepEqual(await rehearse(rehearsed), ['1 log_event 1 of 1', '- log_event completed']);
      assert.deepEqual(await rehearse(null), ['1 log_event n=1']);
    });

    it('that nobody knows, or whose watchers are none, is refused', async () => {
      await begin('#SBATCH --job-name=x');
      await assert.rejects(rehearse([]), isRefused('bad-request', /no watcher/));
      id = '999';
      await assert.rejects(rehearse(rehearsed), isRefused('not-found', /no job 999/));
    });
  });

  describe('more than ten actions a minute', () => {
    let sent: string[];
    let fail: WatchError | undefined;
    let hold: Promise<void> | undefined;
    const slack: OutsideAction = {
      retryAfter: (error) => (error.code === 'submission-refused' ? 5000 : null),
      run: async ({ message }, { standsFor }) => {
        await hold;
        if (fail) throw fail;
        sent.push(`${JSON.stringify(message).replaceAll('"', '')} x${standsFor}`);
        return { success: true, result: 'sent' };
      },
    };
    const actions: OutsideActions = { ...ownActions, notify_slack: slack };
    const notifying = (rest = ''): string =>
      `#WATCHER pattern="n=(\\d+)" interval=10s actions=[notify_slack(message="$1"), store_metric(name=n)${rest}]`;
    beforeEach(() => {
      sent = [];
      fail = undefined;
      hold = undefined;
    });

    it('are kept back and told as one, while metrics and cancellations never wait', async () => {
      await begin(notifying(', cancel_job if int(trigger_count) == 25'), {
        actions,
      });
      stage.cluster.print(id, Array.from({ length: 25 }, (_, n) => `n=${n + 1}\n`).join(''));
      await pass(30_000);
      assert.deepEqual(
        sent,
        Array.from({ length: 10 }, (_, n) => `${n + 1} x1`),
      );
      assert.equal((await stage.engine.metrics({})).length, 25);
      assert.equal((await stage.cluster.query([id]))[0]?.state, 'CANCELLED');
      const skipped = (await stage.lines()).filter((line) => line.startsWith('skip kept back'));
      assert.equal(skipped.length, 15);
      await pass(60_000);
      assert.deepEqual(sent.slice(10), ['25 x15']);
      assert.ok((await stage.lines()).includes('notify_slack sent (the last of 15 triggers)'));
    });

    it('are told as one over several looks and a restart too, and then count anew', async () => {
      await begin(notifying(), { actions });
      stage.cluster.print(id, Array.from({ length: 12 }, (_, n) => `n=${n + 1}\n`).join(''));
      await pass(20_000);
      stage.cluster.print(id, 'n=13\n');
      await pass(20_000);
      await stage.restart();
      await pass(60_000);
      assert.deepEqual(sent.slice(10), ['13 x3']);
      await print('n=14\n');
      assert.deepEqual(sent.slice(11), ['14 x1']);
    });

    it('die with their watcher', async () => {
      await begin(notifying(), { actions });
      stage.cluster.print(id, Array.from({ length: 12 }, (_, n) => `n=${n + 1}\n`).join(''));
      await pass(20_000);
      await stage.engine.remove(await ids());
      await pass(120_000);
      assert.equal(sent.length, 10);
      assert.deepEqual((await stage.store.load()).outbox, []);
    });

    it('of a watcher that is removed are told: as left out, or with what came of them', async () => {
      await begin(notifying(', cancel_job'), { actions });
      let release = (): void => undefined;
      hold = new Promise((resolve) => (release = resolve));
      await print('n=1\nn=2\n');
      await stage.engine.remove(await ids());
      const left = (await stage.lines()).filter((line) => line.startsWith('skip'));
      assert.deepEqual(left, Array<string>(4).fill('skip the watcher was removed'));
      const skipped = (await stage.engine.events({ kind: 'skip' })).map(({ action, params, watcher }) => [
        action,
        params['message'] ?? null,
        watcher,
      ]);
      assert.deepEqual(skipped, [
        ['store_metric', null, 'watcher 1'],
        ['cancel_job', null, 'watcher 1'],
        ['notify_slack', '2', 'watcher 1'],
        ['store_metric', null, 'watcher 1'],
      ]);
      release();
      await pass(60_000);
      assert.deepEqual(sent, ['1 x1']);
      assert.equal(
        (await stage.lines()).at(-1),
        'notify_slack of "watcher 1", which was removed meanwhile: sent',
      );
      assert.equal((await stage.cluster.query([id]))[0]?.state, 'RUNNING');
    });

    it('that are refused for now are tried again, and told once', async () => {
      await begin(notifying(), { actions });
      fail = new WatchError('submission-refused', 'Too many requests.', 'Wait.');
      await print('n=1\n');
      fail = undefined;
      await pass(60_000);
      assert.deepEqual(sent, ['1 x1']);
      const told = (await stage.lines()).filter((line) => line.includes('tried again'));
      assert.deepEqual(told, ['error notify_slack is tried again: Too many requests. Wait.']);
    });

    it('that fail otherwise are not tried again', async () => {
      await begin(notifying(), { actions });
      fail = new WatchError('cluster-unreachable', 'Cut off.', 'Look.');
      await print('n=1\n');
      fail = undefined;
      await pass(60_000);
      assert.deepEqual(sent, []);
      assert.ok((await stage.lines()).includes('notify_slack FAILED Cut off. Look.'));
    });

    it('that hang hold up neither reading nor other watchers, and are unknown after a crash', async () => {
      await begin(`${notifying()}\n${logging('m=\\d+')}`, { actions });
      hold = new Promise(() => undefined);
      await print('n=1\nm=1\n');
      await print('n=2\nm=2\n');
      assert.deepEqual(await logged(), ['m=1', 'm=2']);
      assert.equal((await stage.engine.metrics({})).length, 0, 'what stands behind it waits');
      hold = undefined;
      const closing = stage.restart();
      await pass(10_000);
      await closing;
      await pass(60_000);
      assert.deepEqual(sent, ['2 x1'], 'the one that was started is not repeated');
      assert.ok(
        (await stage.lines()).some((line) =>
          /^notify_slack FAILED It was started before .* unknown/.test(line),
        ),
      );
      assert.equal((await stage.engine.metrics({})).length, 2);
    });
  });
});
