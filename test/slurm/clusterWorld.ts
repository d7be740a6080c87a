// A cluster as its users have it: a real Slurm behind a real sshd behind a network that can break, and the command line.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCommandLine, type CommandLine } from '../system/commandLine';
import { startFaultProxy, type FaultProxy } from './faultProxy';
import { startSlurm, type SlurmOptions, type SlurmTestBed } from './slurmTestBed';
import { startSshd, type Sshd } from './sshd';

/** What the cluster is called on the command line. */
export const clusterName = 'testbed';

export interface RealCluster {
  readonly slurm: SlurmTestBed;
  readonly sshd: Sshd;
  /** Between the engine and sshd. */
  readonly network: FaultProxy;
  /** What a home's config.json says to have it under `clusterName`. */
  readonly config: object;
  close(): Promise<void>;
}

export interface ClusterWorld extends Omit<RealCluster, 'config'> {
  readonly cli: CommandLine;
  /** Writes a batch script for the command line; gives its path. */
  write(name: string, script: string): string;
}

export interface WorldOptions extends SlurmOptions {
  /** After so many seconds without an answer a connection counts as dead. */
  readonly patienceSeconds?: number;
  /** False: the login node has no SFTP. */
  readonly sftp?: boolean;
}

/** The configuration of ssh is written into `directory`. */
export async function startRealCluster(directory: string, options: WorldOptions): Promise<RealCluster> {
  const slurm = await startSlurm(options);
  const sshd = await startSshd({ environment: slurm.environment, sftp: options.sftp ?? true });
  const network = await startFaultProxy(sshd.port);
  const configFile = join(directory, 'ssh_config');
  writeFileSync(configFile, printSshConfig(sshd, network.port, options.patienceSeconds ?? 4));
  const cluster = {
    rootDirectory: slurm.workdir,
    queryIntervalSeconds: 1,
    minIntervalSeconds: 0.5,
    settleSeconds: 2,
  };
  return {
    slurm,
    sshd,
    network,
    config: { clusters: { [clusterName]: cluster }, ssh: { configFile } },
    close: async () => {
      await network.close();
      await sshd.close();
      await slurm.stop();
    },
  };
}

export async function startClusterWorld(options: WorldOptions): Promise<ClusterWorld> {
  const cli = createCommandLine();
  const { config, ...cluster } = await startRealCluster(cli.workdir, options);
  mkdirSync(cli.home, { recursive: true, mode: 0o700 });
  writeFileSync(join(cli.home, 'config.json'), JSON.stringify(config));
  return {
    ...cluster,
    cli,
    write: (name, script) => {
      const path = join(cli.workdir, name);
      writeFileSync(path, script);
      return path;
    },
    close: async () => {
      cluster.network.heal();
      await cli.close();
      await cluster.close();
    },
  };
}

/** ssh_config(5): sshd's own address stays the name of its key, since the proxy listens elsewhere. */
function printSshConfig(sshd: Sshd, port: number, patienceSeconds: number): string {
  return `Host ${clusterName}
  HostName 127.0.0.1
  Port ${port}
  User ${sshd.researcher.name}
  IdentityFile ${sshd.keys.plain}
  IdentitiesOnly yes
  UserKnownHostsFile ${sshd.knownHosts}
  GlobalKnownHostsFile /dev/null
  HostKeyAlias [127.0.0.1]:${sshd.port}
  StrictHostKeyChecking yes
  ServerAliveInterval ${Math.max(1, Math.floor(patienceSeconds / 2))}
  ServerAliveCountMax 2
`;
}
