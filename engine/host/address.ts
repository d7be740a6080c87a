// Chooses where the engine listens: a socket in a directory of the user alone, or a pipe whose name nobody can guess.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, realpath, rm, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { hasCode } from '../link/fileErrors';
import { findUserHome } from '../link/ownHome';
import { checkPrivateDirectory } from '../link/privateDirectory';

/** Some systems allow 104 bytes for a socket's path, with the final NUL. */
const longestPath = 100;

export interface AddressSeeds {
  readonly home: string;
  readonly generation: number;
  /** `$XDG_RUNTIME_DIR`. */
  readonly runtimeDirectory: string | undefined;
  readonly user: number;
}

/** The name is written into the generation's file, inside the user's own home, where the clients read it. */
export function pipeName(): string {
  return `\\\\.\\pipe\\slurm-watchers-${randomBytes(16).toString('hex')}`;
}

/**
 * The socket's path in a directory that was made, if need be, and checked. Never in a home directory, which may be on a
 * network file system. Throws WatchError `engine-unreachable` where no directory is safe.
 */
export async function prepareSocketPath(seeds: AddressSeeds): Promise<string> {
  const name = `${nameStart(seeds.home)}${seeds.generation}.sock`;
  const runtime = seeds.runtimeDirectory;
  if (runtime && isAbsolute(runtime) && !(await isInHome(runtime))) {
    const path = join(runtime, 'slurm-watchers', name);
    if (Buffer.byteLength(path) <= longestPath && (await isUsable(dirname(path), seeds.user))) return path;
  }
  const directory = `/tmp/slurm-watchers-${seeds.user}`;
  await prepareDirectory(directory, seeds.user);
  return join(directory, name);
}

/** Removes the sockets that dead engines of this home left; each generation has a name of its own. */
export async function sweepSockets(path: string, home: string): Promise<void> {
  const directory = dirname(path);
  const left = (await readdir(directory)).filter((name) => name.startsWith(nameStart(home)));
  await Promise.all(
    left.filter((name) => name !== basename(path)).map((name) => rm(join(directory, name), { force: true })),
  );
}

function nameStart(home: string): string {
  return `${createHash('sha256').update(home).digest('hex').slice(0, 16)}-`;
}

async function isInHome(path: string): Promise<boolean> {
  const [user, real] = await Promise.all([findUserHome(), path].map((one) => realpath(one).catch(() => one)));
  const way = relative(user ?? '', real ?? '');
  return !way.startsWith('..') && !isAbsolute(way);
}

async function isUsable(directory: string, user: number): Promise<boolean> {
  return prepareDirectory(directory, user).then(
    () => true,
    () => false,
  );
}

async function prepareDirectory(directory: string, user: number): Promise<void> {
  await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  await checkPrivateDirectory(directory, user);
}
