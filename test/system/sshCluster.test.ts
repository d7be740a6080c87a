// A real Slurm behind a real sshd holds to what every cluster must do.
import { createSlurmCluster } from '../../engine/slurm/slurmCluster';
import type { Cluster } from '../../engine/ports';
import { clusterConformance } from '../engine/clusterConformance';
import { findObstacle } from '../slurm/packages';
import { startSlurm } from '../slurm/slurmTestBed';
import { SshSide } from '../slurm/sshBench';
import { startSshd } from '../slurm/sshd';
import { waitFor } from '../waitFor';

const obstacle = findObstacle();
/** A shared machine may take so long for what Slurm does, ms. */
const patienceMs = 60_000;

if (obstacle !== undefined) console.log(`Absent here: a cluster behind ssh (${obstacle}).`);
else {
  clusterConformance('behind ssh', async () => {
    const slurm = await startSlurm({ accounting: false });
    const sshd = await startSshd({ environment: slurm.environment });
    const side = new SshSide(sshd);
    const open = (): Cluster => createSlurmCluster({ name: 'testbed', kind: 'ssh', machine: side.machine() });
    const cluster = open();
    return {
      cluster,
      workdir: slurm.workdir,
      until: (what, look) => waitFor(what, look, patienceMs),
      reopen: () => Promise.resolve(open()),
      close: async () => {
        await side.close();
        await sshd.close();
        await slurm.stop();
      },
    };
  });
}
