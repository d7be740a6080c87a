// Whether this machine has a Slurm of its own to submit to.
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Looks for sbatch on the path. */
export async function hasLocalSlurm(path: string): Promise<boolean> {
  const looks = path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => access(join(folder, 'sbatch'), constants.X_OK).then(() => true));
  return Promise.any(looks).catch(() => false);
}
