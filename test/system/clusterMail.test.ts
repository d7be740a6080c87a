// Mail by a real mailer of a machine, Debian's dma and mail(1), as the account of the jobs: what arrives in its mailbox.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalMachine } from '../../engine/io/localMachine';
import { WatchError } from '../../engine/errors';
import type { Machine } from '../../engine/ports';
import { sendMailOver } from '../../engine/slurm/clusterMail';
import { toMailBody, toMailHeader } from '../../language/show/mail';
import { createOwnFileReader } from '../engine/io/ownFileReader';
import { ensureResearcher, type Account } from '../slurm/account';
import { waitFor } from '../waitFor';

const isThere = process.getuid?.() === 0 && existsSync('/usr/sbin/dma') && existsSync('/usr/bin/mail');

describe(
  isThere ? "mail by a cluster's mailer" : "mail by a cluster's mailer: absent, dma is not installed",
  function () {
    if (!isThere) return;
    this.timeout(60_000);
    let account: Account;
    let folder: string;
    let mailbox: string;
    let machine: Machine;
    const open = (path = process.env['PATH'] ?? ''): Machine =>
      createLocalMachine({
        files: createOwnFileReader(),
        environment: { PATH: path, HOME: account.home, USER: account.name, LOGNAME: account.name },
        shell: [
          '/usr/bin/setpriv',
          ...[`--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups', '/bin/sh', '-c'],
        ],
      });
    before(() => {
      account = ensureResearcher();
      mailbox = `/var/mail/${account.name}`;
    });
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'mail-'));
      chmodSync(folder, 0o755);
      rmSync(mailbox, { force: true });
      machine = open();
    });
    afterEach(async () => {
      await machine.close();
      rmSync(folder, { recursive: true });
      rmSync(mailbox, { force: true });
    });

    const mail = (part: { subject?: string; body?: string; to?: readonly string[] } = {}) => ({
      from: null,
      to: part.to ?? [],
      subject: toMailHeader(part.subject ?? 'Diverged'),
      body: toMailBody(part.body ?? 'at step 5\n'),
      time: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
    const arrives = (sign: string): Promise<string> =>
      waitFor('the mail', () => {
        const text = existsSync(mailbox) ? readFileSync(mailbox, 'latin1') : '';
        return text.includes(sign) && text;
      });
    const decode = (text: string): string =>
      Buffer.from(
        text
          .replace(/=\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString('utf8');

    it("arrives at the user's own mailbox", async () => {
      assert.equal(await sendMailOver(machine, 'big', mail()), 'sendmail');
      const text = await arrives('at step 5');
      assert.match(text, /^Subject: Diverged$/m);
      assert.match(text, /^Auto-Submitted: auto-generated$/m);
    });

    it('arrives at an address, whatever the job has printed, as one mail of text', async () => {
      const body = [
        ...['~!touch /tmp/x', '.', 'From evil@example.org', 'Bcc: a@b', '$(id) `id`', '\x1b[31m\x00\u202e'],
        ...['<!channel> <@U1> <url|text>', 'größe = 5 €', 'x'.repeat(2000), 'end'],
      ].join('\n');
      const subject = 'Größe\r\nBcc: evil@example.org $(id) `id` \'";';
      await sendMailOver(machine, 'big', mail({ subject, body, to: [account.name] }));
      const text = await arrives('\nend');
      assert.equal(text.match(/^From /gm)?.length, 1);
      assert.equal(text.match(/^Subject:/gm)?.length, 1);
      const [headers = '', ...rest] = text.split('\n\n');
      assert.doesNotMatch(headers, /^Bcc/m);
      const read = decode(rest.join('\n\n'));
      for (const line of [
        '$(id) `id`',
        '<!channel> <@U1> <url|text>',
        'größe = 5 €',
        '\\x1b[31m\\x00\\u202e',
      ])
        assert.ok(read.includes(line), line);
      assert.ok(read.includes('x'.repeat(2000)));
    });

    it('arrives whole if it has a megabyte', async () => {
      await sendMailOver(machine, 'big', mail({ body: `${'ä'.repeat(300)}\n`.repeat(1700) + 'end\n' }));
      const text = decode((await arrives('\nend')).split('\n\n').slice(1).join('\n\n'));
      assert.equal(text.match(/ä/g)?.length, 300 * 1700);
    });

    it('goes by mail(1) if there is no sendmail', async () => {
      // Only what a mailer without sendmail would have on its path; mail(1) itself knows its own way.
      for (const name of ['mail', 'id', 'sh']) symlinkSync(`/usr/bin/${name}`, join(folder, name));
      const restricted = { run: withoutSendmail(machine, folder) };
      const sent = await sendMailOver(restricted, 'big', mail({ body: '~!touch /tmp/x\nat step 6\n' }));
      assert.equal(sent, 'mail');
      const text = await arrives('at step 6');
      assert.match(text, /^Subject: Diverged$/m);
      assert.match(text, /^ ~!touch/m);
    });

    it('says what to set if there is no mailer, or if it takes nothing, and whether it may later', async () => {
      const fails = async (
        run: Machine['run'],
        words: RegExp,
        code: WatchError['code'] = 'service-refused',
      ): Promise<void> => {
        await assert.rejects(sendMailOver({ run }, 'big', mail()), (error) => {
          assert.ok(error instanceof WatchError);
          assert.equal(error.code, code);
          assert.match(`${error.message} ${error.remedy}`, words);
          return true;
        });
      };
      await fails(
        withoutSendmail(machine, folder),
        /There is no mailer on big, neither sendmail nor mail\..*smtp/,
      );
      const failing = (code: number): Machine['run'] => {
        const text = `#!/bin/sh\necho "\x1b[31mno queue" >&2; exit ${code}\n`;
        writeFileSync(join(folder, 'sendmail'), text, { mode: 0o755 });
        return (command) => machine.run({ ...command, script: `PATH=${folder}:$PATH\n${command.script}` });
      };
      await fails(failing(1), /sendmail on big did not take the mail: \\x1b\[31mno queue/);
      // EX_TEMPFAIL of sysexits.h.
      await fails(
        failing(75),
        /sendmail on big does not take the mail now: \\x1b\[31mno queue\. It is tried again/,
        'service-unreachable',
      );
    });
  },
);

/** The same machine with nothing on its path but a folder. */
const withoutSendmail =
  (machine: Machine, folder: string): Machine['run'] =>
  (command) =>
    machine.run({ ...command, script: `PATH=${folder}\n${command.script.replace(/:\/usr\/sbin[^"]*/, '')}` });
