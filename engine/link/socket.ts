// Opens a connection to an engine's socket or pipe.
import { createConnection, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { hasCode } from './fileErrors';
import { checkPrivateDirectory } from './privateDirectory';

/**
 * Null where nobody listens there (now). Throws WatchError `engine-unreachable` where others could have put a socket of
 * their own into its place.
 */
export async function openSocket(address: string): Promise<Socket | null> {
  const user = process.getuid?.();
  try {
    if (user !== undefined) await checkPrivateDirectory(dirname(address), user);
    return await connect(address);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET', 'EAGAIN', 'EPIPE')) return null;
    throw error;
  }
}

function connect(address: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(address);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
