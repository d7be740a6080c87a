// The one place that names the real adapters: a list of parts.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createActions } from '../actions/createActions';
import { startEngine, type Engine, type EngineParts } from '../engine';
import type {
  AccessSettings,
  ClusterSettings,
  ClusterTraits,
  Machine,
  OpenedCluster,
  Prompter,
} from '../ports';
import { createSlurmCluster } from '../slurm/slurmCluster';
import { findUserHome } from '../link/account';
import { systemClock } from './clock';
import { createClusterDirectory, type SlurmPlace } from './clusterDirectory';
import { createConsentRecord } from './consentRecord';
import { toDiskError } from './diskError';
import { FileReader } from './fileReader';
import { createLocalMachine } from './localMachine';
import { createHttp } from './http';
import { hasLocalSlurm } from './localSlurm';
import { createMailer } from './mail';
import { createFindWorkdir, findFolderHere } from './workdir';
import { readHistorySettings } from './historySettings';
import { randomIds } from './ids';
import { createSecrets, withoutSecrets } from './secrets';
import { createSandboxCluster } from './sandboxCluster';
import { createSqliteStore } from './sqliteStore';
import { findSshHosts } from './ssh/configFiles';
import { createSshMachine, type SshMachine } from './ssh/sshMachine';
import { createWorkerMatcher } from './workerMatcher';
import { createWorkRecord } from './workRecord';

export interface EngineSettings {
  readonly home: string;
  /** Fences the store: once `<home>` has a `generation-<n>` of a greater one nothing is written. */
  readonly generation: number;
  /** Where the bundles of the workers and the wasm lie. */
  readonly bundleDirectory: string;
  readonly log: (line: string) => void;
  readonly prompter: Prompter;
  /** What clients say of clusters, as it is when it is asked. */
  readonly settings: () => AccessSettings;
  readonly environment: () => Readonly<Record<string, string | undefined>>;
}

/** A pattern gets so long for one stretch of output, ms. */
const matchBudgetMs = 50;

export const createEngine = (seeds: EngineSettings): Promise<Engine> => startEngine(createParts(seeds));

/** What the engine is made of here: each of them is a port, and can be looked at on the way. */
export function createParts(seeds: EngineSettings): EngineParts {
  const { home, generation, bundleDirectory, settings, environment, log } = seeds;
  const bundle = (name: string): string => join(bundleDirectory, name);
  const sandbox = join(home, 'sandbox');
  makeDirectory(sandbox);
  const secrets = createSecrets(seeds);
  return {
    clock: systemClock,
    ids: randomIds,
    random: Math.random,
    secrets,
    actions: createActions({
      ...{ secrets, settings, clock: systemClock },
      ...{ http: createHttp(), mailer: createMailer() },
    }),
    store: createSqliteStore({
      home,
      directory: join(home, 'store'),
      generation,
      workerPath: bundle('storeWorker.js'),
      wasmPath: bundle('sql-wasm.wasm'),
      limits: { ...readHistorySettings(home, log), ...pickMonths(settings()) },
      onTrouble: log,
    }),
    consentRecord: createConsentRecord(join(home, 'consent.json'), log),
    allowedCommands: () => settings().allowedCommands,
    mailTo: () => settings().mail?.to,
    slackHosts: () => settings().slack?.hosts,
    workRecord: createWorkRecord(join(home, 'working'), log),
    matcher: createWorkerMatcher({ workerPath: bundle('matchWorker.js'), budgetMs: matchBudgetMs }),
    clusters: createClusterDirectory({
      settings,
      findSshHosts: () => findSshHosts({ configFile: sshConfigOf(settings()) }),
      hasLocalSlurm: () => hasLocalSlurm(environment()['PATH'] ?? ''),
      openSandbox: () => ({
        cluster: createSandboxCluster({
          name: 'sandbox',
          directory: sandbox,
          runnerPath: bundle('sandboxRunner.js'),
          nodePath: process.execPath,
          clock: systemClock,
          machine: openHere(seeds),
        }),
        findWorkdir: findFolderHere,
        allowSignIn: () => undefined,
      }),
      openSlurm: (place) => openSlurm(place, seeds),
    }),
  };
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw toDiskError(error, path);
  }
}

function openSlurm(place: SlurmPlace, seeds: EngineSettings): OpenedCluster {
  const { name, kind, settings } = place;
  const ssh = kind === 'ssh' ? openSsh(place, seeds) : null;
  const machine = ssh ?? openHere(seeds);
  return {
    cluster: createSlurmCluster({ name, kind, machine, traits: toTraits(settings) }),
    findWorkdir: createFindWorkdir(machine, name, settings.rootDirectory),
    allowSignIn: () => {
      ssh?.allowSignIn();
    },
  };
}

const openHere = ({ environment, bundleDirectory }: EngineSettings): Machine =>
  createLocalMachine({ environment: withoutSecrets(environment()), files: startFileReader(bundleDirectory) });

/** The cluster is wanted: its first file will be, too. */
function startFileReader(bundleDirectory: string): FileReader {
  const files = new FileReader({ program: [process.execPath, join(bundleDirectory, 'readFiles.js')] });
  files.start();
  return files;
}

function openSsh(
  { name, host }: SlurmPlace,
  { prompter, environment, settings, log }: EngineSettings,
): SshMachine {
  const configFile = sshConfigOf(settings());
  return createSshMachine({ name, host, prompter, environment, random: Math.random, log, configFile });
}

/** Clients have said it while an engine ran before: their settings are kept. */
const pickMonths = ({ keepMonths }: AccessSettings): { readonly keepMonths?: number } =>
  keepMonths === undefined ? {} : { keepMonths };

const sshConfigOf = ({ sshConfigFile }: AccessSettings): string | null =>
  sshConfigFile?.replace(/^~(?=\/)/, findUserHome()) ?? null;

function toTraits(settings: ClusterSettings): Partial<ClusterTraits> {
  const { minIntervalSeconds, queryIntervalSeconds, settleSeconds } = settings;
  return {
    ...(minIntervalSeconds === null ? {} : { minIntervalMs: minIntervalSeconds * 1000 }),
    ...(queryIntervalSeconds === null ? {} : { queryIntervalMs: queryIntervalSeconds * 1000 }),
    ...(settleSeconds === null ? {} : { settleMs: settleSeconds * 1000 }),
  };
}
