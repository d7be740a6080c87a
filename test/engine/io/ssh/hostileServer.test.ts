// Servers that lie, nag and flood: what a person is shown of them, what is kept of them, and what they never get.
import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { AuthContext, Connection as ServerConnection, ServerChannel } from 'ssh2';
import { WatchError } from '../../../../engine/errors';
import { parseOptions, toHostConfig } from '../../../../engine/io/ssh/hostConfig';
import { findIdentities } from '../../../../engine/io/ssh/identities';
import { createSshMachine, type SshMachine } from '../../../../engine/io/ssh/sshMachine';
import type { Question } from '../../../../engine/ports';

type Secret = Extract<Question, { kind: 'secret' }>;

/** The script of a command: what its frame calls is the second word. */
const toScript = (command: string): string =>
  /' '([^']*)'$/
    .exec(command)?.[1]
    ?.replace(/\\0(\d{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8))) ?? '';

const toNonce = (command: string): string => /036([0-9a-f]{24})/.exec(command)?.[1] ?? '';

const toFrame = (command: string, answer: string): string => {
  const nonce = toNonce(command);
  return `\x1e${nonce} 1\x1e${answer}\x1e${nonce} end 0\x1e`;
};

/** Made by Node: of the keys that ssh2 makes, one in two hundred cannot be read. */
const makeKey = (type: 'rsa' | 'ecdsa'): string =>
  (type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' })
    : generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
        type: 'sec1',
        format: 'pem',
      })
  ).toString();

