// A real Slurm behind a real sshd holds to what every cluster must do, also when the connection breaks.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../../engine/errors';
import { randomIds } from '../../engine/io/ids';
import { createSlurmCluster } from '../../engine/slurm/slurmCluster';
import type { Cluster } from '../../engine/ports';
import { clusterConformance } from '../engine/clusterConformance';
import { startFaultProxy } from '../slurm/faultProxy';
import { findObstacle } from '../slurm/packages';
import { startSlurm } from '../slurm/slurmTestBed';
import { SshSide } from '../slurm/sshBench';
import { startSshd } from '../slurm/sshd';
import { waitFor } from '../waitFor';
import { deliversMail, openMailbox } from '../slurm/mailbox';

const obstacle = findObstacle();
/** A shared machine may take so long for what Slurm does, ms. */
const patienceMs = 60_000;

if (obstacle !== undefined) console.log(`Absent here: a cluster behind ssh (${obstacle}).`);
else {
  clusterConformance(
    'behind ssh',
    async () => {
      const slurm = await startSlurm({ accounting: false });
      const sshd = await startSshd({ environment: slurm.environment });
      const side = new SshSide(sshd);
      const open = (): Cluster =>
        createSlurmCluster({ name: 'testbed', kind: 'ssh', machine: side.machine() });
      const cluster = open();
      return {
        cluster,
        workdir: slurm.workdir,
        ...(deliversMail && { mailbox: openMailbox() }),
        until: (what, look) => waitFor(what, look, patienceMs),
        reopen: () => Promise.resolve(open()),
        close: async () => {
          await side.close();
          await sshd.close();
          await slurm.stop();
        },
      };
    },
    deliversMail,
  );

  describe('a command on a login node', () => {
    it('goes on when the connection breaks, and is found again', async () => {
      const slurm = await startSlurm({ accounting: false });
      const sshd = await startSshd({ environment: slurm.environment });
      const proxy = await startFaultProxy(sshd.port);
      const side = new SshSide(sshd);
      const login = [`Port ${proxy.port}`, `HostKeyAlias [127.0.0.1]:${sshd.port}`];
      const machine = side.machine({ login });
      const cluster = createSlurmCluster({ name: 'testbed', kind: 'ssh', machine });
      try {
        const file = join(slurm.workdir, 'cut');
        const command = {
          ...{
            token: randomIds.next(),
            command: `echo begun >> ${file}; sleep 4; echo told`,
            workdir: slurm.workdir,
          },
          ...{ environment: {}, timeoutSeconds: 60, folder: await cluster.findPrivateFolder() },
        };
        const broken = assert.rejects(
          cluster.runCommand(command),
          (error) => error instanceof WatchError && error.code === 'cluster-unreachable',
        );
        await waitFor('its beginning', () => Promise.resolve(existsSync(file)), patienceMs);
        proxy.reset();
        await broken;
        const found = await waitFor(
          'its end',
          () => cluster.findCommand(command).catch(() => undefined),
          patienceMs,
        );
        assert.deepEqual([found.exitCode, found.output], [0, 'told\n']);
        assert.equal(readFileSync(file, 'utf8'), 'begun\n');
      } finally {
        await cluster.close();
        await side.close();
        await proxy.close();
        await sshd.close();
        await slurm.stop();
      }
    }).timeout(120_000);
  });
}
