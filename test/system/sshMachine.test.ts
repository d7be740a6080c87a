// A login node behind a real sshd: commands, files, sign-in, host keys, jumps, and networks that break.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../../engine/errors';
import type { CommandResult, Machine, Question } from '../../engine/ports';
import { machineConformance } from '../engine/machineConformance';
import { findFreePorts } from '../slurm/daemon';
import { startFaultProxy, type FaultProxy } from '../slurm/faultProxy';
import { findObstacle } from '../slurm/packages';
import { startSshd, type Sshd } from '../slurm/sshd';
import { createPerson, setSshStage, SshSide, type Answer } from '../slurm/sshBench';
import { waitFor } from '../waitFor';

const obstacle = findObstacle();

const run = (machine: Machine, script: string, timeLimitMs = 20_000): Promise<CommandResult> =>
  machine.run({ script, timeLimitMs });

const greet = async (machine: Machine): Promise<void> => {
  assert.equal((await run(machine, 'echo hello')).stdout, 'hello\n');
  assert.equal(machine.connection, 'connected');
};

async function fails(work: Promise<unknown>, code: string, message: RegExp): Promise<WatchError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof WatchError, `no WatchError: ${String(error)}`);
  assert.equal(error.code, code, error.message);
  assert.match(`${error.message} | ${error.remedy}`, message);
  return error;
}

const isSecret = (question: Question): question is Extract<Question, { kind: 'secret' }> =>
  question.kind === 'secret';

