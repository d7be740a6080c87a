// Refuses a home into which somebody else could put things: who can write there runs code as its user.
import type { Stats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { WatchError } from '../errors';
import { findUserHome } from './account';

/** Who asks; tests are somebody else. */
export interface Owner {
  /** Undefined on Windows, where the rights of the profile hold. */
  readonly user: number | undefined;
  readonly userHome: string;
}

const administrator = 0;
/** In a container that does not know the machine's users: any of them. */
const unmapped = 65534;

const othersWrite = 0o022;
const othersEnter = 0o011;
const sticky = 0o1000;
const longestTrace = 200;

/**
 * Throws WatchError `engine-unreachable`. The home and what lies directly in it must be the user's own and writable for
 * nobody else. Links and directories on the way to it must not let everybody, or another user, put something else in its
 * place; what a group may do there is the group's matter, and the way to the user's home directory is taken as it is. A home
 * that does not exist is not refused. What the system does not let us see it tells when the home is used.
 */
export async function checkHome(home: string, owner: Owner = whoAsks()): Promise<void> {
  const { user } = owner;
  if (user === undefined) return;
  const way = await trace(home);
  for (const place of way) checkPlace(place, owner, home);
  const end = way.at(-1);
  if (end?.isEnd !== true || !end.found.isDirectory()) return;
  checkOwner(end, [user], home);
  checkMode(end, home);
  const isEntered = (end.found.mode & othersEnter) !== 0;
  for (const name of await readdir(end.path).catch((): string[] => [])) {
    const path = join(end.path, name);
    const found = await lstat(path).catch(() => null);
    if (found === null) continue;
    checkOwner({ path, found }, [user, administrator], home);
    if (isEntered) checkMode({ path, found }, home);
  }
}

interface Place {
  readonly path: string;
  readonly found: Stats;
  /** Whether nothing comes after it. */
  readonly isEnd: boolean;
}

/** Every link and directory on the way, as far as it goes. */
async function trace(path: string): Promise<readonly Place[]> {
  const places: Place[] = [];
  let at = '/';
  let rest = toNames(isAbsolute(path) ? path : join(process.cwd(), path));
  while (rest.length > 0 && places.length < longestTrace) {
    const [name = '', ...after] = rest;
    const next = join(at, name);
    const found = await lstat(next).catch(() => null);
    if (found === null) break;
    const target = found.isSymbolicLink() ? await readlink(next).catch(() => null) : undefined;
    places.push({ path: next, found, isEnd: target === undefined && after.length === 0 });
    if (target === null) break;
    if (target === undefined) at = next;
    else if (isAbsolute(target)) at = '/';
    rest = [...toNames(target ?? ''), ...after];
  }
  return places;
}

const toNames = (path: string): readonly string[] => path.split('/').filter((name) => name !== '');

function checkPlace({ path, found, isEnd }: Place, { user, userHome }: Owner, home: string): void {
  if (isEnd) return;
  const isTrusted = [user, administrator, unmapped].includes(found.uid);
  if (found.isSymbolicLink()) {
    if (!isTrusted) throw refuse(home, `${path} is a link of another user (${found.uid})`, 'Have it removed');
    return;
  }
  if ((found.mode & 0o002) !== 0 && (found.mode & sticky) === 0)
    throw refuse(home, `everybody may write to ${path}`, `Run, or have its owner run: chmod o-w ${path}`);
  const isWayToUser = `${userHome}/`.startsWith(`${path}/`) && path !== userHome;
  if (!isTrusted && !isWayToUser)
    throw refuse(home, `${path} belongs to another user (${found.uid})`, 'Have its owner give it to you');
}

type Seen = Pick<Place, 'path' | 'found'>;

function checkOwner({ path, found }: Seen, owners: readonly number[], home: string): void {
  if (owners.includes(found.uid)) return;
  const why = `${path} belongs to another user (${found.uid})`;
  throw refuse(home, why, 'Look at what it is, and have it removed');
}

function checkMode({ path, found }: Seen, home: string): void {
  if (found.isSymbolicLink() || (found.mode & othersWrite) === 0) return;
  throw refuse(home, `others may write to ${path}`, `Look at what is in it, then run: chmod go-w ${path}`);
}

const refuse = (home: string, why: string, remedy: string): WatchError =>
  new WatchError(
    'engine-unreachable',
    `The engine's directory ${home} is not safe: ${why}.`,
    `${remedy}; or set SLURM_WATCHERS_HOME to a directory that only you may write to.`,
  );

function whoAsks(): Owner {
  return { user: process.getuid?.(), userHome: findUserHome() };
}
