// Where a job works: the folder that a person names, checked where it is.
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findUserHome } from '../link/account';
import { WatchError } from '../errors';
import type { Machine, OpenedCluster } from '../ports';

const timeLimitMs = 30_000;

/**
 * Reads the root directory and the path, a line each: neither is ever part of the command. What the shell itself says of a
 * folder is for nobody's eyes.
 */
const script = `
enter() {
  case $1 in
    '~') cd ;;
    '~/'*) cd && cd "./\${1#'~/'}" ;;
    /*) cd "$1" ;;
    *) cd "./$1" ;;
  esac 2>/dev/null || { [ -e "$1" ] && exit 5; exit 4; }
}
IFS= read -r root
IFS= read -r path
cd || exit 1
enter "$root"
[ -z "$path" ] || enter "$path"
pwd
`;

const reasons: Readonly<Record<number, string>> = {
  4: 'there is no such folder',
  5: 'it is not a folder, or you may not enter it',
};

/** `rootDirectory` null: the home. */
export function createFindWorkdir(
  machine: Machine,
  name: string,
  rootDirectory: string | null,
): OpenedCluster['findWorkdir'] {
  return async (path) => {
    if (/[\n\r\0]/.test(`${path ?? ''}${rootDirectory ?? ''}`))
      throw noFolder(name, path ?? '', 'a line break is part of its name');
    const input = `${rootDirectory ?? '~'}\n${path ?? ''}\n`;
    const { code, stdout, stderr } = await machine.run({ script, input, timeLimitMs });
    const found = stdout.trimEnd();
    if (code === 0 && found.startsWith('/')) return found;
    throw noFolder(name, path ?? rootDirectory ?? '~', reasons[code] ?? stderr.trim());
  };
}

/** On this machine, without a shell; of null the home. */
export async function findFolderHere(path: string | null): Promise<string> {
  const folder = resolve(findUserHome(), (path ?? '.').replace(/^~(?=\/|$)/, '.'));
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return folder;
  throw noFolder('sandbox', folder, found ? 'it is not a folder' : 'there is no such folder');
}

function noFolder(name: string, path: string, why: string): WatchError {
  return new WatchError(
    'bad-request',
    `Jobs cannot work in ${path} on ${name}${why === '' ? '' : `: ${why}`}.`,
    'Name a folder that exists there.',
  );
}
