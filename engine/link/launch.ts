// Starts the engine: as a process of its own that outlives its starter, or inside this process where none can be had.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { WatchError } from '../errors';
import type { EngineEnd } from '../protocol';
import { hostFile, installBundle, type BundleSource } from './bundle';
import { homePaths } from './home';
import { checkHome } from './ownHome';

/** Where the engine may run; `any`: in a process of its own, or else in this one. */
export type EngineLocation = 'childProcess' | 'thisProcess' | 'any';

export interface LaunchOptions extends BundleSource {
  /** The Node that runs it; this process's own runtime where absent. */
  readonly nodePath?: string | undefined;
}

/** An engine on its way. */
export interface Launch {
  /**
   * Set once it will not become the engine, or is no more: null where that is no failure, for instance because another
   * one was faster.
   */
  outcome: { readonly error: WatchError | null } | undefined;
  /** Ends an engine that runs inside this process; another process is left alone. */
  close(): Promise<void>;
}

/** Shape of what `host.js` exports, as `engine/host/main.ts` has it. */
interface HostModule {
  runHost(
    options: BundleSource,
  ): Promise<{ stop(end: EngineEnd): Promise<EngineEnd>; ended: Promise<EngineEnd> } | null>;
}

/** Detached, without the starter's terminal, directory and editor variables; its output goes to the log. */
export async function launchProcess(options: LaunchOptions): Promise<Launch> {
  const { home, version, nodePath } = options;
  await prepareHome(home);
  const directory = await installBundle(options);
  const words = [join(directory, hostFile), '--home', home, '--version', version];
  const log = openSync(homePaths(home).log, 'a', 0o600);
  const launch: Launch = { outcome: undefined, close: () => Promise.resolve() };
  const fail = (why: string): void => {
    launch.outcome = { error: noProcess(why, home) };
  };
  try {
    const child = spawn(nodePath ?? process.execPath, words, {
      cwd: home,
      env: engineEnvironment(process.env, 'electron' in process.versions),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    });
    child.once('error', (error) => {
      fail(error.message);
    });
    child.once('exit', (code, signal) => {
      if (code === 0) launch.outcome = { error: null };
      else fail(`it ended at once (${signal ?? `exit code ${code ?? 0}`})`);
    });
    child.unref();
  } catch (error) {
    fail(String(error));
  } finally {
    closeSync(log);
  }
  return launch;
}

/** The same engine, socket and election, without a process. */
export async function launchHere(options: LaunchOptions): Promise<Launch> {
  const { home, version } = options;
  await prepareHome(home);
  const bundleDirectory = await installBundle(options);
  const load = createRequire(join(bundleDirectory, hostFile));
  const host = await (load(`./${hostFile}`) as HostModule).runHost({ home, version, bundleDirectory });
  const launch: Launch = {
    outcome: host === null ? { error: null } : undefined,
    close: async () => {
      await host?.stop('closing');
    },
  };
  void host?.ended.then(() => (launch.outcome = { error: null }));
  return launch;
}

/**
 * Throws what the system says: an engine that can write nothing could not even say why it ends. Once more WatchError if the
 * home is not safe: between the first look and the making of a new one somebody else may have made it.
 */
async function prepareHome(home: string): Promise<void> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  await checkHome(home);
  const probe = join(home, `.probe-${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(probe, Buffer.alloc(4096), { flag: 'wx', mode: 0o600 });
  } finally {
    rmSync(probe, { force: true });
  }
}

/**
 * The starter's environment without what an editor sets for itself: it would follow the engine into commands and jobs.
 * Electron is told to be Node.
 */
export function engineEnvironment(env: NodeJS.ProcessEnv, inElectron: boolean): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/i.test(name));
  return { ...Object.fromEntries(kept), ...(inElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {}) };
}

function noProcess(why: string, home: string): WatchError {
  return new WatchError(
    'engine-unreachable',
    `The engine's process could not be started: ${why}.`,
    `${homePaths(home).log} may say more. In VS Code the setting slurmWatchers.engine.location makes do without a process.`,
  );
}
