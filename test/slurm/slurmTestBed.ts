// A real Slurm on this machine: munge, slurmctld, several slurmd, and with accounting slurmdbd on MariaDB. A folder per run.
import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '../waitFor';
import { printSlurmConf, printSlurmdbdConf, type SlurmLayout } from './configuration';
import { findFreePorts, startDaemon, type Daemon } from './daemon';
import { ensureSlurmPackages } from './packages';
import { ensureResearcher, type Account } from './account';

const execute = promisify(execFile);

export interface SlurmOptions {
  readonly accounting: boolean;
  readonly nodes?: number;
  readonly minJobAge?: number;
}

export interface SlurmTestBed {
  readonly directory: string;
  /** A folder that belongs to the researcher, for jobs and their output. */
  readonly workdir: string;
  readonly researcher: Account;
  /** SLURM_CONF, for commands and for sshd. */
  readonly environment: { readonly SLURM_CONF: string };
  /** Runs a command of Slurm as root. */
  run(command: string, ...words: string[]): Promise<string>;
  stopController(): Promise<void>;
  startController(): Promise<void>;
  /** slurmdbd; nothing without accounting. `freeze` leaves its port open, and nobody answers. */
  stopAccounting(): Promise<void>;
  freezeAccounting(): void;
  startAccounting(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSlurm({
  accounting,
  nodes = 2,
  minJobAge = 300,
}: SlurmOptions): Promise<SlurmTestBed> {
  ensureSlurmPackages();
  const researcher = ensureResearcher();
  const directory = mkdtempSync(join(tmpdir(), 'slurm-test-bed-'));
  chmodSync(directory, 0o755);
  for (const name of ['etc', 'run', 'log', 'spool', 'work']) mkdirSync(join(directory, name));
  mkdirSync(join(directory, 'state'), { mode: 0o700 });
  chownSync(join(directory, 'work'), researcher.uid, researcher.gid);

  const [controller = 0, accountingPort = 0, database = 0, ...nodePorts] = await findFreePorts(3 + nodes);
  const layout: SlurmLayout = {
    directory,
    host: hostname().split('.')[0] ?? 'localhost',
    nodes,
    minJobAge,
    accounting,
    ports: { controller, accounting: accountingPort, database, nodes: nodePorts },
  };
  const conf = join(directory, 'etc/slurm.conf');
  const environment = { SLURM_CONF: conf };
  writeFileSync(conf, printSlurmConf(layout), { mode: 0o644 });
  const run = async (command: string, ...words: string[]): Promise<string> =>
    (await execute(command, words, { env: { ...process.env, ...environment }, maxBuffer: 64 << 20 })).stdout;
  const answers = (command: string, ...words: string[]): Promise<string | undefined> =>
    run(command, ...words).catch(() => undefined);

  const daemons: Daemon[] = [];
  const start = (name: string, command: string, words: readonly string[]): Daemon => {
    const daemon = startDaemon(command, words, {
      log: join(directory, 'log', `${name}.stdio`),
      env: environment,
    });
    daemons.push(daemon);
    return daemon;
  };

  writeFileSync(join(directory, 'etc/munge.key'), randomBytes(128), { mode: 0o600 });
  const socket = join(directory, 'run/munge.sock');
  start('munged', 'munged', [
    '--foreground',
    `--key-file=${directory}/etc/munge.key`,
    `--socket=${socket}`,
    `--pid-file=${directory}/run/munged.pid`,
    `--log-file=${directory}/log/munged.log`,
    `--seed-file=${directory}/state/munged.seed`,
  ]);
  await waitFor('munged', () => answers('munge', '-n', '-S', socket), 10_000);
  let slurmdbd = accounting ? await startAccounting(layout, start, answers) : undefined;

  let slurmctld = start('slurmctld', 'slurmctld', ['-D']);
  const controllerIsUp = (): Promise<boolean> =>
    answers('scontrol', 'ping').then((text) => text?.includes('is UP') === true);
  await waitFor('slurmctld', controllerIsUp, 30_000);
  if (accounting) {
    await waitFor(
      'slurmctld in slurmdbd',
      async () =>
        (await answers('sacctmgr', '-n', '-P', 'show', 'cluster', 'testbed', 'format=controlhost'))?.trim(),
      30_000,
    );
  }
  for (let node = 1; node <= nodes; node++) {
    mkdirSync(join(directory, 'spool', `node${node}`));
    start(`slurmd.node${node}`, 'slurmd', ['-D', '-N', `node${node}`]);
  }
  await waitFor(
    'all nodes idle',
    async () =>
      (await answers('sinfo', '-h', '-N', '-p', 'debug', '-t', 'idle', '-o', '%N'))?.trim().split('\n')
        .length === nodes,
    60_000,
  );

  return {
    directory,
    workdir: join(directory, 'work'),
    researcher,
    environment,
    run,
    stopController: () => slurmctld.stop(20_000),
    startController: async () => {
      slurmctld = start('slurmctld', 'slurmctld', ['-D']);
      await waitFor('slurmctld', controllerIsUp, 30_000);
    },
    stopAccounting: async () => {
      slurmdbd?.kill('SIGCONT');
      await slurmdbd?.stop(20_000);
    },
    freezeAccounting: () => slurmdbd?.kill('SIGSTOP'),
    startAccounting: async () => {
      slurmdbd?.kill('SIGCONT');
      if (!slurmdbd?.alive) slurmdbd = start('slurmdbd', 'slurmdbd', ['-D']);
      await untilAccounting(answers);
    },
    stop: async () => {
      slurmdbd?.kill('SIGCONT');
      if (slurmctld.alive) await endJobs(run);
      for (const daemon of daemons.reverse()) if (daemon.alive) await daemon.stop(10_000);
      killStepDaemons(conf);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

type Start = (name: string, command: string, words: readonly string[]) => Daemon;
type Answers = (command: string, ...words: string[]) => Promise<string | undefined>;

async function startAccounting(layout: SlurmLayout, start: Start, answers: Answers): Promise<Daemon> {
  const { directory, ports } = layout;
  const { uid, gid } = {
    uid: Number(await answers('id', '-u', 'mysql')),
    gid: Number(await answers('id', '-g', 'mysql')),
  };
  for (const name of ['db', 'run/db']) {
    mkdirSync(join(directory, name), { mode: 0o755 });
    chownSync(join(directory, name), uid, gid);
  }
  const install = spawnSync(
    'mariadb-install-db',
    [
      '--no-defaults',
      '--user=mysql',
      `--datadir=${directory}/db`,
      '--auth-root-authentication-method=socket',
      '--skip-test-db',
    ],
    { encoding: 'utf8' },
  );
  if (install.status !== 0) throw new Error(`mariadb-install-db failed:\n${install.stdout}${install.stderr}`);
  const socket = join(directory, 'run/db/mysqld.sock');
  start('mariadbd', 'mariadbd', [
    '--no-defaults',
    '--user=mysql',
    `--datadir=${directory}/db`,
    `--socket=${socket}`,
    `--pid-file=${directory}/run/db/mariadbd.pid`,
    '--bind-address=127.0.0.1',
    `--port=${ports.database}`,
    '--innodb-buffer-pool-size=64M',
    '--innodb-lock-wait-timeout=900',
    '--innodb-flush-log-at-trx-commit=0',
    '--skip-log-bin',
    '--skip-name-resolve',
  ]);
  const sql =
    "create database slurm_acct_db; create user 'slurm'@'127.0.0.1' identified by 'slurm-test'; grant all on slurm_acct_db.* to 'slurm'@'127.0.0.1'";
  await waitFor(
    'mariadbd',
    () => answers('mariadb', '--no-defaults', '-S', socket, '-e', 'select 1'),
    30_000,
  );
  await answers('mariadb', '--no-defaults', '-S', socket, '-e', sql);
  writeFileSync(join(directory, 'etc/slurmdbd.conf'), printSlurmdbdConf(layout), { mode: 0o600 });
  const slurmdbd = start('slurmdbd', 'slurmdbd', ['-D']);
  await untilAccounting(answers);
  await answers('sacctmgr', '-i', 'add', 'cluster', 'testbed');
  return slurmdbd;
}

const untilAccounting = (answers: Answers): Promise<boolean> =>
  waitFor(
    'slurmdbd',
    () => answers('sacctmgr', '-n', 'show', 'cluster').then((text) => text !== undefined),
    30_000,
  );

/** Ends the jobs first, so that no slurmstepd is left behind. */
async function endJobs(run: SlurmTestBed['run']): Promise<void> {
  for (const user of ['researcher', 'root']) await run('scancel', `--user=${user}`).catch(() => '');
  await waitFor(
    'the end of all jobs',
    async () => (await run('squeue', '-h', '-t', 'R,CG,S', '-o', '%i')).trim() === '',
    15_000,
  ).catch(() => undefined);
}

/** Only those of this run: their environment names its slurm.conf. */
function killStepDaemons(conf: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'slurmstepd') continue;
      if (readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`SLURM_CONF=${conf}`))
        process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      if (
        (error as NodeJS.ErrnoException).code !== 'ENOENT' &&
        (error as NodeJS.ErrnoException).code !== 'ESRCH'
      )
        throw error;
    }
  }
}
