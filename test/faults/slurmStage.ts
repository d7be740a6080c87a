// A real Slurm behind a real sshd behind a network that can break, as the stage of a fault campaign.
import { setTimeout as delay } from 'node:timers/promises';
import { parseAccessSettings, pickEnvironment } from '../../engine/link/accessSettings';
import type { ClusterStatus } from '../../engine/model';
import { clusterName, startRealCluster, type RealCluster } from '../slurm/clusterWorld';
import { waitFor } from '../waitFor';
import type { CountingJob } from './countingJob';
import type { Random } from './random';
import type { AccountedJob, Fault, FaultStage } from './stage';
import { expectTold, findAudience } from './told';
import type { World } from './world';

export async function createSlurmStage(world: World): Promise<FaultStage> {
  const cluster = await startRealCluster(world.directory, { accounting: true });
  const messages = await world.inbox.open();
  world.surroundings = {
    settings: parseAccessSettings({ ...cluster.config, ...messages }).value,
    environment: pickEnvironment(process.env),
  };
  return {
    cluster: clusterName,
    workdir: cluster.slurm.workdir,
    patienceMs: 300_000,
    faults: (jobs) => [
      ...listNetworkFaults(cluster),
      ...listHostFaults(cluster),
      createInterruption(cluster),
      createRequeue(cluster, jobs),
    ],
    account: (name) => account(cluster, name),
    hasMailer: false,
    close: () => cluster.close(),
  };
}

/** `begin` breaks something, `end` mends it after so many milliseconds. */
const createSpell = (
  name: string,
  {
    begin,
    end,
    ms: [least, most],
  }: {
    readonly begin: (random: Random) => unknown;
    readonly end: () => unknown;
    readonly ms: readonly [number, number];
  },
): Fault => ({
  name,
  strike: async (_world, random) => {
    await begin(random);
    try {
      await delay(random.whole(least, most));
    } finally {
      await end();
    }
  },
});

function listNetworkFaults({ network }: RealCluster): readonly Fault[] {
  const end = (): void => {
    network.heal();
  };
  return [
    {
      name: 'reset of the connection',
      strike: () => {
        network.reset();
        return Promise.resolve();
      },
    },
    createSpell('black hole', {
      begin: () => {
        network.blackHole();
      },
      end,
      ms: [300, 7000],
    }),
    createSpell('refused connections', {
      begin: () => {
        network.refuse();
      },
      end,
      ms: [300, 3000],
    }),
    createSpell('latency', {
      begin: (random) => {
        network.delay(random.pick([20, 200, 1000]));
      },
      end,
      ms: [1000, 5000],
    }),
    createSpell('little bandwidth', {
      begin: (random) => {
        network.limit(random.pick([1000, 5000, 50_000]));
      },
      end,
      ms: [1000, 5000],
    }),
  ];
}

function listHostFaults({ sshd, slurm }: RealCluster): readonly Fault[] {
  return [
    {
      name: 'kill -9 of the session',
      strike: () => {
        sshd.killSessions('SIGKILL');
        return Promise.resolve();
      },
    },
    createSpell('restart of sshd', { begin: () => sshd.stop(), end: () => sshd.start(), ms: [0, 3000] }),
    createSpell('kill -9 of sshd', {
      begin: async (random) => {
        // Those of a killed listener live on, and may be ended too.
        if (random.next() < 0.5) sshd.killSessions('SIGKILL');
        await sshd.kill();
      },
      end: () => sshd.start(),
      ms: [0, 3000],
    }),
    createSpell('restart of the controller', {
      begin: () => slurm.stopController(),
      end: () => slurm.startController(),
      ms: [0, 3000],
    }),
  ];
}

/** So long that it is noticed: every job that is watched is told of its beginning and of its end. */
const createInterruption = ({ network, sshd }: RealCluster): Fault => ({
  name: 'interruption until it is noticed',
  isLong: true,
  strike: async (world, random) => {
    const look = async (): Promise<ClusterStatus | undefined> =>
      (await world.ask('engine/status', {})).clusters.find(({ name }) => name === clusterName);
    await waitFor('a connection', async () => (await look())?.state === 'connected', 90_000);
    const audience = await findAudience(world);
    if (audience.jobs.length === 0) return;
    const heal = (): void => {
      network.heal();
    };
    const { begin, end } = random.pick<{ readonly begin: () => unknown; readonly end: () => unknown }>([
      {
        begin: () => {
          network.blackHole();
        },
        end: heal,
      },
      {
        begin: () => {
          network.refuse();
        },
        end: heal,
      },
      { begin: () => sshd.stop(), end: () => sshd.start() },
    ]);
    let before: number;
    await begin();
    try {
      // A lost connection alone is made anew; trouble begins where that fails.
      await waitFor('that it is noticed', async () => (await look())?.trouble ?? null, 60_000);
      before = world.now();
    } finally {
      await end();
    }
    await expectTold(world, audience, { what: new RegExp(`^${clusterName}: `), before });
    await waitFor('that it is over', async () => (await look())?.state === 'connected', 90_000);
    before = world.now();
    await expectTold(world, audience, { what: /^watching goes on after/, before });
  },
});

const createRequeue = ({ slurm }: RealCluster, jobs: () => readonly CountingJob[]): Fault => ({
  name: 'queued again',
  strike: async (_world, random) => {
    const queue = await slurm.run('squeue', '-h', '-t', 'R', '-o', '%i').catch(() => '');
    const running = new Set(queue.split('\n'));
    const candidates = jobs().filter(({ id, isStopped }) => !isStopped && running.has(id));
    if (candidates.length === 0) return;
    const job = random.pick(candidates);
    await slurm.run('scontrol', 'requeue', job.id).then(
      () => {
        job.noteRequeue();
      },
      // It has ended meanwhile.
      () => undefined,
    );
  },
});

async function account({ slurm }: RealCluster, name: string): Promise<readonly AccountedJob[]> {
  const words = ['-n', '-P', '-X', '-a', '-S', 'now-2days', '--name', name, '-o', 'JobID,State'];
  const rows = (await slurm.run('sacct', ...words)).split('\n').filter((row) => row !== '');
  return rows.map((row) => {
    const [id = '', state = ''] = row.split('|');
    // `CANCELLED by 1000`
    return { id, state: state.split(' ')[0] ?? '' };
  });
}
