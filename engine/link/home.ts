// Where the engine keeps its things: one directory per user, shared by editor windows and the command line.
import { posix, win32 } from 'node:path';
import { findUserHome } from './account';

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
}

/** The places inside a home that more than one process knows of. */
export interface HomePaths {
  /** Exists while watchers are active: whoever starts next resumes them. */
  readonly active: string;
  readonly log: string;
  /** Copies of the engine's files, one directory per version and content. */
  readonly bundles: string;
}

/**
 * `$SLURM_WATCHERS_HOME`, else the platform's state directory. A relative `$XDG_STATE_HOME` is ignored, as the XDG base
 * directory specification wants it.
 */
export function findHome(given?: Surroundings): string {
  const {
    platform,
    env,
    homedir: user,
  } = given ?? { platform: process.platform, env: process.env, homedir: findUserHome() };
  const path = platform === 'win32' ? win32 : posix;
  const chosen = env['SLURM_WATCHERS_HOME'];
  if (chosen) return path.resolve(chosen);
  return path.join(stateDirectory(platform, env, user), 'slurm-watchers');
}

function stateDirectory(platform: NodeJS.Platform, env: Surroundings['env'], user: string): string {
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? win32.join(user, 'AppData', 'Local');
  if (platform === 'darwin') return posix.join(user, 'Library', 'Application Support');
  const state = env['XDG_STATE_HOME'];
  return state && posix.isAbsolute(state) ? state : posix.join(user, '.local', 'state');
}

export function homePaths(home: string): HomePaths {
  const path = process.platform === 'win32' ? win32 : posix;
  return {
    active: path.join(home, 'active'),
    log: path.join(home, 'engine.log'),
    bundles: path.join(home, 'engine'),
  };
}
