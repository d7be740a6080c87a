// What the watching of a job on a cluster survives: networks that break, a login node and a controller that go away.
import assert from 'node:assert/strict';
import { startClusterWorld, clusterName } from '../slurm/clusterWorld';
import { findObstacle } from '../slurm/packages';
import { waitFor } from '../waitFor';
import { longestMs, Observer, patienceMs } from './observer';

const obstacle = findObstacle();

/** How long what is away stays away: long enough to be noticed, and in the long campaign as long as people see it. */
const isLong = process.env['LONG_FAULTS'] !== undefined;
const [holeMs, controllerMs] = isLong ? [30_000, 60_000] : [8_000, 5_000];
/** How many submissions are cut. */
const cuts = Number(process.env['CUTS'] ?? 6);

const elapsed = (milliseconds: number): Promise<unknown> => {
  const end = performance.now() + milliseconds;
  return waitFor(`${milliseconds} ms`, () => performance.now() >= end, milliseconds + 5000);
};

if (obstacle !== undefined) console.log(`Absent here: faults of a real cluster (${obstacle}).`);
else {
  describe('a watched job on a cluster whose parts fail', function () {
    this.timeout(longestMs);
    let observer: Observer;
    let job: string;
    before(async () => {
      observer = new Observer(await startClusterWorld({ accounting: true }));
      job = await observer.submit(
        'faults.sh',
        `#!/bin/bash
#SBATCH --output=faults-%j.out
#WATCHER name=numbers pattern="line (\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
n=0
until [ -e faults-are-over ]; do n=$((n + 1)); echo "line $n"; sleep 0.1; done
printf "last line %d" $((n + 1))
`,
      );
      await moreNumbers();
    });
    after(() => observer.world.close());

    const moreNumbers = async (): Promise<void> => {
      const { length } = await observer.numbers(job);
      await waitFor('more lines', async () => (await observer.numbers(job)).length > length, patienceMs);
    };
    /** What is printed while nobody watches is told as an interruption, and matched afterwards. */
    const interruptions = async (): Promise<number> =>
      (await observer.events(job)).filter(({ result }) => /watching goes on after/.test(result)).length;
    const survive = async (fault: () => Promise<unknown>): Promise<void> => {
      const before = await interruptions();
      await fault();
      await waitFor('that watching goes on', async () => (await interruptions()) > before, patienceMs);
      await moreNumbers();
    };

    it('goes on after a reset of the connection', async () => {
      const { length } = await observer.numbers(job);
      observer.world.network.reset();
      await waitFor('more lines', async () => (await observer.numbers(job)).length > length + 20, patienceMs);
    });

    it('goes on after a network that swallows everything', async () => {
      await survive(async () => {
        observer.world.network.blackHole();
        await elapsed(holeMs);
        observer.world.network.heal();
      });
    });

    it('goes on after a restart of sshd', async () => {
      await survive(async () => {
        await observer.world.sshd.stop();
        await elapsed(3000);
        await observer.world.sshd.start();
      });
    });

    it('goes on after a restart of the controller', async () => {
      const restart = async (): Promise<void> => {
        await observer.world.slurm.stopController();
        await elapsed(controllerMs);
        await observer.world.slurm.startController();
      };
      // Slurm's own commands wait for a controller for a while: a short absence is none.
      if (isLong) await survive(restart);
      else {
        await restart();
        await moreNumbers();
      }
    });

    it('goes on after the engine was killed', async () => {
      const pid = await waitFor('an engine', () => observer.world.cli.enginePid());
      process.kill(pid, 'SIGKILL');
      await observer.world.cli.run('engine', 'start');
      await moreNumbers();
    });

    it('has matched every line once in the end, the last one without its end too', async () => {
      observer.signal('faults-are-over');
      await observer.see(job, / ended: COMPLETED/);
      const numbers = await observer.numbers(job);
      assert.ok(numbers.length > 50);
      assert.deepEqual(
        numbers,
        Array.from({ length: numbers.length }, (_, index) => index + 1),
      );
      const output = await observer.world.slurm.run(
        'tail',
        '-n',
        '1',
        `${observer.world.slurm.workdir}/faults-${job}.out`,
      );
      assert.equal(output, `last line ${numbers.length}`);
      assert.equal(await observer.accounted(job), 'COMPLETED');
    });
  });

  describe('a submission whose connection is cut', function () {
    this.timeout(longestMs);
    let observer: Observer;
    before(async () => {
      observer = new Observer(await startClusterWorld({ accounting: true }));
    });
    after(() => observer.world.close());

    it(`makes exactly one job each of ${cuts} times`, async () => {
      const { cli, network, slurm } = observer.world;
      const script = observer.world.write(
        'cut.sh',
        '#!/bin/bash\n#WATCHER name=done pattern="done" interval=1s action=log_event\necho done\n',
      );
      // The connection stands, and a submission takes about so long: the cuts fall all over it.
      const begun = performance.now();
      await cli.json('submit', script, '--on', clusterName, '--json', '--', '--job-name=uncut');
      const usualMs = performance.now() - begun;
      for (let cut = 0; cut < cuts; cut++) {
        const name = `cut-${cut}`;
        const running = cli.begin(
          'submit',
          script,
          '--on',
          clusterName,
          '--json',
          '--',
          `--job-name=${name}`,
        );
        await elapsed((usualMs * (cut + 0.5)) / cuts);
        network.reset();
        const { status, stdout, stderr } = await running.finished;
        assert.equal(status, 0, stderr);
        const { job } = JSON.parse(stdout) as { job: string };
        await observer.see(job, / ended: COMPLETED/);
        const rows = await waitFor(
          `${name} in the accounts`,
          async () => {
            const words = ['-n', '-P', '-X', '-a', '--name', name, '-o', 'JobID'];
            return (await slurm.run('sacct', ...words)).trim() || undefined;
          },
          patienceMs,
        );
        assert.deepEqual(rows.split('\n'), [job]);
      }
    });
  });
}
