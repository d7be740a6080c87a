// A folder per run: VS Code's settings and data, the extensions, the workspace and the home of the engine.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { connectEngine } from '../../../engine/link/connect';
import { waitFor } from '../../waitFor';

export const projectRoot = join(__dirname, '../../..');

export interface Profile {
  readonly directory: string;
  readonly workspace: string;
  /** SLURM_WATCHERS_HOME of everything that runs in this profile. */
  readonly home: string;
  /** The environment for VS Code: nothing of the editor that may have started us. */
  readonly environment: NodeJS.ProcessEnv;
  /** Writes settings beside those that are there, as a person does in settings.json; VS Code sees it. */
  changeSettings(settings: Settings): void;
  /** Ends the engine that was started here, and removes the folder. */
  remove(): Promise<void>;
}

type Settings = Readonly<Record<string, unknown>>;

export interface ProfileOptions {
  /** Added to settings that keep VS Code quiet and offline. */
  readonly settings?: Settings;
  /** Programs that are found before the machine's own: their names and their scripts. */
  readonly programs?: Readonly<Record<string, string>>;
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'window.restoreWindows': 'none',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
};

/** A login node that nothing is asked of: with the sandbox there is a choice everywhere, also where there is no Slurm. */
const clusterSettings = { 'slurmWatchers.clusters': { example: { host: 'me@login.example.org' } } };

const toJson = (settings: Settings): string => JSON.stringify(settings, null, 2);

export function createProfile({ settings = {}, programs = {} }: ProfileOptions = {}): Profile {
  const directory = mkdtempSync(join(tmpdir(), 'sw-vscode-'));
  const workspace = join(directory, 'workspace');
  const home = join(directory, 'engine');
  const user = join(directory, 'user');
  // What is for a machine alone is read from the machine that the server runs on.
  const settingsFiles = ['User', 'Machine'].map((scope) => join(directory, 'data', scope, 'settings.json'));
  for (const path of settingsFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, toJson({ ...quietSettings, ...clusterSettings, ...settings }));
  }
  const bin = join(directory, 'bin');
  for (const path of [workspace, user, bin]) mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(bin, name), text, { mode: 0o755 });
  // A login shell has a search path of its own.
  writeFileSync(join(user, '.profile'), `PATH=${bin}:$PATH\n`);
  cpSync(join(projectRoot, 'examples'), workspace, { recursive: true });
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:VSCODE_|ELECTRON_|NODE_OPTIONS$|PORT$|PASSWORD$)/.test(name),
    ),
  );
  return {
    directory,
    workspace,
    home,
    environment: {
      ...environment,
      PATH: [bin, environment['PATH']].join(delimiter),
      HOME: user,
      XDG_CONFIG_HOME: join(user, '.config'),
      XDG_DATA_HOME: join(user, '.local/share'),
      XDG_RUNTIME_DIR: user,
      SLURM_WATCHERS_HOME: home,
    },
    changeSettings: (change) => {
      for (const path of settingsFiles) {
        const current = JSON.parse(readFileSync(path, 'utf8')) as Settings;
        writeFileSync(path, toJson({ ...current, ...change }));
      }
    },
    remove: async () => {
      await stopEngine(home);
      rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** Asks the engine of this home to end, and waits until it has; where none runs there is nothing to do. */
async function stopEngine(home: string): Promise<void> {
  const link = await connectEngine({
    home,
    clientName: 'test',
    version: '0.0.0',
    bundleDirectory: '',
    keepRunning: null,
    start: false,
    onChange: () => undefined,
    onLost: () => undefined,
  }).catch(() => undefined);
  if (!link) return;
  const jobs = await link.request('engine/jobs', { live: true });
  for (const { cluster, id } of jobs.filter((job) => job.id !== ''))
    await link.request('engine/cancelJob', { cluster, job: id });
  await waitFor('the jobs of this run have ended', async () => {
    const live = await link.request('engine/jobs', { live: true });
    return live.every(({ phase }) => phase !== 'queued' && phase !== 'running');
  });
  const { pid } = link.welcome;
  await link.request('engine/stop', {}).catch(() => undefined);
  await link.close();
  await waitFor(`the engine, process ${pid}, has ended`, () => !isRunning(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
