// A real Slurm as a cluster: what every cluster must do, and what only Slurm can do to a job.
import { createSlurmCluster } from '../../engine/slurm/slurmCluster';
import type { Cluster } from '../../engine/ports';
import { clusterConformance } from '../engine/clusterConformance';
import { findObstacle } from '../slurm/packages';
import { createResearcherMachine } from '../slurm/researcherMachine';
import { startSlurm, type SlurmTestBed } from '../slurm/slurmTestBed';
import { waitFor } from '../waitFor';

const obstacle = findObstacle();

const openCluster = (slurm: SlurmTestBed): Cluster =>
  createSlurmCluster({
    name: 'real',
    kind: 'local',
    machine: createResearcherMachine(slurm),
    traits: { queryIntervalMs: 200, minIntervalMs: 100, settleMs: 500 },
  });

if (obstacle !== undefined) console.log(`Absent here: a real Slurm (${obstacle}).`);
else {
  for (const accounting of [false, true]) {
    clusterConformance(`slurm ${accounting ? 'with' : 'without'} accounting`, async () => {
      const slurm = await startSlurm({ accounting });
      const cluster = openCluster(slurm);
      return {
        cluster,
        workdir: slurm.workdir,
        until: (what, look) => waitFor(what, look, 60_000),
        reopen: () => Promise.resolve(openCluster(slurm)),
        close: () => slurm.stop(),
      };
    });
  }
}
