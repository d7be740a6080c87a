// Mail to a real SMTP server with TLS and sign-in: what arrives, what is refused, and what the engine says of it.
import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { createMailer } from '../../../engine/io/mail';
import { WatchError } from '../../../engine/errors';
import { printMessage } from '../../../engine/slurm/clusterMail';
import { toMailBody, toMailHeader } from '../../../language/show/mail';
import { readHeader } from '../../readMail';
import { localCertificate, localKey } from './localCertificate';

interface Arrived {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: unknown;
  readonly isSecure: boolean;
  readonly text: string;
}

const mail = (subject = 'Diverged', body = 'at step 5\n', to: readonly string[] = ['you@example.org']) => ({
  from: 'bot@example.org',
  to,
  subject: toMailHeader(subject),
  body: toMailBody(body),
  time: Date.UTC(2026, 0, 2, 3, 4, 5),
});
const signIn = { user: 'bot', password: 'correct horse' };

describe('mail to an SMTP server', () => {
  let arrived: Arrived[];
  const closers: (() => void)[] = [];
  const mailer = createMailer(localCertificate);
  beforeEach(() => {
    arrived = [];
  });
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  const serve = async (options: SMTPServerOptions = {}): Promise<number> => {
    const server = new SMTPServer({
      ...{ cert: localCertificate, key: localKey, logger: false },
      onAuth: ({ username, password }, _session, done) => {
        if (username === signIn.user && password === signIn.password) done(null, { user: username });
        else done(new Error('Invalid login'));
      },
      onData: (stream, session, done) => {
        let text = '';
        stream.on('data', (piece: Buffer) => (text += piece.toString('latin1')));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const from = mailFrom ? mailFrom.address : '';
          const to = rcptTo.map(({ address }) => address);
          arrived.push({ from, to, user: session.user, isSecure: session.secure, text });
          done();
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    closers.push(() => {
      server.close();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.server.address() as AddressInfo).port;
  };
  const failsWith = async (
    port: number,
    code: WatchError['code'],
    { client = mailer, password = signIn.password } = {},
  ): Promise<void> => {
    const server = { host: 'localhost', port, signIn: { ...signIn, password } };
    await assert.rejects(client.send(mail(), server), (error) => {
      assert.ok(error instanceof WatchError, String(error));
      assert.equal(error.code, code, error.message);
      assert.ok(!`${error.message} ${error.remedy}`.includes(password));
      assert.equal(error.cause, undefined);
      return true;
    });
    assert.deepEqual(arrived, []);
  };

  it('arrives over TLS, signed in, with its headers', async () => {
    await mailer.send(mail('Größe', 'at step 5 – ä\n'), { host: 'localhost', port: await serve(), signIn });
    const [one] = arrived;
    assert.deepEqual(
      [one?.from, one?.to, one?.user, one?.isSecure],
      ['bot@example.org', ['you@example.org'], 'bot', true],
    );
    const text = one?.text ?? '';
    assert.match(text, /^Subject: =\?UTF-8\?/m);
    assert.equal(readHeader(text, 'Subject'), 'Größe');
    assert.match(text, /^Auto-Submitted: auto-generated/m);
    assert.match(text, /^Date: Fri, 02 Jan 2026 03:04:05 \+0000/m);
    assert.match(text, /at step 5 =E2=80=93 =C3=A4/);
  });

  it('has its subject as it is for the one who reads it, with what reads as an encoded word too', async () => {
    const port = await serve();
    const subjects = [
      '=?utf-8?Q?Your_password_has_expired?=',
      '=?utf-8?B?UGxlYXNlIHBheQ==?=',
      'loss =?utf-8?Q?=0D=0ABcc:_a=40b?= at 5',
      '=?utf-8?Q?a?= =?utf-8?Q?b?=',
      'Größe =?utf-8?Q?x?=',
      'plain a=?b ?= c',
      `${'ä'.repeat(90)} =?utf-8?Q?x?=`,
    ];
    for (const subject of subjects) await mailer.send(mail(subject), { host: 'localhost', port, signIn });
    assert.deepEqual(
      arrived.map(({ text }) => readHeader(text, 'Subject')),
      subjects,
    );
    const printed = subjects.map((subject) => printMessage({ ...mail(subject), from: null }));
    assert.deepEqual(
      printed.map((text) => readHeader(text, 'Subject')),
      subjects,
    );
    for (const text of [...printed, ...arrived.map((one) => one.text)])
      for (const line of text.split(/\r?\n/)) assert.ok(line.length <= 76 || !line.includes('=?'), line);
  });

  it('has nothing of a job for a header, a recipient or another message', async () => {
    const port = await serve();
    const subjects = [
      'a\r\nBcc: evil@example.org',
      'a\nSubject: b',
      '-oQ',
      '=?utf-8?Q?x?=',
      '\x1b[31m\x00\u202e',
      '💥 e\u0301',
    ];
    const bodies = ['.\r\nMAIL FROM:<evil@example.org>\r\n', '<!channel> <a|b>', `${'x'.repeat(5000)}\n.\n`];
    for (const subject of subjects) await mailer.send(mail(subject), { host: 'localhost', port, signIn });
    for (const body of bodies) await mailer.send(mail('a', body), { host: 'localhost', port, signIn });
    assert.equal(arrived.length, subjects.length + bodies.length);
    for (const { to, text } of arrived) {
      assert.deepEqual(to, ['you@example.org']);
      const headers = text.split('\r\n\r\n')[0] ?? '';
      assert.equal(headers.match(/^Subject:/gim)?.length, 1);
      assert.doesNotMatch(headers, /^bcc:/im);
      for (const line of text.split('\r\n')) assert.ok(line.length < 998);
    }
  });

  it('is a megabyte if it must', async () => {
    const port = await serve();
    await mailer.send(mail('a', 'ä'.repeat(500_000)), { host: 'localhost', port, signIn });
    assert.ok((arrived[0]?.text.length ?? 0) > 1_000_000);
  }).timeout(20_000);

  it('is refused with a wrong password, which is named nowhere', async () => {
    await failsWith(await serve(), 'service-refused', { password: 'wrong battery' });
  });

  it('is not sent without TLS, nor with a certificate that cannot be checked', async () => {
    await failsWith(await serve({ disabledCommands: ['STARTTLS'] }), 'service-refused');
    await failsWith(await serve(), 'service-refused', { client: createMailer() });
  });

  it('was not sent if the server has no time, is not there or does not want it', async () => {
    const refuse = (code: number) =>
      serve({
        onRcptTo: (_address, _session, done) => {
          done(Object.assign(new Error('no'), { responseCode: code }));
        },
      });
    await failsWith(await refuse(451), 'service-unreachable');
    await failsWith(await refuse(550), 'service-refused');
    await failsWith(1, 'service-unreachable');
    const silent: Server = createServer((socket) => socket.destroy());
    closers.push(() => {
      silent.close();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    await failsWith((silent.address() as AddressInfo).port, 'service-unreachable');
  });

  it('may have been sent if the connection breaks after the server had it', async () => {
    const sockets = new Set<Socket>();
    const port = await serve({
      onData: (stream) => {
        stream.resume();
        stream.on('end', () => {
          for (const socket of sockets) socket.destroy();
        });
      },
    });
    // The connection goes through here, so that it can be cut.
    const cutter = createServer((socket) => {
      const other = connect(port, '127.0.0.1');
      for (const one of [socket, other]) {
        sockets.add(one);
        one.on('error', () => undefined);
      }
      socket.pipe(other).pipe(socket);
    });
    closers.push(() => {
      cutter.close();
    });
    await new Promise<void>((resolve) => cutter.listen(0, '127.0.0.1', resolve));
    await failsWith((cutter.address() as AddressInfo).port, 'timed-out');
  });
});
