// notify_slack: what is posted, what is tried again and for how long, what waits for a webhook, and what a webhook never stops.
import assert from 'node:assert/strict';
import { WatchError } from '../../../engine/errors';
import { maskWebhook } from '../../../language/show/webhook';
import { createFakeClock } from '../fakeClock';
import { createFakeNotifications, sampleWebhook, type FakeNotifications } from '../fakeNotifications';
import { setStage, type Stage } from '../play';

const mask = maskWebhook(sampleWebhook);

describe('notify_slack', () => {
  let stage: Stage;
  let fake: FakeNotifications;
  let id: string;

  const begin = async (...watchers: readonly string[]): Promise<void> => {
    fake = createFakeNotifications();
    const clock = createFakeClock();
    const slackHosts = (): readonly string[] | null | undefined => fake.settings.slack?.hosts;
    const parts = { actions: fake.createActions(clock), secrets: fake.secrets, slackHosts };
    stage = await setStage(parts, clock);
    id = await stage.submit(watchers.map((watcher) => `#WATCHER interval=1s ${watcher}`).join('\n'));
    await pass(2000);
  };
  const beginWithWebhook = async (...watchers: readonly string[]): Promise<void> => {
    await begin(...watchers);
    await stage.engine.setSecret('slack', sampleWebhook);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const print = async (text: string, ms = 10_000): Promise<void> => {
    stage.cluster.print(id, text);
    await pass(ms);
  };
  const texts = (): readonly string[] =>
    fake.posts.flatMap(({ body }) => body.attachments.map(({ text }) => text));
  const watcherNow = async (name: string) => {
    const watchers = await stage.engine.watchers({});
    return watchers.find(({ definition }) => definition.name === name)?.progress ?? assert.fail();
  };
  const plain = 'name=w pattern="n=(.*)" captures=[n] action=notify_slack(message="got $n")';

  it('posts the message with its job, without calling or unfurling anything', async () => {
    await beginWithWebhook(
      'name=w pattern="n=(.*)" captures=[n] action=notify_slack(message="got $n", color="red", channel="#runs")',
    );
    await print('n=5\n');
    const [post] = fake.posts;
    assert.equal(post?.url, sampleWebhook);
    assert.deepEqual(post.body, {
      channel: '#runs',
      attachments: [
        {
          text: 'got 5',
          fallback: 'got 5',
          footer: `w · play.sh ${id} on fake`,
          color: 'danger',
          mrkdwn_in: [],
        },
      ],
      link_names: false,
      parse: 'none',
      unfurl_links: false,
      unfurl_media: false,
    });
    assert.deepEqual((await stage.lines()).at(-1), 'notify_slack posted to Slack');
  });

  it('sends what a job prints as text, whatever it is', async () => {
    await beginWithWebhook(plain);
    const attacks: readonly (readonly [printed: string, posted: string])[] = [
      ['<!channel> <@U1> <https://evil|bank>', '&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil|bank&gt;'],
      ['&lt;!here&gt;', '&amp;lt;!here&amp;gt;'],
      ['\x1b[31mred\x1b[0m\x00', '\\x1b[31mred\\x1b[0m\\x00'],
      ['a\u202eb\u200bc', 'a\\u202eb\\u200bc'],
      ['"}],"channel":"#all', '"}],"channel":"#all'],
    ];
    for (const [printed, posted] of attacks) {
      await print(`n=${printed}\n`);
      assert.equal(texts().at(-1), `got ${posted}`);
    }
    for (const { body } of fake.posts) assert.deepEqual(Object.keys(body).sort(), keysOfBody);
  });
  const keysOfBody = ['attachments', 'link_names', 'parse', 'unfurl_links', 'unfurl_media'];

  it('cuts a message of a megabyte, and says so', async () => {
    await beginWithWebhook(
      'name=w pattern="n=(.*)" captures=[n] action=notify_slack(message="$n$n$n$n$n$n$n$n")',
    );
    await print(`n=${'<'.repeat(200_000)}\n`);
    const [text = ''] = texts();
    assert.ok(text.length < 40_000, String(text.length));
    assert.match(text, /^(&lt;)+\n… \(\d+ characters are left out\)$/);
  });

  describe('without a webhook', () => {
    it('waits, says so once, and goes out when one comes', async () => {
      await begin(plain);
      await print('n=1\n');
      await print('n=2\n', 300_000);
      const told = (await stage.lines()).filter((line) => line.includes('waits'));
      assert.deepEqual(told, [
        'error notify_slack waits: There is no Slack webhook yet. Run "Slurm Watchers: Set Slack Webhook…" in VS Code, or "slurm-watchers secret set slack".',
      ]);
      assert.deepEqual(
        stage.engine.waiting.map(({ count, reason }) => [count, /^There is no Slack webhook/.test(reason)]),
        [[2, true]],
      );
      assert.equal(fake.posts.length, 0);
      await stage.engine.setSecret('slack', sampleWebhook);
      await pass(5000);
      assert.deepEqual(texts(), ['got 1', 'got 2']);
      assert.deepEqual(stage.engine.waiting, []);
    });

    it('waits on over a restart, and after the job has ended', async () => {
      await begin(plain);
      await print('n=1\n');
      stage.cluster.end(id, 'COMPLETED');
      await pass(60_000);
      await stage.restart();
      await pass(60_000);
      assert.equal(stage.engine.waiting[0]?.count, 1);
      fake.secrets.set('slack', sampleWebhook);
      await pass(60_000);
      assert.deepEqual(texts(), ['got 1']);
    });

    it('holds up nothing that comes after it in its trigger', async () => {
      await begin(
        'name=w pattern="n=" actions=[notify_slack(message="bad"), log_event(message="noted"), notify_email(message="bad"), cancel_job(reason="bad")]',
      );
      await print('n=1\n');
      assert.equal(stage.cluster.mails.length, 1);
      const lines = await stage.lines();
      assert.ok(lines.includes('log_event noted'));
      assert.ok(lines.some((line) => line.startsWith(`cancel_job job ${id} is being cancelled`)));
      assert.equal(stage.engine.waiting[0]?.count, 1);
      await stage.engine.setSecret('slack', sampleWebhook);
      await pass(60_000);
      assert.deepEqual(texts(), ['bad']);
      assert.equal((await stage.lines()).filter((line) => line === 'log_event noted').length, 1);
    });

    it('lets no more wait than a watcher may have', async () => {
      await begin('name=w pattern="n=(.*)" captures=[n] interval=1s action=notify_slack(message="got $n")');
      for (let n = 0; n < 70; n += 1) await print(`n=${n}\n`, 10_000);
      assert.equal(stage.engine.waiting[0]?.count, 50);
      assert.ok(
        (await stage.lines()).some((line) =>
          /^notify_slack FAILED 50 messages are waiting already\./.test(line),
        ),
      );
      assert.equal((await watcherNow('w')).state, 'active');
    });

    it('says what is wrong with a file that others can read', async () => {
      await begin(plain);
      fake.secretTrouble = new WatchError('bad-request', '/w is not read.', 'chmod 600 /w');
      await print('n=1\n', 60_000);
      assert.equal(stage.engine.waiting[0]?.reason, '/w is not read. chmod 600 /w');
    });
  });

  it('that is tried again is told with its reason, until it has arrived', async () => {
    await beginWithWebhook('name=w pattern="n=" actions=[notify_slack, log_event]');
    fake.answers = [{ status: 503 }, { status: 503 }];
    await print('n=1\n');
    const [waiting, ...others] = stage.engine.waiting;
    assert.deepEqual(
      [waiting?.action, waiting?.isRetried, waiting?.count, others],
      ['notify_slack', true, 1, []],
    );
    assert.match(waiting?.reason ?? '', /503/);
    const [job] = await stage.engine.jobs({});
    const pending = stage.engine.pendingOf(job?.key ?? '');
    assert.deepEqual(
      pending.map(({ action, watcher, obstacle }) => [action, watcher, obstacle?.isRetried]),
      [['notify_slack', 'w', true]],
    );
    assert.deepEqual(stage.engine.pendingOf('another job'), []);
    await pass(600_000);
    assert.deepEqual([fake.posts.length, stage.engine.waiting], [3, []]);
    assert.deepEqual(stage.engine.pendingOf(job?.key ?? ''), []);
  });

  it('makes one message a second of a burst', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `w${index}`);
    await beginWithWebhook(
      ...names.map((name) => `name=${name} pattern="n=" action=notify_slack(message="${name}")`),
    );
    await print('n=1\n');
    assert.deepEqual([...texts()].sort(), [...names].sort());
    assert.ok(fake.posts.length <= 6, String(fake.posts.length));
    const times = fake.posts.map(({ at }) => at);
    for (const [index, at] of times.entries())
      if (index > 0) assert.ok(at - (times[index - 1] ?? 0) >= 1000, times.join());
    assert.ok((await stage.lines()).some((line) => /together with \d+ other messages/.test(line)));
  });

  it('waits as long as Slack asks for after 429, but not for ever', async () => {
    await beginWithWebhook(plain);
    fake.answers = [{ status: 429, retryAfterMs: 120_000, text: 'slow down' }];
    await print('n=1\n', 100_000);
    assert.equal(fake.posts.length, 1);
    await pass(30_000);
    assert.equal(fake.posts.length, 2);
    assert.deepEqual((await stage.lines()).slice(-2), [
      'error notify_slack is tried again: Slack answered 429: slow down. It is tried again for about an hour.',
      'notify_slack posted to Slack',
    ]);
    fake.answers = [{ status: 429, retryAfterMs: 1e12, text: '' }];
    await print('n=2\n', 901_000);
    await pass(20_000);
    assert.equal(fake.posts.length, 4);
  });

  it('does not post again what Slack may have taken, and says that it is not known', async () => {
    await beginWithWebhook(plain);
    const words = 'Whether hooks.slack.com took it is not known: socket hang up.';
    fake.answers = [new WatchError('timed-out', words, 'It is not sent again.')];
    await print('n=1\n', 7_200_000);
    assert.equal(fake.posts.length, 1);
    assert.equal((await stage.lines()).at(-1), `notify_slack FAILED ${words} It is not sent again.`);
  });

  it('tries again after 500 and if it cannot be reached, with growing pauses, and gives up after about an hour', async () => {
    await beginWithWebhook(plain);
    const troubles = [
      { status: 500, text: 'oops' },
      new WatchError('service-unreachable', 'hooks.slack.com cannot be reached: refused.', 'Wait.'),
    ];
    fake.answers = Array.from({ length: 40 }, (_, index) => troubles[index % 2] ?? {});
    await print('n=1\n', 7_200_000);
    const times = fake.posts.map(({ at }) => at - (fake.posts[0]?.at ?? 0));
    assert.equal(times.length, 17);
    assert.ok((times.at(-1) ?? 0) > 2_400_000 && (times.at(-1) ?? 0) < 4_200_000, String(times.at(-1)));
    assert.match((await stage.lines()).at(-1) ?? '', /^notify_slack FAILED .* It was tried 17 times\.$/);
    assert.equal((await stage.lines()).filter((line) => line.includes('tried again')).length, 1);
  });

  it('does not try again what Slack will never take, says what to do, and disables no watcher', async () => {
    await beginWithWebhook(`${plain} max_failures=2`, 'name=cancel pattern="stop" action=cancel_job');
    fake.answers = Array.from({ length: 5 }, () => ({ status: 404, text: `no_service ${sampleWebhook}` }));
    for (const n of [1, 2, 3, 4, 5]) await print(`n=${n}\n`);
    assert.equal(fake.posts.length, 5);
    const failures = (await stage.lines()).filter((line) => line.startsWith('notify_slack FAILED'));
    assert.equal(failures.length, 5);
    assert.equal(
      failures[0],
      `notify_slack FAILED Slack answered 404: no_service ${mask}. Look at the webhook in Slack's app, or make a new one. Run "Slurm Watchers: Set Slack Webhook…" in VS Code, or "slurm-watchers secret set slack".`,
    );
    const { state, failureCount, consecutiveFailures } = await watcherNow('w');
    assert.deepEqual([state, failureCount, consecutiveFailures], ['active', 5, 0]);
  });

  it('is not done again if the engine ended while it was under way', async () => {
    await beginWithWebhook(plain);
    const [watcher] = await stage.engine.watchers({});
    const entry = {
      ...{ id: 'o1', job: watcher?.job ?? '', watcherId: watcher?.id ?? '', time: 0, cause: null },
      ...{
        matchedText: null,
        place: null,
        captures: {},
        started: true,
        attempts: 1,
        notBefore: 0,
        standsFor: null,
      },
      successor: null,
      actions: [{ type: 'notify_slack' as const, params: { message: 'once' } }],
    };
    await stage.store.commit([{ kind: 'outbox', entry }]);
    await stage.restart();
    await pass(5000);
    assert.equal(fake.posts.length, 0);
    assert.match((await stage.lines()).at(-1) ?? '', /^notify_slack FAILED It was started before/);
  });

  describe('with a webhook that the script names', () => {
    const named = `name=w pattern="n=(.*)" captures=[n] action=notify_slack(message="got $n", webhook="${sampleWebhook}")`;

    it('posts there, and neither keeps nor shows it', async () => {
      await begin(named);
      await print('n=1\n');
      assert.equal(fake.posts[0]?.url, sampleWebhook);
      const kept = JSON.stringify([
        await stage.engine.jobs({}),
        await stage.engine.watchers({}),
        await stage.engine.events({}),
        await stage.store.load(),
      ]);
      assert.ok(!kept.includes('secretsecret'));
      assert.ok(kept.includes(mask));
      assert.match(mask, /^https:\/\/hooks\.slack\.com\/services\/…[0-9a-f]{12}$/);
    });

    it('waits for the same one if an engine begins anew', async () => {
      await begin(named);
      const fresh = createFakeNotifications();
      await stage.engine.close();
      const again = await setStage(
        { actions: fresh.createActions(stage.clock), secrets: fresh.secrets },
        stage.clock,
      );
      id = await again.submit(
        named.replace(sampleWebhook, mask).replace('name=w', '#WATCHER interval=1s name=w'),
      );
      stage = again;
      fake = fresh;
      await print('n=1\n', 60_000);
      assert.match(
        stage.engine.waiting[0]?.reason ?? '',
        /does not have the webhook.*Set the same one again/,
      );
      fresh.secrets.keepWebhook(sampleWebhook);
      await pass(60_000);
      assert.deepEqual(texts(), ['got 1']);
    });

    it('posts to no other host, unless the settings name it', async () => {
      await begin(named.replace('hooks.slack.com', 'chat.example.org'));
      await print('n=1\n');
      assert.match(
        (await stage.lines()).at(-1) ?? '',
        /FAILED Nothing is posted to chat\.example\.org: it is not Slack/,
      );
      fake.settings = { slack: { hosts: ['chat.example.org'], webhookFile: null } };
      await print('n=2\n');
      assert.equal(fake.posts[0]?.url, 'https://chat.example.org/services/T000/B000/secretsecret');
    });

    it('takes none from the output', async () => {
      await begin(named.replace(`, webhook="${sampleWebhook}"`, ''));
      const [watcher] = await stage.engine.watchers({});
      assert.ok(watcher);
      const { definition } = watcher;
      const actions = definition.actions.map((action) => ({
        ...action,
        params: { ...action.params, webhook: '$n' },
      }));
      await stage.engine.close();
      await stage.store.commit([
        { kind: 'watcher', watcher: { ...watcher, definition: { ...definition, actions } } },
      ]);
      await stage.restart();
      await print(`n=${sampleWebhook}\n`);
      assert.equal(fake.posts.length, 0);
      assert.match(stage.engine.waiting[0]?.reason ?? '', /does not have the webhook/);
      assert.ok(
        !JSON.stringify(await stage.store.load()).includes(
          '"webhook":"https://hooks.slack.com/services/T000',
        ),
      );
    });

    it('refuses one that can never work when it is handed in, without a word of it', async () => {
      for (const webhook of [
        'hooks.slack.com/services/T000/secret',
        'ftp://hooks.slack.com/services/T000/secret',
        'https://hooks.slack.com:65536/services/T000/secret',
        '$n',
      ])
        await assert.rejects(begin(named.replace(sampleWebhook, webhook)), (error) => {
          assert.ok(error instanceof WatchError);
          assert.equal(error.code, 'script-problems');
          assert.match(error.message, /that the watcher "w" names is not valid/);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        });
    });
  });

  it('takes no secret that cannot be a webhook, and says nothing of it', async () => {
    await begin(plain);
    for (const value of [
      'hooks.slack.com/x',
      'http://hooks.slack.com/services/a',
      'https://a:b@hooks.slack.com/x',
      'https://hooks.slack.com:65536/services/a',
      '',
    ])
      await assert.rejects(stage.engine.setSecret('slack', value), (error) => {
        assert.ok(error instanceof WatchError);
        assert.equal(error.code, 'bad-request');
        assert.ok(value === '' || !error.message.includes(value));
        return true;
      });
  });

  it('takes no webhook to which nothing would be posted, and says why as the action would', async () => {
    const other = sampleWebhook.replace('hooks.slack.com', 'chat.example.org');
    await begin(plain);
    await assert.rejects(stage.engine.setSecret('slack', other), {
      code: 'bad-request',
      message: 'Nothing is posted to chat.example.org: it is not Slack.',
      remedy:
        'If it is meant, add it to "hosts" of the setting slurmWatchers.slack, or of "slack" in config.json.',
    });
    fake.settings = { slack: { hosts: ['chat.example.org'], webhookFile: null } };
    await stage.engine.setSecret('slack', other);
    await print('n=1\n');
    assert.equal(fake.posts[0]?.url, other);
  });
});
