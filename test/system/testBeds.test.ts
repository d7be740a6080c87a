// The test beds themselves: a real Slurm runs a job, a real sshd lets in whom it should, broken networks break.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startFaultProxy } from '../slurm/faultProxy';
import { findObstacle } from '../slurm/packages';
import { startSlurm, type SlurmTestBed } from '../slurm/slurmTestBed';
import { startSshd, type Sshd } from '../slurm/sshd';
import { waitFor } from '../waitFor';

const execute = promisify(execFile);
const obstacle = findObstacle();

if (obstacle !== undefined) console.log(`Absent here: real Slurm and sshd (${obstacle}).`);
else {
  describe('a real Slurm behind a real sshd', () => {
    let slurm: SlurmTestBed;
    let sshd: Sshd;
    before(async () => {
      slurm = await startSlurm({ accounting: true });
      sshd = await startSshd({ environment: slurm.environment });
    });
    after(async () => {
      await sshd.close();
      await slurm.stop();
    });

    const ssh = async (port: number, command: string): Promise<string> => {
      const words = [
        '-F',
        'none',
        '-o',
        `UserKnownHostsFile=${sshd.knownHosts}`,
        '-o',
        'BatchMode=yes',
        '-o',
        `HostKeyAlias=[127.0.0.1]:${sshd.port}`,
        '-i',
        sshd.keys.plain,
        '-p',
        String(port),
        `${sshd.researcher.name}@127.0.0.1`,
        command,
      ];
      return (await execute('ssh', words)).stdout;
    };

    it('runs a job that came by ssh, and accounts for it', async () => {
      const output = join(slurm.workdir, 'hello.out');
      const id = (
        await ssh(sshd.port, `cd ${slurm.workdir} && sbatch --parsable -o ${output} --wrap 'echo hello'`)
      ).trim();
      await waitFor('its output', () => {
        try {
          return readFileSync(output, 'utf8') === 'hello\n';
        } catch {
          return false; // Slurm has not made the file yet.
        }
      });
      await waitFor(
        'its account',
        async () =>
          (await slurm.run('sacct', '-n', '-P', '-X', '-j', id, '-o', 'State')).trim() === 'COMPLETED',
      );
    });

    it('is away while the controller is stopped, and comes back', async () => {
      await slurm.stopController();
      await assert.rejects(
        execute('scontrol', ['ping'], { env: { ...process.env, ...slurm.environment }, timeout: 2000 }).then(
          ({ stdout }) => {
            assert.match(stdout, /is UP/);
          },
        ),
      );
      await slurm.startController();
      assert.match(await slurm.run('scontrol', 'ping'), /is UP/);
    });

    it('is reached through a proxy that can break the way', async () => {
      const proxy = await startFaultProxy(sshd.port);
      try {
        assert.equal(await ssh(proxy.port, 'echo through'), 'through\n');
        await waitFor('no connection', () => proxy.open === 0);
        const running = ssh(proxy.port, 'cat /dev/zero > /dev/null');
        await waitFor('a connection', () => proxy.open > 0);
        proxy.reset();
        await assert.rejects(running);
        proxy.refuse();
        const socket = connect(proxy.port, '127.0.0.1');
        await new Promise<void>((resolve) =>
          socket
            .once('close', () => {
              resolve();
            })
            .on('error', () => undefined),
        );
        proxy.heal();
        assert.equal(await ssh(proxy.port, 'echo again'), 'again\n');
      } finally {
        await proxy.close();
      }
    });
  });
}