describe('a hostile server', () => {
  let folder: string;
  let server: ssh2.Server;
  let port: number;
  let connections: ServerConnection[];
  let machines: SshMachine[];
  let asked: Question[];
  let signIn: (context: AuthContext) => void;
  let execute: (channel: ServerChannel, command: string) => void;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    [connections, machines, asked] = [[], [], []];
    signIn = (context) => {
      context.accept();
    };
    execute = (channel, command) => {
      channel.stderr.write(toFrame(command, ''));
      channel.write(toFrame(command, toScript(command)));
    };
    server = new ssh2.Server({ hostKeys: [makeKey('ecdsa')] }, (connection) => {
      connections.push(connection);
      connection.on('error', () => undefined); // Clients that refuse us break off.
      connection.on('authentication', (context) => {
        signIn(context);
      });
      connection.on('session', (accept) => {
        accept().on('exec', (acceptExec, _reject, { command }) => {
          const channel = acceptExec();
          channel.on('error', () => undefined);
          execute(channel, command);
        });
      });
    });
    port = await new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        resolve((server.address() as { port: number }).port);
      });
    });
  });
  afterEach(async () => {
    await Promise.all(machines.map((machine) => machine.close()));
    for (const connection of connections) connection.end();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = (
    lines: readonly string[] = [],
    answer: (question: Secret) => readonly string[] | null = () => null,
    alias = 'login',
  ): SshMachine => {
    const configFile = join(folder, `config-${machines.length}`);
    const host = [
      `Host ${alias}`,
      ...lines,
      'HostName 127.0.0.1',
      `Port ${port}`,
      'User me',
      'IdentityAgent none',
      'IdentityFile none',
      'StrictHostKeyChecking accept-new',
      `UserKnownHostsFile ${folder}/known_hosts`,
      'GlobalKnownHostsFile none',
    ];
    writeFileSync(configFile, `${host.join('\n')}\n`);
    const { PATH } = process.env;
    const machine = createSshMachine({
      name: 'big',
      host: alias,
      prompter: {
        ask: (_cluster, question) => {
          asked.push(question);
          return Promise.resolve(question.kind === 'secret' ? answer(question) : ['yes']);
        },
      },
      environment: () => ({ PATH }),
      random: Math.random,
      log: () => undefined,
      configFile,
    });
    machines.push(machine);
    return machine;
  };
  const run = async (machine: SshMachine, timeLimitMs = 60_000): Promise<string> =>
    (await machine.run({ script: 'echo hello', timeLimitMs })).stdout;
  const fails = async (machine: SshMachine, code: string, message: RegExp): Promise<void> => {
    await assert.rejects(run(machine), (error) => {
      assert.ok(error instanceof WatchError);
      assert.equal(error.code, code, error.message);
      assert.match(`${error.message} | ${error.remedy}`, message);
      return true;
    });
  };
  const secrets = (): readonly Secret[] => asked.filter((question) => question.kind === 'secret');

  it('cannot pass for this computer: its words are marked, and cannot hide the mark', async () => {
    signIn = (context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else
        context.prompt(
          [
            { prompt: '\r\n\x1b[2K   Passphrase of\u202e /root/.ssh/id_ed25519: ', echo: false },
            { prompt: 'x'.repeat(10_000), echo: true },
          ],
          'a\tname\x1b[A',
          'line one\r\nline\u200b two',
          () => {
            context.accept();
          },
        );
    };
    const machine = open([], ({ prompts }) => prompts.map(() => 'answer'));
    assert.equal(await run(machine), 'echo hello');
    const [question] = secrets();
    assert.equal(question?.method, 'keyboard-interactive');
    assert.equal(question.host, 'me@127.0.0.1');
    assert.equal(question.safeKey, null);
    assert.equal(question.prompts[0]?.text, '(me@127.0.0.1) [2K Passphrase of /root/.ssh/id_ed25519:');
    assert.equal(question.prompts[1]?.text.length, '(me@127.0.0.1) '.length + 500);
    assert.equal(question.instructions, 'a name [A\nline one\nline two');
  });

  it('does not ask for ever, nor is it answered from a safe for ever', async () => {
    signIn = (context) => {
      if (context.method !== 'keyboard-interactive') {
        context.reject(['keyboard-interactive']);
        return;
      }
      const again = (): void => {
        context.prompt([{ prompt: 'Password: ', echo: false }], again);
      };
      again();
    };
    await fails(
      open([], () => ['from the safe']),
      'needs-sign-in',
      /It has asked 20 times without letting you in/,
    );
    assert.equal(asked.length, 20);
  });

  it('is given a kept password only by the name that the person uses, and with the key that it had', async () => {
    signIn = (context) => {
      if (context.method === 'password') context.accept();
      else context.reject(['password']);
    };
    for (const alias of ['first', 'second']) await run(open([], () => ['secret'], alias));
    const keys = secrets().map(({ safeKey }) => safeKey ?? '');
    const fingerprint = /SHA256:\S{43}$/.exec(keys[0] ?? '')?.[0];
    assert.ok(fingerprint);
    assert.deepEqual(
      keys,
      ['first', 'second'].map((alias) => `password:me@${alias}:${port} ${fingerprint}`),
    );
  });

  it('asks as often as NumberOfPasswordPrompts allows', async () => {
    signIn = (context) => {
      context.reject(['password']);
    };
    await fails(
      open(['NumberOfPasswordPrompts 1'], () => ['wrong']),
      'needs-sign-in',
      /tried: a password\./,
    );
    assert.equal(asked.length, 1);
  });

  it('asks nobody with BatchMode, for a passphrase neither', async () => {
    const key = join(folder, 'locked');
    const plain = makeKey('rsa');
    const locked = { cipher: 'aes-256-cbc', passphrase: 'secret' };
    writeFileSync(key, createPrivateKey(plain).export({ type: 'pkcs1', format: 'pem', ...locked }), {
      mode: 0o600,
    });
    const parsed = ssh2.utils.parseKey(plain);
    assert.ok(!(parsed instanceof Error));
    writeFileSync(`${key}.pub`, `ssh-rsa ${parsed.getPublicSSH().toString('base64')}\n`);
    signIn = (context) => {
      if (context.method === 'publickey' && !context.signature) context.accept();
      else context.reject(['publickey', 'password', 'keyboard-interactive']);
    };
    await fails(
      open(['BatchMode yes', `IdentityFile ${key}`], () => ['secret']),
      'needs-sign-in',
      /locked \(its passphrase may not be asked for\).*take BatchMode out/,
    );
    assert.deepEqual(asked, []);
  });

  it('is not even reached if the configuration forbids what this program has', async () => {
    for (const [line, message] of [
      ['KexAlgorithms sntrup761x25519-sha512@openssh.com', /KexAlgorithms .* allows nothing/],
      ['MACs umac-64@openssh.com', /MACs .* allows nothing/],
      [
        'KnownHostsCommand /bin/echo %H',
        /KnownHostsCommand .*must not be passed over.*Take it out .*Remote-SSH/,
      ],
      ['BindInterface nowhere0', /nowhere0 has no address .*BindInterface/],
      ['BindAddress somewhere', /BindAddress is somewhere/],
    ] as const)
      await fails(open([line]), 'needs-sign-in', message);
    assert.equal(connections.length, 0);
    await run(open(['BindAddress 127.0.0.1']));
    assert.equal(connections.length, 1);
  });

  it('exchanges keys anew without asking a person again', async () => {
    const machine = open(['StrictHostKeyChecking ask']);
    await run(machine);
    await new Promise<void>((resolve) => {
      connections[0]?.rekey(() => {
        resolve();
      });
    });
    assert.equal(await run(machine), 'echo hello');
    assert.equal(asked.length, 1);
    assert.equal(connections.length, 1);
  });

  for (const stream of ['stdout', 'stderr'] as const)
    it(`that floods ${stream} is stopped, and the connection is good for more`, async () => {
      const normal = execute;
      let written = 0;
      execute = (channel) => {
        execute = normal;
        const chunk = Buffer.alloc(64 << 10, 'x');
        const target = stream === 'stdout' ? channel : channel.stderr;
        let isOpen = true;
        channel.on('close', () => (isOpen = false));
        const flood = (): void => {
          while (isOpen && target.write(chunk)) written += chunk.length;
          if (isOpen) target.once('drain', flood);
        };
        flood();
      };
      const machine = open();
      await fails(machine, 'command-failed', /big: a command printed more than 64 MiB, and was ended/);
      assert.ok(written < 80 << 20, `${written}`);
      assert.equal(await run(machine), 'echo hello');
    }).timeout(120_000);
});

