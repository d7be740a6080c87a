// notify_email: to whom a mail goes and by what way, what is refused, what is tried again, and what never is.
import assert from 'node:assert/strict';
import { WatchError } from '../../../engine/errors';
import type { MailSettings } from '../../../engine/ports';
import { createFakeClock } from '../fakeClock';
import { createFakeNotifications, type FakeNotifications } from '../fakeNotifications';
import { setStage, type Stage } from '../play';

const noMail: MailSettings = {
  ...{ via: null, from: null, to: null, host: null, port: null, user: null, passwordFile: null },
};
const smtp: MailSettings = { ...noMail, via: 'smtp', host: 'smtp.example.org', from: 'bot@example.org' };

describe('notify_email', () => {
  let stage: Stage;
  let fake: FakeNotifications;
  let id: string;

  const begin = async (
    action: string,
    { mail, sbatch = '' }: { readonly mail?: MailSettings; readonly sbatch?: string } = {},
  ): Promise<void> => {
    fake = createFakeNotifications();
    if (mail) fake.settings = { mail };
    const clock = createFakeClock();
    stage = await setStage({ actions: fake.createActions(clock), secrets: fake.secrets }, clock);
    id = await stage.submit(
      `${sbatch}\n#WATCHER name=w interval=1s max_failures=2 pattern="n=(.*)" captures=[n] actions=[${action}]`,
    );
    await pass(2000);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const print = async (text: string, ms = 10_000): Promise<void> => {
    stage.cluster.print(id, text);
    await pass(ms);
  };
  const last = async (): Promise<string> => (await stage.lines()).at(-1) ?? '';

  it('is handed to the cluster for its user, with a subject and a message of its own', async () => {
    await begin('notify_email');
    await print('n=1\n');
    const [mail] = stage.cluster.mails;
    assert.deepEqual(
      { ...mail, time: 0 },
      {
        from: null,
        to: [],
        subject: `[w] play.sh ${id}`,
        body: `n=1\n\n-- \nWatcher "w" of play.sh (job ${id}) on fake\n`,
        time: 0,
      },
    );
    assert.equal(await last(), 'notify_email handed to sendmail on fake for the user there');
  });

  describe('goes to', () => {
    const goesTo = (
      title: string,
      {
        to,
        action = 'notify_email',
        ...world
      }: Parameters<typeof begin>[1] & { to: string[]; action?: string },
    ): void => {
      it(title, async () => {
        await begin(action, world);
        await print('n=1\n');
        assert.deepEqual(stage.cluster.mails[0]?.to, to);
      });
    };
    const mail = { ...noMail, to: 'setting@example.org' };
    const sbatch = '#SBATCH --mail-user=script@example.org';
    goesTo('its parameter first', {
      ...{ mail, sbatch, action: 'notify_email(to="a@example.org, b")', to: ['a@example.org', 'b'] },
    });
    goesTo('the setting then', { mail, sbatch, to: ['setting@example.org'] });
    goesTo("the script's --mail-user then", { sbatch, to: ['script@example.org'] });
  });

  it('carries what a job prints as text: no header, no option, no command of a mailer', async () => {
    await begin('notify_email(subject="$n", message="$n")');
    await print('n=x\x0d\n');
    await print('n=-oQ/tmp Bcc: you@example.org\x1b[31m\x00\u202e\n');
    const mail = stage.cluster.mails.at(-1);
    assert.equal(mail?.subject, "'-oQ/tmp Bcc: you@example.org\\x1b[31m\\x00\\u202e");
    await begin('notify_email(message="a\\n~!rm -rf ~\\n.\\nFrom x")');
    await print('n=1\n');
    for (const line of (stage.cluster.mails[0]?.body ?? '').split('\n'))
      assert.doesNotMatch(line, /^(~|\.$|From )/);
  });

  it('goes to nobody whom a mailer would not take for an address', async () => {
    await begin('notify_email(to="$n")');
    const wrong = [
      '-oQ/tmp',
      '|sh',
      '/etc/passwd',
      '+folder',
      'a@b\x00c',
      'a b@c',
      '<a@b>',
      'a@b@c',
      'ä@b',
      '`id`',
    ];
    for (const to of wrong) {
      await print(`n=${to}\n`);
      assert.match(await last(), /^notify_email FAILED No mail is sent to "/, to);
    }
    await print(`n=${Array.from({ length: 11 }, (_, index) => `a${index}@b`).join(',')}\n`);
    assert.match(await last(), /FAILED No mail is sent to more than 10 addresses/);
    assert.deepEqual(stage.cluster.mails, []);
    const [watcher] = await stage.engine.watchers({});
    assert.equal(watcher?.progress.state, 'active');
  });

  it('says what to set if the cluster has no mailer', async () => {
    await begin('notify_email');
    stage.cluster.mailTrouble = new WatchError('service-refused', 'There is no mailer.', 'Set "via".');
    await print('n=1\n');
    assert.equal(await last(), 'notify_email FAILED There is no mailer. Set "via".');
  });

  it("is tried again while the cluster's mailer does not take it", async () => {
    await begin('notify_email');
    stage.cluster.mailTrouble = new WatchError('service-unreachable', 'Not now.', 'Wait.');
    await print('n=1\n');
    assert.equal(await last(), 'error notify_email is tried again: Not now. Wait.');
    stage.cluster.mailTrouble = null;
    await pass(60_000);
    assert.equal(await last(), 'notify_email handed to sendmail on fake for the user there');
    assert.equal(stage.cluster.mails.length, 1);
  });

  it('is not sent again if the connection to the cluster broke', async () => {
    await begin('notify_email');
    stage.cluster.mailTrouble = new WatchError('cluster-unreachable', 'It broke.', 'Wait.');
    await print('n=1\n', 600_000);
    assert.equal(
      await last(),
      'notify_email FAILED Whether the mail for the user there was sent is not known: It broke.',
    );
  });

  describe('by an SMTP server', () => {
    it('is sent from the setting, after signing in', async () => {
      await begin('notify_email(to="a@example.org")', { mail: { ...smtp, user: 'bot' } });
      fake.secrets.set('mail', 'secret');
      await print('n=1\n');
      const [sent] = fake.mails;
      assert.deepEqual(sent?.server, {
        host: 'smtp.example.org',
        port: 587,
        signIn: { user: 'bot', password: 'secret' },
      });
      assert.deepEqual([sent.mail.from, sent.mail.to], ['bot@example.org', ['a@example.org']]);
      assert.equal(await last(), 'notify_email sent to a@example.org by smtp.example.org');
    });

    it('waits for its password, and lets what comes after it go on', async () => {
      await begin('notify_email(to="a@example.org"), log_event(message="noted")', {
        mail: { ...smtp, user: 'bot' },
      });
      await print('n=1\n', 60_000);
      assert.equal(await last(), 'log_event noted');
      assert.match(
        stage.engine.waiting[0]?.reason ?? '',
        /^There is no password yet for bot on smtp\.example\.org\./,
      );
      await stage.engine.setSecret('mail', 'secret');
      await pass(5000);
      assert.equal(fake.mails.length, 1);
    });

    for (const [mail, action, words] of [
      [{ ...smtp, host: null }, 'notify_email(to="a@b")', /has no "host"/],
      [{ ...smtp, from: null }, 'notify_email(to="a@b")', /has no "from"/],
      [smtp, 'notify_email', /nobody is named/],
      [smtp, 'notify_email(to="me")', /needs a whole address/],
    ] as const)
      it(`says what is missing: ${words.source}`, async () => {
        await begin(action, { mail });
        await print('n=1\n');
        assert.match(await last(), words);
        assert.equal(fake.mails.length, 0);
      });

    it('fails at once if nobody is named, before a password is waited for', async () => {
      await begin('notify_email', { mail: { ...smtp, user: 'bot' } });
      await print('n=1\n', 60_000);
      assert.match(await last(), /^notify_email FAILED No mail is sent: nobody is named\./);
      assert.deepEqual(stage.engine.waiting, []);
    });

    it('is tried again if nothing was sent, and never if it may have been', async () => {
      await begin('notify_email(to="a@example.org")', { mail: smtp });
      fake.mailAnswers = [
        new WatchError('service-unreachable', 'Connection refused.', 'Wait.'),
        new WatchError('timed-out', 'Whether it was sent is not known.', 'Look.'),
      ];
      await print('n=1\n', 600_000);
      assert.equal(fake.mails.length, 2);
      assert.deepEqual((await stage.lines()).slice(-2), [
        'error notify_email is tried again: Connection refused. Wait.',
        'notify_email FAILED Whether it was sent is not known. It was tried 2 times.',
      ]);
    });
  });
});
