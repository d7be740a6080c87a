// Chooses where the engine listens: a socket in a directory of the user alone, or a pipe whose name nobody can guess.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { WatchError } from '../errors';
import { hasCode } from '../link/fileErrors';
import { findUserHome } from '../link/account';
import { checkPrivateDirectory } from '../link/privateDirectory';

/** Some systems allow 104 bytes for a socket's path, with the final NUL. */
const longestPath = 100;

export interface AddressSeeds {
  readonly home: string;
  readonly generation: number;
  /** `$XDG_RUNTIME_DIR`. */
  readonly runtimeDirectory: string | undefined;
  readonly user: number;
  /** `/tmp`: its paths are short, and `$TMPDIR` may be another one for each session. */
  readonly temporary: string;
}

/** The name is written into the generation's file, inside the user's own home, where the clients read it. */
export function pipeName(): string {
  return `\\\\.\\pipe\\slurm-watchers-${randomBytes(16).toString('hex')}`;
}

/**
 * The socket's path in a directory that was made, if need be, and checked. Never in a home directory, which may be on a
 * network file system. Throws WatchError `engine-unreachable` if no directory is safe.
 */
export async function prepareSocketPath(seeds: AddressSeeds): Promise<string> {
  const name = `${nameStart(seeds.home)}${seeds.generation}.sock`;
  const runtime = seeds.runtimeDirectory;
  if (runtime && isAbsolute(runtime) && !(await isInHome(runtime))) {
    const path = join(runtime, 'slurm-watchers', name);
    if (Buffer.byteLength(path) <= longestPath && (await isUsable(dirname(path), seeds.user))) return path;
  }
  const common = join(seeds.temporary, `slurm-watchers-${seeds.user}`);
  if (await isUsable(common, seeds.user)) return join(common, name);
  return join(await findOwnDirectory(common, seeds.user), name);
}

/**
 * In `/tmp` whoever comes first has a name: another one is found, and told in the generation's file. One of an engine before
 * is used again.
 */
async function findOwnDirectory(start: string, user: number): Promise<string> {
  const parent = dirname(start);
  const isOurs = (path: string): Promise<boolean> => checkPrivateDirectory(path, user).then(yes, no);
  const names = await readdir(parent).catch((): string[] => []);
  for (const known of names.filter((one) => one.startsWith(`${basename(start)}-`)).sort())
    if (await isOurs(join(parent, known))) return join(parent, known);
  const made = await mkdtemp(`${start}-`).catch((error: unknown) => {
    throw nowhere(start, error);
  });
  await checkPrivateDirectory(made, user);
  return made;
}

const nowhere = (directory: string, cause: unknown): WatchError =>
  new WatchError(
    'engine-unreachable',
    `There is no safe place for the engine's socket: ${directory} is not the user's own, and nothing can be made beside it (${String(cause)}).`,
    'Make /tmp usable, or set XDG_RUNTIME_DIR to a directory of your own outside of your home directory, on this machine.',
    cause,
  );

const [yes, no] = [() => true, () => false];

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

function isUsable(directory: string, user: number): Promise<boolean> {
  return prepareDirectory(directory, user).then(yes, no);
}

async function prepareDirectory(directory: string, user: number): Promise<void> {
  await mkdir(directory, { mode: 0o700 }).catch((error: unknown) => {
    if (!hasCode(error, 'EEXIST')) throw error;
  });
  await checkPrivateDirectory(directory, user);
}