describe('the keys of a person', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
    for (const type of ['rsa', 'ecdsa'] as const) writeFileSync(join(folder, type), makeKey(type));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const find = async (...lines: readonly string[]): ReturnType<typeof findIdentities> => {
    const files = ['rsa', 'ecdsa'].map((name) => `identityfile ${join(folder, name)}`);
    const options = parseOptions(['identityagent none', ...files, ...lines].join('\n'));
    return findIdentities(ssh2, toHostConfig('login', options, { home: folder, user: 'me' }), {
      environment: {},
      askPassphrase: () => Promise.reject(new Error('nobody is there')),
    });
  };

  it('are offered, but for those that the configuration forbids', async () => {
    assert.equal((await find()).offered.length, 2);
    const few = await find('pubkeyacceptedalgorithms rsa-sha2-512');
    assert.deepEqual(
      few.offered.map(({ label }) => label),
      [join(folder, 'rsa')],
    );
    assert.match(few.beyond.join(), /ecdsa \(PubkeyAcceptedAlgorithms allows no key of the type ecdsa/);
    const long = await find('requiredrsasize 3072');
    assert.deepEqual(
      long.offered.map(({ label }) => label),
      [join(folder, 'ecdsa')],
    );
    assert.match(long.beyond.join(), /rsa \(2048 bits, and RequiredRSASize is 3072\)/);
  });

  it('do not sign by an algorithm that is forbidden, SHA-1 above all', async () => {
    const data = Buffer.from('data');
    const [rsa] = (await find()).offered;
    assert.ok(rsa && (await rsa.sign(data, 'sha256')).length > 0);
    for (const hash of ['sha1', undefined])
      await assert.rejects(rsa.sign(data, hash), /ssh-rsa, which PubkeyAcceptedAlgorithms does not allow/);
    const [strict] = (await find('pubkeyacceptedalgorithms rsa-sha2-512')).offered;
    assert.ok(strict && (await strict.sign(data, 'sha512')).length > 0);
    await assert.rejects(strict.sign(data, 'sha256'), /rsa-sha2-256/);
    const [old] = (await find('pubkeyacceptedalgorithms ssh-rsa')).offered;
    assert.ok(old && (await old.sign(data, 'sha1')).length > 0);
  });
});
