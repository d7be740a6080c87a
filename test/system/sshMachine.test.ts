// A login node behind a real sshd: commands, files, sign-in, host keys, jumps, and networks that break.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../../engine/errors';
import type { CommandResult, Machine, Question } from '../../engine/ports';
import { machineConformance } from '../engine/machineConformance';
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
        const machine = side.onlyLogin(locked(), createPerson(() => answers.shift() ?? null));
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
        const machine = side.onlyLogin([`IdentityFile ${other}`, 'PreferredAuthentications publickey'], person);
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
            safeKey: `password:${name}@127.0.0.1:${sshd.port}`,
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
        assert.match(question.prompts[0]?.text ?? '', /password/i);
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
        side.machine({ login: [`UserKnownHostsFile ${side.knownHosts}`, ...lines], person: createPerson(answer) });
      const fingerprint = (): string =>
        spawnSync('ssh-keygen', ['-lf', sshd.knownHosts], { encoding: 'utf8' }).stdout.split(' ')[1] ?? '';

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
        await fails(run(ask(() => ['yes'], 'StrictHostKeyChecking yes'), 'true'), 'needs-sign-in', /ssh-keyscan/);
        await greet(ask(() => null, 'StrictHostKeyChecking accept-new'));
        assert.match(readFileSync(side.knownHosts, 'utf8'), /ssh-ed25519/);
      });

      it('that have changed are refused, with the line and the remedy', async () => {
        const other = join(side.folder, 'other');
        assert.equal(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', other]).status, 0);
        const key = readFileSync(`${other}.pub`, 'utf8');
        writeFileSync(side.knownHosts, `# mine\n[127.0.0.1]:${sshd.port} ${key}`);
        const error = await fails(
          run(ask(() => ['yes']), 'true'),
          'needs-sign-in',
          /has changed.*ssh-keygen -f \S+known_hosts -R/,
        );
        assert.ok(error.message.includes(`${side.knownHosts}:2`), error.message);
      });

      it('that are revoked are refused, and those of an authority alone too', async () => {
        const key = readFileSync(sshd.knownHosts, 'utf8').split('\n')[0] ?? '';
        writeFileSync(side.knownHosts, `@revoked * ${key.split(' ').slice(1).join(' ')}\n${key}\n`);
        await fails(run(ask(() => ['yes']), 'true'), 'needs-sign-in', /is revoked/);
        writeFileSync(side.knownHosts, `@cert-authority * ${key.split(' ').slice(1).join(' ')}\n`);
        await fails(run(ask(() => ['yes']), 'true'), 'needs-sign-in', /cert-authority.*Remote-SSH/);
      });

      it('are asked of the type that is known', async () => {
        const rsa = readFileSync(sshd.knownHosts, 'utf8')
          .split('\n')
          .filter((line) => line.includes('ssh-rsa'));
        writeFileSync(side.knownHosts, `${rsa.join('\n')}\n`);
        await greet(ask(() => null));
      });
    });
  });
}
