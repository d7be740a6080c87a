// The main job on a real Slurm behind a real sshd, from the command line: signed in at a terminal, cancelled by its watcher.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findObstacle } from '../slurm/packages';
import { startSlurm, type SlurmTestBed } from '../slurm/slurmTestBed';
import { startSshd, type Sshd } from '../slurm/sshd';
import { waitFor } from '../waitFor';
import { createCommandLine, projectRoot, type CommandLine, type Finished } from './commandLine';

const obstacle = findObstacle();

/** Runs a command in a pseudo terminal of its own, as the terminal of a person does. */
const inTerminal =
  'import os,pty,sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], lambda fd: os.read(fd, 65536))))';

/** Less patience than a busy cluster deserves. */
const quick = { settleSeconds: 2, queryIntervalSeconds: 1 };

interface Row {
  readonly kind?: string;
  readonly action?: string | null;
  readonly success?: boolean;
  readonly state?: string;
  readonly job: string;
  readonly params?: { readonly value?: string };
}

if (obstacle !== undefined) console.log(`Absent here: the main job on a real Slurm (${obstacle}).`);
else {
  describe('the main job on a real Slurm', () => {
    let slurm: SlurmTestBed;
    let sshd: Sshd;
    let cli: CommandLine;
    before(async () => {
      slurm = await startSlurm({ accounting: true });
      sshd = await startSshd({ environment: slurm.environment });
    });
    after(async () => {
      await sshd.close();
      await slurm.stop();
    });
    beforeEach(() => {
      cli = createCommandLine();
      mkdirSync(cli.home);
      const config = join(cli.workdir, 'ssh_config');
      const settings = {
        ssh: { configFile: config },
        clusters: {
          bed: { host: 'login', rootDirectory: slurm.workdir, ...quick },
          locked: quick,
        },
      };
      writeFileSync(join(cli.home, 'config.json'), JSON.stringify(settings));
      writeFileSync(
        config,
        `Host login
  Port ${sshd.port}
  IdentityFile ${sshd.keys.plain}
  UserKnownHostsFile ${sshd.knownHosts}
Host locked
  Port ${sshd.port}
  IdentityFile ${sshd.keys.locked}
  UserKnownHostsFile ${join(cli.workdir, 'known_hosts')}
Host nobody
  Port 1
Host *
  HostName 127.0.0.1
  User ${sshd.researcher.name}
  IdentitiesOnly yes
  IdentityAgent none
  GlobalKnownHostsFile none
`,
      );
    });
    afterEach(() => cli.close());

    /** Types each answer when its prompt appears. */
    const runInTerminal = async (
      words: readonly string[],
      answers: readonly (readonly [prompt: string, answer: string])[],
    ): Promise<Finished> => {
      const command = [process.execPath, join(projectRoot, 'dist/cli.js'), ...words];
      const child = spawn('python3', ['-c', inTerminal, ...command], {
        cwd: cli.workdir,
        env: { ...process.env, SLURM_WATCHERS_HOME: cli.home, NO_COLOR: '1' },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
      for (const [prompt, answer] of answers) {
        await waitFor(`"${prompt}" in:\n${stdout}`, () => stdout.includes(prompt), 30_000);
        child.stdin.write(`${answer}\r`);
      }
      return { status: await closed, stdout, stderr: '' };
    };

    it('knows the hosts of the SSH configuration, and connects to none', async () => {
      const clusters = await cli.json<{ name: string; state: string }[]>('clusters', '--json');
      assert.deepEqual(
        clusters.filter(({ name }) => name !== 'local').map(({ name, state }) => `${name} ${state}`),
        ['sandbox idle', 'bed idle', 'locked idle', 'login idle', 'nobody idle'],
      );
    });

    it('is cancelled by its watcher', async () => {
      const script = join(projectRoot, 'examples/train.sh');
      const { status, stdout, stderr } = await cli.run('run', script, '--on', 'bed', '--json');
      assert.equal(status, 1, stderr);
      const rows = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row);
      const job = rows.at(-1);
      assert.equal(job?.state, 'CANCELLED');
      assert.deepEqual(
        rows.filter(({ action }) => action === 'store_metric').map(({ params }) => params?.value),
        ['1.204', '0.981', '0.847', '0.702', '0.655'],
      );
      assert.ok(rows.some(({ action, success }) => action === 'cancel_job' && success === true));
      const account = await slurm.run('sacct', '-n', '-P', '-X', '-j', job.job, '-o', 'State');
      assert.match(account, /^CANCELLED/);
      assert.match(readFileSync(join(slurm.workdir, `train-${job.job}.out`), 'utf8'), /out of memory/);
      const listed = await cli.json<Row[]>('jobs', '--cluster', 'bed', '--json');
      assert.equal(listed.find((row) => row.job === job.job)?.state, 'CANCELLED');
      const { clusters } = await cli.json<{ clusters: { name: string; reads: number; commands: number }[] }>(
        'engine',
        'status',
        '--json',
      );
      const bed = clusters.find(({ name }) => name === 'bed');
      assert.ok(bed && bed.reads > 0 && bed.commands > 0);
    });

    it('is signed in for at a terminal: an unknown host, then a locked key', async () => {
      const { status, stdout } = await runInTerminal(
        ['sign-in', 'locked'],
        [
          ['Is it the right one (yes/no)? ', 'yes'],
          ['Passphrase', 'wrong'],
          ['That was not right.', sshd.passphrase],
        ],
      );
      assert.equal(status, 0, stdout);
      assert.match(stdout, /SHA256:/);
      assert.match(stdout, /locked is connected\./);
      assert.doesNotMatch(stdout, new RegExp(sshd.passphrase));
      assert.match(readFileSync(join(cli.workdir, 'known_hosts'), 'utf8'), /ssh-ed25519|ecdsa|rsa/);
      const path = join(cli.workdir, 'hello.sh');
      writeFileSync(path, '#!/bin/bash\necho hello\n');
      const submitted = await cli.run('run', path, '--on', 'locked', '--workdir', slurm.workdir);
      assert.equal(submitted.status, 0, submitted.stderr);
    });

    it('waits for a person where nobody sits at the terminal, and leaves nothing behind', async () => {
      const path = join(cli.workdir, 'hello.sh');
      writeFileSync(path, '#!/bin/bash\n#WATCHER pattern="hello"\necho hello\n');
      const { status, stderr } = await cli.run('submit', path, '--on', 'locked', '--json');
      assert.equal(status, 3, stderr);
      const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as {
        error: { code: string; remedy: string };
      };
      assert.equal(error.code, 'needs-sign-in');
      assert.ok(error.remedy);
      assert.deepEqual(await cli.json<Row[]>('jobs', '--all', '--json'), []);
      const clusters = await cli.json<{ name: string; state: string }[]>('clusters', '--json');
      assert.equal(clusters.find(({ name }) => name === 'locked')?.state, 'needs-sign-in');
    });

    it('says of a cluster that it cannot be reached', async () => {
      const { status, stderr } = await cli.run('jobs', '--cluster', 'nobody');
      assert.equal(status, 3, stderr);
      assert.match(stderr, /error: nobody: /);
    });

    it('says of a folder that it is not there', async () => {
      const path = join(cli.workdir, 'hello.sh');
      writeFileSync(path, '#!/bin/bash\necho hello\n');
      const { status, stderr } = await cli.run('submit', path, '--on', 'bed', '--workdir', 'no/such folder');
      assert.equal(status, 2, stderr);
      assert.match(stderr, /Jobs cannot work in no\/such folder on bed/);
    });
  });
}
