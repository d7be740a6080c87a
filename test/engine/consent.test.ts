// Consent, as clients meet it: refused with a list, agreed to, remembered, and asked for again if something else would happen.
import assert from 'node:assert/strict';
import type { OutsideAction, OutsideActions } from '../../engine/actions/action';
import { ConsentNeeded, WatchError } from '../../engine/errors';
import type { SubmitRequest, Submitted } from '../../engine/protocol';
import { parseScript } from '../../language/script';
import { setStage, toPlaySubmission, type Stage } from './play';
import { ownActions } from './ownActions';

describe('consent', () => {
  let stage: Stage;
  let ran: string[];
  let allowedCommands: readonly string[] | undefined;
  let mailTo: string | null;
  beforeEach(async () => {
    ran = [];
    allowedCommands = undefined;
    mailTo = null;
    const run: OutsideAction = {
      run: (params) => {
        ran.push(JSON.stringify(params['command'] ?? params['message'] ?? params));
        return Promise.resolve({ success: true, result: 'done' });
      },
    };
    const actions: OutsideActions = { ...ownActions, run_command: run, notify_email: run, resubmit: run };
    stage = await setStage({ actions, allowedCommands: () => allowedCommands, mailTo: () => mailTo });
  });
  afterEach(() => stage.engine.close());

  const toRequest = (watcher: string, more: Partial<SubmitRequest> = {}): SubmitRequest => ({
    ...toPlaySubmission(`#!/bin/bash\n${watcher}\nsleep 1000000\n`),
    ...more,
  });
  const toWatcher = (action: string): string => `#WATCHER name=w pattern="go" interval=1s action=${action}`;
  const toCommand = (command: string): string => toWatcher(`run_command(command='${command}')`);

  const refused = async (work: Promise<unknown>): Promise<ConsentNeeded> => {
    const error = await work.then(
      () => assert.fail('it was done without consent'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ConsentNeeded, String(error));
    assert.equal(error.code, 'needs-consent');
    return error;
  };
  const agreeTo = async (request: SubmitRequest): Promise<Submitted> => {
    const { consent } = await refused(stage.engine.submit(request));
    return stage.engine.submit({ ...request, agreed: consent.hash });
  };
  const attach = (job: string, action: object, agreed?: string): Promise<Submitted> =>
    stage.engine.attach({
      ...{ cluster: 'fake', job, from: 'start' },
      watchers: JSON.stringify([{ name: 'late', pattern: 'go', interval_seconds: 1, actions: [action] }]),
      ...(agreed !== undefined && { agreed }),
    });

  it('is not asked for by what notes something down, pauses itself and cancels its own job', async () => {
    await stage.engine.submit(
      toRequest(
        '#WATCHER pattern="x" actions=[log_event, store_metric(name=a, value=1), pause_watcher, cancel_job]',
      ),
    );
  });

  it('is asked for with the list as data, and nothing is submitted or stored', async () => {
    const request = toRequest(
      `${toCommand('make all')}\n#WATCHER name=ls pattern="x" action=run_command(command="ls")`,
    );
    const { consent, message, remedy } = await refused(stage.engine.submit(request));
    assert.deepEqual(
      consent.powers.map(({ kind, watcher, text, covered }) => [kind, watcher, text, covered]),
      [
        ['command', 'w', 'make all', false],
        ['command', 'ls', 'ls', true],
      ],
    );
    assert.match(message, /^play\.sh: nobody has agreed/);
    assert.match(remedy, /agree/);
    assert.deepEqual(await stage.engine.jobs({}), []);
    assert.deepEqual(await stage.engine.events({}), []);
  });

  it('is remembered, also by the next engine', async () => {
    const { job } = await agreeTo(toRequest(toCommand('make all')));
    await stage.engine.submit(toRequest(toCommand('make all')));
    await stage.restart();
    await stage.engine.submit(toRequest(toCommand('make all')));
    await stage.clock.advanceTo(2000);
    stage.cluster.print(job.id, 'go\n');
    await stage.clock.advanceTo(10_000);
    assert.deepEqual(ran, ['"make all"']);
  });

  it('is listed with its words, and taken back: asked for again, and nothing that waits begins', async () => {
    const request = toRequest(
      toWatcher(`run_command(command='make all')`).replace(
        'action=',
        'actions=[notify_email(to="x@y.org"), ',
      ) + ']',
    );
    const { job } = await agreeTo(request);
    await agreeTo(toRequest(toCommand('make other')));
    const listed = stage.engine.agreements();
    assert.deepEqual(
      listed.map(({ sentence, place }) => [sentence, place]),
      [
        ['"w" runs this command on fake: make other.', 'fake, /jobs'],
        ['"w" runs this command on fake: make all.', 'fake, /jobs'],
        ['"w" sends mail to x@y.org.', 'fake'],
      ],
    );
    assert.ok(listed.every(({ time }) => time !== null));
    const [, command] = listed;
    assert.deepEqual(await stage.engine.withdrawConsent([command?.key ?? '', 'unknown']), [command]);
    assert.equal(stage.engine.agreements().length, 2);
    const { consent } = await refused(stage.engine.submit(request));
    assert.ok(consent.powers.some(({ text }) => text === 'make all'));
    await stage.restart();
    await stage.clock.advanceTo(2000);
    stage.cluster.print(job.id, 'go\n');
    await stage.clock.advanceTo(10_000);
    assert.deepEqual(ran, ['"$0"'.replace('$0', 'go')]);
    assert.match((await stage.lines()).at(-1) ?? '', /^run_command FAILED Nobody has agreed to it: "w" runs/);
    assert.equal((await stage.engine.withdrawConsent(null)).length, 2);
    assert.deepEqual(stage.engine.agreements(), []);
    assert.deepEqual(await stage.engine.withdrawConsent(null), []);
  });

  it('is asked for again if one character of a command changes, or the place; not for a message', async () => {
    await agreeTo(toRequest(toCommand('make all')));
    for (const other of ['make  all', 'make all ', 'Make all'])
      await refused(stage.engine.submit(toRequest(toCommand(other))));
    await refused(stage.engine.submit(toRequest(toCommand('make all'), { workdir: '/elsewhere' })));
    await agreeTo(toRequest(toWatcher('notify_email(message="a", to="x@y.org")')));
    await stage.engine.submit(
      toRequest(toWatcher('notify_email(message="b", subject="c", to="x@y.org")'), { workdir: '/elsewhere' }),
    );
    await refused(stage.engine.submit(toRequest(toWatcher('notify_email(message="a", to="z@y.org")'))));
  });

  it('is asked for again if the job works elsewhere, however that is said', async () => {
    const command = toCommand('make all');
    await agreeTo(toRequest(command));
    const elsewhere = [
      toRequest(`#SBATCH --chdir=/elsewhere\n${command}`),
      toRequest(`#SBATCH -D /other\n${command}`),
      toRequest(command, { options: ['--chdir', 'below'] }),
      toRequest(`${command}\n${toWatcher('resubmit(modifications={"chdir": "/next"})')}`),
    ];
    for (const request of elsewhere) {
      assert.ok((await refused(stage.engine.submit(request))).consent.hash);
      await agreeTo(request);
    }
    await stage.engine.submit(toRequest(command, { workdir: '/elsewhere' }));
    await stage.engine.submit(toRequest(command, { workdir: '/jobs/below' }));
    await stage.engine.submit(toRequest(command, { workdir: '/next' }));
  });

  it('names whom mail reaches, and is asked for again if that is somebody else', async () => {
    const mail = toWatcher('notify_email(message="a")');
    const whom = async (request: SubmitRequest): Promise<string> => {
      const { consent } = await refused(stage.engine.submit(request));
      await stage.engine.submit({ ...request, agreed: consent.hash });
      return consent.powers.map(({ sentence }) => sentence).join(' ');
    };
    assert.equal(await whom(toRequest(mail)), '"w" sends mail to the default address.');
    assert.equal(
      await whom(toRequest(`#SBATCH --mail-user=one@x.org\n${mail}`)),
      '"w" sends mail to one@x.org.',
    );
    const again = toWatcher('resubmit(modifications={"mail-user": "two@x.org"})').replace('name=w', 'name=r');
    assert.match(await whom(toRequest(`${mail}\n${again}`)), /"w" sends mail to two@x\.org\./);
    mailTo = 'three@x.org';
    assert.equal(await whom(toRequest(mail)), '"w" sends mail to three@x.org.');
    await stage.engine.submit(toRequest(toWatcher('notify_email(message="a", to="three@x.org")')));
  });

  it('holds for fewer resubmissions, and not for more', async () => {
    const toResubmit = (limit: number): SubmitRequest =>
      toRequest(`#WATCHER name=w pattern="go" remaining_resubmits=${limit} action=resubmit`);
    await agreeTo(toResubmit(3));
    await stage.engine.submit(toResubmit(2));
    await refused(stage.engine.submit(toResubmit(4)));
  });

  it('holds for two watchers that resubmit in the same way, each as often as it may', async () => {
    const toLine = (name: string, times: number): string =>
      `#WATCHER name=${name} pattern="go" remaining_resubmits=${times} action=resubmit(modifications={"mem": "8G"})`;
    const request = toRequest(`${toLine('a', 10)}\n${toLine('b', 3)}`);
    await agreeTo(request);
    await stage.engine.submit(request);
  });

  it('takes no other hash than that of what it would do now', async () => {
    const { consent } = await refused(stage.engine.submit(toRequest(toCommand('make all'))));
    const other = toRequest(toCommand('make clean'), { agreed: consent.hash });
    const error = await refused(stage.engine.submit(other));
    assert.match(error.message, /is not what it would do now/);
    assert.notEqual(error.consent.hash, consent.hash);
  });

  it('is not needed for what the list of allowed commands covers, as long as it does', async () => {
    await stage.engine.submit(toRequest(toCommand('ls -l')));
    allowedCommands = ['make'];
    await stage.engine.submit(toRequest(toCommand('make all')));
    await refused(stage.engine.submit(toRequest(toCommand('ls -l'))));
  });

  it('is asked for by watchers that are attached, also if they cancel a job that was there before', async () => {
    const [one, two] = [await stage.submit(''), await stage.submit('')];
    const cancel = { type: 'cancel_job', params: {} };
    const { consent } = await refused(attach(one, cancel));
    assert.deepEqual(
      consent.powers.map(({ kind, sentence }) => [kind, sentence]),
      [['cancelOther', '"late" cancels the job.']],
    );
    await attach(one, cancel, consent.hash);
    await attach(one, cancel);
    await refused(attach(two, cancel));
    await refused(attach(one, { type: 'run_command', params: { command: 'make all' } }));
    await attach(two, { type: 'log_event', params: {} });
  });

  it('holds for one job alone if nobody knows where it works', async () => {
    const foreign = { scriptName: 'x.sh', script: '', cleanScript: '#!/bin/sh\nsleep 9\n', options: [] };
    const submitElsewhere = async (workdir: string): Promise<string> =>
      (await stage.cluster.submit({ ...foreign, token: workdir, workdir })).id;
    const [one, two] = [await submitElsewhere('/one'), await submitElsewhere('/two')];
    const command = { type: 'run_command', params: { command: 'make all' } };
    const { consent } = await refused(attach(one, command));
    await attach(one, command, consent.hash);
    await refused(attach(two, command));
    stage.cluster.print(one, 'go\n');
    await stage.clock.advanceTo(10_000);
    assert.deepEqual(ran, ['"make all"']);
  });

  it('is not asked for by what is refused: a webhook that can never work', async () => {
    const job = await stage.submit('');
    await assert.rejects(
      attach(job, { type: 'notify_slack', params: { message: 'm', webhook: 'hooks.slack.com/services/x' } }),
      (error) =>
        error instanceof WatchError && error.code === 'bad-request' && /is not valid/.test(error.message),
    );
  });

  it('to what a script does is consent to the same of what is attached to its job', async () => {
    const { job } = await agreeTo(toRequest(toCommand('make all')));
    await attach(job.id, { type: 'run_command', params: { command: 'make all' } });
  });

  describe('when an action begins', () => {
    /** Watchers of a version that did not ask. */
    const givePower = async (id: string, action: string): Promise<void> => {
      const [watcher] = await stage.engine.watchers({ job: id });
      const definition = parseScript(`${toWatcher(action)}\n`).watchers[0]?.definition;
      assert.ok(watcher && definition);
      await stage.engine.close();
      await stage.store.commit([{ kind: 'watcher', watcher: { ...watcher, definition } }]);
      await stage.restart();
    };
    const act = async (action: string): Promise<string> => {
      const id = await stage.submit(toWatcher('log_event'));
      await givePower(id, action);
      await stage.clock.advanceTo(2000);
      stage.cluster.print(id, 'go\n');
      await stage.clock.advanceTo(10_000);
      return id;
    };

    it('fails if nobody has agreed, and says what to do', async () => {
      await act('run_command(command="make all")');
      assert.deepEqual(ran, []);
      const [line] = (await stage.lines()).slice(-1);
      assert.match(
        line ?? '',
        /^run_command FAILED Nobody has agreed to it: "w" runs this command on fake: make all\. Submit or attach/,
      );
    });

    it('fails if mail would reach somebody else by now', async () => {
      const { job } = await agreeTo(toRequest(toWatcher('notify_email(message="a")')));
      mailTo = 'other@x.org';
      await stage.clock.advanceTo(2000);
      stage.cluster.print(job.id, 'go\n');
      await stage.clock.advanceTo(10_000);
      assert.deepEqual(ran, []);
      assert.match(
        (await stage.lines()).at(-1) ?? '',
        /Nobody has agreed to it: "w" sends mail to other@x\.org\./,
      );
    });

    it('cancels the own job without a question, as watchers of before do', async () => {
      const id = await act('cancel_job');
      const [job] = await stage.engine.jobs({ job: id });
      assert.equal(job?.state, 'CANCELLED');
    });

    it('runs what the list of allowed commands covers', async () => {
      await act('run_command(command="ls")');
      assert.deepEqual(ran, ['"ls"']);
    });

    it('does by hand what was confirmed with its final texts', async () => {
      const id = await stage.submit(toWatcher('log_event'));
      await givePower(id, 'run_command(command="make all")');
      await stage.engine.pause((await stage.engine.watchers({ job: id })).map((watcher) => watcher.id));
      await stage.clock.advanceTo(2000);
      stage.cluster.print(id, 'go\n');
      const watchers = (await stage.engine.watchers({ job: id })).map((watcher) => watcher.id);
      const agreed = await stage.engine.planTrigger(watchers);
      await stage.engine.trigger(watchers, agreed);
      await stage.clock.advanceTo(10_000);
      assert.deepEqual(ran, ['"make all"']);
    });
  });

  describe('to a login set-up', () => {
    const setUp = (commands: string): SubmitRequest =>
      toRequest(`#LOGIN_SETUP_BEGIN\n${commands}\n#LOGIN_SETUP_END`);

    it('is asked for as to commands, and then it runs once, before the job', async () => {
      const request = setUp('echo installing\necho done');
      const { consent } = await refused(stage.engine.submit(request));
      assert.deepEqual(
        consent.powers.map(({ kind, watcher, text }) => [kind, watcher, text]),
        [['loginSetup', null, 'echo installing\necho done']],
      );
      assert.deepEqual(stage.cluster.setUps, []);
      const told: string[] = [];
      const { loginOutput, job } = await stage.engine.submit(
        { ...request, agreed: consent.hash },
        'a test',
        (text) => told.push(text),
      );
      assert.deepEqual(told, ['installing\n', 'done\n']);
      assert.equal(loginOutput, 'installing\ndone\n');
      assert.deepEqual(stage.cluster.setUps, ['echo installing\necho done']);
      assert.doesNotMatch(job.submission?.cleanScript ?? '', /LOGIN_SETUP|installing/);
      const [event] = await stage.engine.events({});
      assert.equal(event?.result, 'the login set-up has succeeded: done');
      await stage.engine.submit(request);
      await refused(stage.engine.submit(setUp('echo installing\necho done ')));
    });

    it('is told with who says that somebody has agreed', async () => {
      const request = setUp('echo installing');
      const { consent } = await refused(stage.engine.submit(request));
      await stage.engine.submit({ ...request, agreed: consent.hash }, 'a test');
      await stage.engine.submit(request, 'a test');
      const told = (await stage.engine.events({})).flatMap(({ result }) => /, by .*/.exec(result)?.[0] ?? []);
      assert.deepEqual(told, [
        ', by a test; it reports that you have agreed to what it may do',
        ', by a test',
      ]);
    });

    it('that fails submits nothing, and shows its output and its exit code', async () => {
      const request = setUp('echo broken\nexit 3\necho never');
      const { consent } = await refused(stage.engine.submit(request));
      await assert.rejects(
        stage.engine.submit({ ...request, agreed: consent.hash }),
        (error) =>
          error instanceof WatchError &&
          error.code === 'submission-refused' &&
          error.message === 'play.sh was not submitted: its login set-up ended with exit code 3:\nbroken',
      );
      assert.deepEqual(await stage.engine.jobs({}), []);
    });

    it('does not hold up other jobs of the cluster', async () => {
      const id = await stage.submit(toWatcher('log_event'));
      const request = setUp('echo slow');
      const { consent } = await refused(stage.engine.submit(request));
      let finish = (): void => undefined;
      stage.cluster.setUp = () =>
        new Promise((resolve) => {
          finish = () => {
            resolve({ code: 0, output: '' });
          };
        });
      const submitted = stage.engine.submit({ ...request, agreed: consent.hash });
      stage.cluster.print(id, 'go\n');
      await stage.clock.advanceTo(10_000);
      assert.deepEqual(await stage.lines(), ['log_event go']);
      finish();
      assert.equal((await submitted).loginOutput, '');
    });
  });
});
