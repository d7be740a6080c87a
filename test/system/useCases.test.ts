// What people want watchers for, each as the analysis of the product writes it, on a real Slurm behind ssh.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { clusterName, startClusterWorld } from '../slurm/clusterWorld';
import { findObstacle } from '../slurm/packages';
import { waitFor } from '../waitFor';
import { projectRoot } from './commandLine';
import { longestMs, Observer, patienceMs } from './observer';
import type { MetricRow } from './rows';

const { cases } = JSON.parse(readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8')) as {
  readonly cases: readonly { readonly id: string; readonly script: string }[];
};
const directivesOf = (id: string): string =>
  cases.find((entry) => entry.id === id)?.script ?? assert.fail(`there is no ${id}`);

const obstacle = findObstacle();

if (obstacle !== undefined) console.log(`Absent here: the use cases on a real Slurm (${obstacle}).`);
else {
  describe('what people want watchers for, on a real Slurm behind ssh', function () {
    this.timeout(longestMs);
    let observer: Observer;
    let server: Server;
    /** What was posted, path and body. */
    const posts: string[] = [];

    before(async () => {
      observer = new Observer(await startClusterWorld({ accounting: true }));
      server = createServer((request, response) => {
        let body = '';
        request.on('data', (piece) => (body += String(piece)));
        request.on('end', () => {
          posts.push(`${request.url ?? ''} ${body}`);
          response.end('ok');
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const path = join(observer.world.cli.home, 'config.json');
      const config = JSON.parse(readFileSync(path, 'utf8')) as object;
      writeFileSync(path, JSON.stringify({ ...config, slack: { hosts: ['127.0.0.1'] } }), { mode: 0o600 });
    });
    after(async () => {
      server.close();
      await observer.world.close();
    });
    afterEach(() => {
      posts.length = 0;
    });

    const portOf = (): number => (server.address() as AddressInfo).port;
    const submit = (name: string, directives: string, body: string, head = ''): Promise<string> =>
      observer.submit(
        `${name}.sh`,
        `#!/bin/bash\n#SBATCH --output=${name}-%j.out\n${head}${directives}\n${body}\n`,
      );
    const inWorkdir = (name: string): string => join(observer.world.slurm.workdir, name);
    const actionsOf = async (job: string): Promise<readonly string[]> =>
      (await observer.events(job)).flatMap(({ kind, action, success }) =>
        kind === 'action' && action !== null ? [`${action}${success === false ? ' failed' : ''}`] : [],
      );

    it('1: a job that runs out of memory is submitted again with more, and cancelled', async () => {
      const job = await submit(
        'oom',
        directivesOf('doc-751'),
        '[ "$SLURM_MEM_PER_NODE" = 65536 ] || { echo "CUDA out of memory"; sleep 600; }',
        '#SBATCH --mem=100M\n',
      );
      const { result } = await observer.see(job, /^submitted again as job \d+/);
      const next = /as job (\d+)/.exec(result)?.[1] ?? assert.fail(result);
      await observer.see(next, / ended: COMPLETED/);
      await observer.see(job, / ended: CANCELLED/);
      assert.equal(await observer.accounted(job), 'CANCELLED');
      assert.equal(await observer.accounted(next), 'COMPLETED');
      assert.ok(
        (await observer.events(job)).some(
          ({ action, result: message }) =>
            action === 'log_event' && message === 'OOM detected, resubmitting with more memory',
        ),
      );
    });

    it('2: a training whose loss diverges is cancelled', async () => {
      const job = await submit(
        'diverging',
        directivesOf('doc-766'),
        'for loss in 0.9 1.2 9.99 10.5; do echo "loss: $loss"; done; sleep 600',
      );
      await observer.see(job, / ended: CANCELLED/);
      assert.equal(await observer.accounted(job), 'CANCELLED');
      assert.deepEqual(await actionsOf(job), ['cancel_job']);
    });

    it('3: a milestone saves a checkpoint, is mailed, and pauses its watcher', async () => {
      const mailbox = `/var/mail/${observer.world.sshd.researcher.name}`;
      rmSync(mailbox, { force: true });
      const job = await submit(
        'milestone',
        directivesOf('doc-774'),
        'mkdir -p checkpoints; echo weights > model.pt; echo "Val Accuracy: 80.0%"; sleep 2; echo "Val Accuracy: 95.5%"; sleep 600',
      );
      await observer.see(job, /paused by its own action/);
      assert.deepEqual(await actionsOf(job), ['run_command', 'notify_email', 'pause_watcher']);
      const { stdout } = await observer.world.cli.run('list', '--job', job);
      assert.match(stdout, /paused/);
      const saved = await observer.world.slurm.run('sh', '-c', `cat '${inWorkdir('checkpoints')}'/*.pt`);
      assert.equal(saved, 'weights\n');
      await waitFor(
        'the mail',
        () => existsSync(mailbox) && readFileSync(mailbox, 'utf8').includes('95%'),
        patienceMs,
      );
      assert.match(readFileSync(mailbox, 'utf8'), /^Subject: Milestone Reached$/m);
      await observer.world.slurm.run('scancel', job);
      await observer.see(job, / ended: CANCELLED/);
    });

    it('4: the second stage of a pipeline begins when the first one says that it is done', async () => {
      await observer.world.slurm.run(
        'sh',
        '-c',
        `printf '#!/bin/bash\\n#SBATCH --output=stage2.out\\necho stage 2\\n' > '${inWorkdir('stage2_script.sh')}'`,
      );
      const job = await submit(
        'pipeline',
        directivesOf('doc-791'),
        'echo "Stage 1 completed successfully"; sleep 20',
      );
      const { result } = await observer.see(job, /Submitted batch job \d+/);
      const next = /batch job (\d+)/.exec(result)?.[1] ?? assert.fail(result);
      await waitFor('stage 2', async () => (await observer.accounted(next)) === 'COMPLETED', patienceMs);
      assert.equal(await observer.world.slurm.run('cat', inWorkdir('stage2.out')), 'stage 2\n');
      assert.deepEqual(await actionsOf(job), ['log_event', 'run_command', 'pause_watcher']);
    });

    it('5: Slack hears of a training when it begins, goes on and ends', async () => {
      const webhook = `http://127.0.0.1:${portOf()}/services/T0/B0/secret`;
      const child = spawn(process.execPath, [join(projectRoot, 'dist/cli.js'), 'secret', 'set', 'slack'], {
        env: { ...process.env, SLURM_WATCHERS_HOME: observer.world.cli.home },
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      child.stdin.end(`${webhook}\n`);
      assert.equal(await new Promise((resolve) => child.once('close', resolve)), 0);
      const job = await submit(
        'training',
        directivesOf('doc-806-813'),
        'echo "Training started"; for e in $(seq 20); do echo "Epoch $e: ok"; done; echo "Training completed"',
      );
      await observer.see(job, / ended: COMPLETED/);
      const told = [
        `Training job ${job} started on ${clusterName}`,
        'Training progress: epoch 10',
        'Training progress: epoch 20',
        'Training finished! Final model saved.',
      ];
      await waitFor(
        'the messages',
        () => told.every((text) => posts.some((post) => post.includes(text))),
        patienceMs,
      );
      assert.ok(posts.every((post) => post.startsWith('/services/T0/B0/secret ')));
      assert.ok(!posts.some((post) => post.includes('epoch 11')));
    });

    it('6: metrics of a GPU are kept, and posted to a server', async () => {
      // As written, a backslash stands before each of its backslashes, which lint says and its fix takes away.
      const directives = directivesOf('doc-821')
        .replaceAll('\\\\d', '\\d')
        .replace('http://metrics-server', `http://127.0.0.1:${portOf()}`)
        .replace('interval: 30', 'interval: 1');
      const job = await submit('gpu', directives, 'echo "GPU 3: Memory 9000/24000MB, Util 87%"; sleep 600');
      await waitFor('a post', () => posts.length > 0, patienceMs);
      assert.deepEqual(posts.slice(0, 1), ['/api/metrics {"gpu": 3, "memory": 9000, "util": 87}']);
      const metrics = await observer.world.cli.json<MetricRow[]>('metrics', '--job', job, '--json');
      assert.deepEqual(
        metrics.slice(0, 2).map(({ name, value }) => `${name} ${value}`),
        ['gpu_3_memory_mb 9000', 'gpu_3_utilization 87'],
      );
      await observer.world.slurm.run('scancel', job);
      await observer.see(job, / ended: CANCELLED/);
    });
  });
}
