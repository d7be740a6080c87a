// What a thousand watchers on two hundred running jobs cost a login node: one connection, one command a tick.
import assert from 'node:assert/strict';
import { startClusterWorld, clusterName } from '../slurm/clusterWorld';
import { findObstacle } from '../slurm/packages';
import { waitFor } from '../waitFor';
import { longestMs, Observer, patienceMs } from './observer';
import type { WatcherRow } from './rows';

const obstacle = findObstacle();
const jobs = 200;
const watchersEach = 5;

interface ClusterRow {
  readonly name: string;
  readonly commands: number;
  readonly reads: number;
  readonly last_tick_commands: number | null;
  readonly last_tick_reads: number | null;
}

if (obstacle !== undefined) console.log(`Absent here: the load on a real cluster (${obstacle}).`);
else {
  describe(`${jobs} running jobs with ${jobs * watchersEach} watchers`, function () {
    this.timeout(longestMs);
    let observer: Observer;
    before(async () => {
      observer = new Observer(await startClusterWorld({ accounting: false, nodes: 4 }));
    });
    after(() => observer.world.close());

    it('are watched over one connection, with at most one command and one read of each file a tick', async () => {
      const { cli, network } = observer.world;
      const watchers = Array.from(
        { length: watchersEach },
        (_, index) => `#WATCHER name=w${index} pattern="line ${index}$" interval=1s action=log_event\n`,
      );
      const array = await observer.submit(
        'load.sh',
        `#!/bin/bash
#SBATCH --array=1-${jobs} --mem-per-cpu=16 --output=load-%A_%a.out
${watchers.join('')}until [ -e load-goes-on ]; do sleep 1; done
for n in 0 1 2 3 4; do echo "line $n"; done
until [ -e load-is-over ]; do sleep 1; done
`,
      );
      await waitFor(
        'all of them',
        async () => {
          const rows = await cli.json<WatcherRow[]>('list', '--job', array, '--json');
          return rows.filter(({ state }) => state === 'active').length === jobs * watchersEach;
        },
        2 * patienceMs,
      );
      const look = async (): Promise<ClusterRow> => {
        const { clusters } = await cli.json<{ clusters: ClusterRow[] }>('engine', 'status', '--json');
        const row = clusters.find(({ name }) => name === clusterName);
        assert.ok(row);
        return row;
      };
      const seen: ClusterRow[] = [];
      await waitFor(
        'ten ticks',
        async () => {
          const row = await look();
          if (seen.at(-1)?.reads !== row.reads) seen.push(row);
          return seen.length >= 10;
        },
        patienceMs,
      );
      for (const row of seen) {
        assert.ok((row.last_tick_commands ?? 0) <= 1, JSON.stringify(row));
        assert.ok((row.last_tick_reads ?? 0) <= jobs, JSON.stringify(row));
      }
      assert.equal(network.open, 1);
      observer.signal('load-goes-on');
      await waitFor(
        'a trigger of each watcher',
        async () =>
          (await observer.events(array)).filter(({ kind }) => kind === 'trigger').length >=
          jobs * watchersEach,
        2 * patienceMs,
      );
      observer.signal('load-is-over');
      const events = await observer.events(array);
      assert.equal(events.filter(({ kind }) => kind === 'trigger').length, jobs * watchersEach);
    });
  });
}
