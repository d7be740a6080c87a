// Refuses directories that somebody else could put things into: sockets lie only in one that is ours alone.
import { lstat } from 'node:fs/promises';
import { WatchError } from '../errors';

/** An older engine stays where it is. */
const elsewhere =
  'The engine takes another place within seconds: try again. If it does not, start it anew: slurm-watchers engine stop.';

/**
 * Throws WatchError `engine-unreachable` unless the path is a directory of this user, without rights for anybody else; a
 * link is none. In a place like `/tmp` whoever comes first owns a name.
 */
export async function checkPrivateDirectory(path: string, user: number): Promise<void> {
  const found = await lstat(path);
  const refuse = (why: string, remedy: string): never => {
    throw new WatchError('engine-unreachable', `${path} cannot hold the engine's socket: ${why}.`, remedy);
  };
  if (!found.isDirectory()) refuse('it is not a directory', elsewhere);
  if (found.uid !== user) refuse('it belongs to another user', elsewhere);
  if ((found.mode & 0o077) !== 0) refuse('others have rights to it', `Run: chmod 700 ${path}`);
}