if (obstacle !== undefined) console.log(`Absent here: real sshd (${obstacle}).`);
else {
  machineConformance('ssh', () => setSshStage());
  machineConformance('ssh without SFTP', () => setSshStage({ sftp: false }));

  describe('a login node behind ssh', () => {
    let sshd: Sshd;
    let side: SshSide;
    before(async () => {
      sshd = await startSshd();
    });
    after(() => sshd.close());
    beforeEach(() => {
      side = new SshSide(sshd);
    });
    afterEach(() => side.close());

    const noKey = ['IdentityFile none', 'IdentitiesOnly yes'];
    const fingerprint = (): string =>
      spawnSync('ssh-keygen', ['-lf', sshd.knownHosts], { encoding: 'utf8' }).stdout.split(' ')[1] ?? '';
    const locked = (): string[] => [`IdentityFile ${sshd.keys.locked}`, 'PreferredAuthentications publickey'];

    describe('sign-in', () => {
      it('takes a key from a file, and asks nobody', async () => {
        const person = createPerson();
        await greet(side.machine({ person }));
        assert.deepEqual(person.asked, []);
      });

      it('takes an RSA key', async () => {
        await greet(side.machine({ login: [`IdentityFile ${sshd.keys.rsa}`, 'IdentitiesOnly yes'] }));
      });

      it('asks for a passphrase, again after a wrong one, and names the safe of it', async () => {
        const passphrases = ['wrong', sshd.passphrase];
        const person = createPerson(() => [passphrases.shift() ?? '']);
        await greet(side.onlyLogin(locked(), person));
        const questions = person.asked.filter(isSecret);
        assert.deepEqual(
          questions.map(({ method, again, safeKey }) => ({ method, again, safeKey })),
          [false, true].map((again) => ({
            method: 'passphrase',
            again,
            safeKey: `passphrase:${sshd.keys.locked}`,
          })),
        );
        assert.deepEqual(passphrases, []);
      });

      it('gives up after three wrong passphrases, and tries nothing again by itself', async () => {
        const person = createPerson(() => ['wrong']);
        const machine = side.onlyLogin(locked(), person);
        await fails(run(machine, 'true'), 'needs-sign-in', /3 wrong passphrases/);
        assert.equal(machine.connection, 'needs-sign-in');
        assert.equal(person.asked.length, 3);
        await fails(run(machine, 'true'), 'needs-sign-in', /3 wrong passphrases/);
        assert.equal(person.asked.length, 3);
      });

      it('waits for a person after a declined question, and then goes on', async () => {
        const answers: (readonly string[] | null)[] = [null, [sshd.passphrase]];
        const machine = side.onlyLogin(
          locked(),
          createPerson(() => answers.shift() ?? null),
        );
        await fails(run(machine, 'true'), 'needs-sign-in', /nobody has answered/);
        machine.allowSignIn();
        assert.equal(machine.connection, 'disconnected');
        await greet(machine);
      });

      it('asks for no passphrase of a key that the server does not take', async () => {
        const other = join(side.folder, 'other');
        assert.equal(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', other]).status, 0);
        rmSync(`${other}.pub`);
        const person = createPerson();
        const machine = side.onlyLogin(
          [`IdentityFile ${other}`, 'PreferredAuthentications publickey'],
          person,
        );
        await fails(run(machine, 'true'), 'needs-sign-in', /tried: \S+other\. It takes publickey/);
        assert.deepEqual(person.asked, []);
      });

      it('takes the key of an agent, wherever the environment says that it listens now', async () => {
        const socket = join(side.folder, 'agent');
        const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
        try {
          await waitFor('the agent', () => existsSync(socket));
          const added = spawnSync('ssh-add', ['-q', sshd.keys.plain], {
            env: { ...process.env, SSH_AUTH_SOCK: socket },
          });
          assert.equal(added.status, 0, String(added.stderr));
          const login = ['IdentityFile none', 'PreferredAuthentications publickey'];
          const environment: NodeJS.ProcessEnv = { SSH_AUTH_SOCK: join(side.folder, 'nobody') };
          const machine = side.onlyLogin(login, createPerson(), environment);
          await fails(run(machine, 'true'), 'needs-sign-in', /nobody does not answer/);
          environment['SSH_AUTH_SOCK'] = socket;
          machine.allowSignIn();
          await greet(machine);
          await greet(side.onlyLogin([...login, `IdentityAgent ${socket}`], createPerson()));
          // A public key says which of the agent's is meant.
          const named = [`IdentityFile ${sshd.keys.plain}.pub`, 'IdentitiesOnly yes'];
          await greet(side.onlyLogin([...named, `IdentityAgent ${socket}`], createPerson()));
          const others = [`IdentityFile ${sshd.keys.rsa}.pub`, 'IdentitiesOnly yes'];
          const lost = side.onlyLogin(
            [...others, `IdentityAgent ${socket}`, 'PreferredAuthentications publickey'],
            createPerson(),
          );
          await fails(run(lost, 'true'), 'needs-sign-in', /no key to offer/);
        } finally {
          agent.kill();
        }
      });

      it('takes a password', async () => {
        const passwords = ['wrong', sshd.researcher.password];
        const person = createPerson(() => [passwords.shift() ?? '']);
        await greet(side.onlyLogin([...noKey, 'PreferredAuthentications password'], person));
        const { name } = sshd.researcher;
        assert.deepEqual(
          person.asked.filter(isSecret).map(({ method, again, safeKey }) => ({ method, again, safeKey })),
          [false, true].map((again) => ({
            method: 'password',
            again,
            safeKey: `password:${name}@login:${sshd.port} ${fingerprint()}`,
          })),
        );
      });

      it('answers what the server asks', async () => {
        const person = createPerson((question) =>
          isSecret(question) ? question.prompts.map(() => sshd.researcher.password) : null,
        );
        await greet(side.onlyLogin([...noKey, 'PreferredAuthentications keyboard-interactive'], person));
        const [question] = person.asked;
        assert.ok(question && isSecret(question));
        assert.equal(question.method, 'keyboard-interactive');
        assert.match(question.prompts[0]?.text ?? '', /^\(\w+@127\.0\.0\.1\) .*password/i);
        assert.equal(question.prompts[0]?.echo, false);
      });
    });

    it('signs in with a key and then a password where the server wants both', async () => {
      const strict = await startSshd({
        configuration: ['AuthenticationMethods publickey,password publickey,keyboard-interactive'],
      });
      const own = new SshSide(strict);
      try {
        for (const key of [strict.keys.plain, strict.keys.rsa]) {
          const person = createPerson(() => [strict.researcher.password]);
          await greet(own.onlyLogin([`IdentityFile ${key}`, 'IdentitiesOnly yes'], person));
          assert.equal(person.asked.length, 1);
        }
      } finally {
        await own.close();
        await strict.close();
      }
    });

    describe('host keys', () => {
      const ask = (answer: Answer, ...lines: string[]): ReturnType<SshSide['machine']> =>
        side.machine({
          login: [`UserKnownHostsFile ${side.knownHosts}`, ...lines],
          person: createPerson(answer),
        });
      for (const hashed of ['yes', 'no'])
        it(`are asked for once, and kept${hashed === 'yes' ? ' hashed' : ''}`, async () => {
          const lines = [`UserKnownHostsFile ${side.folder}/new/known`, `HashKnownHosts ${hashed}`];
          const person = createPerson((question) => (question.kind === 'hostKey' ? ['yes'] : null));
          await greet(side.machine({ login: lines, person }));
          assert.deepEqual(person.asked, [
            {
              kind: 'hostKey',
              host: `[127.0.0.1]:${sshd.port}`,
              keyType: 'ssh-ed25519',
              fingerprint: fingerprint(),
              otherNames: [],
            },
          ]);
          const path = join(side.folder, 'new/known');
          assert.equal(readFileSync(path, 'utf8').startsWith('|1|'), hashed === 'yes');
          assert.equal(statSync(join(side.folder, 'new')).mode & 0o777, 0o700);
          // ssh itself finds it there, and we ask no more.
          const found = spawnSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', path]);
          assert.equal(found.status, 0);
          await greet(side.machine({ login: lines, person }));
          assert.equal(person.asked.length, 1);
        });

      it('that nobody accepts are not used', async () => {
        const machine = ask(() => null);
        await fails(run(machine, 'true'), 'needs-sign-in', /is not known .*SHA256:.*nobody has accepted/);
        assert.equal(existsSync(side.knownHosts), false);
      });

      it('are accepted or refused as StrictHostKeyChecking says', async () => {
        await fails(
          run(
            ask(() => ['yes'], 'StrictHostKeyChecking yes'),
            'true',
          ),
          'needs-sign-in',
          /ssh-keyscan/,
        );
        await greet(ask(() => null, 'StrictHostKeyChecking accept-new'));
        assert.match(readFileSync(side.knownHosts, 'utf8'), /ssh-ed25519/);
      });

      it('that have changed are refused, with the line and the remedy', async () => {
        const other = join(side.folder, 'other');
        assert.equal(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]).status, 0);
        const key = readFileSync(`${other}.pub`, 'utf8');
        writeFileSync(side.knownHosts, `# mine\n[127.0.0.1]:${sshd.port} ${key}`);
        const error = await fails(
          run(
            ask(() => ['yes']),
            'true',
          ),
          'needs-sign-in',
          /has changed.*ssh-keygen -f \S+known_hosts -R/,
        );
        assert.ok(error.message.includes(`${side.knownHosts}:2`), error.message);
      });

      it('that are revoked are refused, and those of an authority alone too', async () => {
        const key = readFileSync(sshd.knownHosts, 'utf8').split('\n')[0] ?? '';
        writeFileSync(side.knownHosts, `@revoked * ${key.split(' ').slice(1).join(' ')}\n${key}\n`);
        await fails(
          run(
            ask(() => ['yes']),
            'true',
          ),
          'needs-sign-in',
          /is revoked/,
        );
        writeFileSync(side.knownHosts, `@cert-authority * ${key.split(' ').slice(1).join(' ')}\n`);
        await fails(
          run(
            ask(() => ['yes']),
            'true',
          ),
          'needs-sign-in',
          /cert-authority.*Remote-SSH/,
        );
      });

      it('are asked of the type that is known', async () => {
        const rsa = readFileSync(sshd.knownHosts, 'utf8')
          .split('\n')
          .filter((line) => line.includes('ssh-rsa'));
        writeFileSync(side.knownHosts, `${rsa.join('\n')}\n`);
        await greet(ask(() => null));
      });
    });

    describe('the way there', () => {
      const hop = (name: string, ...lines: string[]): string[] => [
        `Host ${name}`,
        ...lines,
        'HostName 127.0.0.1',
        `Port ${sshd.port}`,
        `User ${sshd.researcher.name}`,
        `IdentityFile ${sshd.keys.plain}`,
        `UserKnownHostsFile ${sshd.knownHosts}`,
      ];

      it('leads through other hosts, each with its own sign-in', async () => {
        const person = createPerson(() => [sshd.passphrase]);
        const others = [
          ...hop('first', `IdentityFile ${sshd.keys.locked}`, 'IdentitiesOnly yes'),
          ...hop('second'),
        ];
        await greet(side.machine({ login: ['ProxyJump first,second'], others, person }));
        await greet(
          side.machine({
            login: ['ProxyJump second'],
            others: hop('second', 'ProxyJump first').concat(hop('first')),
            person,
          }),
        );
        assert.ok(person.asked.length <= 2);
      });

      it('is verified at each host', async () => {
        const others = hop('first', 'UserKnownHostsFile none', 'StrictHostKeyChecking yes');
        await fails(
          run(side.machine({ login: ['ProxyJump first'], others }), 'true'),
          'needs-sign-in',
          /is not known/,
        );
      });

      it('that goes round in a circle has an end', async () => {
        const machine = side.machine({ login: ['ProxyJump first'], others: hop('first', 'ProxyJump login') });
        await fails(run(machine, 'true'), 'needs-sign-in', /circle/);
      });

      it('may be a command, whose complaints are told', async () => {
        const command = "bash -c 'exec 3<>/dev/tcp/%h/%p; cat <&3 & cat >&3'";
        await greet(side.machine({ login: [`ProxyCommand ${command}`] }));
        const machine = side.machine({ login: ['ProxyCommand sh -c "echo no way >&2; exit 1"'] });
        await fails(run(machine, 'true'), 'cluster-unreachable', /no way/);
        assert.equal(machine.connection, 'disconnected');
      });

      it('is told where it leads nowhere', async () => {
        const [port = 0] = await findFreePorts(1);
        await fails(
          run(side.machine({ login: [`Port ${port}`] }), 'true'),
          'cluster-unreachable',
          /ECONNREFUSED/,
        );
        await fails(
          run(side.machine({ login: ['HostName there.is.no.such.host.invalid'] }), 'true'),
          'cluster-unreachable',
          /cannot be reached/,
        );
        await fails(
          run(side.machine({ login: ['NoSuchOption yes'] }), 'true'),
          'needs-sign-in',
          /Bad configuration option: nosuchoption/,
        );
      });
    });

    it('runs five commands at a time, and less where the server takes less', async () => {
      const script = (folder: string): string =>
        `touch ${folder}/$$; ls ${folder} | wc -l; sleep 0.2; rm ${folder}/$$`;
      const observe = async (machine: Machine): Promise<number> => {
        const folder = (await run(machine, 'mktemp -d')).stdout.trim();
        const results = await Promise.all(Array.from({ length: 12 }, () => run(machine, script(folder))));
        await run(machine, `rmdir ${folder}`);
        return Math.max(...results.map(({ stdout }) => Number(stdout)));
      };
      assert.equal(await observe(side.machine()), 5);
      const narrow = await startSshd({ configuration: ['MaxSessions 2'] });
      const own = new SshSide(narrow);
      try {
        assert.ok((await observe(own.machine())) <= 2);
      } finally {
        await own.close();
        await narrow.close();
      }
    });

    it('is not misled by start-up files that print, trace and read', async () => {
      const noisy = join(side.folder, 'noisy');
      writeFileSync(noisy, 'echo "Welcome to the cluster!"; echo quota >&2; set -x -v; stty erase ^H\n');
      chmodSync(side.folder, 0o755);
      const loud = await startSshd({ environment: { BASH_ENV: noisy } });
      const own = new SshSide(loud);
      try {
        const machine = own.machine();
        const answer = await machine.run({
          script: 'cat; echo err >&2; exit 4',
          input: 'in',
          timeLimitMs: 20_000,
        });
        assert.deepEqual(answer, { code: 4, stdout: 'in', stderr: 'err\n' });
        const [file] = await machine.read([
          { path: noisy, from: 0, maxBytes: 4, before: 0, head: 0, fresh: false },
        ]);
        assert.ok(file?.kind === 'read');
        assert.equal(Buffer.from(file.bytes).toString(), 'echo');
      } finally {
        await own.close();
        await loud.close();
      }
    });

    describe('when the network breaks', () => {
      let proxy: FaultProxy;
      beforeEach(async () => {
        proxy = await startFaultProxy(sshd.port);
      });
      afterEach(() => proxy.close());

      const through = (...lines: string[]): ReturnType<SshSide['machine']> =>
        side.machine({ login: [`Port ${proxy.port}`, `HostKeyAlias [127.0.0.1]:${sshd.port}`, ...lines] });
      const connections = (): number => side.log.filter((line) => line.endsWith('connected to login')).length;
      /** A command that has certainly begun. */
      const begin = async (machine: Machine): Promise<{ readonly running: Promise<CommandResult> }> => {
        const path = join((await run(machine, 'mktemp -d')).stdout.trim(), 'begun');
        const running = run(machine, `touch ${path}; sleep 60`, 60_000);
        running.catch(() => undefined); // It is asserted on later.
        await waitFor('its beginning', () => existsSync(path));
        return { running };
      };

      const faults: readonly (readonly [string, () => void])[] = [
        [
          'reset',
          () => {
            proxy.reset();
          },
        ],
        [
          'killed session',
          () => {
            assert.ok(sshd.killSessions() > 0);
          },
        ],
        [
          'black hole',
          () => {
            proxy.blackHole();
          },
        ],
      ];
      for (const [name, breakIt] of faults)
        it(`${name}: what was in flight is unknown, and the next use connects once`, async () => {
          const machine = through('ServerAliveInterval 1', 'ServerAliveCountMax 2');
          const path = join(side.folder, 'file');
          writeFileSync(path, 'content');
          chmodSync(side.folder, 0o755);
          const read = (): ReturnType<Machine['read']> =>
            machine.read([{ path, from: 0, maxBytes: 10, before: 0, head: 0, fresh: true }]);
          await read();
          const running = [await begin(machine), await begin(machine)];
          breakIt();
          const reading = read().then(
            () => undefined,
            (error: unknown) => error,
          );
          for (const each of running) await fails(each.running, 'cluster-unreachable', /testbed: /);
          const lost = await reading;
          assert.ok(
            lost === undefined || (lost instanceof WatchError && lost.code === 'cluster-unreachable'),
          );
          proxy.heal();
          const before = connections();
          await Promise.all(Array.from({ length: 8 }, () => greet(machine)));
          assert.equal((await read())[0]?.kind, 'read');
          assert.ok(connections() - before <= 1, side.log.join('\n'));
          assert.equal(connections(), 2, side.log.join('\n'));
        });

      it('a command whose shell is killed has an unknown outcome', async () => {
        const machine = through();
        await fails(run(machine, 'kill -KILL $PPID'), 'cluster-unreachable', /outcome is unknown/);
        await greet(machine);
        assert.equal(connections(), 1);
      });

      it('all who come share one try, and a later one tries again', async () => {
        const machine = through();
        proxy.refuse();
        const tries = await Promise.allSettled(Array.from({ length: 10 }, () => run(machine, 'true')));
        assert.equal(
          new Set(tries.map((each): unknown => each.status === 'rejected' && each.reason)).size,
          1,
        );
        assert.equal(machine.connection, 'disconnected');
        proxy.heal();
        await Promise.all(Array.from({ length: 10 }, () => greet(machine)));
        assert.equal(connections(), 1);
        assert.equal(proxy.open, 1);
      });

      it('a host that says nothing is given up', async () => {
        proxy.blackHole();
        await fails(run(through('ConnectTimeout 1'), 'true'), 'cluster-unreachable', /silent/);
      });

      it('sshd may be restarted', async () => {
        const machine = side.machine();
        await greet(machine);
        await sshd.stop();
        await waitFor('the loss', () => machine.connection === 'disconnected');
        await fails(run(machine, 'true'), 'cluster-unreachable', /ECONNREFUSED/);
        await sshd.start();
        await greet(machine);
      });

      it('is closed for good when it is closed', async () => {
        const machine = through();
        const { running } = await begin(machine);
        await machine.close();
        await fails(running, 'cluster-unreachable', /closed here/);
        await waitFor('no connection', () => proxy.open === 0);
        await fails(run(machine, 'true'), 'cluster-unreachable', /closed here/);
      });
    });
  });
}
