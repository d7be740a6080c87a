// Files of a login node that give no answer, as on a file system that hangs: they cost themselves, and nothing stays there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshMachine } from '../../engine/io/ssh/sshMachine';
import type { ReadAnswer } from '../../engine/ports';
import { findObstacle } from '../slurm/packages';
import { SshSide } from '../slurm/sshBench';
import { startSshd, type Sshd, type SshdOptions } from '../slurm/sshd';
import { waitFor } from '../waitFor';

const obstacle = findObstacle();
const silence = 'it gave no answer within 5 s (its file system may hang)';

if (obstacle !== undefined) console.log(`Absent here: files that give no answer (${obstacle}).`);
else {
  describe('files that give no answer behind ssh', function () {
    this.timeout(240_000);
    let folder: string;
    let sshd: Sshd;
    let side: SshSide;
    let machine: SshMachine;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'silent-files-'));
      chmodSync(folder, 0o777);
    });
    afterEach(async () => {
      await side.close();
      for (const pid of servers()) process.kill(pid, 'SIGKILL');
      await sshd.close();
      rmSync(folder, { recursive: true });
    });
    const start = async (options: SshdOptions): Promise<void> => {
      sshd = await startSshd(options);
      side = new SshSide(sshd);
      machine = side.machine();
      for (const name of ['one', 'two']) writeFileSync(join(folder, name), `${name}\n`);
    };
    /** The subsystem under a path of this run, by which its processes are known. */
    const linkServer = (name: string): string => {
      symlinkSync('/usr/lib/openssh/sftp-server', join(folder, name));
      return `Subsystem sftp ${join(folder, name)}`;
    };
    const servers = (): number[] =>
      spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((line) => line.includes(`${folder}/`) && !line.includes('sh -c'))
        .map((line) => Number(line.trim().split(' ')[0]));
    const show = (answer: ReadAnswer): string =>
      answer.kind === 'read'
        ? Buffer.from(answer.bytes).toString()
        : answer.kind === 'failed'
          ? answer.message
          : answer.kind;
    const read = async (...names: string[]): Promise<string[]> =>
      (
        await machine.read(
          names.map((name) => ({
            ...{ path: join(folder, name), from: 0, maxBytes: 1000, before: 0, head: 0 },
            fresh: true,
          })),
        )
      ).map(show);
    const stopServer = async (): Promise<number> => {
      const [pid] = await waitFor('a server', () => servers().length === 1 && servers());
      assert.ok(pid);
      process.kill(pid, 'SIGSTOP');
      return pid;
    };

    it('are left out, their server is ended, and they are read again once they answer', async () => {
      await start({ configuration: [linkServer('sftp-server')], sftp: false });
      assert.deepEqual(await read('one', 'two'), ['one\n', 'two\n']);
      const stopped = await stopServer();
      const { stdout } = await machine.run({ script: 'echo up', timeLimitMs: 20_000 });
      assert.equal(stdout, 'up\n');
      assert.deepEqual(await read('one', 'two'), [silence, 'two\n']);
      assert.ok(!servers().includes(stopped), 'the server that hung is gone');
      assert.equal(machine.connection, 'connected');
      await waitFor('the file', async () => (await read('one'))[0] === 'one\n', 60_000);
    });

    it('leave no server on the login node when the machine is closed meanwhile', async () => {
      await start({ configuration: [linkServer('sftp-server')], sftp: false });
      await read('one');
      await stopServer();
      const reading = read('one').catch(() => undefined);
      await new Promise(setImmediate);
      await machine.close();
      await reading;
      await waitFor('the end of the server', () => servers().length === 0);
    });

    it('cost a channel each if their server cannot be ended, and after two of them the connection', async () => {
      // What nobody knows as a server of ours stays, and its channel never closes.
      await start({ configuration: [linkServer('files')], sftp: false });
      assert.deepEqual(await read('one'), ['one\n']);
      await stopServer();
      assert.deepEqual(await read('one', 'two'), [silence, 'two\n']);
      const [second] = servers().slice(1);
      assert.ok(second, 'another server reads the rest');
      process.kill(second, 'SIGSTOP');
      assert.deepEqual(await read('two'), [silence]);
      assert.match(side.log.join('\n'), /2 channels do not close; the connection is made anew/);
      await waitFor(
        'both files',
        async () => (await read('one', 'two').catch(() => [])).join('') === 'one\ntwo\n',
        90_000,
      );
      for (let round = 0; round < 10; round++)
        assert.equal((await machine.run({ script: 'echo up', timeLimitMs: 20_000 })).stdout, 'up\n');
    });

    it('are found one by one where files are read by commands', async () => {
      // What asks for a file whose name has a word in it gives no answer while a file `hang` is there.
      const bin = join(folder, 'bin');
      spawnSync('mkdir', [bin]);
      for (const name of ['stat', 'head', 'tail'])
        writeFileSync(
          join(bin, name),
          `#!/bin/sh\nif [ -e '${folder}/hang' ]; then case "$*" in *hung*) exec sleep 1000 ;; esac; fi\nexec /usr/bin/${name} "$@"\n`,
          { mode: 0o755 },
        );
      await start({ sftp: false, environment: { PATH: `${bin}:/usr/bin:/bin` } });
      writeFileSync(join(folder, 'hung'), 'hung\n');
      assert.deepEqual(await read('one', 'hung', 'two'), ['one\n', 'hung\n', 'two\n']);
      writeFileSync(join(folder, 'hang'), '');
      assert.deepEqual(await read('one', 'hung', 'two'), ['one\n', silence, 'two\n']);
      assert.deepEqual(await read('one', 'hung', 'two'), ['one\n', silence, 'two\n']);
      rmSync(join(folder, 'hang'));
      await waitFor('the file', async () => (await read('hung'))[0] === 'hung\n', 60_000);
      await waitFor(
        'the end of what hung',
        () =>
          !spawnSync('ps', ['-u', sshd.researcher.name, '-o', 'args='], { encoding: 'utf8' }).stdout.includes(
            'sleep 1000',
          ),
      );
    });
  });
}
